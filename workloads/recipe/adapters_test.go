package recipe_test

import (
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// low is SLoPe's recipe with adapters of a rank.
func low(rank recipe.Adapters) recipe.Recipe {
	r := recipe.Default()
	r.FF, r.BP, r.WU.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}, recipe.Weights
	r.Masks, r.Adapters = recipe.Never, rank
	return r.Sparsify(nm.Ratio{N: 2, M: 4})
}

// Beside fc of threeLayers, 2 images of 192 inputs to 20 outputs, adapters of rank R have R (K + F) MACs a row in each stage, and as many parameters: at R = 3 by hand 2 x 3 x (192 + 20) = 1,272 MACs, and 636 weights.
// Nothing else has them: second is a 3x3 convolution, first and depthwise are dense. They are no MACs of the dense network. A bias of fc is added behind the adapter.
func TestAdaptersOfALayer(t *testing.T) {
	const rank, k, f, rows = 3, 192, 20, 2
	with, err := low(rank).Demand(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	without, err := low(0).Demand(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	for stage := range with.Dense {
		if n := with.Performed[stage] - without.Performed[stage]; n != rank*(k+f)*rows || with.Dense[stage] != without.Dense[stage] {
			t.Errorf("%v: %d MACs more, and %d of the dense network", workloads.Stage(stage), n, with.Dense[stage]-without.Dense[stage])
		}
	}
	if n := with.Parameters - without.Parameters; n != rank*(k+f) || with.StateBytes-without.StateBytes != 8*n || with.CopyBytes-without.CopyBytes != 2*n {
		t.Errorf("%d parameters more, %d bytes of masters and state, %d of copies", n, with.StateBytes-without.StateBytes, with.CopyBytes-without.CopyBytes)
	}
	// The factor on 2 x 3 values and their gradients, a sum of 2 x 20 and one of 2 x 192.
	if with.Added != 2*rows*rank+rows*(k+f) || without.Added != 0 {
		t.Errorf("%d operations of the vector unit", with.Added)
	}
	s, err := low(rank).Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, it := range s.Items {
		if len(it.Products) > 0 && strings.HasPrefix(it.Layer, "fc") {
			order = append(order, it.Layer+" "+it.Stage.String())
		}
		if it.Layer == "fc" && it.Stage == workloads.FF && (it.Passes[0].Kind != workloads.Add || it.Passes[0].Elements != rows*f || it.Passes[1].Kind != workloads.Bias) {
			t.Errorf("behind fc: %+v", it.Passes)
		}
		if it.Layer == "fc" && it.Stage == workloads.BP && (it.Passes[0].Kind != workloads.GradSum || it.Passes[0].Elements != rows*k) {
			t.Errorf("behind BP of fc: %+v", it.Passes)
		}
	}
	if got, want := strings.Join(order, ", "), "fc.adapter_in FF, fc.adapter_out FF, fc FF, fc.adapter_out BP, fc.adapter_out WU, fc.adapter_in BP, fc.adapter_in WU, fc BP, fc WU"; got != want {
		t.Errorf("%s", got)
	}
	for _, layer := range []string{"first", "second", "depthwise"} {
		if recipe.Adapted(&s, layer) != 0 {
			t.Errorf("%s has adapters", layer)
		}
	}
}

// What they learned may not be lost, and there is nothing to be beside where FF prunes no weights.
func TestMistakesOfAdapters(t *testing.T) {
	for _, c := range []struct {
		change func(*recipe.Recipe)
		want   string
	}{
		{func(*recipe.Recipe) {}, ""},
		{func(r *recipe.Recipe) { r.Schedule[0].Adapters = recipe.NoAdapters }, ""},
		{func(r *recipe.Recipe) { r.Adapters = recipe.NoAdapters }, "adapters: what those of rank 3 learned in the part before would be lost; accepted: 3"},
		{func(r *recipe.Recipe) { r.Adapters = 5 }, "adapters: what those of rank 3 learned in the part before would be lost; accepted: 3"},
		{func(r *recipe.Recipe) {
			r.FF, r.BP, r.WU, r.Masks = recipe.Rule{Prune: recipe.Dense}, recipe.Rule{Prune: recipe.Dense}, recipe.WURule{}, 1
		}, "schedule[0].adapters: of rank 3, beside weights that FF prunes, and it has prune: dense"},
	} {
		r := low(3)
		r.Epochs, r.Schedule = 10, []recipe.Phase{{Name: "first", Epochs: 4, Adapters: 3}}
		c.change(&r)
		if err := r.Validate(); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v; want %q", err, c.want)
		}
	}
}

// A layer that the network has itself is no adapter, whatever it is called.
func TestNoAdapterByName(t *testing.T) {
	s := threeLayers(t)
	for i := range s.Items {
		if it := &s.Items[i]; it.Layer == "second" {
			it.Layer = "fc.adapter_in"
		}
	}
	if rank := recipe.Adapted(&s, "fc"); rank != 0 {
		t.Errorf("fc has adapters of rank %d", rank)
	}
}
