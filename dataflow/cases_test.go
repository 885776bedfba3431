package dataflow_test

import (
	"slices"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// machine is a small accelerator: bytes of capacity for each buffer.
func machine(rows, cols int, capacity quantity.Bytes) spec.Spec {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.Rows, s.STCE.Cols, s.Vector.Random = rows, cols, 1
	for _, b := range []*quantity.Bytes{
		&s.Buffers.West.Capacity, &s.Buffers.North.Capacity, &s.Buffers.Output.Capacity, &s.Buffers.Update.Capacity, &s.Buffers.Pass.Capacity,
	} {
		*b = capacity
	}
	return s
}

// randomMachine has an array of a few PEs and buffers that are tight for some of the random networks.
func randomMachine(t *rapid.T) spec.Spec {
	s := machine(rapid.IntRange(1, 4).Draw(t, "array rows"), rapid.IntRange(1, 4).Draw(t, "array cols"),
		quantity.Bytes(rapid.SampledFrom([]int64{4 << 10, 8 << 10, 32 << 10}).Draw(t, "capacity")))
	s.STCE.AddLatency = rapid.IntRange(1, 5).Draw(t, "add latency")
	s.Vector.Random = rapid.SampledFrom([]int{1, 3}).Draw(t, "random numbers")
	s.STCE.MaxInterleave = rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "max interleave")
	s.Board.Memory.Channels = rapid.IntRange(1, 2).Draw(t, "channels")
	s.SORE.Lanes = rapid.SampledFrom([]int{1, 32}).Draw(t, "sore lanes")
	s.Dataflow.PruneAt = rapid.SampledFrom([]word.PrunePlace{word.AtFetch, word.AtEdge}).Draw(t, "prune at")
	s.STCE.OverlapProducts = rapid.Bool().Draw(t, "overlap products")
	s.STCE.Preload = rapid.SampledFrom([]stce.Preload{stce.PreloadShadow, stce.PreloadChase}).Draw(t, "preload")
	return s
}

