package dataflow_test

import (
	"slices"
	"testing"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// beside lists, by the label of the group they are in, the layers whose passes run there, of a step planned with overlap.
func beside(t *testing.T, g *network.Graph, from int) map[string][]string {
	t.Helper()
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	step.Items = step.Items[from:]
	p, err := dataflow.New(&step, machine(4, 4, 1<<20), dataflow.Options{Overlap: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for i := range p.Groups {
		for _, c := range p.Groups[i].Chains {
			it := &step.Items[c.Item]
			out[p.Groups[i].Label] = append(out[p.Groups[i].Label], it.Layer+" "+it.Stage.String())
		}
	}
	return out
}

// first -> bn -> second -> loss. Of the backward passes, batch norm's two (sums, then elements) follow second's WU, which needs none of them: they run beside it. The
// loss's follow second's FF, whose results it needs, and batch norm's forward ones first's FF: they are groups of their own. So it is where
// the step begins with second's WU.
func TestPassesRunBesideAWeightUpdateAlone(t *testing.T) {
	g := &network.Graph{
		Name:   "overlap",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 4, 4, 8}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 8, Kernel: [2]int64{1, 1}},
			{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
			{Name: "second", Op: network.Conv, Inputs: []string{"bn"}, Channels: 8, Kernel: [2]int64{1, 1}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	wu := slices.IndexFunc(step.Items, func(it workloads.Item) bool { return it.Layer == "second" && it.Stage == workloads.WU })
	for _, from := range []int{0, wu} {
		got := beside(t, g, from)
		if want := []string{"bn BP", "bn BP"}; !slices.Equal(got["second WU"], want) {
			t.Errorf("from item %d: beside second's WU run %v, want %v", from, got["second WU"], want)
		}
		for _, label := range []string{"first FF", "second FF", "second BP", "first WU"} {
			if len(got[label]) > 0 {
				t.Errorf("from item %d: beside %s run %v, want none", from, label, got[label])
			}
		}
	}
}

// A linear layer that shares an earlier one's weight: the sum of the two gradients is in the output path of a WU, whose update then goes
// through memory, so nothing is put beside that.
func TestNoPassRunsBesideAGradientThatIsNotWhole(t *testing.T) {
	g := &network.Graph{
		Name:   "tied",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 6, 8}}},
		Nodes: []network.Node{
			{Name: "zero", Op: network.LayerNorm, Inputs: []string{"images"}},
			{Name: "mix", Op: network.Linear, Inputs: []string{"zero"}, Channels: 8},
			{Name: "norm", Op: network.LayerNorm, Inputs: []string{"mix"}},
			{Name: "twice", Op: network.Linear, Inputs: []string{"norm"}, Channels: 8, Weight: "mix"},
			{Name: "loss", Op: network.Loss, Inputs: []string{"twice"}},
		},
	}
	got := beside(t, g, 0)
	if want := []string{"norm BP"}; !slices.Equal(got["twice WU"], want) {
		t.Errorf("beside twice's WU run %v, want %v", got["twice WU"], want)
	}
	if len(got["mix WU"]) > 0 {
		t.Errorf("beside mix's WU, which adds twice's gradient, run %v", got["mix WU"])
	}
	if want := []string{"zero BP"}; !slices.Equal(got["zero BP"], want) {
		t.Errorf("zero's backward passes run in %v", got)
	}
}

// A 1x1 convolution of stride 2 has one phase with a tap and three of zeros, a quarter and three quarters of the 2*8*8*4 values of its input: 384 zeros. They are written beside the product
// of the phase, in its group, where passes may overlap, and in a group of their own where not.
func TestZerosAreWrittenBesideTheirProduct(t *testing.T) {
	g := &network.Graph{
		Name: "strided", Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 4}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 4, Kernel: [2]int64{1, 1}},
			{Name: "second", Op: network.Conv, Inputs: []string{"first"}, Channels: 4, Kernel: [2]int64{1, 1}, Stride: [2]int64{2, 2}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for _, overlap := range []bool{true, false} {
		p, err := dataflow.New(&step, machine(4, 4, 1<<20), dataflow.Options{Overlap: overlap, Pregenerate: true, Update: recipe.Default().Update()})
		if err != nil {
			t.Fatal(err)
		}
		var beside, alone int64
		for i := range p.Groups {
			for _, c := range p.Groups[i].Chains {
				for _, part := range c.Chain.Parts {
					switch {
					case part.Kind != word.PassKind(workloads.ZeroFill):
					case p.Groups[i].Kind == dataflow.ProductGroup && p.Groups[i].Label == "second BP":
						beside += part.Elements
					default:
						alone += part.Elements
					}
				}
			}
		}
		if want := map[bool][2]int64{true: {384, 0}, false: {0, 384}}[overlap]; [2]int64{beside, alone} != want {
			t.Errorf("overlap %t: %d zeros beside the product, %d alone; want %v", overlap, beside, alone, want)
		}
	}
}
