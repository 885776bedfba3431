package geometry

import "satsim/arch/word"

// Tiles names an operand's tiles: their steps in the dimensions g, b, t, k, f, the whole extent where it does not walk.
type Tiles struct {
	Operand Operand
	Steps   [5]int64
}

// TilesOf an operand under loops, levels at their natural places, and how often each is moved: once for every iteration of the loops outside that do not change it.
func (s *Shape) TilesOf(loops *[5]word.Loop, o Operand) (key Tiles, times int64) {
	level := s.natural(loops[:], o)
	key, times = Tiles{Operand: o}, 1
	for i := range loops {
		l := &loops[i]
		slot := Slot(l.Dim)
		key.Steps[slot] = l.Extent()
		if i < level && l.Trips > 1 {
			if s.Depends(o, l.Dim) {
				key.Steps[slot] = l.Step
			} else {
				times *= l.Trips
			}
		}
	}
	return key, times
}

// EachTile lists the tiles of an operand by class: sizes are products of one factor a dimension, but for the bands' halo.
func (s *Shape) EachTile(key *Tiles, visit func(t Extent, times int64)) {
	extents := [5]int64{s.G, s.B, s.OH, s.KExtent(), s.F}
	var x [5]int64
	var walk func(d int, times int64, top, bottom bool)
	walk = func(d int, times int64, top, bottom bool) {
		if d == len(x) {
			visit(Extent{g: x[0], b: x[1], t: x[2], k: x[3], f: x[4], top: top, bottom: bottom}, times)
			return
		}
		step := key.Steps[d]
		n := (extents[d] + step - 1) / step
		edge := extents[d] - (n-1)*step
		switch band := d == 2 && key.Operand == Patches; {
		case n == 1:
			x[d] = edge
			walk(d+1, times, top, bottom)
		case band:
			x[d] = step
			walk(d+1, times, true, false)
			if n > 2 {
				walk(d+1, times*(n-2), false, false)
			}
			x[d] = edge
			walk(d+1, times, false, true)
		case edge == step:
			x[d] = step
			walk(d+1, times*n, top, bottom)
		default:
			x[d] = step
			walk(d+1, times*(n-1), top, bottom)
			x[d] = edge
			walk(d+1, times, top, bottom)
		}
	}
	walk(0, 1, true, true)
}

// Splits reports whether loops split the reduction, so that sums wait.
func (s *Shape) Splits(loops *[5]word.Loop) bool {
	for i := range loops {
		if loops[i].Trips > 1 && s.Reduces(loops[i].Dim) {
			return true
		}
	}
	return false
}

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