// randomStep is the step of a network of three layers: a 1x1 convolution, so that what follows has a BP; a convolution, a linear layer
// or a product of activations; and a loss.
func randomStep(t *rapid.T) workloads.Step {
	draw := func(name string, lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(t, name) }
	images, channels := draw("images", 1, 3), rapid.SampledFrom([]int64{1, 3, 4, 8, 12}).Draw(t, "channels")
	in := network.Shape{images, draw("height", 1, 9), draw("width", 1, 9), channels}
	g := &network.Graph{Name: "random", Inputs: []network.Input{{Name: "images", Shape: in}}}
	first := network.Node{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: channels, Kernel: [2]int64{1, 1}}
	last, before := "layer", "first"
	nodes := []network.Node{first}
	if rapid.Bool().Draw(t, "batch norm") { // passes beside the layer's WU, one after the other
		before = "bn"
		nodes = append(nodes, network.Node{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}})
		if rapid.Bool().Draw(t, "clipped") {
			before = "clip"
			nodes = append(nodes, network.Node{Name: "clip", Op: network.ReLU, Inputs: []string{"bn"}})
		}
	}
	switch rapid.SampledFrom([]string{"conv", "conv", "conv", "linear", "attention"}).Draw(t, "layer") {
	case "conv":
		n := network.Node{Name: "layer", Op: network.Conv, Inputs: []string{before}, Channels: rapid.SampledFrom([]int64{1, 4, 6, 8, 20}).Draw(t, "filters")}
		for i := range 2 {
			n.Kernel[i] = draw("kernel", 1, min(4, in[1+i]))
			n.Stride[i] = draw("stride", 1, 3)
			n.Pads[i], n.Pads[2+i] = draw("pad before", 0, n.Kernel[i]-1), draw("pad after", 0, n.Kernel[i]-1)
			n.Dilation[i] = 1
			if n.Kernel[i] > 1 && (n.Kernel[i]-1)*2 < in[1+i] {
				n.Dilation[i] = draw("dilation", 1, 2)
			}
		}
		if channels%4 == 0 && n.Channels%4 == 0 {
			n.Groups = rapid.SampledFrom([]int64{1, 1, 2, 4}).Draw(t, "groups")
		}
		if n.Channels%channels == 0 && rapid.Bool().Draw(t, "depthwise") {
			n.Groups = channels
		}
		g.Nodes = append(nodes, n)
	case "linear":
		g.Nodes = append(nodes, network.Node{Name: "layer", Op: network.Linear, Inputs: []string{before}, Channels: draw("outputs", 1, 20)})
	default:
		last = "values"
		g.Nodes = append(nodes,
			network.Node{Name: "scores", Op: network.MatMul, Inputs: []string{before, before}, TransposeB: true},
			network.Node{Name: "softmax", Op: network.Softmax, Inputs: []string{"scores"}},
			network.Node{Name: "values", Op: network.MatMul, Inputs: []string{"softmax", before}},
		)
	}
	if rapid.Bool().Draw(t, "activation") {
		g.Nodes = append(g.Nodes, network.Node{Name: "relu", Op: network.ReLU, Inputs: []string{last}})
		last = "relu"
	}
	g.Nodes = append(g.Nodes, network.Node{Name: "loss", Op: network.Loss, Inputs: []string{last}})
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	switch rapid.SampledFrom([]string{"dense", "bdwp", "bdwp", "sdgp", "both", "transposable", "sparse WU", "sparse WU", "activations", "activations", "kept", "kept", "permuted", "permuted"}).Draw(t, "recipe") {
	case "bdwp":
		r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	case "permuted":
		r.FF, r.BP = recipe.Rule{Prune: recipe.Weights}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Permuted}
		r.Permutation.Orders, r.Permutation.Steps = 3, rapid.SampledFrom([]recipe.Refresh{0, 0, recipe.Never}).Draw(t, "order")
	case "sdgp":
		r.BP.Prune = recipe.Gradients
	case "transposable":
		r.FF, r.BP.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Transposable}, recipe.FFWeights
	case "sparse WU":
		r.WU.Prune = recipe.Gradients
		if rapid.Bool().Draw(t, "sparse BP") {
			r.BP.Prune = recipe.Gradients
		}
	case "kept":
		r.FF, r.BP, r.WU.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}, recipe.Weights
		r.Masks = recipe.Never
	case "activations":
		r.FF.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Dense, recipe.Activations}).Draw(t, "sparse FF")
		r.WU.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Activations, recipe.Activations, recipe.Dense}).Draw(t, "update")
	case "both":
		r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Gradients
	}
	if r.FF.Prune == recipe.Weights && rapid.Bool().Draw(t, "adapters") {
		r.Adapters = 2
	}
	if r.Teacher = rapid.IntRange(0, 3).Draw(t, "taught") == 0; r.Teacher {
		r.Distilled = 0.5
	}
	if r.FF.Prune == recipe.Dense && r.BP.Prune == recipe.Dense && r.WU.Prune == "" {
		if r.Logits = rapid.Bool().Draw(t, "logits"); r.Logits {
			r.Gumbel = recipe.Gumbel{Temperature: 4, TemperatureEnd: 0.05, Scale: 100, ScaleEnd: 500, Pull: rapid.SampledFrom([]float64{0, 1e-5}).Draw(t, "pull")}
		}
	}
	if !r.Logits {
		r = r.Sparsify(rapid.SampledFrom([]nm.Ratio{{N: 1, M: 2}, {N: 1, M: 3}, {N: 2, M: 4}, {N: 2, M: 8}}).Draw(t, "sparsity"))
	}
	if s, err = r.Apply(s); err != nil {
		t.Fatal(err)
	}
	return s
}

// transposable: some mask of the step serves FF and BP, and is made beforehand, or was drawn and stays.
func transposable(s *workloads.Step) bool {
	for i := range s.Items {
		if s.Items[i].Kept {
			return true
		}
	}
	for _, c := range recipe.PrunedOf(s) {
		if c.Search != nm.TopN || c.Permuted {
			return true
		}
	}
	return false
}

