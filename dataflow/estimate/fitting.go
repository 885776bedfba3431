package estimate

import (
	"slices"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// fitting remembers whether an operand's tiles may fit, by their places along what the operand depends on.
type fitting struct {
	strides geometry.Place // 0: it does not depend on that
	known   []int8
}

const (
	tooLarge = iota + 1
	mayFit
)

// start forgets all, for an operand in a space.
func (t *fitting) start(s *geometry.Shape, o geometry.Operand, x *geometry.Space) {
	n := 1
	stride := func(size int, dims ...word.Dim) int {
		for _, d := range dims {
			if s.Depends(o, d) {
				n *= size
				return n / size
			}
		}
		return 0
	}
	t.strides = geometry.Place{G: stride(len(x.G), word.DimG), K: stride(len(x.K), word.DimK), F: stride(len(x.F), word.DimF), BT: stride(len(x.BT), word.DimB, word.DimT)}
	if cap(t.known) < n {
		t.known = make([]int8, n)
	}
	t.known = t.known[:n]
	clear(t.known)
}

// fits is what is remembered of a place, or what is found now.
func (t *fitting) fits(p geometry.Place, find func() bool) bool {
	k := &t.known[p.G*t.strides.G+p.K*t.strides.K+p.F*t.strides.F+p.BT*t.strides.BT]
	if *k == 0 {
		if *k = tooLarge; find() {
			*k = mayFit
		}
	}
	return *k == mayFit
}

// Fitting appends the places of a space's tilings, in their order, but of those that fit in no order of loops: an operand's tiles are walked over in all that it depends
// on whatever the order, two at a time if there are as many, so one tile that is too large is enough. Some that are listed fit in no order all the same.
func (e *Estimator) Fitting(g *dataflow.Group, x *geometry.Space, out []geometry.Place) []geometry.Place {
	e.about(g)
	s := g.Shape
	west, north := s.Sides()
	e.turns = [1 << geometry.Slots][]geometry.Turns{}
	e.fitting[0].start(s, west, x)
	e.fitting[1].start(s, north, x)
	e.places = x.Places(e.places[:0])
	all, n := e.places, 0
	for _, p := range all {
		z := x.Sizes(p)
		if (!s.Lanes || e.spec.Vector.Holds(s.Taps, z.G)) && e.leavesRoom(s, &z) &&
			e.fitting[1].fits(p, func() bool { return e.roomFor(s, north, &z, e.route.North) }) &&
			e.fitting[0].fits(p, func() bool { return e.roomFor(s, west, &z, e.route.West) }) {
			all[n] = p
			n++
		}
	}
	return append(out, all[:n]...)
}

// roomFor reports whether a tile of an operand leaves room for the next one on its way.
func (e *Estimator) roomFor(s *geometry.Shape, o geometry.Operand, z *geometry.Sizes, legs []route.Leg[geometry.Extent]) bool {
	tile, n := s.FirstTile(o, z)
	return e.rooms(tile, n, legs)
}

// leavesRoom reports whether a tile of the results, as it waits in the output buffer, leaves room for the next in some order of loops. Where sums wait, loops inside make
// tiles larger, and fewer.
func (e *Estimator) leavesRoom(s *geometry.Shape, z *geometry.Sizes) bool {
	turning := s.Turning(z)
	turns := e.turns[turning]
	if turns == nil {
		turns = s.DistinctTurns(e.orders, turning)
		e.turns[turning] = turns
	}
	return slices.ContainsFunc(turns, func(t geometry.Turns) bool { return e.holds(s, &t, z) })
}

// holds reports whether the output buffer holds as many tiles of the results as it should in an order of loops.
func (e *Estimator) holds(s *geometry.Shape, t *geometry.Turns, z *geometry.Sizes) bool {
	tile, n := s.Largest(t.Out, z)
	return s.Held(t.Splits).Bytes(s.LeftElements(tile))*min(n, 2) <= e.capacity[word.Output]
}

// Leaves reports whether the results may have room on their way in an order of loops: what does not has no traffic that fits, and costs less to find out here.
func (e *Estimator) Leaves(g *dataflow.Group, t *geometry.Turns, z *geometry.Sizes) bool {
	e.about(g)
	if !e.holds(g.Shape, t, z) {
		return false
	}
	tile, n := g.Shape.Largest(t.Out, z)
	return e.rooms(tile, n, e.route.Out)
}

// rooms reports whether buffers on the way of so many tiles like one hold as many as they should.
func (e *Estimator) rooms(tile geometry.Extent, n int64, legs []route.Leg[geometry.Extent]) bool {
	m := moved{}
	for i := range legs {
		w := legs[i].Work(tile)
		for k, b := range legs[i].Out {
			m.rooms[b] = max(m.rooms[b], w.Space[k])
		}
	}
	return m.fits(&e.capacity, n)
}
