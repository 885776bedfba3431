package codesign

import (
	"fmt"
	"slices"

	"satsim/results/experiment/models"
	"satsim/results/training"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// joiner finds the training of a recipe: the one whose network and recipe have the hashes of what is simulated.
type joiner struct {
	network, hash string
	groups        []training.SeedGroup // of a network of that name
}

func newJoiner(d network.Description, groups []training.SeedGroup) (*joiner, error) {
	h, err := training.NetworkHash(d)
	return &joiner{d.Name, h, groups}, err
}

// updated is a recipe with the update of a training: what a file says of it, a training may have chosen otherwise.
func updated(r recipe.Recipe, g *training.SeedGroup) recipe.Recipe {
	r.Optimiser, r.WeightDecay, r.ClipNorm = g.Optimiser, g.WeightDecay, g.ClipNorm
	r.LossScale = recipe.LossScale(g.LossScaling)
	return r
}

// find is the training of a recipe as it is or, if there is none, of the recipe with another update; then the recipe has that update. Without a
// training, why says what is known instead.
func (j *joiner) find(r recipe.Recipe) (g *training.SeedGroup, as recipe.Recipe, why string, err error) {
	own, err := training.RecipeHash(r)
	if err != nil {
		return nil, r, "", err
	}
	var exact, alike []*training.SeedGroup
	for i := range j.groups {
		g := &j.groups[i]
		if g.NetworkHash != j.hash || g.RecipeHash == "" {
			continue
		}
		other, err := training.RecipeHash(updated(r, g))
		if err != nil {
			return nil, r, "", err
		}
		if g.RecipeHash == own {
			exact = append(exact, g)
		} else if g.RecipeHash == other {
			alike = append(alike, g)
		}
	}
	if len(exact) > 0 {
		alike = exact
	}
	switch {
	case len(alike) > 1:
		return nil, r, "", fmt.Errorf("trainings: %s %s of %s was trained under two settings (%d images and %d epochs, %s; %d and %d, %s); a file with one of them is accepted",
			r.Name, models.Ratio(r), j.network, alike[0].TrainImages, alike[0].Epochs, alike[0].Optimiser, alike[1].TrainImages, alike[1].Epochs, alike[1].Optimiser)
	case len(alike) == 0:
		return nil, j.updatedLike(r), j.why(r), nil
	case alike[0].Seeds == 0:
		return nil, updated(r, alike[0]), "all its trainings diverged", nil
	}
	return alike[0], updated(r, alike[0]), "", nil
}

// updatedLike gives a recipe without a training the optimiser of the others, so that times compare.
func (j *joiner) updatedLike(r recipe.Recipe) recipe.Recipe {
	if i := slices.IndexFunc(j.groups, func(g training.SeedGroup) bool { return g.NetworkHash == j.hash }); i >= 0 {
		r.Optimiser = j.groups[i].Optimiser
	}
	return r
}

// why no training of that name is the one that is simulated.
func (j *joiner) why(r recipe.Recipe) string {
	i := slices.IndexFunc(j.groups, func(g training.SeedGroup) bool { return g.Recipe == r.Name && g.Sparsity == models.Ratio(r) })
	if i < 0 {
		return "there is none"
	}
	g := &j.groups[i]
	masks, _ := r.Masks.MarshalText()
	switch {
	case g.NetworkHash == "" || g.RecipeHash == "":
		return "its file has no hashes of network and recipe; satsim train --summary makes it anew from the trainings' records"
	case g.NetworkHash != j.hash:
		return "it was trained as another network: " + g.NetworkParams
	case g.Masks != string(masks):
		return fmt.Sprintf("it was trained with masks=%s, not %s", g.Masks, masks)
	case g.Lambda != r.SRSTELambda:
		return fmt.Sprintf("it was trained with sr_ste_lambda=%g, not %g", g.Lambda, r.SRSTELambda)
	}
	return "it was trained with other rules, exceptions or phases"
}

// batchOf is the batch of the trainings of a network, or 0 where there are none.
func batchOf(groups []training.SeedGroup) (int64, error) {
	var batches []int64
	for i := range groups {
		if !slices.Contains(batches, groups[i].Batch) {
			batches = append(batches, groups[i].Batch)
		}
	}
	switch len(batches) {
	case 0:
		return 0, nil
	case 1:
		return batches[0], nil
	}
	return 0, fmt.Errorf("trainings: %s was trained at batches of %d; --batch says which of them is meant", groups[0].Network, batches)
}

// ofNetwork are the groups of one network's name.
func ofNetwork(groups []training.SeedGroup, name string) (out []training.SeedGroup) {
	for _, g := range groups {
		if g.Network == name {
			out = append(out, g)
		}
	}
	return out
}
