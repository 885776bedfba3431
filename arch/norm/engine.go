package norm

import (
	"fmt"
	"math"

	"github.com/x448/float16"

	"satsim/arch/fp"
	"satsim/arch/unit"
)

// Work is a job with what it takes: factors of what Of has, place after place of the tables, lane after lane; or elements X, run after run, of so many channels, of which First is that of each
// run's first one, with the scales and shifts that are in the tables.
type Work struct {
	Job
	Of       Channels
	X        []float16.Float16
	Channels int
	First    int
	Clip     Clip
}

// Result of a job: of a tile what enters the west buffer, else the factors.
type Result struct {
	Normalised
	Scale, Shift []float32
}

// Simulate runs jobs one after the other, cycle by cycle. A tile finds what jobs before it made in the tables.
func (p Params) Simulate(s fp.Subnormals, work []Work) ([]Result, unit.Cost, error) {
	return p.simulate(s, work, nil, unit.Gaps{}, nil)
}

// simulate may have to wait for operands and jobs, and be watched in every cycle. Cycles in which the unit has nothing to do are not counted. Tables hold something already, unless they are nil.
func (p Params) simulate(s fp.Subnormals, work []Work, tables [][]factor, gaps unit.Gaps, watch func(edge)) ([]Result, unit.Cost, error) {
	results := make([]Result, len(work))
	held := int64(0) // places that are filled
	if len(tables) > 0 {
		held = int64(len(tables[0]))
	}
	for i := range work {
		w := &work[i]
		if err := p.takes(w, held); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		if w.Factors > 0 {
			held = max(held, w.Factors/int64(p.Lanes))
			results[i] = Result{Scale: make([]float32, w.Factors), Shift: make([]float32, w.Factors)}
			continue
		}
		results[i].Y = make([]float16.Float16, len(w.X))
		if w.Clip != Linear {
			results[i].Mask = make([]bool, len(w.X))
		}
	}
	if tables == nil {
		tables = make([][]factor, p.Lanes)
	}
	e := engine{p: p, s: s, work: work, results: results, tables: tables, stage: make([]wave, p.PipelineLatency), gaps: gaps}
	e.next = e.some(0)
	e.offered = e.next < len(work)
	e.take()
	for cycle := 0; e.active || e.next < len(work) || !e.empty(); cycle++ {
		e.step(cycle)
		if watch != nil {
			watch(e.edge)
		}
		e.advance()
	}
	return results, e.cost, nil
}

// takes says why a job cannot run, with so many places filled.
func (p Params) takes(w *Work, held int64) error {
	if err := p.Accepts(w.Job); err != nil {
		return err
	}
	n, c := int(w.Factors), int64(w.Channels)
	switch {
	case n > 0 && (len(w.Of.Mean) != n || len(w.Of.Rstd) != n || len(w.Of.Gamma) != n || len(w.Of.Beta) != n):
		return fmt.Errorf("normalising on read: factors of %d channels out of %d means, %d deviations, %d scales and %d shifts", n, len(w.Of.Mean), len(w.Of.Rstd), len(w.Of.Gamma), len(w.Of.Beta))
	case n > 0:
		return nil
	case n == 0 && len(w.Of.Mean)+len(w.Of.Rstd)+len(w.Of.Gamma)+len(w.Of.Beta) > 0:
		return fmt.Errorf("normalising on read: no factors out of %d means, %d deviations, %d scales and %d shifts", len(w.Of.Mean), len(w.Of.Rstd), len(w.Of.Gamma), len(w.Of.Beta))
	case int64(len(w.X)) != w.Elements():
		return fmt.Errorf("normalising on read: %d runs of %d elements out of %d", w.Runs, w.Run, len(w.X))
	case w.Elements() == 0:
		return nil
	case c == 0 || !p.Takes(c):
		return fmt.Errorf("normalising on read: %d channels do not fit tables of %d (norm.channels)", c, p.Channels)
	case p.start(w.Begin, w.First, w.Channels) < 0:
		return fmt.Errorf("normalising on read: channel %d of %d is never in lane %d of %d", w.First, c, w.Begin, p.Lanes)
	case places(c, int64(p.Lanes)) > held:
		return fmt.Errorf("normalising on read: %d channels need %d places of the tables, %d are filled", c, places(c, int64(p.Lanes)), held)
	}
	return nil
}

