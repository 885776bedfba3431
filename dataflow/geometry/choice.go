package geometry

import (
	"fmt"

	"satsim/arch/word"
	"satsim/internal/diag"
	"satsim/workloads"
)

// Choice is what the scheduler decides for a product: the array's configuration, tile sizes, the order of loops and how far
// out each operand's tile is kept. It is the editable content of a schedule's word.
type Choice struct {
	Mode       word.Mode  `yaml:"mode"`       // os, ws; or OnLanes
	Over       word.Over  `yaml:"over"`       // dimension that is interleaved: f, t
	Interleave int        `yaml:"interleave"` // depth
	Join       Join       `yaml:"join"`       // products of a grouped convolution that are one on the array: g counts those
	Order      []word.Dim `yaml:"order"`      // of the loops, outermost first: a permutation of g, b, t, k, f
	Tile       Sizes      `yaml:"tile"`
	// Levels: the number of loops outside of an operand's tile. A tile spans all loops inside its level.
	West  int `yaml:"west"`
	North int `yaml:"north"`
	Out   int `yaml:"out"`
}

// Array is the configuration that the choice names.
func (c *Choice) Array() (Array, error) {
	a := Array{Interleave: c.Interleave}
	if err := a.Mode.UnmarshalText([]byte(c.Mode)); err != nil {
		return a, diag.Field("mode", err.Error(), "")
	}
	if err := a.Over.UnmarshalText([]byte(c.Over)); err != nil {
		return a, diag.Field("over", err.Error(), "")
	}
	return a, nil
}

// Sizes are the steps of the loops.
type Sizes struct {
	G int64 `yaml:"g"` // independent products
	B int64 `yaml:"b"` // images
	T int64 `yaml:"t"` // output rows of an image (all of them, unless b is 1)
	K int64 `yaml:"k"` // taps of the reduction; channels where there is one tap, or where K is no reduction
	F int64 `yaml:"f"`
}

// Loop returns the step and the extent of a dimension.
func (s *Shape) Loop(d word.Dim, z *Sizes) (step, extent int64) {
	switch d {
	case word.DimG:
		return z.G, s.G
	case word.DimB:
		return z.B, s.B
	case word.DimT:
		return z.T, s.OH
	case word.DimK:
		return z.K, s.KExtent()
	case word.DimF:
		return z.F, s.F
	case word.DimP: // of passes and updates: no product has it
	}
	return 1, 1
}

// KExtent is the length of the K loop: taps where a reduction has several, channels otherwise.
func (s *Shape) KExtent() int64 {
	if s.tapLoop() {
		return s.Taps
	}
	return s.C
}

// tapLoop: a reduction over several taps is split between taps, so that K ascends in the order of the contract.
func (s *Shape) tapLoop() bool { return !s.WU && s.Taps > 1 }

// Operand is one of the three matrices of a product.
type Operand int

const (
	Patches Operand = iota // activations or gradients, gathered
	Weights                // W (FF, BP)
	Result                 // Out (FF, BP), dW (WU)
	Grads                  // dY (WU)
)

// Depends reports whether an operand's tile changes with a loop.
func (s *Shape) Depends(o Operand, d word.Dim) bool {
	switch o {
	case Patches:
		return d != word.DimF && !(d == word.DimK && s.tapLoop())
	case Weights:
		return d == word.DimG || d == word.DimK || d == word.DimF
	case Grads:
		return d != word.DimK
	case Result:
		if s.WU {
			return d == word.DimG || d == word.DimK || d == word.DimF
		}
		return d != word.DimK
	}
	return true
}

// Reduces reports whether a loop walks the reduction.
func (s *Shape) Reduces(d word.Dim) bool {
	if s.WU {
		return d == word.DimB || d == word.DimT
	}
	return d == word.DimK
}

// Sides are the operands that take the west and the north of the array.
func (s *Shape) Sides() (west, north Operand) {
	switch {
	case s.WU:
		return Patches, Grads
	case s.Transposed:
		return Weights, Patches
	default:
		return Patches, Weights
	}
}

