package geometry

import (
	"satsim/arch/stce"
	"satsim/arch/word"
)

// Array is a configuration of the array that a product may use.
type Array struct {
	Mode       stce.Mode
	Over       stce.Over
	Interleave int
}

// Arrays lists the legal configurations in the order of ties: OS before WS, over F before over T, shallow before deep. Depths are powers of
// two up to the add latency, beyond which a deeper interleave hides nothing.
func Arrays(p stce.Params, interleave bool) []Array {
	var out []Array
	for _, mode := range []stce.Mode{stce.OS, stce.WS} {
		for _, over := range []stce.Over{stce.OverF, stce.OverT} {
			for i := 1; i <= p.MaxInterleave; i *= 2 {
				if i > 1 && !interleave {
					break
				}
				if i > 1 || over == stce.OverF { // one output a PE: both are the same
					out = append(out, Array{mode, over, i})
				}
				if i >= p.AddLatency {
					break
				}
			}
		}
	}
	return out
}

// Config is the array's configuration for the shape.
func (s *Shape) Config(a Array) stce.Config {
	return stce.Config{Mode: a.Mode, Over: a.Over, Interleave: a.Interleave, Ratio: s.ArrayRatio(), Diagonal: s.Blocks() > 0, Held: s.holds()}
}

// ArrayWork is a tile as the array sees it; first and last say where it is in a split reduction.
func (s *Shape) ArrayWork(e Extent, first, last bool) word.Work {
	positions := e.b * e.t * s.OW
	k := word.Work{Rows: positions, Cols: e.f, Taps: s.Taps, Channels: e.k, Repeat: e.g, Resume: !first, Spill: !last || s.WU}
	switch {
	case s.holds():
		k.Rows, k.Cols, k.Taps, k.Channels = s.Taps*e.k/int64(s.Keeps.M), e.f*int64(s.Keeps.N), positions, int64(s.Keeps.M)
	case s.WU:
		k.Rows, k.Taps, k.Channels = s.Taps*e.k, 1, positions
		if !s.Join.IsNone() {
			k.Rows, k.Taps, k.Channels = k.Rows*s.Join.blocks(), positions, s.Join.Side
		}
	case s.tapLoop():
		k.Taps, k.Channels = e.k, s.C
	}
	if s.Transposed {
		k.Rows, k.Cols = k.Cols, k.Rows
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

// EachArrayTile lists the tiles of the array by class, until visit says false: a group at a time, or, together, as many as the tiling has in a tile.
func (s *Shape) EachArrayTile(z *Sizes, together bool, visit func(x Extent, first, last bool, times int64) bool) bool {
	var buf [5][3]part
	gs := partsOf(&buf[4], 1, s.G, false)
	if together {
		gs = partsOf(&buf[4], z.G, s.G, false)
	}
	bs := partsOf(&buf[0], z.B, s.B, s.WU)
	ts := partsOf(&buf[1], z.T, s.OH, s.WU)
	ks := partsOf(&buf[2], z.K, s.KExtent(), !s.WU)
	fs := partsOf(&buf[3], z.F, s.F, false)
	for _, b := range bs {
		for _, t := range ts {
			for _, k := range ks {
				first, last := k.first, k.last
				if s.WU {
					first, last = b.first && t.first, b.last && t.last
				}
				for _, f := range fs {
					for _, g := range gs {
						x := Extent{g: g.size, b: b.size, t: t.size, k: k.size, f: f.size}
						if !visit(x, first, last, g.times*b.times*t.times*k.times*f.times) {
							return false
						}
					}
				}
			}
		}
	}
	return true
}