// operand is what a lane takes in a cycle: a multiply-add, and where its result goes.
type operand struct {
	valid   bool
	x, y, z float32 // x*y + z; behind the multiplier x is the product, behind the adder z the sum
	to      int     // element, or factor, of the job
}

// wave is what all lanes have in a stage.
type wave struct {
	valid bool
	job   int
	run   int64 // of a job of factors 0 makes scales, 1 shifts
	wave  int64 // of the run
	lane  []operand
}

// engine is every register there is, of the lanes and of what tells them what to take.
type engine struct {
	p       Params
	s       fp.Subnormals
	work    []Work
	results []Result
	tables  [][]factor // by lane
	stage   []wave     // the first half behind the multiplier's input, the rest behind the adder's
	made    int64      // waves of the job under way whose scales have left
	cost    unit.Cost
	gaps    unit.Gaps

	active    bool // a job is under way, and this is the wave that comes
	job       int
	run, wave int64
	behind    bool // it is a tile's first, and its job came behind one that makes factors

	next    int  // the job that comes
	offered bool // it stands at the port, until it is taken

	edge edge // of this cycle
}

// edge is what crosses the unit's edges in a cycle.
type edge struct {
	late, asks     bool // no wave is offered; one is asked for
	offered, ready bool // a job is offered; one would be taken
	busy           bool
	taken, leaves  wave
	ends           bool // what is taken is the last wave of its job

	active    bool // the job under way, and its wave that comes
	job       int
	run, wave int64
	next      int // the job that is offered
}

// some is the first job from i on that has work.
func (e *engine) some(i int) int {
	for i < len(e.work) && e.p.runs(&e.work[i].Job) == 0 {
		i++
	}
	return i
}

// runs of a job: of one that makes factors, one of scales and one of shifts.
func (p Params) runs(j *Job) int64 {
	switch {
	case j.Factors > 0:
		return 2
	case j.Elements() > 0:
		return j.Runs
	}
	return 0
}

// waves of a run.
func (p Params) waves(j *Job) int64 {
	last := j.Begin + j.Run
	if j.Factors > 0 {
		last = j.Factors
	}
	return (last + int64(p.Lanes) - 1) / int64(p.Lanes)
}

// take begins the job that comes, if it is offered.
func (e *engine) take() {
	before := e.job
	e.active = e.offered
	if e.offered {
		e.job, e.run, e.wave, e.made = e.next, 0, 0, 0
		e.behind = e.work[before].Factors > 0 && e.work[e.job].Factors == 0
		e.next, e.offered = e.some(e.next+1), false
	}
}

// empty reports that nothing is on its way.
func (e *engine) empty() bool {
	for i := range e.stage {
		if e.stage[i].valid {
			return false
		}
	}
	return true
}

// step is one of the clock: what is oldest leaves, then a wave enters, if one is asked for and there.
func (e *engine) step(cycle int) {
	none := e.gaps.NoJob(cycle)
	e.offered = e.next < len(e.work) && (e.offered || !none)
	empty := e.empty()
	e.edge = edge{late: e.gaps.NoOperands(cycle), offered: e.offered, busy: e.active || !empty, active: e.active, job: e.job, run: e.run, wave: e.wave, next: e.next}
	waits := e.active && e.behind && !empty
	if e.edge.busy {
		e.cost.Cycles++
	}
	n, mul := e.p.PipelineLatency, e.p.PipelineLatency/2
	if n > 0 {
		e.leave(e.stage[n-1])
	}
	var in wave
	if e.active {
		e.cost.Issue++
		e.edge.asks = !waits && (e.work[e.job].Factors == 0 || e.run == 0 || e.wave < e.made)
		if e.edge.asks && !e.edge.late {
			in = e.enter()
			e.edge.taken = in
			e.edge.ends = e.wave == e.p.waves(&e.work[e.job].Job)-1 && e.run == e.p.runs(&e.work[e.job].Job)-1
		}
	}
	e.edge.ready = !e.active || e.edge.ends
	if n == 0 {
		e.leave(e.added(e.multiplied(in)))
		return
	}
	for i := n - 1; i >= 0; i-- { // from the last stage to the first, so that each sees the others as they were
		w := in
		if i > 0 {
			w = e.stage[i-1]
		} else {
			w = e.multiplied(w)
		}
		if i == mul {
			w = e.added(w)
		}
		e.stage[i] = w
	}
}

