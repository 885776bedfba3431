package vector

import (
	"fmt"

	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// Operands are what a job works on: a program of its kind, and rows of Columns elements.
type Operands struct {
	Program *microcode.Program
	Columns int
	Port    [3][]float32
	Bit     []bool
	Column  [8][]float32 // constants of each column
	Scalar  [8]float32
	Row     [3][]float32 // scalars 2, 3 and 4 of each row, where a pass before made them
	Sum     []float32    // sums that a product resumes, tap by tap

	// Of random numbers: the sequence, and the place in it of the first group's.
	Key, First uint64
}

// Results are what it makes: elements as they leave, rounded to FP16, with their bits; folded totals and what the work after them makes of
// the columns' constants; which row the largest of a column was in; and the scalars of rows.
type Results struct {
	Out    [2][]float32
	Set    []bool
	Total  [4][]float32
	First  []int32
	Column [8][]float32
	Row    [][8]float32 // scalars of each row, of programs over rows
	Number []uint32     // random ones, of each group
}

// Simulate runs jobs on real numbers, lane by lane and cycle by cycle.
func (p Params) Simulate(s fp.Subnormals, jobs []Job, in []Operands) ([]Results, unit.Cost, error) {
	return p.simulate(s, jobs, in, unit.Gaps{}, nil)
}

// simulate may have to wait for operands and jobs, and tells watch what happens in each cycle. Cycles in which the unit has nothing to do are not counted.
func (p Params) simulate(s fp.Subnormals, jobs []Job, in []Operands, gaps unit.Gaps, watch func(*datapath)) ([]Results, unit.Cost, error) {
	if len(jobs) != len(in) {
		return nil, unit.Cost{}, fmt.Errorf("vector work: %d jobs with operands for %d", len(jobs), len(in))
	}
	u := &datapath{p: p}
	var some []int // jobs with work
	for i, j := range jobs {
		if err := p.runs(j, &in[i]); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		if j.Kind == DepthwiseUpdate {
			u.cost.Counts[MACs] += j.Elements
		} else {
			u.cost.Counts[Elements] += j.Elements
		}
		w := newWork(p, j, &in[i], microcode.Lane{Flush: s == fp.Flush, Width: p.Lanes}, s)
		u.works = append(u.works, w)
		if len(w.words) == 0 { // left out
			copy(w.strip.Out[0], in[i].Port[0])
			continue
		}
		if w.n > 0 {
			some = append(some, i)
		}
	}
	u.jobs = unit.NewQueue(some, gaps)
	for ; !u.jobs.Done() || len(u.flying) > 0; u.cycle++ {
		u.jobs.Begin(int(u.cycle))
		u.step()
		if watch != nil {
			watch(u)
		}
		u.jobs.Advance(u.ends)
	}
	var out []Results
	for _, w := range u.works {
		out = append(out, w.finish())
	}
	return out, u.cost, nil
}

// runs says why the exact model cannot run a job with these operands.
func (p Params) runs(j Job, in *Operands) error {
	if err := p.Accepts(j); err != nil {
		return err
	}
	ops, _ := p.Ops.Of(j.Kind)
	if ops == 0 || j.Kind == Random {
		return nil
	}
	elements := j.Elements
	if onceAGroup(j.Kind) {
		elements = j.Groups()
	}
	known := false
	for _, q := range Programs(j.Kind) {
		known = known || in.Program != nil && q.Name == in.Program.Name
	}
	switch {
	case !known:
		return fmt.Errorf("%s has no such program", j.Kind)
	case in.Program.Words() != ops:
		return fmt.Errorf("ops.%s is %d, and its program %s has %d words", j.Kind, ops, in.Program.Name, in.Program.Words())
	case in.Columns < 1 || elements%int64(in.Columns) != 0:
		return fmt.Errorf("%s: %d elements are no rows of %d", j.Kind, elements, in.Columns)
	case j.Kind == DepthwiseUpdate && (j.Row < 1 || j.Taps < 1 || j.Row*j.Taps != int64(in.Columns)):
		return fmt.Errorf("%s: %d taps of %d channels, and operands in rows of %d", j.Kind, j.Taps, j.Row, in.Columns)
	case j.Kind == DepthwiseUpdate && !p.Holds(j.Taps, j.Row):
		return fmt.Errorf("%s: %d taps of %d channels are %d sums of a lane; %d are accepted", j.Kind, j.Taps, j.Row, p.Waves(j.Taps, j.Row), p.Sums)
	case j.Kind == DepthwiseUpdate && j.Resume && len(in.Sum) != in.Columns:
		return fmt.Errorf("%s: %d sums to resume of %d", j.Kind, len(in.Sum), in.Columns)
	case OverRows(j.Kind) && j.Row != int64(in.Columns):
		return fmt.Errorf("%s: rows of %d, and operands in rows of %d", j.Kind, j.Row, in.Columns)
	case j.Kind != DepthwiseUpdate && !onceAGroup(j.Kind) && j.Elements > 0 && j.Row != Row(in.Program, int(j.Elements), in.Columns):
		return fmt.Errorf("%s: %d, and operands of %d columns: row is %d", j.Kind, j.Row, in.Columns, Row(in.Program, int(j.Elements), in.Columns))
	}
	for k, x := range in.Port {
		if x != nil && int64(len(x)) != elements || x == nil && reads(in.Program, k) {
			return fmt.Errorf("%s: %d elements at port %d of %d", j.Kind, len(x), k, elements)
		}
		if k > 0 && isWide(x) {
			return fmt.Errorf("%s: port %d brings numbers that are not FP16: port 0 alone may, from the output path", j.Kind, k)
		}
	}
	for k, x := range in.Row {
		if x != nil && int64(len(x)*in.Columns) != j.Elements {
			return fmt.Errorf("%s: scalar %d of %d rows", j.Kind, 2+k, len(x))
		}
	}
	if j.Elements == 0 {
		return nil
	}
	return p.fits(j, in.Program, in.Columns)
}

func reads(p *microcode.Program, port int) bool {
	for _, s := range p.Sweeps {
		for _, w := range s {
			for _, o := range []microcode.Operand{w.A, w.B, w.C} {
				if o.File == microcode.Port && o.Index == port {
					return true
				}
			}
		}
	}
	return false
}

// fits says why lanes have no room for so many columns, or results of windows, at a time. Work over rows is not cut: whether lanes have room for its sums Takes says.
func (p Params) fits(j Job, q *microcode.Program, columns int) error {
	d := demandIn(q)
	if waves := int64(columns+p.Lanes-1) / int64(p.Lanes); d.columns() && !overRows(q) && j.Kind != DepthwiseUpdate && !p.inPlace(d, int64(columns)) && waves > p.most(d) {
		return fmt.Errorf("%s: %d columns are %d waves of %d lanes; %d are accepted at a time", q.Name, columns, waves, p.Lanes, p.most(d))
	}
	return nil
}

// overRows says that a program does work between its sweeps.
func overRows(p *microcode.Program) bool { return len(p.Between) > 0 }

// result is on its way through the pipeline; due is the cycle in which it arrives.
type result struct {
	issue
	work *work
	due  int64
	set  scalar // of work once a row
}

// scalar is what a word once a row made.
type scalar struct {
	index int
	value float32
}

// datapath is every register there is; what words make lies in the works.
type datapath struct {
	p     Params
	jobs  *unit.Queue
	cycle int64

	works  []*work
	strips []strip // of the job under way, to do; the first one is in the registers
	next   int     // to issue of it
	queue  []issue // of it
	pause  int64   // before the next
	flying []result

	// In this cycle:
	busy    bool // a job is under way, or what it made has not arrived
	asks    bool // for operands
	ends    bool // the job under way does
	issued  *result
	arrived []result
	cost    unit.Cost
}

// step is one clock cycle: results arrive, then the next issue is made if what it needs is there.
func (u *datapath) step() {
	u.issued, u.arrived = nil, nil
	u.asks, u.ends = false, false
	u.busy = u.jobs.Now >= 0 || len(u.flying) > 0
	if u.busy {
		u.cost.Cycles++
	}
	u.arrive()
	if u.jobs.Now < 0 {
		return
	}
	if len(u.strips) == 0 {
		u.strips = u.p.strips(u.works[u.jobs.Now])
	}
	if u.queue == nil {
		u.queue, u.next = u.p.queue(&u.strips[0]), 0
	}
	u.asks = u.pause == 0 && u.queue[u.next].takes
	if u.asks && u.jobs.Late {
		return
	}
	u.cost.Issue++
	if u.pause > 0 {
		u.pause--
		u.cost.Counts[StallCycles]++
		return
	}
	u.issue()
}

// issue sends one word on one wave, or on one row, into the pipeline.
func (u *datapath) issue() {
	r := result{issue: u.queue[u.next], work: u.strips[0].work, due: u.cycle + int64(u.p.PipelineLatency+portLatency)}
	switch r.kind {
	case ofElements:
		r.work.do(r.op, r.lo, r.hi)
	case ofSumsIn:
		copy(r.work.sums[0][r.lo:r.hi], r.work.start[r.lo:r.hi])
	case ofSumsOut: // the totals, as they are
	case ofNumbers:
		r.work.drawn(r.lo, r.hi)
	case ofQuotient:
		r.work.do(r.op, r.lo, r.hi)
		r.due = u.cycle + int64(u.p.DivideLatency+portLatency)
	case ofRow:
		if r.set = r.work.once(r.op, r.lo); r.long {
			r.due = u.cycle + int64(u.p.DivideLatency+portLatency)
		}
	case ofWays: // the row's fold is done as one: once
	}
	switch r.kind {
	case ofQuotient:
		u.cost.Counts[Quotients]++
		fallthrough
	case ofRow:
		u.cost.Counts[StallCycles]++
	default:
		if r.kind == ofNumbers {
			u.cost.Counts[Numbers] += int64(r.lanes)
		}
		u.cost.Counts[Operations] += int64(r.lanes)
		u.cost.Counts[IdleLaneCycles] += int64(u.p.Lanes - r.lanes)
	}
	u.pause = r.pause
	u.issued = &r
	u.flying = append(u.flying, r)
	if u.next++; u.next == len(u.queue) {
		u.queue, u.strips = nil, u.strips[1:]
		u.ends = len(u.strips) == 0
	}
}

// arrive takes what is due out of the pipeline.
func (u *datapath) arrive() {
	left := u.flying[:0]
	for _, r := range u.flying {
		if r.due == u.cycle {
			u.arrived = append(u.arrived, r)
		} else {
			left = append(left, r)
		}
	}
	u.flying = left
}
