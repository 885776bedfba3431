package geometry

import (
	"satsim/arch/word"
	"satsim/internal/nm"
)

// Burst is the unit to which stored weight tiles are padded: one access of a 64-bit DDR4 channel.
const Burst = 64

// Extent is the part of a product that a tile spans.
type Extent struct {
	g, b, t, k, f int64
	again         bool // the tile was fetched before
	top, bottom   bool // the band of rows starts at the image's first row, ends at its last
}

// Everything is the extent of everything.
func (s *Shape) Everything() Extent {
	return Extent{g: s.G, b: s.B, t: s.OH, k: s.KExtent(), f: s.F, top: true, bottom: true}
}

// Transfer is a tile's way between memory and a buffer.
type Transfer struct {
	Bytes int64
	Run   int64 // contiguous bytes
}

// Contiguous is a transfer of bytes that lie side by side.
func Contiguous(bytes int64) Transfer { return Transfer{Bytes: bytes, Run: bytes} }

// patches is the tile of gathered positions: each position once, halo included, channels of the tile only. The array's
// edge forms the patches: a row's address generator walks the taps over the positions in the buffer (package buffer).
func (s *Shape) patches(e Extent, f nm.Format) Transfer {
	h := s.bandRows(e)
	w := s.wide().covered(0, s.OW)
	c, all := e.k, s.PositionChannels()
	if s.tapLoop() || !s.Join.IsNone() {
		c = all
	}
	x := Transfer{Bytes: f.Tile(e.g*e.b*h*w, c, 1)}
	g := &s.Gather
	switch {
	case s.CTotal == c && s.G > 1: // attention: every product has its own rows
		x.Run = s.bytes(Patches, e.b*h*w*c)
	case s.CTotal != e.g*c:
		x.Run = s.bytes(Patches, c)
		if c == all {
			x.Run *= e.g
		}
	case w != g.InW:
		x.Run = s.bytes(Patches, s.CTotal)
		if s.wide().touch(s.OW) {
			x.Run *= w
		}
	case h != g.InH:
		x.Run = s.bytes(Patches, s.CTotal*w)
		if s.high().touch(e.t) {
			x.Run *= h
		}
	default:
		x.Run = x.Bytes
	}
	return x
}

// bandRows is the input rows that a band of output rows reads. The bands between the first and the last are one variant of the word,
// so all are fetched as the longest of them: it makes a difference where the padding is higher than a band.
func (s *Shape) bandRows(e Extent) int64 {
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

// WeightTile is the tile of W in a format. Tiles are stored in the order in which they are consumed.
func (s *Shape) WeightTile(e Extent, f nm.Format) Transfer {
	runs, channels := s.Runs(Weights, e)
	b := f.Tile(runs, channels, Burst)
	return Contiguous(b)
}

// Runs are the runs along which groups of M lie: of channels of a tile of W or of the patches, of positions of a tile of gradients.
func (s *Shape) Runs(o Operand, e Extent) (runs, channels int64) {
	if o == Grads {
		return e.g * e.f, e.b * e.t * s.OW
	}
	taps, channels := s.Taps, e.k
	if s.tapLoop() {
		taps, channels = e.k, s.C
	}
	if o == Weights {
		return e.g * taps * e.f, channels
	}
	return e.g * e.b * s.bandRows(e) * s.wide().covered(0, s.OW), channels
}

// Pruned is an operand's format as the array takes it: of the two, the one from the north may be pruned.
func (s *Shape) Pruned(o Operand) nm.Format {
	if _, north := s.Sides(); o == north && !s.ArrayRatio().IsDense() && !s.holds() {
		return nm.Packed(s.ArrayRatio())
	}
	return s.Stored[o]
}

// rows is the tile of a tensor of positions x F: Y, dX, dY.
func (s *Shape) rows(o Operand, e Extent) Transfer {
	n := e.g * e.b * e.t * s.OW * e.f
	x := Transfer{Bytes: s.bytes(o, n)}
	switch {
	case s.FTotal == s.F && s.G > 1 && e.f == s.F: // attention
		x.Run = s.bytes(o, e.b*e.t*s.OW*e.f)
	case s.FTotal != e.g*e.f:
		x.Run = s.bytes(o, e.f)
		if e.f == s.F {
			x.Run *= e.g
		}
	case s.Scattered:
		x.Run = s.bytes(o, s.FTotal)
	case e.t != s.OH:
		x.Run = s.bytes(o, e.t*s.OW*s.FTotal)
	default:
		x.Run = x.Bytes
	}
	return x
}

// GradientElements is the number of elements of a tile of dW.
func (s *Shape) GradientElements(e Extent) int64 { return s.heldOf(e.g * s.Taps * e.k * e.f) }

// OutTile is the tile of Out on its way to memory: FP16 rows, or FP32 gradients of weights.
func (s *Shape) OutTile(e Extent) Transfer {
	if s.WU {
		n := s.bytes(Result, s.GradientElements(e))
		return Contiguous(n)
	}
	return s.rows(Result, e)
}

// LeftElements are what the array leaves of a tile of Out: its elements, and in WU what blocks of joined products make with each other.
func (s *Shape) LeftElements(e Extent) int64 {
	if s.WU {
		return s.OutElements(e) * s.Join.blocks()
	}
	return s.OutElements(e)
}

// OutElements is the number of elements of a tile of Out.
func (s *Shape) OutElements(e Extent) int64 {
	if s.WU {
		return s.GradientElements(e)
	}
	return e.g * e.b * e.t * s.OW * e.f
}

// Tile is an operand's tile in a format.
func (s *Shape) Tile(o Operand, e Extent, f nm.Format) Transfer {
	switch o {
	case Patches:
		return s.patches(e, f)
	case Weights:
		return s.WeightTile(e, f)
	case Result:
		return s.OutTile(e)
	case Grads:
		if s.PrunesGrads() && f.Ratio != (nm.Ratio{}) { // as the north buffer has it
			runs, positions := s.Runs(o, e)
			x := Contiguous(f.Tile(runs, positions, 1))
			if e.f != s.FTotal { // a kept element of each channel, group after group
				x.Run = (e.f*f.StoredBits() + 7) / 8
			}
			return x
		}
	}
	return s.rows(o, e)
}

// ExtentAt is the tile at a level in a class: the loops outside the level have their step or edge, those inside their whole extent.
func (s *Shape) ExtentAt(loops []word.Loop, level int, c word.Class) Extent {
	e := Extent{top: true, bottom: true}
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
