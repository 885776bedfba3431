package compare

import (
	"cmp"
	"math"
	"slices"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/dataflow/geometry"
	"satsim/workloads"
)

// ranking orders dense-only arrays by the cycles of a step's dense products, each one tile in its best mode and interleave. How many these are at the least is found for every
// size, how many exactly for those alone that may be among the fastest.
type ranking struct {
	spec     *spec.Spec
	products []demand
	least    map[place]int64
	exact    map[place]int64
}

// demand is a product that the step has so often.
type demand struct {
	shape geometry.Shape
	times int64
}

func newRanking(s *spec.Spec, step *workloads.Step) *ranking {
	r := &ranking{spec: s, least: map[place]int64{}, exact: map[place]int64{}}
	at := map[geometry.Shape]int{}
	for i := range step.Items {
		for k := range step.Items[i].Products {
			shape := geometry.ShapeOf(&step.Items[i].Products[k])
			n, ok := at[shape]
			if !ok {
				n = len(r.products)
				at[shape], r.products = n, append(r.products, demand{shape: shape})
			}
			r.products[n].times++
		}
	}
	return r
}

// fastest are so many of the sizes, in their order; none without products.
func (r *ranking) fastest(sizes []fpga.Size, most int) (out []fpga.Size) {
	if len(r.products) == 0 {
		return nil
	}
	by := func(cycles func(fpga.Size) int64) func(a, b fpga.Size) int {
		return func(a, b fpga.Size) int {
			return cmp.Or(cmp.Compare(cycles(a), cycles(b)), cmp.Compare(a.Cols, b.Cols), cmp.Compare(a.Rows, b.Rows))
		}
	}
	slices.SortFunc(sizes, by(r.atLeast))
	for _, z := range slices.Compact(sizes) {
		if len(out) == most && r.atLeast(z) > r.cycles(out[most-1]) {
			break // the others take no less
		}
		out = append(out, z)
		slices.SortFunc(out, by(r.cycles))
		out = out[:min(len(out), most)]
	}
	return out
}

// atLeast is so many cycles as a size takes or more.
func (r *ranking) atLeast(z fpga.Size) int64 { return r.known(z, r.least, productLeast) }

// cycles of a size.
func (r *ranking) cycles(z fpga.Size) int64 { return r.known(z, r.exact, productCycles) }

// productTime says how many cycles a product takes in one tile.
type productTime func(p *stce.Params, configs []geometry.Array, s *geometry.Shape) int64

// known is what is remembered of a size, or is found now.
func (r *ranking) known(z fpga.Size, in map[place]int64, of productTime) int64 {
	at := place{rows: z.Rows, cols: z.Cols}
	n, ok := in[at]
	if !ok {
		built := z.Spec(*r.spec)
		configs := geometry.Arrays(built.STCE, built.Dataflow.InterleaveMapping)
		for i := range r.products {
			n += productAlone(&built, configs, &r.products[i].shape, of) * r.products[i].times
		}
		in[at] = n
	}
	return n
}

// productAlone is the fewest cycles of a product: as it is, joined, or on the vector unit.
func productAlone(s *spec.Spec, configs []geometry.Array, shape *geometry.Shape, of productTime) int64 {
	n := of(&s.STCE, configs, shape)
	if s.Dataflow.JoinGroups {
		for _, j := range shape.Joins(&s.STCE) {
			if x, err := shape.Joined(&s.STCE, j); err == nil {
				n = min(n, of(&s.STCE, configs, x))
			}
		}
	}
	if s.Dataflow.VectorUpdates && shape.Lanable() {
		n = min(n, shape.LanesLeast(&s.Vector, shape.G))
	}
	return n
}

// productLeast is no more than the fewest cycles of a product in one tile.
func productLeast(p *stce.Params, configs []geometry.Array, s *geometry.Shape) int64 {
	w, least := s.ArrayWork(s.Everything(), true, true), int64(math.MaxInt64)
	for _, a := range configs {
		t, repeat := p.TileOf(s.Config(a), &w)
		least = min(least, p.Least(t)*repeat)
	}
	return least
}

// productCycles is the fewest of a product in one tile. The configuration whose bound is lowest goes first, so that most others end at theirs.
func productCycles(p *stce.Params, configs []geometry.Array, s *geometry.Shape) int64 {
	w := s.ArrayWork(s.Everything(), true, true)
	least, first := make([]int64, len(configs)), 0
	for i, a := range configs {
		t, repeat := p.TileOf(s.Config(a), &w)
		if least[i] = p.Least(t) * repeat; least[i] < least[first] {
			first = i
		}
	}
	best := int64(math.MaxInt64)
	try := func(i int) {
		if least[i] < best {
			t, repeat := p.TileOf(s.Config(configs[i]), &w)
			best = min(best, p.Cycles(t)*repeat)
		}
	}
	try(first)
	for i := range configs {
		if i != first {
			try(i)
		}
	}
	return best
}
