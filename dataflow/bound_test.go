package dataflow_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/predict"
	"satsim/sim"
)

// simulated runs a group event by event on a machine of its own.
func simulated(t rapid.TB, s *spec.Spec, g *word.Group) int64 {
	t.Helper()
	m, err := sim.New(context.Background(), *s, false)
	if err != nil {
		t.Fatal(err)
	}
	o, err := m.Run(g)
	if err != nil {
		t.Fatal(err)
	}
	return o.Cycles
}

func predicted(t rapid.TB, s *spec.Spec, g *word.Group) predict.Prediction {
	t.Helper()
	fast, err := memory.NewFast(s.Board.Memory, int64(s.Clock))
	if err != nil {
		t.Fatal(err)
	}
	p, err := predict.Group(s, fast, g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever the words: no group takes fewer cycles than predicted.
func TestNoGroupBeatsItsPrediction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		p.Spec.Controller.QueueDepth = rapid.IntRange(1, 3).Draw(t, "queue")
		p.Spec.Vector.Lanes = rapid.SampledFrom([]int{1, 8, 32}).Draw(t, "vector lanes")
		p.Spec.Board.Memory.PortDuplex = rapid.Bool().Draw(t, "duplex")
		p.Spec.Board.Memory.PortWidthBits = rapid.SampledFrom([]int{64, 512, 4096}).Draw(t, "port width")
		for i := range p.Groups {
			g := &p.Groups[i]
			if g.Kind == dataflow.ProductGroup {
				if c := randomChoice(t, p, g.Shape); !choose(t, p, g, c) {
					continue
				}
			}
			took := simulated(t, &p.Spec, &g.Word)
			if least := predicted(t, &p.Spec, &g.Word).Cycles; took < least {
				t.Fatalf("%s %v: %d cycles simulated, at least %d predicted", g.Label, g.Choice, took, least)
			}
		}
	})
}
