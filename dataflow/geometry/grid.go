package geometry

import (
	"satsim/arch/stce"
)

// Grid bounds the array's time of all tilings of a space in one configuration: what the tiles along each dimension add, by their places in the space.
type Grid struct{ bt, k, f []stce.Along }

// axes of the array's product.
const (
	rowAxis = iota
	colAxis
	termAxis
)

// axes are those that images with rows, K and F decide.
func (s *Shape) axes() (bt, k, f int) {
	bt, k, f = rowAxis, termAxis, colAxis
	if s.WU {
		bt, k = termAxis, rowAxis
	}
	if s.Transposed { // rows and columns change places
		swap := [...]int{rowAxis: colAxis, colAxis: rowAxis, termAxis: termAxis}
		bt, k, f = swap[bt], swap[k], swap[f]
	}
	return bt, k, f
}

// Grid of a space. It takes the memory of an old one.
func (s *Shape) Grid(p *stce.Params, a Array, x *Space, old Grid) Grid {
	c := s.Config(a)
	along := func(sum stce.Along, axis int, e Extent, times int64) stce.Along {
		w := s.ArrayWork(e, true, true)
		switch axis {
		case rowAxis:
			return sum.Plus(p.RowsAlong(c, w.Rows), times)
		case colAxis:
			return sum.Plus(p.ColsAlong(c, w.Cols), times)
		default:
			return sum.Plus(p.TermsAlong(c, w.Taps, w.Channels), times)
		}
	}
	bt, k, f := s.axes()
	g := Grid{old.bt[:0], old.k[:0], old.f[:0]}
	var bs, ts [3]part
	for _, step := range x.BT {
		var sum stce.Along
		for _, b := range partsOf(&bs, step[0], s.B, false) {
			for _, t := range partsOf(&ts, step[1], s.OH, false) {
				sum = along(sum, bt, Extent{g: 1, b: b.size, t: t.size, k: 1, f: 1}, b.times*t.times)
			}
		}
		g.bt = append(g.bt, sum)
	}
	for _, step := range x.K {
		var sum stce.Along
		for _, n := range partsOf(&bs, step, s.KExtent(), false) {
			sum = along(sum, k, Extent{g: 1, b: 1, t: 1, k: n.size, f: 1}, n.times)
		}
		g.k = append(g.k, sum)
	}
	for _, step := range x.F {
		var sum stce.Along
		for _, n := range partsOf(&bs, step, s.F, false) {
			sum = along(sum, f, Extent{g: 1, b: 1, t: 1, k: 1, f: n.size}, n.times)
		}
		g.f = append(g.f, sum)
	}
	return g
}

// EachLeast tells of tilings, by their places in a grid's space, so many cycles as the array takes at least for a product: slots, and the ends of tiles.
func (s *Shape) EachLeast(p *stce.Params, a Array, g *Grid, of []Place, is func(i int, slots, ends int64)) {
	c := s.Config(a)
	var along [3]*stce.Along
	x, y, z := s.axes()
	for i := range of {
		along[x], along[y], along[z] = &g.bt[of[i].BT], &g.k[of[i].K], &g.f[of[i].F]
		slots, ends := p.LeastOf(&c, along[rowAxis], along[colAxis], along[termAxis])
		is(i, slots, ends)
	}
}
