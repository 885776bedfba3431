package wuve

import (
	"fmt"

	"satsim/arch/unit"
	"satsim/arch/word"
)

// ID implements unit.Unit.
func (p Params) ID() word.Unit { return word.WUVE }

// Built implements unit.Unit.
func (p Params) Built() bool { return p.Lanes > 0 }

// Counters implements unit.Unit.
func (p Params) Counters() []unit.Counter { return counters[:] }

// Actions implements unit.Unit.
func (p Params) Actions() []unit.Action {
	return []unit.Action{
		{Name: "multiply", Of: unit.Operation, Counts: []int{Multiplies}},
		{Name: "add", Of: unit.Operation, Counts: []int{Adds}},
		{Name: "divide", Of: unit.Operation, Counts: []int{Divides}},
		{Name: "square_root", Of: unit.Operation, Counts: []int{SquareRoots}},
		{Name: "convert", Of: unit.Operation, Counts: []int{Converts}},
		{Name: "idle", Of: unit.Cycle, Parts: int64(p.Lanes), Less: []int{Parameters}},
	}
}

// configured is the engine under a group's configuration.
type configured struct {
	Params
	job Job // without its size
}

// Program implements unit.Unit.
func (p Params) Program(g *word.Group) (unit.Program, error) {
	j, err := JobOf(g.Update, &word.Work{})
	if err != nil {
		return nil, err
	}
	return &configured{p, j}, nil
}

// JobOf is the job of a word's work under the group's configuration.
func JobOf(u word.UpdateConfig, w *word.Work) (Job, error) {
	j := Job{Optimiser: u.Optimiser, Parameters: w.Elements, Unscale: u.Unscale, SRSTE: u.SRSTE, WeightDecay: u.WeightDecay, Deferred: u.Deferred}
	if err := known(u.Optimiser); err != nil {
		return j, fmt.Errorf("configuring the WUVE: %w", err)
	}
	return j, nil
}

func (r *configured) of(w *word.Work) Job {
	j := r.job
	j.Parameters = w.Elements
	return j
}

// Span implements unit.Program.
func (r *configured) Span(_ *word.Op, w *word.Work) (unit.Span, error) {
	j := r.of(w)
	if err := r.Accepts(j); err != nil {
		return unit.Span{}, err
	}
	c := r.Cost(j)
	return c.Span(), nil
}

// Count implements unit.Program: it reads 32 bits a gradient where that comes from the output buffer, and writes what it reserves; the
// memory books the reading of what it loaded for it.
func (r *configured) Count(a *unit.Activity, o *word.Op, w *word.Work, n int64) error {
	j := r.of(w)
	c := r.Cost(j)
	if err := a.Did(word.WUVE, &c.Counts, c.Issue, n); err != nil {
		return err
	}
	for _, e := range o.In {
		if e.Buffer == word.Output {
			if err := a.Read(word.Output, 32*j.Parameters, n); err != nil {
				return err
			}
		}
	}
	return a.WriteReserved(o, w, n)
}
