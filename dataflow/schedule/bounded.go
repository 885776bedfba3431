package schedule

import (
	"cmp"
	"math"
	"slices"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
)

// bounded is a tiling and the fewest cycles that the array takes for it in any configuration.
type bounded struct {
	least  int64
	weight float64 // no order of the tiling weighs less
	place  int     // in the list of those that may fit
}

// quickest: what the array takes at least decides, where it is more than the best takes.
func (f *finder) quickest() bool { return f.Weigh == nil && f.Objective == spec.ObjectiveLatency }

// promising is the order in which to go through what the array may take a group as: the lowest bound first, so that most others end at theirs.
func (f *finder) promising(all []*dataflow.Group) ([]int, error) {
	out, least := make([]int, len(all)), make([]int64, len(all))
	for i, g := range all {
		if out[i] = i; len(all) == 1 || !f.quickest() {
			continue
		}
		f.group = g
		x := g.Shape.Space(&f.Plan.Spec)
		if err := f.list(&x); err != nil {
			return nil, err
		}
		least[i] = math.MaxInt64
		for k := range f.tilings {
			least[i] = min(least[i], f.tilings[k].least)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(least[a], least[b]) })
	return out, nil
}

// through goes through the tilings of a group as the array may take it, those first whose bound is lowest. By latency the search ends where the array alone makes
// all that are left slower than the best; by a weight, where its floor does.
func (f *finder) through(as int, g *dataflow.Group) error {
	f.group, f.turns = g, [1 << geometry.Slots][]geometry.Turns{}
	x := g.Shape.Space(&f.Plan.Spec)
	if err := f.list(&x); err != nil {
		return err
	}
	n, quickest := len(f.arrays), f.quickest()
	if f.Floor != nil {
		f.atArray = f.estimator.LeastAtArray(g)
		for i := range f.tilings {
			t := &f.tilings[i]
			z := x.Sizes(f.places[t.place])
			f.distinct(&z)
			t.weight = f.floor(t.least)
		}
	}
	if quickest || f.Floor != nil {
		slices.SortFunc(f.tilings, func(a, b bounded) int {
			return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.least, b.least), cmp.Compare(a.place, b.place))
		})
	}
	for _, t := range f.tilings {
		if f.hopeless(t.weight) || quickest && len(f.best) == f.most && t.least > f.best[f.most-1].Score.Cycles {
			return nil
		}
		p := f.places[t.place]
		z, at := x.Sizes(p), place{as: as, tiling: x.Number(p)}
		if f.Weigh != nil {
			f.weighed(&z, at, f.bounds[t.place*n:(t.place+1)*n])
		} else {
			f.fast(&z, at, f.bounds[t.place*n:(t.place+1)*n], t.least)
		}
	}
	return nil
}

// list makes the list of a space's tilings that may fit, with their bounds.
func (f *finder) list(x *geometry.Space) error {
	f.places = f.estimator.Fitting(f.group, x, f.places[:0])
	n, size := len(f.arrays), len(f.places)
	f.bounds = slices.Grow(f.bounds[:0], n*size)[:n*size]
	for k, a := range f.arrays {
		f.estimator.Bounds(f.group, a, x, f.places, func(i int, least int64) { f.bounds[i*n+k] = least })
	}
	f.tilings = f.tilings[:0]
	for i := range size {
		if f.Stop != nil {
			if err := f.Stop(); err != nil {
				return err
			}
		}
		f.tilings = append(f.tilings, bounded{least: slices.Min(f.bounds[i*n : (i+1)*n]), place: i})
	}
	return nil
}

// lack finds which tiles are too large for their buffers in all tilings, where none fits.
func (f *finder) lack(all []*dataflow.Group) {
	for _, g := range all {
		f.group, f.turns = g, [1 << geometry.Slots][]geometry.Turns{}
		x := g.Shape.Space(&f.Plan.Spec)
		for i := range x.Len() {
			z := x.At(i)
			f.distinct(&z)
		}
	}
}
