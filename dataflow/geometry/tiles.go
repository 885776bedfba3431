package geometry

import (
	"slices"

	"satsim/arch/word"
)

// Tiles names an operand's tiles: their steps in the dimensions g, b, t, k, f, the whole extent where it does not walk.
type Tiles struct {
	Operand Operand
	Steps   [5]int64
	Again   bool // they were fetched before
}

// Slots is how many dimensions a product has.
const Slots = len(allSlots)

// Dims is a set of dimensions, a bit for each by its Slot.
type Dims uint8

// Turning are the loops of a tiling that turn: of more than one trip.
func (s *Shape) Turning(z *Sizes) (turning Dims) {
	for i, d := range allSlots {
		if step, extent := s.Loop(d, z); step < extent {
			turning |= 1 << i
		}
	}
	return turning
}

// Splits reports whether a tiling splits the reduction, so that sums wait.
func (s *Shape) Splits(z *Sizes) bool {
	for _, d := range allSlots {
		if step, extent := s.Loop(d, z); step < extent && s.Reduces(d) {
			return true
		}
	}
	return false
}

// has reports whether a dimension is in the set.
func (d Dims) has(dim word.Dim) bool { return d&(1<<Slot(dim)) != 0 }

// signature of an order of loops of which these turn.
func (d Dims) signature(order []word.Dim) (sign uint32) {
	for _, dim := range order {
		if d.has(dim) {
			sign = sign<<3 | uint32(1+Slot(dim))
		}
	}
	return sign
}

// Turn is what loops do to an operand's tiles at their natural place: those that walk over them, and those that move them all again.
type Turn struct {
	Operand Operand
	walks   Dims
	repeats Dims
}

// Turns is what an order of loops, some of which turn, does to the tiles of a product.
type Turns struct {
	Order            []word.Dim
	West, North, Out Turn
	Splits           bool // the reduction is split, so that sums wait
}

// Turns of an order.
func (s *Shape) Turns(order []word.Dim, turning Dims) Turns {
	var loops [5]word.Loop
	t := Turns{Order: order}
	for i, d := range order {
		loops[i] = word.Loop{Dim: d, Trips: 1}
		if turning.has(d) {
			loops[i].Trips = 2
			t.Splits = t.Splits || s.Reduces(d)
		}
	}
	of := func(o Operand) Turn {
		out := Turn{Operand: o}
		for _, l := range loops[:s.natural(loops[:], o)] {
			switch {
			case l.Trips == 1:
			case s.Depends(o, l.Dim):
				out.walks |= 1 << Slot(l.Dim)
			default:
				out.repeats |= 1 << Slot(l.Dim)
			}
		}
		return out
	}
	west, north := s.Sides()
	t.West, t.North, t.Out = of(west), of(north), of(Result)
	return t
}

// DistinctTurns are those of all orders that differ in the loops that turn: of equals the first.
func (s *Shape) DistinctTurns(orders [][]word.Dim, turning Dims) (out []Turns) {
	var seen []uint32
	for _, o := range orders {
		if sign := turning.signature(o); !slices.Contains(seen, sign) {
			seen = append(seen, sign)
			out = append(out, s.Turns(o, turning))
		}
	}
	return out
}

// Tiles of an operand in a tiling, and how often each is moved.
func (s *Shape) Tiles(t Turn, z *Sizes) (key Tiles, times int64) {
	key = Tiles{Operand: t.Operand, Steps: [5]int64{s.G, s.B, s.OH, s.KExtent(), s.F}}
	steps := [5]int64{z.G, z.B, z.T, z.K, z.F}
	times = 1
	for i := range steps {
		switch bit := Dims(1) << i; {
		case t.walks&bit != 0:
			key.Steps[i] = steps[i]
		case t.repeats&bit != 0:
			times *= (key.Steps[i] + steps[i] - 1) / steps[i]
		}
	}
	return key, times
}

// Largest is the largest of an operand's tiles in a tiling, but for a halo, and how many there are.
func (s *Shape) Largest(t Turn, z *Sizes) (tile Extent, n int64) {
	x, n := [Slots]int64{s.G, s.B, s.OH, s.KExtent(), s.F}, int64(1)
	for i, step := range [Slots]int64{z.G, z.B, z.T, z.K, z.F} {
		if t.walks&(1<<i) != 0 {
			n *= (x[i] + step - 1) / step
			x[i] = step
		}
	}
	return Extent{g: x[0], b: x[1], t: x[2], k: x[3], f: x[4]}, n
}

// FirstTile is a tile of an operand of which all tilings walk over what it depends on, as large as any but for a halo, and how many there are.
func (s *Shape) FirstTile(o Operand, z *Sizes) (first Extent, n int64) {
	x, n := [Slots]int64{s.G, s.B, s.OH, s.KExtent(), s.F}, int64(1)
	whole := true // rows of an image
	for i, step := range [Slots]int64{z.G, z.B, z.T, z.K, z.F} {
		if d := allSlots[i]; step < x[i] && s.Depends(o, d) {
			n *= (x[i] + step - 1) / step
			x[i] = step
			whole = whole && (d != word.DimT || o != Patches)
		}
	}
	return Extent{g: x[0], b: x[1], t: x[2], k: x[3], f: x[4], top: true, bottom: whole}, n
}

// EachTile lists the tiles of an operand by class: sizes are products of one factor a dimension, but for the bands' halo.
func (s *Shape) EachTile(key *Tiles, visit func(t Extent, times int64)) {
	var room [Slots][3]span
	var of [Slots][]span
	for d, extent := range [Slots]int64{s.G, s.B, s.OH, s.KExtent(), s.F} {
		of[d] = spansOf(&room[d], key.Steps[d], extent, allSlots[d] == word.DimT && key.Operand == Patches)
	}
	for _, g := range of[0] {
		for _, b := range of[1] {
			for _, t := range of[2] {
				for _, k := range of[3] {
					for _, f := range of[4] {
						visit(Extent{g: g.size, b: b.size, t: t.size, k: k.size, f: f.size, again: key.Again, top: !t.before, bottom: !t.after}, g.times*b.times*t.times*k.times*f.times)
					}
				}
			}
		}
	}
}

// span is a class of an operand's steps along a dimension: of bands of rows, those with others after or before them are classes of their own.
type span struct {
	size, times   int64
	after, before bool // there are others
}

// spansOf splits an extent into steps.
func spansOf(dst *[3]span, step, extent int64, bands bool) []span {
	n := (extent + step - 1) / step
	edge := extent - (n-1)*step
	out := dst[:0]
	switch {
	case n == 1:
		return append(out, span{size: edge, times: 1})
	case bands:
		out = append(out, span{size: step, times: 1, after: true})
		if n > 2 {
			out = append(out, span{step, n - 2, true, true})
		}
		return append(out, span{size: edge, times: 1, before: true})
	case edge == step:
		return append(out, span{size: step, times: n})
	}
	return append(out, span{size: step, times: n - 1}, span{size: edge, times: 1})
}

// allSlots are the dimensions in the order of their slots.
var allSlots = [...]word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF}

// Slot is the place of a dimension among g, b, t, k, f; -1 for others.
func Slot(d word.Dim) int {
	switch d {
	case word.DimG:
		return 0
	case word.DimB:
		return 1
	case word.DimT:
		return 2
	case word.DimK:
		return 3
	case word.DimF:
		return 4
	case word.DimP: // of passes and updates: no product has it
	}
	return -1
}
