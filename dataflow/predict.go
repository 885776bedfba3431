package dataflow

import (
	"fmt"

	"satsim/arch/memory"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// Prediction is what a group's words say before they run.
type Prediction struct {
	Busy  [word.Units]int64 // cycles for which each unit is taken; the memory's longest channel
	Bytes [word.Lanes]int64 // moved by each lane of the memory
	Runs  int64             // instructions
	// Cycles is a lower bound on what the group takes: see bound.go.
	Cycles int64
}

// Predict adds up a group's words by their closed forms.
func Predict(s *spec.Spec, fast *memory.Fast, g *word.Group) (Prediction, error) {
	var p Prediction
	b, err := newBounder(s, fast, g)
	if err != nil {
		return p, err
	}
	for i := range b.ops {
		o := &b.ops[i]
		for v, n := range o.counts {
			p.Runs += n
			p.Bytes[o.Lane] += n * o.Variants[v].Work.Bytes
			p.Busy[o.Lane.Unit()] += n * o.issue[v]
		}
	}
	p.Busy[word.Memory] = b.channels() / fast.Unit()
	p.Cycles = b.cycles() + s.Controller.Reconfigure
	return p, nil
}

// span is how long a non-memory unit works on an instruction: until it can start the next, and until its results are there.
func span(s *spec.Spec, g *word.Group, o *word.Op, w *word.Work) (issue, cycles int64, err error) {
	switch o.Lane.Unit() {
	case word.STCE:
		c, err := stce.ConfigOf(g.Array)
		if err != nil {
			return 0, 0, err
		}
		cost, stretch := s.STCE.WorkCost(c, w)
		issue, cycles = cost.Cycles+stretch, cost.Cycles+stretch
	case word.SORE:
		c := s.SORE.Cost(sore.JobOf(g.Prune, w))
		issue, cycles = c.Issue, c.Cycles
	case word.WUVE:
		j, err := wuve.JobOf(g.Update, w)
		if err != nil {
			return 0, 0, err
		}
		c := s.WUVE.Cost(j)
		issue, cycles = c.Issue, c.Cycles
	case word.Vector:
		c, err := s.Vector.WorkCost(w)
		if err != nil {
			return 0, 0, err
		}
		issue, cycles = c.Issue, c.Cycles
	default:
		return 0, 0, fmt.Errorf("%s has no span of its own", o.Lane)
	}
	issue = max(issue, 1)
	return issue, max(cycles, issue), nil
}
