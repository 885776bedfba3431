package wuve

import (
	"fmt"

	"satsim/arch/link"
	"satsim/arch/word"
)

// JobOf is the job of a word's work under the group's configuration.
func JobOf(u word.UpdateConfig, w *word.Work) (Job, error) {
	j := Job{Parameters: w.Elements, Unscale: u.Unscale, MaskDecay: u.MaskDecay, WeightDecay: u.WeightDecay, Deferred: u.Deferred, DenseCopy: u.DenseCopy}
	if err := j.Optimiser.UnmarshalText([]byte(u.Optimiser)); err != nil {
		return j, fmt.Errorf("configuring the WUVE: %w", err)
	}
	return j, nil
}

// Server times the engine's tasks of a group by the closed form.
func (p Params) Server(g *word.Group, tasks []link.Task) (link.Server, error) {
	return link.Timed(tasks, func(w *word.Work) (link.Span, error) {
		j, err := JobOf(g.Update, w)
		if err != nil {
			return link.Span{}, err
		}
		c := p.Cost(j)
		return link.Span{Issue: c.Issue, Cycles: c.Cycles}, p.Accepts(j)
	})
}

// Scale is c taken k times.
func (c Counts) Scale(k int64) Counts {
	c.Parameters *= k
	c.Multiplies *= k
	c.Adds *= k
	c.Divides *= k
	c.SquareRoots *= k
	c.Converts *= k
	c.IdleLaneCycles *= k
	return c
}
