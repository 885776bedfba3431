package geometry

import (
	"satsim/arch/stce"
)

// Grid bounds the array's time of all tilings of a space in one configuration: what the tiles along each dimension add, by their places in the space.
type Grid struct {
	bt, k, f []stce.Along
	along    [3]int // the axes of bt, k and f
	config   stce.Config
}

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

// varies is whether an axis takes another time in another configuration of the same mode.
func varies(axis int, c, from *stce.Config) bool {
	switch {
	case axis == termAxis:
		return false
	case c.Over != from.Over:
		return true
	}
	return (axis == rowAxis) == (c.Over == stce.OverT) && c.Interleave != from.Interleave
}

// Grid of a space. It takes the memory of the grid before, and what is the same of it if that is of the same shape and space.
func (s *Shape) Grid(p *stce.Params, a Array, x *Space, before *Grid, same bool) Grid {
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
	g := *before
	g.along, g.config = [3]int{bt, k, f}, c
	same = same && c.Mode == before.config.Mode
	var bs, ts [3]part
	if !same || varies(bt, &c, &before.config) {
		g.bt = g.bt[:0]
		for _, step := range x.BT {
			var sum stce.Along
			for _, b := range partsOf(&bs, step[0], s.B, false) {
				for _, t := range partsOf(&ts, step[1], s.OH, false) {
					sum = along(sum, bt, Extent{g: 1, b: b.size, t: t.size, k: 1, f: 1}, b.times*t.times)
				}
			}
			g.bt = append(g.bt, sum)
		}
	}
	if !same || varies(k, &c, &before.config) {
		g.k = g.k[:0]
		for _, step := range x.K {
			var sum stce.Along
			for _, n := range partsOf(&bs, step, s.KExtent(), false) {
				sum = along(sum, k, Extent{g: 1, b: 1, t: 1, k: n.size, f: 1}, n.times)
			}
			g.k = append(g.k, sum)
		}
	}
	if !same || varies(f, &c, &before.config) {
		g.f = g.f[:0]
		for _, step := range x.F {
			var sum stce.Along
			for _, n := range partsOf(&bs, step, s.F, false) {
				sum = along(sum, f, Extent{g: 1, b: 1, t: 1, k: 1, f: n.size}, n.times)
			}
			g.f = append(g.f, sum)
		}
	}
	return g
}

// Least is so many cycles as the array takes at least for a product in a tiling, by its place in the grid's space: slots, and the ends of tiles.
func (g *Grid) Least(p *stce.Params, at *Place) (slots, ends int64) {
	var along [3]*stce.Along
	along[g.along[0]], along[g.along[1]], along[g.along[2]] = &g.bt[at.BT], &g.k[at.K], &g.f[at.F]
	return p.LeastOf(&g.config, along[rowAxis], along[colAxis], along[termAxis])
}
