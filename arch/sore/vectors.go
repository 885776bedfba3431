package sore

import (
	"fmt"
	"strings"

	"satsim/arch/unit"
)

// Vectors runs jobs as Simulate does and writes what crosses the engine's edges in every cycle, of which some are without slots or jobs; cycle 0 is the first one of the first
// job, which is taken in the cycle before.
func (p Params) Vectors(jobs []Job, dense [][]uint16, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	w := watch{p: p}
	_, cost, err := p.simulate(jobs, dense, gaps, w.cycle)
	if err != nil {
		return unit.Vectors{}, cost, err
	}
	v := unit.Vectors{Slots: w.taken, Cycles: w.cycles, Reset: unit.Amid(w.amid)}
	var list, counts strings.Builder
	for _, j := range jobs {
		if groups := j.Groups(); groups > 0 {
			fmt.Fprintf(&list, "%02x%02x%08x\n", j.Ratio.N, j.Ratio.M, (groups+int64(p.Lanes)-1)/int64(p.Lanes))
			v.Jobs++
		}
	}
	for _, n := range []int64{cost.Counts[Groups], cost.Counts[Elements], cost.Counts[Kept], cost.Counts[Compares], cost.Counts[IdleLaneCycles], cost.Issue} {
		fmt.Fprintf(&counts, "%016x\n", n)
	}
	v.Files = map[string]string{"jobs.hex": list.String(), "slots.hex": w.slots.String(), "held.hex": w.held.String(), "edges.hex": w.edges.String(), "counts.hex": counts.String()}
	return v, cost, nil
}

// watch writes a line of every file in every cycle.
type watch struct {
	p                  Params
	slots, held, edges strings.Builder
	taken, cycles      int
	amid               []int // cycles that take a slot which is not the last of its group
	last               bool  // the cycle before had the last slot of a group at the sorters
}

// edge is what crosses the engine's edges in a cycle.
type edge struct {
	late, asks     bool // no slot is offered; one is asked for
	offered, ready bool // a job is offered; one would be taken
	busy           bool
	in             control
	slots          []slot // by lane, if in is valid
	stepped        control
	out            []pair // by lane; full ones leave
}

func (w *watch) cycle(e edge) {
	if e.in.valid {
		w.taken++
		if !e.in.last {
			w.amid = append(w.amid, w.cycles)
		}
		for l := range w.p.Lanes {
			s := e.slots[w.p.Lanes-1-l]
			fmt.Fprintf(&w.slots, "%x%04x", bit(s.element), s.value)
		}
		w.slots.WriteByte('\n')
	}
	w.cycles++
	fmt.Fprintf(&w.held, "%x\n", bit(!e.offered)<<1|bit(e.late))
	fmt.Fprintf(&w.edges, "%x%x", bit(e.ready)<<1|bit(e.asks), bit(e.busy)<<3|bit(e.in.valid)<<2|bit(e.offered && e.ready)<<1|bit(w.last))
	w.last = e.stepped.valid && e.stepped.last
	for l := range w.p.Lanes {
		r := e.out[w.p.Lanes-1-l]
		fmt.Fprintf(&w.edges, "%x%02x%04x", bit(r.full), r.index, r.value)
	}
	w.edges.WriteByte('\n')
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
