package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/results/sweep"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// resolver makes models of the choices of a sweep. Each model is read and resolved once, however many points it is part of.
type resolver struct {
	env      []config.Override // SATSIM_SET: before those of the sweep
	specs    map[string]resolvedSpec
	prices   map[string]resolvedPrices
	networks map[string]resolvedNetwork
	recipes  map[string]recipe.Recipe
}

type resolvedSpec struct {
	spec spec.Spec
	text json.RawMessage
}

type resolvedPrices struct {
	table *energy.Table
	text  json.RawMessage
}

type resolvedNetwork struct {
	step *workloads.Step
	text json.RawMessage
}

func newResolver() (*resolver, error) {
	env, err := (&modelFlags{}).overrides()
	return &resolver{env: env, specs: map[string]resolvedSpec{}, prices: map[string]resolvedPrices{}, networks: map[string]resolvedNetwork{}, recipes: map[string]recipe.Recipe{}}, err
}

// resolve implements sweep.Resolver.
func (r *resolver) resolve(c sweep.Choice) (*sweep.Models, error) {
	var forSpec, forNetwork, forRecipe, forEnergy []config.Override
	for _, o := range append(r.env[:len(r.env):len(r.env)], c.Set...) {
		if rest, ok := strings.CutPrefix(o.Path, "network."); ok {
			o.Path = rest
			forNetwork = append(forNetwork, o)
		} else if rest, ok := strings.CutPrefix(o.Path, "recipe."); ok {
			o.Path = rest
			forRecipe = append(forRecipe, o)
		} else if rest, ok := strings.CutPrefix(o.Path, "energy."); ok {
			o.Path = rest
			forEnergy = append(forEnergy, o)
		} else {
			forSpec = append(forSpec, o)
		}
	}
	s, err := once(r.specs, key(c.Arch, c.Board, forSpec), func() (out resolvedSpec, err error) {
		out, err = once(r.specs, key(c.Arch, c.Board, nil)+" as in the files", func() (out resolvedSpec, err error) {
			out.spec, err = loadSpecOn(c.Arch, c.Board, nil)
			return out, err
		})
		if err != nil {
			return out, err
		}
		if err := config.Set(&out.spec, forSpec); err != nil {
			return out, err
		}
		out.text, err = config.MarshalJSON(out.spec)
		return out, err
	})
	if err != nil {
		return nil, err
	}
	e, err := once(r.prices, key(c.Arch, c.Energy, forEnergy), func() (out resolvedPrices, err error) {
		if out.table, err = loadEnergy(c.Arch, c.Energy, forEnergy); err == nil && out.table != nil {
			out.text, err = config.MarshalJSON(out.table)
		}
		return out, err
	})
	if err != nil {
		return nil, err
	}
	n, err := once(r.networks, key(c.Network, fmt.Sprint(c.Batch), forNetwork), func() (out resolvedNetwork, err error) {
		var m models
		if err := m.loadNetwork(c.Network, c.Batch, forNetwork); err != nil {
			return out, err
		}
		out.step = &m.step
		out.text, err = config.MarshalJSON(m.network)
		return out, err
	})
	if err != nil {
		return nil, err
	}
	own, err := r.recipe(c.Recipe, c.Sparsity, forRecipe)
	if err != nil {
		return nil, err
	}
	out := &sweep.Models{Spec: s.spec, Step: n.step, Recipe: own, Prices: e.table, Arch: s.text, Network: n.text, Energy: e.text}
	if c.Against == "" {
		return out, nil
	}
	base, err := r.recipe(c.Against, "", nil)
	if err != nil {
		return nil, fmt.Errorf("against: %w", err)
	}
	if base.Name != own.Name {
		base = underOptimiserOf(base, own)
		out.Baseline = &base
	}
	return out, nil
}

// recipe reads a recipe. One that prunes nothing has no ratio, so that its points are one.
func (r *resolver) recipe(name, sparsity string, set []config.Override) (recipe.Recipe, error) {
	return once(r.recipes, key(name, sparsity, set), func() (recipe.Recipe, error) {
		plain, err := loadRecipe(name, "", set)
		if err != nil || !prunes(plain) {
			return plain, err
		}
		return loadRecipe(name, sparsity, set)
	})
}

func prunes(r recipe.Recipe) bool {
	return r.FF.Prune != recipe.Dense || r.BP.Prune != recipe.Dense || len(r.Exceptions) > 0
}

// underOptimiserOf gives a baseline the optimiser of the recipe that it is compared with: the difference shall be the pruning's. A
// baseline that does the same work in its update as it is stays as it is, so that recipes share it.
func underOptimiserOf(base, r recipe.Recipe) recipe.Recipe {
	other := base
	other.Optimiser, other.WeightDecay = r.Optimiser, r.WeightDecay
	other.LossScale, other.ClipNorm = r.LossScale, r.ClipNorm
	if other.Update() == base.Update() {
		return base
	}
	return other
}

func key(name, more string, set []config.Override) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q", name, more)
	for _, o := range set {
		fmt.Fprintf(&b, " %q=%q", o.Path, o.Value)
	}
	return b.String()
}

// once remembers what made gives for a key; errors are not remembered.
func once[T any](known map[string]T, key string, make func() (T, error)) (T, error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	v, err := make()
	if err == nil {
		known[key] = v
	}
	return v, err
}
