package sweep

import (
	"fmt"

	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/results/query"
	"satsim/results/store"
	"satsim/workloads/recipe"
)

// Models are the resolved models of a choice. They are not changed any more and may be shared.
type Models struct {
	*models.Models
	Baseline *recipe.Recipe // nil if the recipe is the baseline, or there is none
}

// Resolver makes models of choices.
type Resolver func(Selection) (*Models, error)

// Load is the Resolver that reads model files, each once, under overrides that come before those of the choice.
func Load(before []config.Override) Resolver {
	l := models.NewLoader()
	return func(c Selection) (*Models, error) {
		set := append(before[:len(before):len(before)], c.Set...)
		plain := c.Names
		plain.Sparsity = ""
		m, err := l.Load(plain, set)
		if err == nil && c.Sparsity != "" && prunes(m.Recipe) { // one that prunes nothing has no ratio, so that its points are one
			m, err = l.Load(c.Names, set)
		}
		if err != nil || c.Against == "" {
			return &Models{Models: m}, err
		}
		base, err := l.Recipe(c.Against, "", nil)
		if err != nil {
			return nil, fmt.Errorf("against: %w", err)
		}
		if base.Name == m.Recipe.Name {
			return &Models{Models: m}, nil
		}
		base = models.Baseline(base, m.Recipe)
		return &Models{m, &base}, nil
	}
}

func prunes(r recipe.Recipe) bool {
	return r.FF.Prune != recipe.Dense || r.BP.Prune != recipe.Dense || r.WU.Prune == recipe.Gradients || r.WU.Prune == recipe.Activations || len(r.Exceptions) > 0
}

// Open reads a sweep file, a shipped one by its name.
func Open(name string) (*File, error) {
	file := Default()
	if err := models.Decode("sweep", name, &file); err != nil {
		return nil, err
	}
	file.beside(name)
	return &file, nil
}

// Read reads a sweep file and resolves its points, which are stored as made by this model.
func Read(name string, before []config.Override, by store.Origin, ask query.Ask) (*Plan, error) {
	file, err := Open(name)
	if err != nil {
		return nil, err
	}
	p, err := New(file, Load(before), by, ask)
	if err != nil && config.IsPath(name) {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return p, err
}
