package sweep

import (
	"fmt"
	"strconv"
	"strings"

	"satsim/internal/config"
	"satsim/results/experiment/models"
)

// Selection is a point as the file says it: names of model files and what overrides them.
type Selection struct {
	models.Names
	Against string            // the baseline recipe; empty: none
	Set     []config.Override // paths as on the command line: network.image, recipe.optimiser, stce.rows
}

// String names a point in errors.
func (c *Selection) String() string {
	s := c.Network
	if c.Batch != 0 {
		s += " batch " + strconv.FormatInt(c.Batch, 10)
	}
	s += ", " + c.Recipe
	if c.Sparsity != "" {
		s += " " + c.Sparsity
	}
	s += " on " + c.Arch
	for _, own := range []string{c.Board, c.Energy} {
		if own != "" {
			s += " with " + own
		}
	}
	for _, o := range c.Set {
		s += ", " + o.Path + "=" + o.Value
	}
	return s
}

// maxPoints bounds what a slip in a file can ask for.
const maxPoints = 1_000_000

// Expand lists the points of a file, conditions not yet applied.
func (f *File) Expand() ([]Selection, error) {
	origin := "sweep " + f.Name
	base := Selection{Names: models.Names{Arch: f.Arch, Board: f.Board, Energy: f.Energy}, Against: f.Against}
	for _, text := range f.Set {
		o, err := config.ParseOverride(text, origin)
		if err != nil {
			return nil, err
		}
		base.Set = append(base.Set, o)
	}
	out := []Selection{base}
	cross := func(n int, change func(c *Selection, i int) error) error {
		if len(out)*n > maxPoints {
			return fmt.Errorf("sweep %s has more than %d points", f.Name, maxPoints)
		}
		next := make([]Selection, 0, len(out)*n)
		for _, c := range out {
			for i := range n {
				d := c
				d.Set = append([]config.Override(nil), c.Set...)
				if err := change(&d, i); err != nil {
					return err
				}
				next = append(next, d)
			}
		}
		out = next
		return nil
	}
	for _, a := range f.Axes {
		sets, err := a.sets(origin)
		if err != nil {
			return nil, err
		}
		if err := cross(len(sets), func(c *Selection, i int) error { return c.apply(sets[i]) }); err != nil {
			return nil, err
		}
	}
	for _, dim := range []struct {
		path string
		n    int
		set  func(c *Selection, i int)
	}{
		{"network", len(f.Networks), func(c *Selection, i int) { c.Network = f.Networks[i] }},
		{"batch", len(f.Batches), func(c *Selection, i int) { c.Batch = f.Batches[i] }},
		{"recipe", len(f.Recipes), func(c *Selection, i int) { c.Recipe = f.Recipes[i] }},
		{"sparsity", len(f.Sparsity), func(c *Selection, i int) { c.Sparsity = f.Sparsity[i] }},
	} {
		if dim.n == 0 {
			continue // an axis says it, or the model does
		}
		if err := cross(dim.n, func(c *Selection, i int) error { dim.set(c, i); return nil }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// apply sets the paths that are no overrides of a model, and keeps the others.
func (c *Selection) apply(set []config.Override) error {
	for _, o := range set {
		value := strings.TrimSpace(o.Value)
		switch o.Path {
		case "arch":
			c.Arch = value
		case "board":
			c.Board = value
		case "energy":
			c.Energy = value
		case "network":
			c.Network = value
		case "recipe":
			c.Recipe = value
		case "sparsity":
			c.Sparsity = value
		case "batch":
			b, err := strconv.ParseInt(value, 10, 64)
			if err != nil || b < 1 {
				return fmt.Errorf("%s: batch: %q is no number of samples; 1 or more is accepted", o.Origin, value)
			}
			c.Batch = b
		default:
			c.Set = append(c.Set, o)
		}
	}
	return nil
}

// Places lists what each axis changes at each of its places.
func (f *File) Places() ([][][]config.Override, error) {
	out := make([][][]config.Override, len(f.Axes))
	for i, a := range f.Axes {
		var err error
		if out[i], err = a.sets("sweep " + f.Name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Base is what all points have in common: without axes, networks, batches, recipes and ratios, and compared with nothing.
func (f *File) Base() (Selection, error) {
	c := Selection{Names: models.Names{Arch: f.Arch, Board: f.Board, Energy: f.Energy}}
	for _, text := range f.Set {
		o, err := config.ParseOverride(text, "sweep "+f.Name)
		if err != nil {
			return c, err
		}
		c.Set = append(c.Set, o)
	}
	return c, nil
}

// With is the selection with what an axis changes at a place.
func (c Selection) With(set []config.Override) (Selection, error) {
	c.Set = c.Set[:len(c.Set):len(c.Set)]
	return c, c.apply(set)
}
