package wuve

import (
	"fmt"
	"math"
	"strings"

	"satsim/arch/feed"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Shape is the job's shape as the engine in Verilog reads it.
func (j Job) Shape() int {
	return rank(j.Optimiser)<<3 | unit.Digit(j.Unscale)<<2 | unit.Digit(j.SRSTE)<<1 | unit.Digit(j.WeightDecay)
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
	w := watch{lanes: p.Lanes}
	return p.vectors(&w, jobs, s, in, gaps)
}

// FedVectors are Vectors of an engine whose waves a reader brings, at that pace, and whose results writers take away: waves are missing when the reader has none.
func (p Params) FedVectors(jobs []Job, s StepParams, in []Operands, gaps unit.Gaps, pace feed.Pace) (unit.Vectors, unit.Cost, error) {
	w := watch{lanes: p.Lanes, drained: make([][drains]int64, len(jobs))}
	var runs []feed.Run
	var feeds, ends strings.Builder
	var told [drains][]string
	waves := int64(0)
	for i, j := range jobs {
		n := (j.Parameters + int64(p.Lanes) - 1) / int64(p.Lanes)
		if n == 0 {
			continue
		}
		base := waves + feed.Skip*int64(len(runs))
		runs = append(runs, feed.Run{Base: []int64{base}, Rows: n, Words: 1})
		fmt.Fprintf(&feeds, "%04x\n", base)
		for d := range 2 + StateWords(j.Optimiser) {
			w.drained[i][d] = base + feed.Apart*int64(d)
			told[d] = append(told[d], fmt.Sprintf("%04x%08x\n", w.drained[i][d], n))
		}
		waves += n
	}
	for d := range told {
		ends.WriteString(strings.Join(told[d], "") + strings.Repeat(strings.Repeat("0", 12)+"\n", len(runs)-len(told[d])))
	}
	w.reader = feed.NewReader(pace, runs)
	for cycle := -2; cycle < 0; cycle++ { // it takes its first start with the engine's first job
		w.reader.Step(cycle, false)
	}
	gaps.Operands = func(int) bool { return !w.reader.Valid() }
	v, cost, err := p.vectors(&w, jobs, s, in, gaps)
	if err == nil {
		v.Files["feeds.hex"], v.Files["drains.hex"], v.Files["places.hex"] = feeds.String(), ends.String(), w.places.String()
	}
	return v, cost, err
}

// drains are those of master weights, FP16 weights, first and second state words.
const drains = 4

// vectors writes all files of an engine that stands by itself.
func (p Params) vectors(w *watch, jobs []Job, s StepParams, in []Operands, gaps unit.Gaps) (unit.Vectors, unit.Cost, error) {
	for _, j := range jobs {
		if j.Optimiser != jobs[0].Optimiser {
			return unit.Vectors{}, unit.Cost{}, fmt.Errorf("vectors of %v and %v: the constants of a step are those of one optimiser", jobs[0].Optimiser, j.Optimiser)
		}
	}
	_, cost, err := p.simulate(jobs, s, in, gaps, w.cycle)
	if err != nil {
		return unit.Vectors{}, cost, err
	}
	v := unit.Vectors{Slots: w.taken, Cycles: w.cycles, Reset: unit.Amid(w.amid), Moments: w.moments}
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
	moments            []unit.Moment
	amid               []int // cycles that take a wave which is not the last of its job

	// Of one that is fed:
	reader  *feed.Reader
	drained [][drains]int64 // where a job's words begin
	places  strings.Builder
}

func (w *watch) cycle(e edge) {
	held, around := w.fed(e)
	w.moments = append(w.moments, w.moment(e, around))
	fmt.Fprintf(&w.held, "%x\n", held|unit.Digit(!e.offered)<<1|unit.Digit(e.late))
	fmt.Fprintf(&w.edges, "%x%x", unit.Digit(e.ready)<<1|unit.Digit(e.asks), unit.Digit(e.busy)<<3|unit.Digit(e.taken != nil)<<2|unit.Digit(e.offered && e.ready)<<1)
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

// fed has the reader do its cycle, and says where what leaves goes.
func (w *watch) fed(e edge) (held int, around feed.Edge) {
	if w.reader == nil {
		return 0, around
	}
	r := w.reader.Step(w.cycles, e.taken != nil)
	of := [drains]*wave{e.master, e.half, e.states[0], e.states[1]}
	for d := drains - 1; d >= 0; d-- {
		to := int64(0)
		if of[d] != nil {
			to = w.drained[of[d].job][d] + int64(of[d].first/w.lanes)
		}
		fmt.Fprintf(&w.places, "%04x", to)
	}
	w.places.WriteByte('\n')
	return unit.Digit(!r.Offered)<<3 | unit.Digit(r.Held)<<2, r
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
			kept = unit.Digit(of.in.Kept[i])
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
