package sore

import (
	"fmt"
	"strings"

	"satsim/arch/feed"
	"satsim/arch/unit"
)

// Vectors runs jobs as Simulate does and writes what crosses the engine's edges in every cycle, of which some are without slots or jobs; cycle 0 is the first one of the first
// job, which is taken in the cycle before.
func (p Params) Vectors(jobs []Job, dense [][]uint16, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	w := watch{p: p}
	return w.run(jobs, dense, gaps)
}

// FedVectors are Vectors of an engine whose slots a reader brings, at that pace, and whose pairs a writer takes away: slots are missing when the reader has none.
func (p Params) FedVectors(jobs []Job, dense [][]uint16, gaps unit.Gaps, pace feed.Pace) (unit.Vectors, unit.Cost, error) {
	w := watch{p: p, drained: make([]int64, len(jobs))}
	var feeds strings.Builder
	var runs []feed.Run
	slots, pairs := int64(0), int64(0)
	for i, j := range jobs {
		if waves := p.waves(j); waves > 0 {
			r := feed.Run{Base: []int64{slots + feed.Skip*int64(len(runs))}, Rows: waves, Words: int64(j.Ratio.M)}
			w.drained[i] = pairs + feed.Skip*int64(len(runs))
			fmt.Fprintf(&feeds, "%04x%04x\n", r.Base[0], w.drained[i])
			runs = append(runs, r)
			slots, pairs = slots+waves*r.Words, pairs+waves*int64(j.Ratio.N)
		}
	}
	w.reader = feed.NewReader(pace, runs)
	w.reader.Step(-1, false) // which takes its first start with the engine's first job
	gaps.Operands = func(int) bool { return !w.reader.Valid() }
	v, cost, err := w.run(jobs, dense, gaps)
	if err == nil {
		v.Files["feeds.hex"], v.Files["places.hex"] = feeds.String(), w.places.String()
	}
	return v, cost, err
}

// waves of a job.
func (p Params) waves(j Job) int64 { return (j.Groups() + int64(p.Lanes) - 1) / int64(p.Lanes) }

// run writes all files of an engine that stands by itself.
func (w *watch) run(jobs []Job, dense [][]uint16, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	p := w.p
	_, cost, err := p.simulate(jobs, dense, gaps, w.cycle)
	if err != nil {
		return unit.Vectors{}, cost, err
	}
	v := unit.Vectors{Slots: w.taken, Cycles: w.cycles, Reset: unit.Amid(w.amid), Moments: w.moments}
	var list, counts strings.Builder
	for _, j := range jobs {
		if waves := p.waves(j); waves > 0 {
			fmt.Fprintf(&list, "%02x%02x%08x\n", j.Ratio.N, j.Ratio.M, waves)
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
	moments            []unit.Moment
	last               bool // the cycle before had the last slot of a group at the sorters

	// Of one that is fed:
	reader  *feed.Reader
	drained []int64 // where the pairs of a job begin
	places  strings.Builder
	to      int64 // where those go that leave in the next cycle
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

	active bool // a job is under way, and this is the slot that comes
	job    int
	wave   int64
	slot   int
	next   int     // the job that is offered
	from   control // whose pairs leave,
	pair   int     // the how many-th
}

func (w *watch) cycle(e edge) {
	if e.in.valid {
		w.taken++
		if !e.in.last {
			w.amid = append(w.amid, w.cycles)
		}
		for l := range w.p.Lanes {
			s := e.slots[w.p.Lanes-1-l]
			fmt.Fprintf(&w.slots, "%x%04x", unit.Digit(s.element), s.value)
		}
		w.slots.WriteByte('\n')
	}
	held, around := w.fed(e)
	w.moments = append(w.moments, w.moment(e, around))
	fmt.Fprintf(&w.held, "%x\n", held|unit.Digit(!e.offered)<<1|unit.Digit(e.late))
	w.cycles++
	fmt.Fprintf(&w.edges, "%x%x", unit.Digit(e.ready)<<1|unit.Digit(e.asks), unit.Digit(e.busy)<<3|unit.Digit(e.in.valid)<<2|unit.Digit(e.offered && e.ready)<<1|unit.Digit(w.last))
	w.last = e.stepped.valid && e.stepped.last
	for l := range w.p.Lanes {
		r := e.out[w.p.Lanes-1-l]
		fmt.Fprintf(&w.edges, "%x%02x%04x", unit.Digit(r.full), r.index, r.value)
	}
	w.edges.WriteByte('\n')
}

// fed has the reader do its cycle, and says where the pairs go that leave in this one.
func (w *watch) fed(e edge) (held int, around feed.Edge) {
	if w.reader == nil {
		return 0, around
	}
	r := w.reader.Step(w.cycles, e.in.valid)
	fmt.Fprintf(&w.places, "%04x\n", w.to)
	w.to++
	if s := e.stepped; s.valid && s.last {
		w.to = w.drained[s.job] + s.wave*int64(s.n)
	}
	return unit.Digit(!r.Offered)<<3 | unit.Digit(r.Held)<<2, r
}
