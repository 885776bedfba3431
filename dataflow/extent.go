package dataflow

import (
	"satsim/arch/word"
	"satsim/internal/nm"
)

// burst is the unit to which stored weight tiles are padded: one access of a 64-bit DDR4 channel.
const burst = 64

// extent is the part of a product that a tile spans.
type extent struct {
	g, b, t, k, f int64
	top, bottom   bool // the band of rows starts at the image's first row, ends at its last
}

// whole is the extent of everything.
func (s *Shape) whole() extent {
	return extent{g: s.G, b: s.B, t: s.OH, k: s.kExtent(), f: s.F, top: true, bottom: true}
}

// transfer is a tile's way between memory and a buffer.
type transfer struct {
	bytes int64
	run   int64 // contiguous bytes
}

// patchesOf is the tile of gathered positions: each position once, halo included, channels of the tile only. The array's
// edge forms the patches: a row's address generator walks the taps over the positions in the buffer (package buffer).
func (s *Shape) patches(e extent, f nm.Format) transfer {
	h := s.bandRows(e)
	w := s.wide().covered(0, s.OW)
	c := e.k
	if s.tapLoop() {
		c = s.C
	}
	x := transfer{bytes: f.Tile(e.g*e.b*h*w, c, 1)}
	g := &s.Gather
	switch {
	case s.CTotal == c && s.G > 1: // attention: every product has its own rows
		x.run = s.bytes(patches, e.b*h*w*c)
	case s.CTotal != e.g*c:
		x.run = s.bytes(patches, c)
		if c == s.C {
			x.run *= e.g
		}
	case w != g.InW:
		x.run = s.bytes(patches, s.CTotal)
		if s.wide().stride <= s.wide().kernel {
			x.run *= w
		}
	case h != g.InH:
		x.run = s.bytes(patches, s.CTotal*w)
		if s.high().stride <= s.high().kernel {
			x.run *= h
		}
	default:
		x.run = x.bytes
	}
	return x
}

// bandRows is the input rows that a band of output rows reads. The bands between the first and the last are one variant of the word,
// so all are fetched as the longest of them: it makes a difference where the padding is higher than a band.
func (s *Shape) bandRows(e extent) int64 {
	a := s.high()
	switch {
	case e.top:
		return a.covered(0, e.t)
	case e.bottom:
		return a.covered(s.OH-e.t, s.OH)
	}
	var most int64
	for from := e.t; from+e.t < s.OH; from += e.t {
		most = max(most, a.covered(from, from+e.t))
	}
	return most
}

// weightTile is the tile of W in a format. Tiles are stored in the order in which they are consumed.
func (s *Shape) weightTile(e extent, f nm.Format) transfer {
	runs, channels := s.runs(weights, e)
	b := f.Tile(runs, channels, burst)
	return transfer{b, b}
}

// runs are the runs of channels of a tile of W or of the patches, along which groups of M lie.
func (s *Shape) runs(o operand, e extent) (runs, channels int64) {
	taps, channels := s.Taps, e.k
	if s.tapLoop() {
		taps, channels = e.k, s.C
	}
	if o == weights {
		return e.g * taps * e.f, channels
	}
	return e.g * e.b * s.bandRows(e) * s.wide().covered(0, s.OW), channels
}

// pruned is an operand's format as the array takes it: of the two, the one from the north may be pruned.
func (s *Shape) pruned(o operand) nm.Format {
	if _, north := s.sides(); o == north && !s.arrayRatio().IsDense() {
		return nm.Packed(s.Ratio)
	}
	return s.Stored[o]
}

// rows is the tile of a tensor of positions x F: Y, dX, dY.
func (s *Shape) rows(o operand, e extent) transfer {
	n := e.g * e.b * e.t * s.OW * e.f
	x := transfer{bytes: s.bytes(o, n)}
	switch {
	case s.FTotal == s.F && s.G > 1 && e.f == s.F: // attention
		x.run = s.bytes(o, e.b*e.t*s.OW*e.f)
	case s.FTotal != e.g*e.f:
		x.run = s.bytes(o, e.f)
		if e.f == s.F {
			x.run *= e.g
		}
	case s.Scattered:
		x.run = s.bytes(o, s.FTotal)
	case e.t != s.OH:
		x.run = s.bytes(o, e.t*s.OW*s.FTotal)
	default:
		x.run = x.bytes
	}
	return x
}

// gradientElements is the number of elements of a tile of dW.
func (s *Shape) gradientElements(e extent) int64 { return e.g * s.Taps * e.k * e.f }

// outTile is the tile of Out on its way to memory: FP16 rows, or FP32 gradients of weights.
func (s *Shape) outTile(e extent) transfer {
	if s.WU {
		n := s.bytes(result, s.gradientElements(e))
		return transfer{n, n}
	}
	return s.rows(result, e)
}

// outElements is the number of elements of a tile of Out.
func (s *Shape) outElements(e extent) int64 {
	if s.WU {
		return s.gradientElements(e)
	}
	return e.g * e.b * e.t * s.OW * e.f
}

// side is an operand's tile in a format.
func (s *Shape) side(o operand, e extent, f nm.Format) transfer {
	switch o {
	case patches:
		return s.patches(e, f)
	case weights:
		return s.weightTile(e, f)
	case result:
		return s.outTile(e)
	case grads:
	}
	return s.rows(o, e)
}

// extentAt is the tile at a level in a class: the loops outside the level have their step or edge, those inside their whole extent.
func (s *Shape) extentAt(loops []word.Loop, level int, c word.Class) extent {
	e := extent{top: true, bottom: true}
	kept := 0
	for _, l := range loops {
		n := l.Extent()
		first, last := true, true
		if l.Trips > 1 {
			if kept < level {
				first, last = c&word.First(kept) != 0, c&word.Last(kept) != 0
				n = l.Step
				if last {
					n = l.Edge
				}
			}
			kept++
		}
		switch l.Dim {
		case word.DimG:
			e.g = n
		case word.DimB:
			e.b = n
		case word.DimT:
			e.t, e.top, e.bottom = n, first, last
		case word.DimK:
			e.k = n
		case word.DimF:
			e.f = n
		case word.DimP: // of passes and updates: no product has it
		}
	}
	return e
}