// allDims are the loops of a product.
const allDims = "a permutation of g, b, t, k, f"

// Loops are the loops of a choice, those of one trip included.
func (s *Shape) Loops(c *Choice) ([]word.Loop, error) {
	if len(c.Order) != 5 {
		return nil, diag.Field("order", fmt.Sprintf("%d loops", len(c.Order)), allDims)
	}
	var seen [5]bool
	out := make([]word.Loop, 0, 5)
	for _, d := range c.Order {
		if Slot(d) < 0 {
			return nil, diag.Field("order", fmt.Sprintf("loop %q", d), allDims)
		}
		if seen[Slot(d)] {
			return nil, diag.Field("order", fmt.Sprintf("loop %s twice", d), allDims)
		}
		seen[Slot(d)] = true
		step, extent := s.Loop(d, &c.Tile)
		if step < 1 || step > extent {
			return nil, diag.Field("tile."+string(d), fmt.Sprintf("%d is out of range", step), fmt.Sprintf("1 to %d", extent))
		}
		l := word.Loop{Dim: d, Trips: (extent + step - 1) / step, Step: step}
		l.Edge = extent - (l.Trips-1)*step
		out = append(out, l)
	}
	if m := s.cut(); c.Tile.K < s.KExtent() && c.Tile.K%m != 0 {
		return nil, diag.Field("tile.k", fmt.Sprintf("%d cuts a group of %d channels", c.Tile.K, m), fmt.Sprintf("multiples of %d, or all %d", m, s.C))
	}
	if m := s.positionCut(); c.Tile.B < s.B && c.Tile.B%m != 0 {
		return nil, diag.Field("tile.b", fmt.Sprintf("%d cuts a group of %d positions", c.Tile.B, m), fmt.Sprintf("multiples of %d, or all %d", m, s.B))
	}
	if m := s.columnCut(); c.Tile.F < s.F && c.Tile.F%m != 0 {
		return nil, diag.Field("tile.f", fmt.Sprintf("%d cuts a group of %d channels", c.Tile.F, m), fmt.Sprintf("multiples of %d, or all %d", m, s.F))
	}
	if c.Tile.T < s.OH && c.Tile.B > 1 {
		return nil, diag.Field("tile.t", fmt.Sprintf("bands of %d of %d rows in tiles of %d images", c.Tile.T, s.OH, c.Tile.B), fmt.Sprintf("%d, or b: 1", s.OH))
	}
	return out, nil
}

// String is the choice in short: mode, interleaving, tile sizes in the order of the loops.
func (c *Choice) String() string {
	s := fmt.Sprintf("%s %sx%d", c.Mode, c.Over, c.Interleave)
	if c.Mode == OnLanes {
		s = string(c.Mode)
	}
	if !c.Join.IsNone() {
		s += " " + c.Join.String()
	}
	for _, d := range c.Order {
		n := map[word.Dim]int64{word.DimG: c.Tile.G, word.DimB: c.Tile.B, word.DimT: c.Tile.T, word.DimK: c.Tile.K, word.DimF: c.Tile.F}[d]
		s += fmt.Sprintf(" %s%d", d, n)
	}
	return s
}

// natural is the innermost useful level of an operand: its tile does not change in the loops inside.
func (s *Shape) natural(loops []word.Loop, o Operand) int {
	level := 0
	for i, l := range loops {
		if l.Trips > 1 && s.Depends(o, l.Dim) {
			level = i + 1
		}
	}
	if o == Result { // a split reduction keeps its sums
		for i, l := range loops {
			if l.Trips > 1 && s.Reduces(l.Dim) {
				return min(level, i)
			}
		}
	}
	return level
}

// Name of an operand in words.
func (s *Shape) Name(o Operand) string {
	switch o {
	case Patches:
		if s.Stage == workloads.BP || s.Exchanged {
			return "dY"
		}
		return "X"
	case Weights:
		return "W"
	case Grads:
		if s.Exchanged {
			return "X"
		}
		return "dY"
	case Result:
	}
	return [...]string{"Y", "dX", "dW"}[s.Stage]
}
