package wuve

import (
	"fmt"
	"math"
	"strings"

	"satsim/arch/unit"
	"satsim/arch/word"
)

// Shape is the job's shape as the engine in Verilog reads it.
func (j Job) Shape() int {
	return rank(j.Optimiser)<<3 | bit(j.Unscale)<<2 | bit(j.SRSTE)<<1 | bit(j.WeightDecay)
}

// Constants are the registers of a step for jobs with one optimiser, in the order in which the engine in Verilog has them.
func (s StepParams) Constants(o word.Optimiser) [10]float32 {
	c := s.constants()
	k := [10]float32{c.unscale, c.srSTE, c.weightDecay, c.rate, c.momentum, c.rest1, c.beta2, c.rest2, c.correct2, c.epsilon}
	if o == word.Adam || o == word.AdamW {
		k[3], k[4] = c.rate1, c.beta1
	}
	if o == word.AdamW {
		k[2] = c.shrink
	}
	return k
}

// Vectors runs jobs of one optimiser as Simulate does and writes what crosses the engine's edges in every cycle, of which some are without waves or jobs; cycle 0 is the first one
// of the first job, which is taken two cycles before, and the second one in the cycle after that.
func (p Params) Vectors(jobs []Job, s StepParams, in []Operands, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	for _, j := range jobs {
		if j.Optimiser != jobs[0].Optimiser {
			return unit.Vectors{}, unit.Cost{}, fmt.Errorf("vectors of %v and %v: the constants of a step are those of one optimiser", jobs[0].Optimiser, j.Optimiser)
		}
	}
	w := watch{lanes: p.Lanes}
	_, cost, err := p.simulate(jobs, s, in, gaps, w.cycle)
	if err != nil {
		return unit.Vectors{}, cost, err
	}
	v := unit.Vectors{Slots: w.taken, Cycles: w.cycles, Reset: unit.Amid(w.amid)}
	var list, constants, counts strings.Builder
	lanes := int64(p.Lanes)
	for _, j := range jobs {
		if j.Parameters > 0 {
			fmt.Fprintf(&list, "%02x%08x%04x\n", j.Shape(), (j.Parameters+lanes-1)/lanes, (j.Parameters-1)%lanes+1)
			v.Jobs++
		}
	}
	if len(jobs) > 0 {
		for _, c := range s.Constants(jobs[0].Optimiser) {
			fmt.Fprintf(&constants, "%08x\n", math.Float32bits(c))
		}
	}
	for i := range counters {
		fmt.Fprintf(&counts, "%016x\n", cost.Counts[i])
	}
	fmt.Fprintf(&counts, "%016x\n", cost.Issue)
	v.Files = map[string]string{
		"jobs.hex": list.String(), "constants.hex": constants.String(), "slots.hex": w.slots.String(), "held.hex": w.held.String(),
		"edges.hex": w.edges.String(), "counts.hex": counts.String(),
	}
	return v, cost, nil
}

// watch writes a line of every file in every cycle.
type watch struct {
	lanes              int
	slots, held, edges strings.Builder
	taken, cycles      int
	amid               []int // cycles that take a wave which is not the last of its job
}

func (w *watch) cycle(e edge) {
	fmt.Fprintf(&w.held, "%x\n", bit(!e.offered)<<1|bit(e.late))
	fmt.Fprintf(&w.edges, "%x%x", bit(e.ready)<<1|bit(e.asks), bit(e.busy)<<3|bit(e.taken != nil)<<2|bit(e.offered && e.ready)<<1)
	if e.taken != nil && !e.ends {
		w.amid = append(w.amid, w.cycles)
	}
	w.cycles++
	for l := w.lanes - 1; l >= 0; l-- {
		w.results(e, l)
	}
	w.edges.WriteByte('\n')
	if e.taken == nil {
		return
	}
	w.taken++
	for l := w.lanes - 1; l >= 0; l-- {
		w.operands(e.taken, l)
	}
	w.slots.WriteByte('\n')
}

// operands are what stands at a lane's inputs; at an idle lane's, and where the optimiser has fewer words, what must not matter.
func (w *watch) operands(of *wave, lane int) {
	kept, words := 1, [4]uint32{0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff}
	if i := of.first + lane; lane < of.active {
		words[0], words[1] = math.Float32bits(of.in.Master[i]), math.Float32bits(of.in.Gradient[i])
		for n, state := range of.in.States {
			words[2+n] = math.Float32bits(state[i])
		}
		if of.in.Kept != nil {
			kept = bit(of.in.Kept[i])
		}
	}
	fmt.Fprintf(&w.slots, "%x%08x%08x%08x%08x", kept, words[0], words[1], words[2], words[3])
}

// results are what leaves a lane: master weight, FP16 weight, state words.
func (w *watch) results(e edge, lane int) {
	valid := 0
	var words [4]uint32
	for i, of := range [4]*wave{e.master, e.half, e.states[0], e.states[1]} {
		if of == nil || lane >= of.active {
			continue
		}
		valid |= 8 >> i
		switch at := of.first + lane; i {
		case 0:
			words[i] = math.Float32bits(of.out.Master[at])
		case 1:
			words[i] = uint32(of.out.Half[at])
		default:
			words[i] = math.Float32bits(of.out.States[i-2][at])
		}
	}
	fmt.Fprintf(&w.edges, "%x%08x%04x%08x%08x", valid, words[0], words[1], words[2], words[3])
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
