package wuve

import (
	"fmt"

	"satsim/arch/unit"
)

// Operands of a job: a number for each parameter.
type Operands struct {
	Master   []float32
	Gradient []float32   // as the array made it: scaled
	States   [][]float32 // one slice for each state word of the optimiser
	Kept     []bool      // the mask; with SRSTE only
}

// Results of a job.
type Results struct {
	Master []float32
	States [][]float32
	Half   []uint16
}

// Simulate updates real numbers, operator by operator and cycle by cycle.
func (p Params) Simulate(jobs []Job, s StepParams, in []Operands) ([]Results, unit.Cost, error) {
	return p.simulate(jobs, s, in, unit.Gaps{}, nil)
}

// simulate may have to wait for operands and jobs, and be watched in every cycle. Cycles in which the engine has nothing to do are not counted.
func (p Params) simulate(jobs []Job, s StepParams, in []Operands, gaps unit.Gaps, watch func(edge)) ([]Results, unit.Cost, error) {
	if len(jobs) != len(in) {
		return nil, unit.Cost{}, fmt.Errorf("updating weights: %d jobs with operands for %d", len(jobs), len(in))
	}
	results := make([]Results, len(jobs))
	for i, j := range jobs {
		if err := p.Accepts(j); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		if err := s.Validate(j); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		if err := in[i].match(j); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		n := int(j.Parameters)
		results[i] = Results{Master: make([]float32, n), Half: make([]uint16, n)}
		for range StateWords(j.Optimiser) {
			results[i].States = append(results[i].States, make([]float32, n))
		}
	}
	var cost unit.Cost
	var some []int
	for i, j := range jobs {
		if j.Parameters > 0 {
			some = append(some, i)
		}
	}
	q := unit.NewQueue(some, gaps)
	var e *engine
	var shape Job    // that e is wired for
	entered := false // the job under way need not wait for the lanes to be empty
	for cycle := 0; !q.Done() || !e.empty(); cycle++ {
		q.Begin(cycle)
		if q.Now >= 0 && !entered && (e.empty() || jobs[q.Now].shape() == shape) {
			if j := jobs[q.Now]; e == nil || j.shape() != shape {
				e, shape = newEngine(p, j, s), j.shape()
			}
			e.load(q.Now, jobs[q.Now], &in[q.Now], &results[q.Now])
			entered = true
		}
		if q.Now >= 0 {
			cost.Issue++
		}
		if q.Now >= 0 || !e.empty() {
			cost.Cycles++
		}
		e.run(q, entered, cycle, &cost.Counts)
		if watch != nil {
			watch(e.edge)
		}
		entered = entered && !e.edge.ends
		q.Advance(e.edge.ends)
	}
	cost.Counts[IdleLaneCycles] = cost.Issue*int64(p.Lanes) - cost.Counts[Parameters]
	return results, cost, nil
}

// match says whether there is a number for each parameter.
func (o Operands) match(j Job) error {
	n := int(j.Parameters)
	if len(o.Master) != n || len(o.Gradient) != n {
		return fmt.Errorf("updating %d parameters with %d master weights and %d gradients", n, len(o.Master), len(o.Gradient))
	}
	if len(o.States) != StateWords(j.Optimiser) {
		return fmt.Errorf("updating with %v, which keeps %d state words, and %d of them", j.Optimiser, StateWords(j.Optimiser), len(o.States))
	}
	for i, s := range o.States {
		if len(s) != n {
			return fmt.Errorf("updating %d parameters with %d numbers of state word %d", n, len(s), i)
		}
	}
	if j.SRSTE && len(o.Kept) != n {
		return fmt.Errorf("updating %d parameters with a mask of %d", n, len(o.Kept))
	}
	return nil
}

// wave is what the lanes take in one cycle: parameters first to first+active-1 of a job.
type wave struct {
	job           int
	in            *Operands
	out           *Results
	first, active int
}

// engine is lanes of operators. A node's pipeline is a ring of valid bits, one a stage; the numbers that belong to them, and those
// that wait in delay registers for a partner, are in a ring by wave.
type engine struct {
	p     Params
	lane  lane
	waves []wave

	latency []int
	stages  [][]bool    // of a node, by cycle modulo its latency: a result is due
	started []int       // waves that a node has taken
	shown   []int       // waves that stand at a node's output
	values  [][]float32 // of a node, ring*lanes
	ring    int

	edge edge // of this cycle
}

// edge is what crosses the engine's edges in a cycle.
type edge struct {
	late, asks     bool // no operands are offered; they are asked for
	offered, ready bool // a job is offered; one would be taken
	busy           bool
	ends           bool  // the last operands of the job under way go in
	taken          *wave // whose operands go in
	master, half   *wave // whose results come out; nil: none
	states         [2]*wave

	now, next int // the job under way, and the one that is offered; -1: none
}

