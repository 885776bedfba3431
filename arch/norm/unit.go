package norm

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// ID implements unit.Unit.
func (p Params) ID() word.Unit { return word.Norm }

// Built implements unit.Unit.
func (p Params) Built() bool { return p.Lanes > 0 }

// Counters implements unit.Unit.
func (p Params) Counters() []unit.Counter { return counters[:] }

// Actions implements unit.Unit.
func (p Params) Actions() []unit.Action {
	return []unit.Action{
		{Name: "operate", Of: unit.Operation, Counts: []int{Operations}},
		{Name: "idle", Of: unit.Cycle, Parts: int64(p.Lanes), Less: []int{Operations}},
	}
}

// JobOf is the job of a word's work: a tile's runs, or factors.
func JobOf(w *word.Work) Job {
	return Job{Runs: w.Repeat, Run: w.Channels, Begin: w.Begin, Factors: w.Elements}
}

// configured is the unit: no group changes how it works.
type configured struct{ Params }

// Program implements unit.Unit.
func (p Params) Program(*word.Group) (unit.Program, error) { return &configured{p}, nil }

// Span implements unit.Program.
func (r *configured) Span(_ *word.Op, w *word.Work) (unit.Span, error) {
	j := JobOf(w)
	if err := r.Accepts(j); err != nil {
		return unit.Span{}, err
	}
	return r.Cost(j).Span(), nil
}

// Count implements unit.Program: it writes masks where it reserves room for them. Elements pass it on their way to the west buffer, where the memory books them.
func (r *configured) Count(a *unit.Activity, o *word.Op, w *word.Work, n int64) error {
	c := r.Cost(JobOf(w))
	if err := a.Did(word.Norm, &c.Counts, c.Issue, n); err != nil {
		return err
	}
	return a.WriteReserved(o, w, n)
}
