package recipe_test

import (
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// Late masks of threeLayers at 2:4: second (864 weights, 8 inputs) and fc (3,840, 192 inputs) have them, first (3 inputs) and depthwise (1) have not. Nothing is pruned, nothing sorted. In a step that finds them two compares a weight; in each
// step of a decay a multiplication, a sum and two selects, with factors three multiplications and a sum more: 8 and 10 operations for each of 4,704 weights. A bit a weight is kept of each mask.
func TestLateMasks(t *testing.T) {
	r := recipe.Default()
	r.FF, r.BP.Prune, r.Optimiser, r.Masks = recipe.Rule{Prune: recipe.Weights, Mask: recipe.LateMask}, recipe.FFWeights, recipe.Adam, 10
	r.L1Decay, r.Scales = 1e-4, 2
	r = r.Sparsify(nm.Ratio{N: 2, M: 4})
	const masked = 864 + 3840
	s, err := r.Apply(threeLayers(t))
	if err != nil || recipe.EndsAt(&s) != (nm.Ratio{N: 2, M: 4}) {
		t.Errorf("%v, %v", recipe.EndsAt(&s), err)
	}
	demand := func(r recipe.Recipe) recipe.Demand {
		t.Helper()
		d, err := r.Demand(threeLayers(t))
		if err != nil {
			t.Fatal(err)
		}
		if d.Performed != d.Dense || d.SortedWeights+d.Searched != 0 {
			t.Errorf("%+v", d)
		}
		return d
	}
	d := demand(r)
	if d.Extra != 10*masked || d.MaskBytes != masked/8 || d.StateBytes != 12*d.Parameters {
		t.Errorf("%+v", d)
	}
	kinds, err := r.Shares()
	if err != nil || len(kinds) != 1 { // no epochs
		t.Fatal(kinds, err)
	}
	r.Epochs = 1
	if kinds, err = r.Variants(100); err != nil || len(kinds) != 2 || kinds[0].Steps != 10 || kinds[1].Steps != 90 {
		t.Fatalf("%+v, %v", kinds, err)
	}
	if d := demand(kinds[1].Recipe); d.Extra != 8*masked || d.MaskBytes != masked/8 {
		t.Errorf("of kept masks %+v", d)
	}
	r.L1Decay = 0
	if d := demand(r); d.Extra != (4+2)*masked || d.MaskBytes != masked/8 {
		t.Errorf("without a decay %+v", d)
	}
	r.Exceptions = []recipe.Exception{{Role: recipe.Classifier, FF: recipe.Rule{Prune: recipe.Dense}, BP: recipe.Rule{Prune: recipe.Dense}}}
	if d := demand(r); d.Extra != 6*864 || d.MaskBytes != 864/8 {
		t.Errorf("without the classifier %+v", d)
	}
	r.Exceptions = nil
	r.Epochs, r.Schedule = 4, []recipe.Phase{{Name: "dense", Epochs: 1, FF: recipe.Rule{Prune: recipe.Dense}, BP: recipe.Rule{Prune: recipe.Dense}}}
	if d := demand(r.During(r.Schedule[0])); d.Extra != 0 || d.MaskBytes != 0 {
		t.Errorf("in a dense phase %+v", d)
	}
}

// Factors of late masks would be left out in a part of a training behind theirs: of its product, but not of what is stored. Before it there are none.
func TestFactorsStayToTheEnd(t *testing.T) {
	r := recipe.Default()
	r.FF, r.BP.Prune, r.Scales, r.Epochs = recipe.Rule{Prune: recipe.Weights, Mask: recipe.LateMask}, recipe.FFWeights, 2, 4
	r = r.Sparsify(nm.Ratio{N: 2, M: 4})
	own := recipe.Rule{Prune: recipe.Weights, Mask: recipe.Own}
	r.Schedule = []recipe.Phase{{Name: "first", Epochs: 2, FF: own}}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
	r.FF, r.Schedule[0].FF = own, r.FF
	if err := r.Validate(); err == nil || !strings.Contains(err.Error(), "2 factors") {
		t.Errorf("own masks behind late ones with factors: %v", err)
	}
	r.Scales = 0
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
}