// advance is the end of the cycle: the counters of runs and waves step, or another job begins.
func (e *engine) advance() {
	switch {
	case e.edge.ready:
		e.take()
	case !e.edge.taken.valid:
	case e.wave == e.p.waves(&e.work[e.job].Job)-1:
		e.run, e.wave, e.behind = e.run+1, 0, false
	default:
		e.wave, e.behind = e.wave+1, false
	}
}

// enter is the wave that comes, with its operands.
func (e *engine) enter() wave {
	w, lanes := &e.work[e.job], e.p.Lanes
	in := wave{valid: true, job: e.job, run: e.run, wave: e.wave, lane: make([]operand, lanes)}
	for l := range in.lane {
		if w.Factors > 0 {
			in.lane[l] = e.channel(w, int(e.wave)*lanes+l)
		} else {
			in.lane[l] = e.element(w, l, int(e.wave)*lanes+l-int(w.Begin))
		}
		if in.lane[l].valid {
			e.cost.Counts[Operations]++
		} else {
			e.cost.Counts[IdleLaneCycles]++
		}
	}
	return in
}

// channel is what makes the scale of a place, or its shift.
func (e *engine) channel(w *Work, c int) operand {
	switch {
	case c >= int(w.Factors):
		return operand{}
	case e.run == 0:
		return operand{valid: true, x: w.Of.Rstd[c], y: e.s.Single(w.Of.Gamma[c]), z: float32(math.Copysign(0, -1)), to: c}
	}
	scale := e.tables[c%e.p.Lanes][c/e.p.Lanes].scale
	return operand{valid: true, x: w.Of.Mean[c], y: -scale, z: e.s.Single(w.Of.Beta[c]), to: c}
}

// element is that of a lane, at so many of the run. Its place in the table follows from its address, as the lane does: no lane looks for its channel.
func (e *engine) element(w *Work, lane, at int) operand {
	if at < 0 || at >= int(w.Run) {
		return operand{}
	}
	table := e.tables[lane]
	place := (e.p.start(w.Begin, w.First, w.Channels)/e.p.Lanes + int(e.wave)) % int(places(int64(w.Channels), int64(e.p.Lanes)))
	to := int(e.run*w.Run) + at
	return operand{valid: true, x: e.s.Single(w.X[to]), y: table[place].scale, z: table[place].shift, to: to}
}

// leave is where a wave goes that has its sums.
func (e *engine) leave(w wave) {
	e.edge.leaves = w
	if !w.valid {
		return
	}
	of, out := &e.work[w.job], &e.results[w.job]
	if of.Factors > 0 && w.run == 0 {
		e.made = w.wave + 1
	}
	for l, o := range w.lane {
		switch {
		case !o.valid:
		case of.Factors == 0:
			y, set := of.Clip.of(e.s, e.s.Half(o.z))
			out.Y[o.to] = y
			if of.Clip != Linear {
				out.Mask[o.to] = set
			}
			e.cost.Counts[Elements]++
		case w.run == 0:
			for int64(len(e.tables[l])) <= w.wave {
				e.tables[l] = append(e.tables[l], factor{})
			}
			out.Scale[o.to], e.tables[l][w.wave].scale = o.z, o.z
		default:
			out.Shift[o.to], e.tables[l][w.wave].shift = o.z, o.z
			e.cost.Counts[Factors]++
		}
	}
}

func (e *engine) multiplied(w wave) wave {
	return w.each(func(o *operand) { o.x = e.s.Mul(o.x, o.y) })
}

func (e *engine) added(w wave) wave {
	return w.each(func(o *operand) { o.z = e.s.Add(o.x, o.z) })
}

func (w wave) each(do func(*operand)) wave {
	lanes := make([]operand, len(w.lane))
	for l, o := range w.lane {
		if o.valid {
			do(&o)
		}
		lanes[l] = o
	}
	w.lane = lanes
	return w
}
