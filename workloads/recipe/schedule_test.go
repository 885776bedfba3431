package recipe_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// What a phase alone needs (an order, a search of blocks, a decay) is of its steps and of no others: the kinds have names of their own, each is a recipe that is accepted, and asks of a machine what a recipe of
// those rules alone does.
func TestWhatAPhaseAloneNeeds(t *testing.T) {
	weights := recipe.Rule{Prune: recipe.Weights}
	half := recipe.Default().Sparsify(nm.Ratio{N: 2, M: 4})
	sparse := half
	sparse.FF = weights
	order := recipe.Permutation{Orders: 10, Steps: 10}
	for name, c := range map[string]struct {
		of, phase recipe.Recipe // the rest, and the phase by itself
		in        recipe.Phase
		say       func(*recipe.Recipe)
		kinds     []string
	}{
		"an order": {
			sparse, with(sparse, func(r *recipe.Recipe) {
				r.BP, r.Permutation = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Permuted}, order
			}),
			recipe.Phase{BP: recipe.Rule{Prune: recipe.Weights, Mask: recipe.Permuted}}, func(r *recipe.Recipe) { r.Permutation = order },
			[]string{"dense a, new order", "dense a, kept order", "dense"},
		},
		"blocks": {
			half, with(half, func(r *recipe.Recipe) {
				r.FF, r.Search = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Transposable}, recipe.Exact
			}),
			recipe.Phase{FF: recipe.Rule{Prune: recipe.Weights, Mask: recipe.Transposable}}, func(r *recipe.Recipe) { r.Search = recipe.Exact },
			[]string{"dense a", "dense"},
		},
		"a decay": {
			sparse, with(half, func(r *recipe.Recipe) { r.FF = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Decaying} }),
			recipe.Phase{FF: recipe.Rule{Prune: recipe.Weights, Mask: recipe.Decaying}}, func(r *recipe.Recipe) { r.Decay, r.DecayLeft = recipe.Exponential, 0.1 },
			[]string{"dense a", "dense"},
		},
	} {
		r, p := c.of, c.in
		c.say(&r)
		p.Name, p.Epochs = "a", 2
		r.Epochs, r.Schedule = 5, []recipe.Phase{p}
		kinds, err := r.Variants(10)
		if err != nil {
			t.Fatal(name, err)
		}
		var names []string
		for _, k := range kinds {
			names = append(names, k.Name)
		}
		if !reflect.DeepEqual(names, c.kinds) {
			t.Errorf("%s: kinds are %q, want %q", name, names, c.kinds)
		}
		for i, want := range map[int]recipe.Recipe{0: c.phase, len(kinds) - 1: c.of} {
			got, err := kinds[i].Recipe.Demand(threeLayers(t))
			if err != nil {
				t.Fatal(name, err)
			}
			if w, err := want.Demand(threeLayers(t)); err != nil || got != w {
				t.Errorf("%s, %s: %+v, by itself %+v, %v", name, kinds[i].Name, got, w, err)
			}
		}
	}
}

func with(r recipe.Recipe, say func(*recipe.Recipe)) recipe.Recipe {
	say(&r)
	return r
}

// A recipe that is accepted has kinds of steps that are accepted, and that a network can be costed under.
func TestEveryKindIsAccepted(t *testing.T) {
	step := threeLayers(t)
	rapid.Check(t, func(t *rapid.T) {
		rules := func(name string, ff, bp *recipe.Rule) {
			masks := []recipe.Mask{"", "", recipe.Transposable, recipe.Decaying, recipe.SoftMask}
			*ff = recipe.Rule{Prune: rapid.SampledFrom([]recipe.Operand{"", recipe.Dense, recipe.Weights}).Draw(t, name+" ff")}
			if ff.Prune == recipe.Weights {
				ff.Mask = rapid.SampledFrom(masks).Draw(t, name+" mask")
			}
			*bp = recipe.Rule{Prune: rapid.SampledFrom([]recipe.Operand{"", recipe.Dense, recipe.Weights, recipe.FFWeights}).Draw(t, name+" bp")}
			if bp.Prune == recipe.Weights {
				bp.Mask = rapid.SampledFrom([]recipe.Mask{"", recipe.Shared, recipe.Permuted, recipe.Permuted}).Draw(t, name+" order")
			}
		}
		r := recipe.Default().Sparsify(nm.Ratio{N: 2, M: 4})
		rules("rest", &r.FF, &r.BP)
		if r.FF.Prune == "" {
			r.FF.Prune = recipe.Dense
		}
		if r.BP.Prune == "" {
			r.BP.Prune = recipe.Dense
		}
		r.Epochs = 4
		r.Schedule = []recipe.Phase{{Name: "a", Epochs: rapid.Int64Range(1, 2).Draw(t, "a")}, {Name: "b", Epochs: rapid.Int64Range(1, 2).Draw(t, "b")}}
		for i := range r.Schedule {
			p := &r.Schedule[i]
			rules(p.Name, &p.FF, &p.BP)
			p.Masks = rapid.SampledFrom([]recipe.Refresh{0, 0, 3, recipe.Never}).Draw(t, p.Name+" masks")
		}
		if rapid.Bool().Draw(t, "permutation") {
			r.Permutation = recipe.Permutation{Orders: 3, Steps: rapid.SampledFrom([]recipe.Refresh{0, 4, recipe.Never}).Draw(t, "steps")}
		}
		r.Search = rapid.SampledFrom([]recipe.Search{"", "", recipe.Exact}).Draw(t, "search")
		if rapid.Bool().Draw(t, "decay") {
			r.Decay, r.DecayLeft = recipe.Exponential, 0.1
		}
		if rapid.Bool().Draw(t, "pull") {
			r.SRSTELambda = 1e-4
		}
		if r.Validate() != nil {
			return
		}
		kinds, err := r.Variants(5)
		if err != nil {
			t.Fatal(err)
		}
		steps := int64(0)
		for _, k := range kinds {
			steps += k.Steps
			if _, err := k.Recipe.Demand(step); err != nil {
				t.Errorf("%s: %v\n%+v", k.Name, err, r)
			}
		}
		if steps != 5*r.Epochs {
			t.Errorf("%d steps", steps)
		}
	})
}
