package training

import (
	"strings"
	"testing"

	"satsim/results/experiment/models"
	"satsim/workloads/recipe"
)

// A training is joined to the recipe with its hash alone, or to that with its update, as asked; what differs is named.
func TestTrainingsAreJoinedByHash(t *testing.T) {
	l := models.NewLoader()
	net, err := l.Network("resnet-fmnist", 32, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Recipe("bdwp", "2:8", nil)
	if err != nil {
		t.Fatal(err)
	}
	networkHash, err := NetworkHash(net.Description)
	if err != nil {
		t.Fatal(err)
	}
	// trained is a group of the recipe after a change.
	trained := func(change func(*recipe.Recipe)) SeedGroup {
		of := r
		change(&of)
		hash, err := RecipeHash(of)
		if err != nil {
			t.Fatal(err)
		}
		return SeedGroup{Result: Result{
			Network: "resnet-fmnist", Recipe: "bdwp", Sparsity: "2:8", NetworkHash: networkHash, RecipeHash: hash, Masks: "1",
			Optimiser: of.Optimiser, WeightDecay: of.WeightDecay, ClipNorm: of.ClipNorm, LossScaling: string(of.LossScale), Lambda: of.SRSTELambda,
		}, Seeds: 3}
	}
	same := trained(func(*recipe.Recipe) {})
	decay := trained(func(of *recipe.Recipe) { of.WeightDecay, of.Optimiser = 0.5, "adamw" })
	rules := trained(func(of *recipe.Recipe) { of.BP = recipe.Rule{} })
	lost := same
	lost.Seeds = 0
	elsewhere := same
	elsewhere.NetworkHash, elsewhere.NetworkParams = "other", "width=8"
	for _, tt := range []struct {
		groups         []SeedGroup
		found, exactly string // why not; empty: there is one
		err            string
	}{
		{[]SeedGroup{same}, "", "", ""},
		{[]SeedGroup{same, decay}, "", "", ""},
		{[]SeedGroup{decay}, "", "it was trained with another update: optimiser=adamw, not momentum; weight_decay=0.5, not 0.0001", ""},
		{[]SeedGroup{rules}, "other rules", "other rules", ""},
		{[]SeedGroup{lost}, "diverged", "diverged", ""},
		{[]SeedGroup{elsewhere}, "another network: width=8", "another network: width=8", ""},
		{nil, "there is none", "there is none", ""},
		{[]SeedGroup{same, same}, "", "", "two settings"},
	} {
		j, err := NewJoiner(net.Description, append(tt.groups, SeedGroup{Result: Result{Network: "other", NetworkHash: networkHash, RecipeHash: same.RecipeHash}}))
		if err != nil {
			t.Fatal(err)
		}
		for _, ask := range []struct {
			of   func(recipe.Recipe) (Joined, error)
			want string
		}{{j.Find, tt.found}, {j.Exactly, tt.exactly}} {
			got, err := ask.of(r)
			switch {
			case tt.err != "":
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("%v, want %q", err, tt.err)
				}
			case err != nil:
				t.Error(err)
			case (got.Group == nil) != (ask.want != "") || !strings.Contains(got.Why, ask.want):
				t.Errorf("training %v, why %q; want %q", got.Group, got.Why, ask.want)
			case got.Group != nil && got.Recipe.WeightDecay != got.Group.WeightDecay:
				t.Errorf("a recipe with a weight decay of %g, its training has %g", got.Recipe.WeightDecay, got.Group.WeightDecay)
			}
		}
	}
}
