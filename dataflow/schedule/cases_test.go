package schedule_test

import (
	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// smallMachine has an array of a few PEs and buffers that do not hold everything.
func smallMachine(t *rapid.T) spec.Spec {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.Rows, s.STCE.Cols = rapid.IntRange(1, 4).Draw(t, "array rows"), rapid.IntRange(1, 4).Draw(t, "array cols")
	s.STCE.AddLatency = rapid.IntRange(1, 5).Draw(t, "add latency")
	s.STCE.MaxInterleave = rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "max interleave")
	s.STCE.OverlapProducts = rapid.Bool().Draw(t, "overlap products")
	s.STCE.Preload = rapid.SampledFrom([]stce.Preload{stce.PreloadShadow, stce.PreloadChase}).Draw(t, "preload")
	s.Vector.Random = rapid.SampledFrom([]int{1, 3}).Draw(t, "random numbers")
	s.Vector.Lanes = rapid.SampledFrom([]int{1, 8}).Draw(t, "vector lanes")
	s.Board.Memory.Channels = rapid.IntRange(1, 2).Draw(t, "memory channels")
	s.SORE.Lanes = rapid.SampledFrom([]int{1, 32}).Draw(t, "sore lanes")
	s.Dataflow.PruneAt = rapid.SampledFrom([]word.PrunePlace{word.AtFetch, word.AtEdge}).Draw(t, "prune at")
	capacity := quantity.Bytes(rapid.SampledFrom([]int64{4 << 10, 16 << 10}).Draw(t, "capacity"))
	b := &s.Buffers
	for _, c := range []*quantity.Bytes{&b.West.Capacity, &b.North.Capacity, &b.Output.Capacity, &b.Update.Capacity, &b.Pass.Capacity} {
		*c = capacity
	}
	return s
}

// smallPlan is the step of a pointwise convolution and a convolution, batch norm and activation behind it.
func smallPlan(t *rapid.T) *dataflow.Plan {
	draw := func(name string, lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(t, name) }
	in := network.Shape{draw("images", 1, 4), draw("height", 3, 8), draw("width", 3, 8), rapid.SampledFrom([]int64{3, 8, 12}).Draw(t, "channels")}
	n := network.Node{Name: "layer", Op: network.Conv, Inputs: []string{"first"}, Channels: draw("filters", 1, 12)}
	for i := range 2 {
		n.Kernel[i], n.Stride[i] = draw("kernel", 1, 3), draw("stride", 1, 2)
		n.Pads[i], n.Pads[2+i] = n.Kernel[i]/2, n.Kernel[i]/2
	}
	if rapid.Bool().Draw(t, "grouped") { // depthwise, or a few channels each
		n.Groups = rapid.SampledFrom(map[int64][]int64{3: {3}, 8: {8, 4}, 12: {12, 3}}[in[3]]).Draw(t, "groups")
		n.Channels = n.Groups * rapid.SampledFrom([]int64{1, 2}).Draw(t, "group filters")
	}
	g := &network.Graph{Name: "small", Inputs: []network.Input{{Name: "images", Shape: in}}, Nodes: []network.Node{
		{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: in[3], Kernel: [2]int64{1, 1}},
		n,
		{Name: "bn", Op: network.BatchNorm, Inputs: []string{"layer"}},
		{Name: "relu", Op: network.ReLU, Inputs: []string{"bn"}},
		{Name: "loss", Op: network.Loss, Inputs: []string{"relu"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	switch rapid.SampledFrom([]string{"dense", "bdwp", "sdgp", "sparse WU", "drawn WU", "activations"}).Draw(t, "recipe") {
	case "bdwp":
		r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	case "sdgp":
		r.BP.Prune = recipe.Gradients
	case "sparse WU":
		r.WU.Prune = recipe.Gradients
	case "activations":
		r.FF.Prune, r.WU.Prune = recipe.Activations, recipe.Activations
	case "drawn WU":
		r.FF.Prune, r.BP.Prune, r.WU.Prune, r.WU.Estimator = recipe.Weights, recipe.Weights, recipe.Gradients, recipe.MVUE
	}
	r = r.Sparsify(rapid.SampledFrom([]nm.Ratio{{N: 1, M: 2}, {N: 2, M: 4}, {N: 2, M: 8}}).Draw(t, "sparsity"))
	if step, err = r.Apply(step); err != nil {
		t.Fatal(err)
	}
	m := smallMachine(t)
	if r.FF.Prune == recipe.Dense && r.BP.Prune != recipe.Weights && r.BP.Prune != recipe.Gradients && r.WU.Prune != recipe.Gradients && rapid.Bool().Draw(t, "dense only") {
		m.STCE.MaxN, m.STCE.MaxM = 1, 1
	}
	p, err := dataflow.New(&step, m, dataflow.Options{
		Interleave: rapid.Bool().Draw(t, "interleave"), Join: rapid.Bool().Draw(t, "join"), Lanes: rapid.Bool().Draw(t, "lanes"), Pregenerate: rapid.Bool().Draw(t, "pregenerate"), Update: r.Update(),
	})
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
