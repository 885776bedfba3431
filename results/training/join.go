package training

import (
	"fmt"
	"slices"
	"strings"

	"satsim/results/experiment/models"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// Joiner finds the training of a recipe: the one whose network and recipe have the hashes of what is simulated.
type Joiner struct {
	hash   string
	groups []SeedGroup // of a network of that name
}

// NewJoiner joins trainings, of whatever networks, to recipes on a network.
func NewJoiner(d network.Description, groups []SeedGroup) (*Joiner, error) {
	h, err := NetworkHash(d)
	return &Joiner{h, OfNetwork(groups, d.Name)}, err
}

// OfNetwork are the groups of one network's name.
func OfNetwork(groups []SeedGroup, name string) (out []SeedGroup) {
	for _, g := range groups {
		if g.Network == name {
			out = append(out, g)
		}
	}
	return out
}

// updateKey is a key of recipes that is of the update: what a file says of it, a training may have chosen otherwise.
type updateKey struct {
	key string
	get func(r *recipe.Recipe) any
	set func(r *recipe.Recipe, g *SeedGroup) // to what a training has
}

var updateKeys = []updateKey{
	{"optimiser", func(r *recipe.Recipe) any { return r.Optimiser }, func(r *recipe.Recipe, g *SeedGroup) { r.Optimiser = g.Optimiser }},
	{"weight_decay", func(r *recipe.Recipe) any { return r.WeightDecay }, func(r *recipe.Recipe, g *SeedGroup) { r.WeightDecay = g.WeightDecay }},
	{"clip_norm", func(r *recipe.Recipe) any { return r.ClipNorm }, func(r *recipe.Recipe, g *SeedGroup) { r.ClipNorm = g.ClipNorm }},
	{"loss_scale", func(r *recipe.Recipe) any { return r.LossScale }, func(r *recipe.Recipe, g *SeedGroup) { r.LossScale = recipe.LossScale(g.LossScaling) }},
}

// updated is a recipe with the update of a training.
func updated(r recipe.Recipe, g *SeedGroup) recipe.Recipe {
	for _, k := range updateKeys {
		k.set(&r, g)
	}
	return r
}

// IsUpdate reports whether a key of recipes is of the update.
func IsUpdate(key string) bool {
	return slices.ContainsFunc(updateKeys, func(k updateKey) bool { return k.key == key })
}

// Joined is the training of a recipe.
type Joined struct {
	Group  *SeedGroup    // nil: there is none
	Recipe recipe.Recipe // the recipe, with the update of its training
	Why    string        // there is none
}

// candidates are the trainings of a recipe as it is, and those of the recipe with another update.
func (j *Joiner) candidates(r recipe.Recipe) (exact, alike []*SeedGroup, err error) {
	own, err := RecipeHash(r)
	if err != nil {
		return nil, nil, err
	}
	for i := range j.groups {
		g := &j.groups[i]
		if g.NetworkHash != j.hash || g.RecipeHash == "" {
			continue
		}
		other, err := RecipeHash(updated(r, g))
		if err != nil {
			return nil, nil, err
		}
		if g.RecipeHash == own {
			exact = append(exact, g)
		} else if g.RecipeHash == other {
			alike = append(alike, g)
		}
	}
	return exact, alike, nil
}

// Find is the training of a recipe as it is or, if there is none, of the recipe with another update. A recipe without a training gets the optimiser of
// the others, so that times compare. Two trainings of it are an error.
func (j *Joiner) Find(r recipe.Recipe) (Joined, error) {
	exact, alike, err := j.candidates(r)
	if err != nil {
		return Joined{}, err
	}
	if len(exact) > 0 {
		alike = exact
	}
	if len(alike) == 0 {
		why := j.why(r)
		if i := slices.IndexFunc(j.groups, func(g SeedGroup) bool { return g.NetworkHash == j.hash }); i >= 0 {
			r.Optimiser = j.groups[i].Optimiser
		}
		return Joined{Recipe: r, Why: why}, nil
	}
	return joined(r, alike)
}

// Exactly is the training of a recipe as it is, update included. Two of them are an error.
func (j *Joiner) Exactly(r recipe.Recipe) (Joined, error) {
	exact, alike, err := j.candidates(r)
	switch {
	case err != nil:
		return Joined{}, err
	case len(exact) > 0:
		return joined(r, exact)
	case len(alike) > 0:
		return Joined{Recipe: r, Why: "it was trained with another update: " + updates(r, alike[0])}, nil
	}
	return Joined{Recipe: r, Why: j.why(r)}, nil
}

// joined is the only one of some trainings, the recipe with its update.
func joined(r recipe.Recipe, of []*SeedGroup) (Joined, error) {
	if len(of) > 1 {
		return Joined{}, fmt.Errorf("trainings: %s %s of %s was trained under two settings: %s; --training-where COLUMN=VALUE chooses among them",
			r.Name, models.Ratio(r), of[0].Network, apart(of[0], of[1]))
	}
	if r = updated(r, of[0]); of[0].Seeds == 0 {
		return Joined{Recipe: r, Why: "all its trainings diverged"}, nil
	}
	return Joined{Group: of[0], Recipe: r}, nil
}

// apart says in what two trainings differ.
func apart(a, b *SeedGroup) string {
	var out []string
	for _, t := range toldBy(a, []SeedGroup{*b}, traits(), func(*SeedGroup, *SeedGroup) bool { return true }) {
		out = append(out, fmt.Sprintf("%s=%v and %v", t.name, t.cell(&a.Result).Value(), t.cell(&b.Result).Value()))
	}
	return strings.Join(out, ", ")
}

// updates says in what the update of a training is another than that of a recipe.
func updates(r recipe.Recipe, g *SeedGroup) string {
	u := updated(r, g)
	var out []string
	for _, k := range updateKeys {
		if own, other := k.get(&r), k.get(&u); own != other {
			out = append(out, fmt.Sprintf("%s=%v, not %v", k.key, other, own))
		}
	}
	return strings.Join(out, "; ")
}

// why no training of that name is the one that is simulated.
func (j *Joiner) why(r recipe.Recipe) string {
	i := slices.IndexFunc(j.groups, func(g SeedGroup) bool { return g.Recipe == r.Name && g.Sparsity == models.Ratio(r) })
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
