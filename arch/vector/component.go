package vector

import (
	"satsim/arch/link"
	"satsim/arch/word"
)

// WorkCost is the cost of a word's parts, one after the other.
func (p Params) WorkCost(w *word.Work) (Cost, error) {
	jobs := make([]Job, len(w.Parts))
	for i, part := range w.Parts {
		jobs[i] = Job{Kind: Kind(part.Kind), Elements: part.Elements}
		if err := p.Accepts(jobs[i]); err != nil {
			return Cost{}, err
		}
	}
	return p.Sequence(jobs...), nil
}

// Server times the unit's tasks of a group by the closed form.
func (p Params) Server(_ *word.Group, tasks []link.Task) (link.Server, error) {
	return link.Timed(tasks, func(w *word.Work) (link.Span, error) {
		c, err := p.WorkCost(w)
		return link.Span{Issue: c.Issue, Cycles: c.Cycles}, err
	})
}

// Scale is c taken k times.
func (c Counts) Scale(k int64) Counts {
	c.Elements *= k
	c.Operations *= k
	c.IdleLaneCycles *= k
	c.StallCycles *= k
	return c
}
