package recipe_test

import (
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// permuted is a recipe whose BP prunes what FF kept in the best of ten orders, found anew every fourth step.
func permuted() recipe.Recipe {
	r := recipe.Default()
	r.FF, r.BP = recipe.Rule{Prune: recipe.Weights}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Permuted}
	r.Permutation, r.Epochs = recipe.Permutation{Orders: 10, Steps: 4}, 3
	return r.Sparsify(nm.Ratio{N: 2, M: 4})
}

// The search reads FF's mask of a weight that both products prune, a bit a weight, once a step that searches, and so often is it written. By hand for threeLayers at 2:4, ten orders: of second's 9 x 8 x 12 weights each row of 12 takes 12
// additions and, of three groups, a compare and an addition each: 72 x 18 x 10 operations; of fc's 192 x 20 each row 20 + 2 x 5: 192 x 30 x 10. first has too few inputs, and no BP.
func TestSearchOfOrders(t *testing.T) {
	r := permuted()
	want := map[string]int64{"second": 72 * 18 * 10, "fc": 192 * 30 * 10}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, it := range s.Items {
		for _, p := range it.Products {
			if p.Sparse.Permuted != (p.Stage == workloads.BP && want[it.Layer] > 0) {
				t.Errorf("%s %v: permuted %v", it.Layer, p.Stage, p.Sparse.Permuted)
			}
		}
		for _, p := range it.Passes {
			if !p.Orders {
				continue
			}
			if found++; len(p.Writes) > 0 || p.Reads[0].Role != workloads.Mask || it.Stage != workloads.BP || p.Elements != want[it.Layer] || p.Reads[0].Elements != it.Weight.Elements() || p.Reads[0].Format != nm.Bit || p.Fused {
				t.Errorf("%s %v: %+v", it.Layer, it.Stage, p)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d searches", found)
	}
	d, err := r.Demand(threeLayers(t))
	if err != nil || d.Searched != want["second"]+want["fc"] || d.SortedWeights != 2*(864+3840) || d.MaskBytes != (864+3840)/8 {
		t.Errorf("%+v, %v", d, err)
	}
	kinds, err := r.Variants(10)
	if err != nil || len(kinds) != 2 || kinds[0].Steps != 8 || kinds[1].Steps != 22 { // of 30 steps every fourth, from the first on
		t.Fatalf("%+v, %v", kinds, err)
	}
	if d, err := kinds[1].Recipe.Demand(threeLayers(t)); err != nil || d.Searched != 0 || d.MaskBytes != 0 || d.SortedWeights != 2*(864+3840) {
		t.Errorf("%+v, %v", d, err)
	}
}

// Exponential decay multiplies by the same number in each step, and comes to what is left behind the last; a linear one takes the same away.
func TestFactorOfDecay(t *testing.T) {
	r := recipe.Default()
	if a, b := r.Factor(0, 8), r.Factor(6, 8); a != 1 || b != 0.25 {
		t.Errorf("in a line %g, %g", a, b)
	}
	r.Decay, r.DecayLeft = recipe.Exponential, 1./256
	for step, want := range []float32{1, 1. / 2, 1. / 4, 1. / 8, 1. / 16, 1. / 32, 1. / 64, 1. / 128} {
		if got := r.Factor(int64(step), 8); got != want {
			t.Errorf("step %d: %g, want %g", step, got, want)
		}
	}
}
