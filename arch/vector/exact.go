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
}

// Results are what it makes: elements as they leave, rounded to FP16, with their bits; folded totals and what the work after them makes of
// the columns' constants; and which row the largest of a column was in.
type Results struct {
	Out    [2][]float32
	Set    []bool
	Total  [4][]float32
	First  []int32
	Column [8][]float32
}

// Simulate runs jobs on real numbers, lane by lane and cycle by cycle.
func (p Params) Simulate(s fp.Subnormals, jobs []Job, in []Operands) ([]Results, unit.Cost, error) {
	return p.simulate(s, jobs, in, nil, nil)
}

// simulate tells watch what happens in each cycle; in cycles where held says so no operands are there.
func (p Params) simulate(s fp.Subnormals, jobs []Job, in []Operands, held func(int) bool, watch func(*datapath)) ([]Results, unit.Cost, error) {
	if len(jobs) != len(in) {
		return nil, unit.Cost{}, fmt.Errorf("vector work: %d jobs with operands for %d", len(jobs), len(in))
	}
	u := &datapath{p: p, lane: microcode.Lane{Flush: s == fp.Flush}, back: make([]bool, p.Strip), pipeline: make([]result, p.PipelineLatency), held: held}
	for i, j := range jobs {
		if err := p.runs(j, &in[i]); err != nil {
			return nil, unit.Cost{}, fmt.Errorf("job %d: %w", i, err)
		}
		u.cost.Counts[Elements] += j.Elements
		w := newWork(p, j, &in[i], u.lane, s)
		u.works = append(u.works, w)
		if len(w.words) == 0 { // left out
			copy(w.strip.Out[0], in[i].Port[0])
			continue
		}
		for first := 0; first < w.n; first += p.Lanes * p.Strip {
			u.strips = append(u.strips, strip{work: w, first: first, last: min(w.n, first+p.Lanes*p.Strip)})
		}
	}
	for len(u.strips) > 0 || u.inFlight > 0 {
		u.step()
		if watch != nil {
			watch(u)
		}
		u.cost.Cycles++
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
	if ops == 0 {
		return nil
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
	case in.Columns < 1 || j.Elements%int64(in.Columns) != 0:
		return fmt.Errorf("%s: %d elements are no rows of %d", j.Kind, j.Elements, in.Columns)
	}
	for k, x := range in.Port {
		if x != nil && int64(len(x)) != j.Elements || x == nil && reads(in.Program, k) {
			return fmt.Errorf("%s: %d elements at port %d of %d", j.Kind, len(x), k, j.Elements)
		}
		if k > 0 && isWide(x) {
			return fmt.Errorf("%s: port %d brings numbers that are not FP16: port 0 alone may, from the output path", j.Kind, k)
		}
	}
	return p.fits(j, in)
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

// fits says why sums of so many columns would wait for the adder, or rows for their strip.
func (p Params) fits(j Job, in *Operands) error {
	for _, t := range in.Program.Totals {
		slots := in.Columns
		switch t.Ways {
		case microcode.OverRows:
			if p.Lanes*p.Strip%in.Columns != 0 {
				return fmt.Errorf("%s: rows of %d do not fill strips of %d elements", j.Kind, in.Columns, p.Lanes*p.Strip)
			}
			continue
		case microcode.OverColumns:
			slots *= microcode.ColumnWays
		case microcode.Window:
		}
		if slots%p.Lanes != 0 || slots < p.Lanes*max(p.PipelineLatency, 1) {
			return fmt.Errorf("%s: %d columns have %d sums: a multiple of %d lanes, and at least %d, are accepted", j.Kind, in.Columns, slots, p.Lanes,
				p.Lanes*max(p.PipelineLatency, 1))
		}
	}
	return nil
}

// strip is what the lanes hold at a time: wave w begins at element first + w*lanes, the last one may leave lanes idle.
type strip struct {
	work        *work
	first, last int
}

// result is a wave on its way through the pipeline.
type result struct {
	valid  bool
	op     int
	leaves bool // the last operation of the strip
	wave   int
	strip  strip
}

// datapath is every register there is; what words make lies in the works.
type datapath struct {
	p    Params
	lane microcode.Lane
	held func(int) bool

	works    []*work
	strips   []strip // to do; the first one is in the registers
	op, wave int     // to issue next
	back     []bool  // of each wave of the strip: its last result has come back
	pipeline []result
	inFlight int

	issued, arrived result // in this cycle
	cost            unit.Cost
}

// step is one clock cycle: the oldest result arrives, then the next operation is issued if its operand is there.
func (u *datapath) step() {
	depth := u.p.PipelineLatency
	u.issued, u.arrived = result{}, result{}
	if depth > 0 {
		if r := u.pipeline[depth-1]; r.valid {
			u.arrive(r)
		}
		copy(u.pipeline[1:], u.pipeline)
		u.pipeline[0] = result{}
	}
	if len(u.strips) == 0 {
		return
	}
	if u.op == 0 && u.held != nil && u.held(int(u.cost.Cycles)) {
		return
	}
	u.cost.Issue++
	if u.op > 0 && !u.back[u.wave] {
		u.cost.Counts[StallCycles]++
		return
	}
	u.issue()
}

// issue sends one operation on one wave into the pipeline.
func (u *datapath) issue() {
	s := u.strips[0]
	lo := s.first + u.wave*u.p.Lanes
	hi := min(lo+u.p.Lanes, s.last)
	u.cost.Counts[Operations] += int64(hi - lo)
	u.cost.Counts[IdleLaneCycles] += int64(u.p.Lanes - (hi - lo))
	s.work.do(u.op, lo, hi)
	u.back[u.wave] = false
	u.inFlight++
	r := result{valid: true, op: u.op, leaves: u.op == len(s.work.words)-1, wave: u.wave, strip: s}
	u.issued = r
	if u.p.PipelineLatency > 0 {
		u.pipeline[0] = r
	} else {
		u.arrive(r)
	}

	if u.wave++; s.first+u.wave*u.p.Lanes < s.last {
		return
	}
	u.wave = 0
	if u.op++; u.op < len(s.work.words) {
		return
	}
	u.op = 0
	u.strips = u.strips[1:]
}

// arrive puts a result back into the registers, or out of the unit.
func (u *datapath) arrive(r result) {
	u.inFlight--
	u.arrived = r
	u.back[r.wave] = !r.leaves
}
