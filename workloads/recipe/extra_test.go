package recipe_test

import (
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Extra work is counted for every weight of a matrix, by hand for threeLayers: 216 + 864 + 108 + 3,840 = 5,028 weights, a function and two multiplications each.
func TestExtra(t *testing.T) {
	r := recipe.Default()
	r.Extra = []recipe.Extra{{Name: "noise", Operation: recipe.Function, Times: 1}, {Name: "decay", Operation: recipe.Multiplying, Times: 2}}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	d, err := r.Demand(threeLayers(t))
	if err != nil || d.Extra != 3*5028 {
		t.Errorf("%+v, %v", d, err)
	}
	got := map[workloads.PassKind]int64{}
	r.Update().Extra.Parts(5, func(kind workloads.PassKind, n int64) { got[kind] = n })
	if len(got) != 2 || got[workloads.Transcend] != 5 || got[workloads.Mul] != 10 {
		t.Errorf("%v", got)
	}
}

// A soft mask prunes FF as the N largest do, by the vector unit: at 2:4 three compares, two additions and a select a weight. A decaying one leaves FF's product dense and takes two compares and a multiplication a weight of the layers that have groups.
func TestSoftAndDecayingMasks(t *testing.T) {
	r := recipe.Default()
	r.FF, r.BP.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.SoftMask}, recipe.FFWeights
	r = r.Sparsify(nm.Ratio{N: 2, M: 4})
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	if c := recipe.PrunedOf(&s).Of("fc.weight"); c.Search != nm.Soft || c.Pruned() != 1 {
		t.Errorf("%+v", c)
	}
	if d, err := r.Demand(threeLayers(t)); err != nil || d.Searched != 6*(864+3840) || d.SortedWeights != 0 || 2*d.Performed[workloads.FF] >= 2*d.Dense[workloads.FF] || d.Performed[workloads.BP] != d.Dense[workloads.BP] {
		t.Errorf("%+v, %v", d, err)
	}
	r.FF.Mask = recipe.Decaying
	if d, err := r.Demand(threeLayers(t)); err != nil || d.Extra != 3*(864+3840) || d.Performed != d.Dense || d.SortedWeights != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	r.Masks = 5
	if r.Validate() == nil {
		t.Error("decaying masks of every fifth step are accepted")
	}
}

// Extra work stands where SORE would sort; where nothing sorts updated weights, both are possible.
func TestExtraBesideMasks(t *testing.T) {
	with := func(ff, bp recipe.Rule, masks recipe.Refresh) recipe.Recipe {
		r := recipe.Default()
		r.FF, r.BP, r.Masks = ff, bp, masks
		r.Extra = []recipe.Extra{{Name: "decay", Operation: recipe.Multiplying, Times: 1}}
		return r
	}
	weights, soft, used := recipe.Rule{Prune: recipe.Weights}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.SoftMask}, recipe.Rule{Prune: recipe.FFWeights}
	for _, r := range []recipe.Recipe{
		with(weights, used, recipe.Never), with(weights, weights, recipe.Never), with(soft, used, 1), with(soft, recipe.Rule{Prune: recipe.Gradients}, 1),
		with(recipe.Rule{Prune: recipe.Weights, Mask: recipe.Transposable}, used, 4), with(recipe.Rule{Prune: recipe.Activations}, recipe.Rule{Prune: recipe.Dense}, 1),
	} {
		r = r.Sparsify(nm.Ratio{N: 2, M: 4})
		if d, err := r.Demand(threeLayers(t)); err != nil || d.Extra != 5028 || d.SortedWeights != 0 {
			t.Errorf("%+v, %v", d, err)
		}
	}
	for _, r := range []recipe.Recipe{with(weights, used, 1), with(weights, used, 10), with(recipe.Rule{Prune: recipe.Dense}, weights, 1)} {
		if _, err := r.Sparsify(nm.Ratio{N: 2, M: 4}).Demand(threeLayers(t)); err == nil {
			t.Errorf("FF %v, BP %v with masks of every %d steps beside extra work is counted", r.FF, r.BP, r.Masks)
		}
	}
}

// What decaying masks take is each layer's by its own rule: an exception may have them alone, or have none, or another ratio. By hand for threeLayers: 864 weights of a convolution and 3,840 of the classifier at 2:4 take three operations each, at 1:4 two.
func TestDecayingExceptions(t *testing.T) {
	decaying := func(n int) recipe.Rule {
		return recipe.Rule{Prune: recipe.Weights, Mask: recipe.Decaying, Sparsity: recipe.OptionalRatio{Ratio: nm.Ratio{N: n, M: 4}}}
	}
	for name, c := range map[string]struct {
		ff, classifier recipe.Rule
		want           int64
	}{
		"alone":   {recipe.Rule{Prune: recipe.Dense}, decaying(2), 3 * 3840},
		"none":    {decaying(2), recipe.Rule{Prune: recipe.Dense}, 3 * 864},
		"another": {decaying(2), decaying(1), 3*864 + 2*3840},
		"soft":    {decaying(2), recipe.Rule{Prune: recipe.Weights, Mask: recipe.SoftMask, Sparsity: recipe.OptionalRatio{Ratio: nm.Ratio{N: 2, M: 4}}}, 3 * 864},
		"sorted":  {recipe.Rule{Prune: recipe.Weights, Sparsity: recipe.OptionalRatio{Ratio: nm.Ratio{N: 2, M: 4}}}, decaying(2), 3 * 3840},
	} {
		r := recipe.Default()
		r.FF, r.BP.Prune = c.ff, recipe.Dense
		r.Exceptions = []recipe.Exception{{Role: recipe.Classifier, FF: c.classifier}}
		if err := r.Validate(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d, err := r.Demand(threeLayers(t)); err != nil || d.Extra != c.want {
			t.Errorf("%s: %d, %v; want %d", name, d.Extra, err, c.want)
		}
	}
}
