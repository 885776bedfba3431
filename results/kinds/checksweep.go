package kinds

import (
	"fmt"
	"strings"

	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/results/experiment/models"
	"satsim/results/sweep"
)

// checkSweep reads every model that a sweep names, and tries every value of every axis alone. What values do to each other is found by satsim sweep --dry-run,
// which resolves every point.
func checkSweep(src config.Source) error {
	f, err := sweep.Open(src.Name)
	if err != nil {
		return err
	}
	var out diag.List
	add := func(key string, err error) {
		out = append(out, mistakes(src.Name, placed(src, key, err))...)
	}
	l := models.NewLoader()
	network := func(name string) error { _, err := l.Network(name, 0, nil); return err }
	recipe := func(name string) error { _, err := l.Recipe(name, "", nil); return err }
	if f.Arch != "" {
		_, err := l.Spec(f.Arch, f.Board, nil)
		if err == nil {
			_, err = l.Energy(models.Names{Arch: f.Arch, Board: f.Board, Energy: f.Energy}, nil)
		}
		add("arch", err)
	}
	if f.Against != "" {
		add("against", recipe(f.Against))
	}
	for i, name := range f.Networks {
		add(fmt.Sprintf("networks[%d]", i), network(name))
	}
	for i, name := range f.Recipes {
		add(fmt.Sprintf("recipes[%d]", i), recipe(name))
	}
	if len(out) > 0 { // no point can be made of them
		return out.Err()
	}
	places, err := f.Places()
	if err != nil {
		return placed(src, "axes", err)
	}
	t := trial{f, places, sweep.Load(nil)}
	add("set", t.try(nil, nil))
	for i := range places {
		var last error
		for k := range places[i] {
			if len(out) >= diag.Most {
				return out.Err()
			}
			err := t.try([]int{i}, []int{k})
			if err != nil && t.try(t.others(i), t.firsts(i, k)) == nil { // it is right beside the first values of the others
				err = nil
			}
			if err != nil && last != nil && err.Error() == last.Error() { // of the path, not of its value
				continue
			}
			last = err
			add(t.key(i, k), err)
		}
	}
	return out.Err()
}

// trial makes points of a sweep.
type trial struct {
	file    *sweep.File
	places  [][][]config.Override
	resolve sweep.Resolver
}

// try resolves the point at places of some axes. Axes that name models are at their first places, if at none of those.
func (t *trial) try(axes, at []int) error {
	c, err := t.file.Base()
	if err != nil {
		return err
	}
	c.Against = t.file.Against
	for _, of := range []struct {
		to   *string
		list []string
	}{{&c.Network, t.file.Networks}, {&c.Recipe, t.file.Recipes}, {&c.Sparsity, t.file.Sparsity}} {
		if len(of.list) > 0 {
			*of.to = of.list[0]
		}
	}
	for i := range t.places {
		if named := t.places[i][0]; len(named) > 0 && !strings.Contains(named[0].Path, ".") {
			if c, err = c.With(named); err != nil {
				return err
			}
		}
	}
	for i, axis := range axes {
		if c, err = c.With(t.places[axis][at[i]]); err != nil {
			return err
		}
	}
	_, err = t.resolve(c)
	return err
}

// others are all axes, one of them last.
func (t *trial) others(axis int) []int {
	var out []int
	for i := range t.places {
		if i != axis {
			out = append(out, i)
		}
	}
	return append(out, axis)
}

// firsts are the places of those: the first of each but of the last.
func (t *trial) firsts(axis, place int) []int {
	out := make([]int, len(t.places))
	out[len(out)-1] = place
	return out
}

// key of a place of an axis.
func (t *trial) key(axis, place int) string {
	a := &t.file.Axes[axis]
	switch {
	case len(a.Points) > 0:
		return fmt.Sprintf("axes[%d].points[%d]", axis, place)
	case len(a.Zip) > 0:
		return fmt.Sprintf("axes[%d].zip[0].values[%d]", axis, place)
	}
	return fmt.Sprintf("axes[%d].values[%d]", axis, place)
}