func newEngine(p Params, j Job, s StepParams) *engine {
	e := &engine{p: p, lane: j.wire(s.constants())}
	n := len(e.lane.nodes)
	e.latency = make([]int, n)
	e.stages = make([][]bool, n)
	e.started = make([]int, n)
	e.shown = make([]int, n)
	e.values = make([][]float32, n)
	e.ring = 1 // no number waits longer than all operators together take
	for i, o := range e.lane.nodes {
		e.latency[i] = p.latency(o.kind)
		e.stages[i] = make([]bool, e.latency[i])
		e.ring += e.latency[i]
	}
	for i := range e.values {
		e.values[i] = make([]float32, e.ring*p.Lanes)
	}
	return e
}

// load lays a job out in waves; it begins with a wave of its own.
func (e *engine) load(number int, j Job, in *Operands, out *Results) {
	for first := 0; first < int(j.Parameters); first += e.p.Lanes {
		e.waves = append(e.waves, wave{job: number, in: in, out: out, first: first, active: min(e.p.Lanes, int(j.Parameters)-first)})
	}
}

// empty says that the last FP16 weight of all that was taken has left.
func (e *engine) empty() bool { return e == nil || e.shown[e.lane.half] == len(e.waves) }

// run is a cycle, in which operands are asked for or not: what crosses the edges, and the step of the operators.
func (e *engine) run(q *unit.Queue, asks bool, cycle int, c *unit.Counts) {
	e.edge = edge{late: q.Late, asks: asks, offered: q.Offered, busy: q.Now >= 0 || !e.empty(), now: q.Now, next: q.Next()}
	if w := e.started[masterIn]; asks && !q.Late {
		e.edge.taken = &e.waves[w]
		e.edge.ends = w == len(e.waves)-1
		c[Parameters] += int64(e.waves[w].active)
	}
	e.edge.ready = q.Ready(e.edge.ends)
	e.step(cycle, c)
}

// step is one clock cycle. Nodes come after those that feed them, so one pass shows every result of this cycle to its takers.
func (e *engine) step(cycle int, c *unit.Counts) {
	for i, o := range e.lane.nodes {
		l := e.latency[i]
		if l > 0 && e.stages[i][cycle%l] {
			e.stages[i][cycle%l] = false
			e.show(i)
		}
		w := e.started[i]
		if w == len(e.waves) || o.a >= 0 && e.shown[o.a] == w || o.b >= 0 && e.shown[o.b] == w || o.kind == stream && e.edge.late {
			continue
		}
		e.started[i]++
		e.operate(i, o, w)
		operated(c, o.kind, int64(e.waves[w].active))
		if l > 0 {
			e.stages[i][cycle%l] = true
		} else {
			e.show(i)
		}
	}
}

// operate computes what node i will show of wave w.
func (e *engine) operate(i int, o operator, w int) {
	wave := &e.waves[w]
	at := w % e.ring * e.p.Lanes
	out := e.values[i][at:][:wave.active]
	if o.kind == stream {
		copy(out, wave.in.stream(i)[wave.first:])
		return
	}
	a := e.values[o.a][at:]
	for lane := range out {
		b := o.constant
		if o.b >= 0 {
			b = e.values[o.b][at+lane]
		}
		kept := o.kind == addGated && wave.in.Kept[wave.first+lane]
		out[lane] = compute(e.p.Subnormals, o, a[lane], b, kept)
	}
}

// stream is the operand that node i lets in.
func (o *Operands) stream(i int) []float32 {
	switch i {
	case masterIn:
		return o.Master
	case gradientIn:
		return o.Gradient
	default:
		return o.States[i-stateIn]
	}
}

// show puts the next wave on a node's output, and what leaves the lane into the results.
func (e *engine) show(i int) {
	w := &e.waves[e.shown[i]]
	out := e.values[i][e.shown[i]%e.ring*e.p.Lanes:][:w.active]
	e.shown[i]++
	if i == e.lane.master {
		copy(w.out.Master[w.first:], out)
		e.edge.master = w
	}
	for n, s := range e.lane.states {
		if i == s {
			copy(w.out.States[n][w.first:], out)
			e.edge.states[n] = w
		}
	}
	if i == e.lane.half {
		e.edge.half = w
		for lane, x := range out {
			w.out.Half[w.first+lane] = e.p.Subnormals.Half(x).Bits()
		}
	}
}

// operated counts an operation on n parameters.
func operated(c *unit.Counts, k kind, n int64) {
	switch k {
	case multiply:
		c[Multiplies] += n
	case add, subtract, addGated:
		c[Adds] += n
	case divide:
		c[Divides] += n
	case root:
		c[SquareRoots] += n
	case convert:
		c[Converts] += n
	case stream:
	}
}
