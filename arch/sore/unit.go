package sore

import (
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// ID implements unit.Unit.
func (p Params) ID() word.Unit { return word.SORE }

// Built implements unit.Unit.
func (p Params) Built() bool { return p.Lanes > 0 }

// Counters implements unit.Unit.
func (p Params) Counters() []unit.Counter { return counters[:] }

// Actions implements unit.Unit.
func (p Params) Actions() []unit.Action {
	return []unit.Action{
		{Name: "compare", Of: unit.Operation, Counts: []int{Compares}},
		{Name: "keep", Of: unit.Word, Counts: []int{Kept}},
		{Name: "idle", Of: unit.Cycle, Parts: int64(p.Lanes), Less: []int{Elements}},
	}
}

// configured is the engine at a group's ratio.
type configured struct {
	Params
	ratio nm.Ratio
}

// Program implements unit.Unit.
func (p Params) Program(g *word.Group) (unit.Program, error) { return &configured{p, g.Prune}, nil }

// JobOf is the job of a word's work at the group's ratio.
func JobOf(ratio nm.Ratio, w *word.Work) Job {
	return Job{Runs: w.Repeat, Channels: w.Channels, Ratio: ratio}
}

// Span implements unit.Program.
func (r *configured) Span(_ *word.Op, w *word.Work) (unit.Span, error) {
	j := JobOf(r.ratio, w)
	if err := r.Accepts(j); err != nil {
		return unit.Span{}, err
	}
	c := r.Cost(j)
	return c.Span(), nil
}

// Count implements unit.Program: it reads 16 bits an element, from the north buffer where it stands at the array's edge, and writes what
// it reserves.
func (r *configured) Count(a *unit.Activity, o *word.Op, w *word.Work, n int64) error {
	j := JobOf(r.ratio, w)
	c := r.Cost(j)
	if err := a.Did(word.SORE, &c.Counts, c.Issue, n); err != nil {
		return err
	}
	from := word.North
	if len(o.In) > 0 {
		from = o.In[0].Buffer
	}
	if err := a.Read(from, 16*j.Elements(), n); err != nil {
		return err
	}
	return a.WriteReserved(o, w, n)
}
