package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/results/query"
	"satsim/results/store"
)

// Conditions are those of a file (where). Several goroutines may ask them.
type Conditions struct {
	sweep   string // its name
	all     []*query.Expression
	resolve Resolver

	mu    sync.Mutex
	bases map[models.Names]*query.NamedPoint // without overrides, batch and ratio; of the names that conditions read
}

// Conditions reads what a point must meet. The resolver is asked by one goroutine at a time.
func (f *File) Conditions(resolve Resolver) (*Conditions, error) {
	c := &Conditions{sweep: f.Name, resolve: resolve, bases: map[models.Names]*query.NamedPoint{}}
	for _, w := range f.Where {
		e, err := query.Compile(w)
		if err != nil {
			return nil, err
		}
		c.all = append(c.all, e)
	}
	return c, nil
}

// Holds reports whether a point meets all conditions. Its models need not be valid, but those that it names must be there.
func (c *Conditions) Holds(s Selection) (bool, error) {
	if len(c.all) == 0 {
		return true, nil
	}
	base, err := c.base(models.Names{Arch: s.Arch, Board: s.Board, Energy: s.Energy, Network: s.Network, Recipe: s.Recipe})
	if err != nil {
		return false, err
	}
	row := base.With(s.Batch, s.Sparsity, s.Set)
	holds := true
	for _, e := range c.all {
		ok, err := e.Holds(&row)
		if err != nil {
			return false, fmt.Errorf("sweep %s: %s: %w", c.sweep, s.String(), err)
		}
		holds = holds && ok
	}
	return holds, nil
}

// Reads reports whether what conditions say may depend on an override of a path, or on one of the paths that name models.
func (c *Conditions) Reads(path string) bool {
	if len(c.all) == 0 {
		return false
	}
	if slices.Contains([]string{"arch", "board", "energy", "network", "recipe", "sparsity", "batch", "network.batch"}, path) {
		return true
	}
	return slices.ContainsFunc(c.all, func(e *query.Expression) bool {
		return slices.ContainsFunc(e.Names(), func(name string) bool { return name == path || strings.HasPrefix(name, path+".") })
	})
}

// base names what models say before overrides, once.
func (c *Conditions) base(names models.Names) (*query.NamedPoint, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if base, ok := c.bases[names]; ok {
		return base, nil
	}
	m, err := c.resolve(Selection{Names: names})
	if err != nil {
		return nil, err
	}
	text, err := config.MarshalJSON(m.Recipe)
	if err != nil {
		return nil, fmt.Errorf("printing recipe %s: %w", m.Recipe.Name, err)
	}
	whole, err := query.Models(store.Point{Arch: m.ArchText, Network: m.NetworkText, Recipe: text, Energy: m.EnergyText, Batch: m.Step.Images})
	if err != nil {
		return nil, err
	}
	for _, e := range c.all {
		if err := e.Check(query.Names([]query.NamedPoint{whole})); err != nil {
			return nil, fmt.Errorf("sweep %s: %w", c.sweep, err)
		}
	}
	base := whole.Read(c.all...)
	c.bases[names] = &base
	return &base, nil
}

// filter gives the places of the choices that meet all conditions.
func (f *File) filter(choices []Selection, resolve Resolver, ask query.Ask) ([]int, error) {
	conditions, err := f.Conditions(resolve)
	if err != nil {
		return nil, err
	}
	var out []int
	for i, c := range choices {
		if len(f.Where) > 0 {
			if err := ask.Row("conditions", i, len(choices)); err != nil {
				return nil, err
			}
		}
		holds, err := conditions.Holds(c)
		if err != nil {
			return nil, err
		}
		if holds {
			out = append(out, i)
		}
	}
	if len(out) == 0 && len(f.Where) > 0 {
		return nil, errors.New("sweep " + f.Name + ": no point meets the conditions")
	}
	return out, nil
}
