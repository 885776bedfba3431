package flow_test

import (
	"strings"
	"testing"

	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/flow"
	"satsim/dataflow/schedule"
	"satsim/internal/quantity"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// onRead is a step in which the second convolution, 3x3, normalises and clips what the first wrote.
func onRead(t *testing.T, west quantity.Bytes) *dataflow.Plan {
	t.Helper()
	g := &network.Graph{
		Name:   "read",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 16}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 16, Kernel: [2]int64{1, 1}},
			{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
			{Name: "relu", Op: network.ReLU, Inputs: []string{"bn"}},
			{Name: "second", Op: network.Conv, Inputs: []string{"relu"}, Channels: 12, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Norm.Lanes = 8
	s.Buffers.West.Capacity = west
	p, err := dataflow.New(&step, s, dataflow.Options{Interleave: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.Fold([]string{"bn"}); err != nil {
		t.Fatal(err)
	}
	search, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := search.All(true); err != nil {
		t.Fatal(err)
	}
	return p
}

// By hand: arrays images, labels, first, bn's statistics, relu's mask, second: 6; gradients of second, of relu (in whose place bn's is), of first, of both weights
// and of bn's scale and shift: 6; three updates with a state and a weight each: 6. What the norm would make is none.
func TestOnReadFlows(t *testing.T) {
	p := onRead(t, 2<<10)
	c, err := flow.Check(p, counted(p))
	if err != nil {
		t.Fatal(err)
	}
	if c.Tensors != 18 {
		t.Errorf("%+v", c)
	}
	_, tiles := op(t, p, "second", workloads.FF, word.ReadWest)
	if tiles < 2 {
		t.Errorf("the forward product reads in %d tiles: nothing is tried", tiles)
	}
}

// Whoever moves other bytes of what the normaliser needs, or makes, is named with the other side.
func TestOneSideOnRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		stage workloads.Stage
		lane  word.Lane
		more  int64
		want  []string
	}{
		{"what is normalised, twice over", workloads.WU, word.ReadWest, 4096, []string{"first is not conserved", "second WU reads 8192 bytes"}},
		{"a byte less of the mask", workloads.FF, word.WritePass, -1, []string{"relu.mask is not conserved: second FF writes 255 bytes", "second BP reads 256 bytes"}},
		{"statistics that nobody reads", workloads.WU, word.ReadPass, -128, []string{"bn.stats is not conserved", "second WU reads 0 bytes"}},
	} {
		p := onRead(t, 4<<10) // one tile
		o, n := op(t, p, "second", c.stage, c.lane)
		if o.Variants[0].Work.Bytes += c.more; n != 1 {
			t.Fatalf("%s: %d tiles", c.name, n)
		}
		_, err := flow.Check(p, counted(p))
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", c.name, err, want)
			}
		}
	}
}
