package schedule

import (
	"testing"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/dataflow"
	"satsim/dataflow/predict"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// What words do is counted for a weight alone: without one a pass is asked for what a prediction of it takes, and no more; with one the weight has all that it does.
func TestPassesAreCountedForAWeight(t *testing.T) {
	g := &network.Graph{Name: "read", Inputs: []network.Input{{Name: "images", Shape: network.Shape{8, 16, 16, 32}}}, Nodes: []network.Node{
		{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 32, Kernel: [2]int64{1, 1}},
		{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
		{Name: "second", Op: network.Conv, Inputs: []string{"bn"}, Channels: 64, Kernel: [2]int64{1, 1}},
		{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	p, err := dataflow.New(&step, spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}, dataflow.Options{Interleave: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	fast, err := memory.NewFast(p.Spec.Board.Memory, int64(p.Spec.Clock))
	if err != nil {
		t.Fatal(err)
	}
	s := &Searcher{Plan: p}
	n := 0
	for i := range p.Groups {
		g := &p.Groups[i]
		if applies(g) == "" {
			continue
		}
		n++
		want, did, err := predict.Does(&p.Spec, fast, &g.Word)
		if err != nil {
			t.Fatal(err)
		}
		s.Weigh = nil
		if c, err := s.passing(fast, g); err != nil || c.Cycles != want.Cycles || c.Weight != 0 {
			t.Errorf("%s: %+v, %v; want %d cycles", g.Label, c, err, want.Cycles)
		}
		alone := testing.AllocsPerRun(10, func() { predict.Group(&p.Spec, fast, &g.Word) })
		if got := testing.AllocsPerRun(10, func() { s.passing(fast, g) }); got > alone {
			t.Errorf("%s: %g allocations; a prediction takes %g", g.Label, got, alone)
		}
		s.Weigh = func(cycles int64, a *unit.Activity) float64 {
			if cycles != want.Cycles || *a != did {
				t.Errorf("%s: a weight of %d cycles and %+v, want %d and %+v", g.Label, cycles, *a, want.Cycles, did)
			}
			return 5
		}
		if c, err := s.passing(fast, g); err != nil || c.Weight != 5 {
			t.Errorf("%s: %+v, %v", g.Label, c, err)
		}
	}
	if n == 0 {
		t.Fatal("no pass applies a norm")
	}
}
