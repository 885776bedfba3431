package sore

import (
	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// JobOf is the job of a word's work at the group's ratio.
func JobOf(ratio nm.Ratio, w *word.Work) Job {
	return Job{Runs: w.Repeat, Channels: w.Channels, Ratio: ratio}
}

// Server times the engine's tasks of a group by the closed form.
func (p Params) Server(g *word.Group, tasks []link.Task) (link.Server, error) {
	return link.Timed(tasks, func(w *word.Work) (link.Span, error) {
		j := JobOf(g.Prune, w)
		c := p.Cost(j)
		return link.Span{Issue: c.Issue, Cycles: c.Cycles}, p.Accepts(j)
	})
}

// Scale is c taken k times.
func (c Counts) Scale(k int64) Counts {
	c.Groups *= k
	c.Elements *= k
	c.Kept *= k
	c.Compares *= k
	c.IdleLaneCycles *= k
	return c
}