// randomPlan is a plan of all that.
func randomPlan(t *rapid.T) *dataflow.Plan {
	step, m := randomStep(t), randomMachine(t)
	m.Norm.Lanes = rapid.SampledFrom([]int{0, 0, 3, 4, 32}).Draw(t, "norm lanes")
	p, err := dataflow.New(&step, m, dataflow.Options{
		Interleave: true, Pregenerate: rapid.Bool().Draw(t, "pregenerate") || transposable(&step), Overlap: rapid.Bool().Draw(t, "overlap"), Update: recipe.Default().Update(),
	})
	if err == nil {
		p, err = p.Fold(p.OnRead())
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// products are the groups of a plan that have a choice.
func products(p *dataflow.Plan) (out []*dataflow.Group) {
	for i := range p.Groups {
		if p.Groups[i].Kind == dataflow.ProductGroup {
			out = append(out, &p.Groups[i])
		}
	}
	return out
}

// randomSizes are tile sizes of any kind that the rules allow: whole groups of M, bands of rows of a single image.
func randomSizes(t *rapid.T, s *geometry.Shape) geometry.Sizes {
	z := s.Whole()
	cut := func(name string, n *int64, unit int64) {
		*n = min((rapid.Int64Range(1, *n).Draw(t, name)+unit-1)/unit*unit, *n)
	}
	unit := int64(s.Ratio.M)
	switch {
	case !s.WU && s.Taps > 1:
		unit = 1
	case !s.Join.IsNone(), s.Permuted: // the channels of products side by side are not cut, nor those in an order
		unit = s.C
	case s.Keeps.M > 0:
		unit = int64(s.Keeps.M)
	case s.WU:
		unit = 1
	}
	cut("tile g", &z.G, 1)
	cut("tile k", &z.K, unit)
	columns := int64(1)
	if s.Twice { // nor those of channels, where activations are pruned along both
		columns = int64(s.Ratio.M)
	}
	cut("tile f", &z.F, columns)
	positions := int64(1)
	if s.WU { // of gradients that are pruned, groups of M are not cut
		positions = int64(s.Ratio.M)
	}
	cut("tile b", &z.B, positions)
	if z.B == 1 {
		cut("tile t", &z.T, 1)
	}
	return z
}

// randomlyJoined is a shape with any legal number of its products joined, mostly none, or on the lanes of the vector unit.
func randomlyJoined(t *rapid.T, p *dataflow.Plan, s *geometry.Shape) *geometry.Shape {
	legal := []*geometry.Shape{s}
	for side := int64(2); side <= s.G; side++ {
		for stack := range 1 + s.G/side {
			if x, err := s.Joined(&p.Spec.STCE, geometry.Join{Side: side, Stack: stack}); err == nil {
				legal = append(legal, x)
			}
		}
	}
	if x, err := s.Laned(); err == nil && rapid.Bool().Draw(t, "on lanes") && p.Spec.Vector.Holds(x.Taps, x.G) {
		return x
	}
	return rapid.SampledFrom(legal).Draw(t, "joined")
}

// randomArray is a configuration that a shape takes.
func randomArray(t *rapid.T, p *dataflow.Plan, s *geometry.Shape) geometry.Array {
	return rapid.SampledFrom(slices.DeleteFunc(geometry.Arrays(p.Spec.STCE, true), func(a geometry.Array) bool { return !s.Takes(a) })).Draw(t, "array")
}

// randomChoice is a choice of any order and any levels that keep split sums on chip.
func randomChoice(t *rapid.T, p *dataflow.Plan, s *geometry.Shape) geometry.Choice {
	s = randomlyJoined(t, p, s)
	a := randomArray(t, p, s)
	order := rapid.Permutation([]word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF}).Draw(t, "order")
	c := s.Configured(a, order, randomSizes(t, s))
	if err := s.Complete(&c); err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "other levels") {
		c.West, c.North = rapid.IntRange(0, 5).Draw(t, "west"), rapid.IntRange(0, 5).Draw(t, "north")
		c.Out = rapid.IntRange(0, c.Out).Draw(t, "out")
	}
	return c
}

// count adds up a figure over all iterations of a lane's ops in a group's first stream.
func count(g *dataflow.Group, lane word.Lane, figure func(*word.Work) int64) (n int64) {
	s := &g.Word.Streams[0]
	for oi, times := range s.Count() {
		o := &s.Ops[oi]
		if o.Lane != lane {
			continue
		}
		for v, k := range times {
			n += k * figure(&o.Variants[v].Work)
		}
	}
	return n
}

func bytesOf(w *word.Work) int64 { return w.Bytes }

// choose gives a group its words; false if they do not fit the machine.
func choose(t rapid.TB, p *dataflow.Plan, g *dataflow.Group, c geometry.Choice) bool {
	t.Helper()
	if err := p.Choose(g, c); err != nil {
		t.Logf("%s: %v: %v", g.Label, c, err)
		return false
	}
	if err := g.Word.Validate(); err != nil {
		t.Fatalf("%s: %v: %v", g.Label, &c, err)
	}
	return true
}
