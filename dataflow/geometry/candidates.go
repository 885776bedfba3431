package geometry

import (
	"slices"

	"satsim/arch/spec"
	"satsim/arch/word"
)

// Space is the legal tile sizes of a shape: every combination. Images and the rows of one are a dimension together.
type Space struct {
	G, K, F []int64
	BT      [][2]int64 // images, rows
}

// Space of tiles that may fit the buffers in some order: powers of two of a fold, or of a wave, in each dimension.
func (s *Shape) Space(sp *spec.Spec) Space {
	x := Space{G: []int64{1}, K: []int64{s.KExtent()}, F: doublings(upTo(int64(sp.STCE.Cols), s.columnCut()), s.F)}
	if s.WU && s.Join.IsNone() {
		x.K = doublings(max(int64(sp.STCE.Rows)/s.Taps, 1)*s.cut(), s.C)
	} else {
		whole := s.cut()
		for k := s.KExtent(); k > whole; {
			half := ((k+1)/2 + whole - 1) / whole * whole
			if half >= k {
				break
			}
			k = half
			x.K = append(x.K, k)
		}
	}
	if s.G > 1 {
		x.G = doublings(1, s.G)
	}
	if s.Lanes { // whole waves, too
		x.G = append(x.G, doublings(int64(sp.Vector.Lanes), s.G)...)
		slices.Sort(x.G)
		x.G = slices.Compact(x.G)
	}
	for _, b := range doublings(s.positionCut(), s.B) {
		x.BT = append(x.BT, [2]int64{b, s.OH})
	}
	for t := (s.OH + 1) / 2; t > 0 && t < s.OH; t = (t + 1) / 2 {
		x.BT = append(x.BT, [2]int64{1, t})
		if t == 1 {
			break
		}
	}
	return x
}

// Len is how many tilings there are.
func (x *Space) Len() int { return len(x.G) * len(x.K) * len(x.F) * len(x.BT) }

// At is a tiling by its number: rows and images change fastest, groups slowest.
func (x *Space) At(i int) Sizes {
	i, bt := i/len(x.BT), i%len(x.BT)
	i, f := i/len(x.F), i%len(x.F)
	return x.Sizes(Place{i / len(x.K), i % len(x.K), f, bt})
}

// Place of a tiling: where its sizes stand in the lists of a space.
type Place struct{ G, K, F, BT int }

// Number of a tiling by its place.
func (x *Space) Number(p Place) int {
	return ((p.G*len(x.K)+p.K)*len(x.F)+p.F)*len(x.BT) + p.BT
}

// Sizes of a tiling by its place.
func (x *Space) Sizes(p Place) Sizes {
	return Sizes{G: x.G[p.G], B: x.BT[p.BT][0], T: x.BT[p.BT][1], K: x.K[p.K], F: x.F[p.F]}
}

// Places lists those of all tilings by their number.
func (x *Space) Places(out []Place) []Place {
	for g := range x.G {
		for k := range x.K {
			for f := range x.F {
				for bt := range x.BT {
					out = append(out, Place{g, k, f, bt})
				}
			}
		}
	}
	return out
}

// cut is the unit of the K loop's step: a group of M is not cut, nor are the channels that products side by side have at a position.
func (s *Shape) cut() int64 {
	switch {
	case s.tapLoop():
		return 1
	case !s.Join.IsNone(), s.Permuted:
		return s.C
	case s.holds():
		return int64(s.Keeps.M)
	case s.WU:
		return 1
	}
	return int64(s.Ratio.M)
}

// upTo is the first multiple of a unit from n on.
func upTo(n, unit int64) int64 { return (n + unit - 1) / unit * unit }

// doublings are from, 2*from, 4*from, ... below to, and to.
func doublings(from, to int64) []int64 {
	var out []int64
	for n := from; n < to; n *= 2 {
		out = append(out, n)
	}
	return append(out, to)
}

// Orders lists the loop orders that can differ in traffic. Images and their bands stay together, groups are outermost.
func Orders() [][]word.Dim {
	const g, b, t, k, f = word.DimG, word.DimB, word.DimT, word.DimK, word.DimF
	return [][]word.Dim{
		{g, b, t, f, k},
		{g, f, b, t, k},
		{g, k, b, t, f},
		{g, b, t, k, f},
		{g, k, f, b, t},
		{g, f, k, b, t},
	}
}

// Signature is equal for orders that are the same but for loops of one trip.
func (s *Shape) Signature(order []word.Dim, z *Sizes) uint32 { return s.Turning(z).signature(order) }

// Complete sets the levels of a choice to their natural ones.
func (s *Shape) Complete(c *Choice) error {
	loops, err := s.Loops(c)
	if err != nil {
		return err
	}
	west, north := s.Sides()
	c.West, c.North, c.Out = s.natural(loops, west), s.natural(loops, north), s.natural(loops, Result)
	return nil
}

// LeastTerms is the fewest kept terms that the smallest tile of Tilings adds up for an output.
func (s *Shape) LeastTerms() int64 {
	r := s.ArrayRatio()
	switch {
	case s.WU && s.Join.IsNone():
		return s.OW // a row of positions of one image
	case s.WU:
		return s.OW * int64(r.Kept(int(s.Join.Side)))
	case s.tapLoop(), !s.Join.IsNone():
		return int64(r.Kept(int(s.C)))
	}
	return min(int64(r.Kept(int(s.C))), int64(r.N))
}

// Whole is the tiling of one tile.
func (s *Shape) Whole() Sizes { return Sizes{G: s.G, B: s.B, T: s.OH, K: s.KExtent(), F: s.F} }

// Shrink lowers the step of a loop that changes an operand which does not fit its buffer to the next power of two: groups, images, bands
// of rows, then columns or channels of the weight, the reduction last, columns not below a fold's worth before it. It reports false when
// nothing is left to lower. fits: the tiles of west, north and out do.
func (s *Shape) Shrink(z *Sizes, fits [3]bool, cols int64) bool {
	lower := func(n *int64, unit, least int64) bool {
		k := int64(1)
		for 2*k < *n {
			k *= 2
		}
		k = (k + unit - 1) / unit * unit
		if k >= *n || *n <= least {
			return false
		}
		*n = k
		return true
	}
	west, north := s.Sides()
	for _, large := range []struct {
		operand Operand
		fits    bool
	}{{west, fits[0]}, {north, fits[1]}, {Result, fits[2]}} {
		if large.fits {
			continue
		}
		for _, l := range []struct {
			dim         word.Dim
			n           *int64
			unit, least int64
		}{
			{word.DimG, &z.G, 1, 1}, {word.DimB, &z.B, s.positionCut(), 1}, {word.DimT, &z.T, 1, 1}, {word.DimF, &z.F, s.columnCut(), cols},
			{word.DimK, &z.K, s.cut(), 1}, {word.DimF, &z.F, s.columnCut(), 1},
		} {
			if s.Depends(large.operand, l.dim) && lower(l.n, l.unit, l.least) {
				return true
			}
		}
		return false
	}
	return false
}
