package schedule

import (
	"cmp"
	"slices"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
)

// bounded is a tiling and the fewest cycles that the array takes for it in any configuration.
type bounded struct {
	place
	least  int64
	bounds []int64 // by configuration
}

// through goes through the tilings of a group as the array may take it, those first whose bound is lowest. By latency the search ends where the array alone makes
// all that are left slower than the best.
func (f *finder) through(as int, g *dataflow.Group) error {
	f.group, f.turns = g, [1 << geometry.Slots][]geometry.Turns{}
	x := g.Shape.Space(&f.Plan.Spec)
	if err := f.list(as, &x); err != nil {
		return err
	}
	quickest := f.Weigh == nil && f.Objective == spec.ObjectiveLatency
	if quickest {
		slices.SortFunc(f.tilings, func(a, b bounded) int {
			return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.tiling, b.tiling))
		})
	}
	for i := range f.tilings {
		t := &f.tilings[i]
		if quickest && len(f.best) == f.most && t.least > f.best[f.most-1].Score.Cycles {
			return nil
		}
		z := x.At(t.tiling)
		if f.Weigh != nil {
			f.weighed(&z, t.place)
		} else {
			f.fast(&z, t)
		}
	}
	return nil
}

// list makes the list of a space's tilings, with their bounds.
func (f *finder) list(as int, x *geometry.Space) error {
	n, size := len(f.arrays), x.Len()
	f.bounds = slices.Grow(f.bounds[:0], n*size)[:n*size]
	for k, a := range f.arrays {
		f.estimator.Bounds(f.group, a, x, func(i int, least int64) { f.bounds[i*n+k] = least })
	}
	f.tilings = f.tilings[:0]
	for i := range size {
		if f.Stop != nil {
			if err := f.Stop(); err != nil {
				return err
			}
		}
		bounds := f.bounds[i*n : (i+1)*n]
		f.tilings = append(f.tilings, bounded{place{as: as, tiling: i}, slices.Min(bounds), bounds})
	}
	return nil
}
