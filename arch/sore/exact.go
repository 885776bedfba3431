package sore

import (
	"fmt"

	"satsim/arch/unit"
	"satsim/internal/nm"
)

// Simulate sorts real numbers, register by register and cycle by cycle. dense[i] holds the elements of jobs[i], run after
// run; what stays of it comes back in the order of its groups.
func (p Params) Simulate(jobs []Job, dense [][]uint16) ([]nm.Compressed, unit.Cost, error) {
	return p.simulate(jobs, dense, unit.Gaps{}, nil)
}

// simulate may have to wait for slots and jobs, and be watched in every cycle. Cycles in which the engine has nothing to do are not counted.
func (p Params) simulate(jobs []Job, dense [][]uint16, gaps unit.Gaps, watch func(edge)) ([]nm.Compressed, unit.Cost, error) {
	if len(jobs) != len(dense) {
		return nil, unit.Cost{}, fmt.Errorf("sorting %d jobs with operands for %d", len(jobs), len(dense))
	}
	for i, j := range jobs {
		if err := p.Accepts(j); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		if int64(len(dense[i])) != j.Elements() {
			return nil, unit.Cost{}, fmt.Errorf("job %d: sorting %d runs of %d channels out of %d elements", i, j.Runs, j.Channels, len(dense[i]))
		}
	}
	e := newEngine(p)
	f := feeder{lanes: p.Lanes, jobs: jobs, dense: dense, gaps: gaps}
	f.start()
	for cycle := 0; !f.done() || e.busy(); cycle++ {
		e.step(&f, cycle, watch)
	}
	e.cost.Counts[IdleLaneCycles] = e.cost.Issue*int64(p.Lanes) - e.cost.Counts[Elements]
	return collect(jobs, e.out), e.cost, nil
}

// slot is what moves through the stages of one lane.
type slot struct {
	value   uint16
	index   uint8
	element bool // else a bubble
}

// control moves beside the slots of all lanes: it is the same for all of them.
type control struct {
	valid bool
	last  bool // slot of its group
	n     int  // elements that the group keeps
	job   int
	wave  int64
}

// pair is one register of a sorter or of a bank.
type pair struct {
	value uint16
	index uint8
	full  bool
}

// emission is one pair that left, and where it came from.
type emission struct {
	job   int
	group int64
	pair
}

// engine is every register there is. Lanes lie side by side: register i of lane l is at l*width+i.
type engine struct {
	p       Params
	stages  []slot    // pipeline_latency deep; stage 0 is the input's
	control []control // likewise
	sorters []pair    // max_n wide
	banks   []pair    // max_n wide
	// The banks' counter of output slots, and the group that they hold.
	left int
	held control
	// Of the pairs that leave in this cycle: their group, and which of its cycles it is.
	from control
	pair int

	leaving []pair // of each lane, in this cycle
	out     []emission
	cost    unit.Cost
}

func newEngine(p Params) *engine {
	return &engine{
		p:       p,
		stages:  make([]slot, p.Lanes*p.PipelineLatency),
		control: make([]control, p.PipelineLatency),
		sorters: make([]pair, p.Lanes*p.MaxN),
		banks:   make([]pair, p.Lanes*p.MaxN),
		leaving: make([]pair, p.Lanes),
	}
}

// busy says whether any register still holds work.
func (e *engine) busy() bool {
	for _, c := range e.control {
		if c.valid {
			return true
		}
	}
	return e.left > 0
}

// step is one clock cycle: what is last in the pipeline moves first, so that every register sees the others as they were.
func (e *engine) step(f *feeder, cycle int, watch func(edge)) {
	busy := f.active || e.busy()
	if busy {
		e.cost.Cycles++
	}
	clear(e.leaving)
	e.from = control{}
	if e.left > 0 {
		e.from, e.pair = e.held, e.held.n-e.left
		for lane := range e.p.Lanes {
			e.emit(lane)
		}
		e.left--
	}

	in := f.offer(e, cycle) // the control word on the input port
	c := in
	depth := e.p.PipelineLatency
	if depth > 0 {
		c = e.control[depth-1]
	}
	if c.valid {
		for lane := range e.p.Lanes {
			s := f.port(in, lane)
			if depth > 0 {
				s = e.stages[lane*depth+depth-1]
			}
			e.sort(lane, c, s)
		}
		if c.last {
			e.left, e.held = c.n, c
		}
	}
	if depth > 0 {
		copy(e.control[1:], e.control[:depth-1])
		e.control[0] = in
		for lane := range e.p.Lanes {
			stage := e.stages[lane*depth : (lane+1)*depth]
			copy(stage[1:], stage[:depth-1])
			stage[0] = f.port(in, lane)
		}
	}
	if watch != nil {
		f.watched(in, c, busy, e, watch)
	}
	f.advance(in)
}

// emit sends the pair of the lowest index in a lane's bank, if any is left.
func (e *engine) emit(lane int) {
	bank := e.banks[lane*e.p.MaxN : (lane+1)*e.p.MaxN]
	best := -1
	for i, r := range bank {
		if r.full && (best < 0 || r.index < bank[best].index) {
			best = i
		}
	}
	if best < 0 {
		return
	}
	e.out = append(e.out, emission{job: e.held.job, group: e.held.wave*int64(e.p.Lanes) + int64(lane), pair: bank[best]})
	e.leaving[lane] = bank[best]
	e.cost.Counts[Kept]++
	bank[best].full = false
}

// sort lets a lane's sorter take a slot; with the group's last one the result goes to the bank.
func (e *engine) sort(lane int, c control, s slot) {
	registers := e.sorters[lane*e.p.MaxN:][:c.n]
	if s.element {
		e.cost.Counts[Elements]++
		e.cost.Counts[Compares] += int64(c.n)
		size := nm.Magnitude(s.value)
		// From the lowest register up: each decides by its own contents and its upper neighbour's, both still old.
		for i := c.n - 1; i >= 0; i-- {
			if !beats(size, registers[i]) {
				break // and none above is beaten: they are larger
			}
			if i > 0 && beats(size, registers[i-1]) {
				registers[i] = registers[i-1]
			} else {
				registers[i] = pair{value: s.value, index: s.index, full: true}
			}
		}
	}
	if !c.last {
		return
	}
	if registers[0].full {
		e.cost.Counts[Groups]++
	}
	copy(e.banks[lane*e.p.MaxN:][:c.n], registers)
	clear(registers)
}

// beats says whether an element of that size displaces a register's pair.
func beats(size uint16, r pair) bool { return !r.full || size > nm.Magnitude(r.value) }

// collect puts what left the lanes, which is in order of time, into order of groups.
func collect(jobs []Job, out []emission) []nm.Compressed {
	groups := make([][][]pair, len(jobs))
	for i, j := range jobs {
		groups[i] = make([][]pair, j.Groups())
	}
	for _, o := range out {
		groups[o.job][o.group] = append(groups[o.job][o.group], o.pair)
	}
	kept := make([]nm.Compressed, len(jobs))
	for i := range jobs {
		for _, g := range groups[i] {
			for _, r := range g {
				kept[i].Values = append(kept[i].Values, r.value)
				kept[i].Indices = append(kept[i].Indices, r.index)
			}
		}
	}
	return kept
}
