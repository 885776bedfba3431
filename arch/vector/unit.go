package vector

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// ID implements unit.Unit.
func (p Params) ID() word.Unit { return word.Vector }

// Built implements unit.Unit.
func (p Params) Built() bool { return p.Lanes > 0 }

// Counters implements unit.Unit.
func (p Params) Counters() []unit.Counter { return counters[:] }

// Actions implements unit.Unit.
func (p Params) Actions() []unit.Action {
	return []unit.Action{
		{Name: "operate", Of: unit.Operation, Counts: []int{Operations}},
		{Name: "idle", Of: unit.Cycle, Parts: int64(p.Lanes), Less: []int{Operations}},
		{Name: "random", Of: unit.Operation, Counts: []int{Numbers}},
		{Name: "divide", Of: unit.Operation, Counts: []int{Quotients}},
	}
}

// WorkCost is the cost of a word's parts, one after the other, or of its product, with the cycles by which buffers that cannot keep up stretch it.
func (p *Params) WorkCost(w *word.Work) (unit.Cost, error) {
	if x, ok := productOf(w); ok {
		c := p.Cost(x.Job())
		more := w.Slow.Stretch(c.Issue) - c.Issue
		c.Issue, c.Cycles, c.Counts[StallCycles] = c.Issue+more, c.Cycles+more, c.Counts[StallCycles]+more
		return c, nil
	}
	jobs := make([]Job, len(w.Parts))
	for i, part := range w.Parts {
		jobs[i] = Job{Kind: part.Kind, Elements: part.Elements, Row: part.Row}
		if err := p.Accepts(jobs[i]); err != nil {
			return unit.Cost{}, err
		}
	}
	return p.Sequence(jobs...), nil
}

// configured is the unit: no group changes how it works.
type configured struct{ Params }

// Program implements unit.Unit.
func (p Params) Program(*word.Group) (unit.Program, error) { return &configured{p}, nil }

// Span implements unit.Program.
func (r *configured) Span(_ *word.Op, w *word.Work) (unit.Span, error) {
	c, err := r.WorkCost(w)
	return unit.Span{Issue: c.Issue, Cycles: c.Cycles}, err
}

// Count implements unit.Program: it writes what it reserves; what it takes, the array and the memory book as read, but updated weights, which it reads
// once and keeps in its strips while it searches their masks. Of a product it reads both operands of every multiply-add, and sums as they come and go.
func (r *configured) Count(a *unit.Activity, o *word.Op, w *word.Work, n int64) error {
	c, err := r.WorkCost(w)
	if err != nil {
		return err
	}
	if err := a.Did(word.Vector, &c.Counts, c.Issue, n); err != nil {
		return err
	}
	if x, ok := productOf(w); ok {
		return x.accesses(a, n)
	}
	if len(o.In) > 0 && o.In[0].Buffer == word.Updated {
		if err := a.Read(word.Updated, 16*w.Elements, n); err != nil {
			return err
		}
	}
	return a.WriteReserved(o, w, n)
}
