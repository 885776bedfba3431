package recipe_test

import (
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Masks are learned of second (8 inputs to 12, 9 taps: 864 weights) and fc (192 to 20: 3,840) of threeLayers, whose inputs are whole groups of four: 1,296 and 5,760 logits are updated in their place, 12 operations a weight of table
// functions and sums and 5 products before FF, and 7 beside WU. first (216) and depthwise (108) have no such groups, and are updated as they are, as is fc's bias. No MAC is spared. The frozen weights, and the
// logits, are read as FP16.
func TestLearnedMasks(t *testing.T) {
	r := recipe.Default()
	r.Logits, r.Gumbel = true, recipe.Gumbel{Temperature: 4, TemperatureEnd: 0.05, Scale: 100, ScaleEnd: 500}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	d, err := r.Demand(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	const masked = 864 + 3840
	if d.Performed != d.Dense || d.Added != (12+5+7)*masked || d.Parameters != masked/4*6+216+108+20 || d.StateBytes != 8*d.Parameters || d.CopyBytes != 2*(masked+masked/4*6+216+108+20) {
		t.Errorf("%+v", d)
	}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	if recipe.EndsAt(&s) != (nm.Ratio{N: 2, M: 4}) {
		t.Errorf("masks of %v are learned", recipe.EndsAt(&s))
	}
	dense := threeLayers(t)
	if recipe.EndsAt(&dense) != nm.Dense {
		t.Errorf("a dense step ends at %v", recipe.EndsAt(&dense))
	}
	before := ""
	for _, it := range s.Items {
		for _, p := range it.Products {
			soft := it.Layer == "second" || it.Layer == "fc"
			if p.Stage != workloads.WU && (p.North.Name == it.Layer+".soft") != soft {
				t.Errorf("%s %v reads %s", it.Layer, p.Stage, p.North.Name)
			}
			if p.Stage == workloads.FF && soft && before != it.Layer+".logits" {
				t.Errorf("%s comes behind %s", it.Layer, before)
			}
		}
		before = it.Layer
	}
	r.FF.Prune = recipe.Weights
	if err := r.Sparsify(nm.Ratio{N: 2, M: 4}).Validate(); err == nil || !strings.Contains(err.Error(), "logits: masks are learned of dense weights") {
		t.Error(err)
	}
}
