package schedule

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
)

// quickest: what the array takes at least decides, where it is more than the best takes.
func (f *finder) quickest() bool { return f.Weigh == nil && f.Objective == spec.ObjectiveLatency }

// configurations that a group's product may have: the vector unit has one, which is none of the array's.
func (s *Searcher) configurations(g *dataflow.Group) []geometry.Array {
	if g.Shape.Lanes {
		return []geometry.Array{{}}
	}
	return s.arrays
}

// promising is the order in which to go through what the array may take a group as: the lowest bound first, so that most others end at theirs.
func (f *finder) promising(all []*dataflow.Group) ([]int, error) {
	out, least := make([]int, len(all)), make([]int64, len(all))
	for i, g := range all {
		if out[i] = i; len(all) == 1 || !f.quickest() {
			continue
		}
		x := g.Shape.Space(&f.Plan.Spec)
		t, err := f.tableOf(g, &x)
		if err != nil {
			return nil, err
		}
		if least[i] = math.MaxInt64; len(t.tilings) > 0 {
			least[i] = t.tilings[0].least
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(least[a], least[b]) })
	return out, nil
}

// through goes through the tilings of a group as the array may take it, those first whose bound is lowest, but for the one that won last with the same table. By latency
// the search ends where the array alone makes all that are left slower than the best; by a weight, where its floor does.
func (f *finder) through(as int, g *dataflow.Group) error {
	f.group, f.arrays, f.turns = g, f.configurations(g), [1 << geometry.Slots][]geometry.Turns{}
	x := g.Shape.Space(&f.Plan.Spec)
	t, err := f.tableOf(g, &x)
	if err != nil {
		return err
	}
	tilings, first := t.tilings, -1
	if f.Floor != nil {
		tilings = f.floors(t, &x)
	}
	visit := func(b *bounded) error {
		if f.Stop != nil {
			if err := f.Stop(); err != nil {
				return err
			}
		}
		p := t.places[b.place]
		z, at := x.Sizes(p), place{as: as, tiling: x.Number(p)}
		if f.Weigh != nil {
			f.weighed(&z, at, t.of(b.place))
		} else {
			f.fast(&z, at, t, b)
		}
		return nil
	}
	if f.quickest() {
		first = int(t.won.Load()) - 1
	}
	if first >= 0 {
		if err := visit(&tilings[first]); err != nil {
			return err
		}
	}
	for i := range tilings {
		b := &tilings[i]
		if f.hopeless(b.weight) || f.slower(b.least) {
			break
		}
		if i == first {
			continue
		}
		if err := visit(b); err != nil {
			return err
		}
	}
	if f.quickest() && len(f.best) > 0 && f.best[0].as == as {
		won := slices.IndexFunc(tilings, func(b bounded) bool { return x.Number(t.places[b.place]) == f.best[0].tiling })
		t.won.Store(int64(won + 1))
	}
	return nil
}

// floors are a table's tilings with what no order of them weighs less than, the lowest first.
func (f *finder) floors(t *table, x *geometry.Space) []bounded {
	f.atArray = f.estimator.LeastAtArray(f.group)
	out := slices.Clone(t.tilings)
	for i := range out {
		b := &out[i]
		z := x.Sizes(t.places[b.place])
		f.distinct(&z)
		b.weight = f.floor(b.least)
	}
	slices.SortFunc(out, func(a, b bounded) int {
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(a.least, b.least), cmp.Compare(a.place, b.place))
	})
	return out
}

// slower is whether what keeps the array for so many cycles or more cannot be among the quickest.
func (f *finder) slower(array int64) bool {
	if f.group.Shape.Lanes { // passes beside want them, too
		array += f.estimator.Beside(f.group)
	}
	return f.quickest() && len(f.best) == f.most && array > f.best[f.most-1].Score.Cycles
}

// tooSmall names the buffers that no tile fits, of what the array may take a group as.
func (s *Searcher) tooSmall(all []*dataflow.Group) (text string) {
	var fits [4]bool // any tile of west, north, out; any pieces of an update
	for _, g := range all {
		x := g.Shape.Space(&s.Plan.Spec)
		for i := range x.Len() {
			z := x.At(i)
			for _, order := range s.orders {
				t := s.estimator.Traffic(g, &z, order)
				fits = [4]bool{fits[0] || t.WestFits, fits[1] || t.NorthFits, fits[2] || t.OutFits, fits[3] || t.Updates}
			}
		}
	}
	for i, name := range []string{"west", "north", "output", "update"} {
		if !fits[i] {
			text += fmt.Sprintf("; the smallest tiles are too large for buffers.%s", name)
		}
	}
	return text
}

// together says what a tile of a product must have in an order that is searched for, and what helps.
func together(g *dataflow.Group) string {
	if !g.Shape.Permuted {
		return ""
	}
	return fmt.Sprintf("; its masks are permuted, so a tile has all %d outputs of a position: larger buffers, or an exception of the recipe with bp: {prune: dense} for the layer, are accepted", g.Shape.C)
}
