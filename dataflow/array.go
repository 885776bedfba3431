package dataflow

import (
	"satsim/arch/buffer"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// tileKey names a tile of the array in little: what is short is packed into one word.
type tileKey struct {
	rows, cols, channels int64
	rest                 uint64 // taps, configuration, ratio, resume and spill
	way                  northWay
	slow                 buffer.Fraction
}

func keyOf(a Array, r nm.Ratio, w *word.Work) tileKey {
	k := tileKey{rows: w.Rows, cols: w.Cols, channels: w.Channels, rest: uint64(w.Taps)<<24 | uint64(a.Interleave)<<16 | uint64(r.N-1)<<11 | uint64(r.M-1)<<6 | uint64(a.Mode)<<3 | uint64(a.Over)<<2}
	if w.Resume {
		k.rest |= 1
	}
	if w.Spill {
		k.rest |= 2
	}
	return k
}

// part is a class of trips of a loop.
type part struct {
	size, times int64
	first, last bool
}

// partsOf splits a loop's trips into classes: by size, and by first and last where flags matter.
func partsOf(dst *[3]part, step, extent int64, flags bool) []part {
	n := (extent + step - 1) / step
	edge := extent - (n-1)*step
	switch {
	case n == 1:
		dst[0] = part{edge, 1, true, true}
		return dst[:1]
	case flags:
		dst[0] = part{step, 1, true, false}
		dst[1] = part{edge, 1, false, true}
		if n == 2 {
			return dst[:2]
		}
		dst[2] = dst[0]
		dst[0] = part{step, n - 2, false, false} // the bulk first
		return dst[:3]
	case edge == step:
		dst[0] = part{step, n, false, false}
		return dst[:1]
	}
	dst[0] = part{step, n - 1, false, false}
	dst[1] = part{edge, 1, false, false}
	return dst[:2]
}

// slots are the fewest cycles in which the array can issue a tile: every fold's slots, the hazards of OS included. Most configurations are
// given up on it alone.
func (e *Estimator) slots(s *Shape, a Array, x extent) int64 {
	p := &e.spec.STCE
	w := s.arrayWork(x, true, true)
	r := s.arrayRatio()
	slots := w.Taps * int64(r.Kept(int(w.Channels)))
	rows, cols, i := int64(p.Rows), int64(p.Cols), int64(a.Interleave)
	up := func(n, d int64) int64 { return (n + d - 1) / d }
	if a.Mode == stce.OS {
		if a.Over == stce.OverT {
			rows *= i
		} else {
			cols *= i
		}
		return up(w.Rows, rows) * up(w.Cols, cols) * (slots - 1) * max(1, int64(p.AddLatency))
	}
	groups := w.Taps * int64(r.Groups(int(w.Channels)))
	return up(groups, rows) * up(w.Cols, cols) * w.Rows
}

// Array predicts the array's busy cycles of a tiling in a configuration. It stops early, with ok false, once they reach limit.
func (e *Estimator) Array(g *Group, z *Sizes, a Array, limit int64) (total int64, ok bool) {
	e.about(g)
	s := g.Shape
	slow := e.feed(s, a, z.K)
	ok = s.arrayTiles(z, func(x extent, first, last bool, times int64) bool {
		if e.slots(s, a, x) > (limit-total)/times {
			return false
		}
		total += e.tile(s, a, slow, x, first, last) * times
		return total < limit
	})
	return total, ok
}

// arrayTiles lists the tiles of the array by class, a group at a time, until visit says false.
func (s *Shape) arrayTiles(z *Sizes, visit func(x extent, first, last bool, times int64) bool) bool {
	var buf [4][3]part
	bs := partsOf(&buf[0], z.B, s.B, s.WU)
	ts := partsOf(&buf[1], z.T, s.OH, s.WU)
	ks := partsOf(&buf[2], z.K, s.kExtent(), !s.WU)
	fs := partsOf(&buf[3], z.F, s.F, false)
	for _, b := range bs {
		for _, t := range ts {
			for _, k := range ks {
				first, last := k.first, k.last
				if s.WU {
					first, last = b.first && t.first, b.last && t.last
				}
				for _, f := range fs {
					x := extent{g: 1, b: b.size, t: t.size, k: k.size, f: f.size}
					if !visit(x, first, last, s.G*b.times*t.times*k.times*f.times) {
						return false
					}
				}
			}
		}
	}
	return true
}

// config is the array's configuration for the shape.
func (s *Shape) config(a Array) stce.Config {
	return stce.Config{Mode: a.Mode, Over: a.Over, Interleave: a.Interleave, Ratio: s.arrayRatio()}
}

func (e *Estimator) tile(s *Shape, a Array, slow buffer.Fraction, x extent, first, last bool) int64 {
	w := s.arrayWork(x, first, last)
	ratio := s.arrayRatio()
	key := keyOf(a, ratio, &w)
	key.slow, key.way = slow, e.way
	n, ok := e.tiles[key]
	if !ok {
		cycles := e.spec.STCE.Tile(stce.TileOf(s.config(a), &w)).Cycles
		n = slow.Stretch(cycles)
		if e.way == atEdge {
			n = buffer.Larger(slow, s.edgeSlow(e.spec, a, &w, cycles)).Stretch(cycles)
		}
		e.tiles[key] = n
	}
	return n
}
