package geometry

import (
	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/internal/diag"
)

// OnLanes is the mode of a choice that gives a product to the vector unit, which leaves the array without work.
const OnLanes word.Mode = "vector"

// Lanable reports whether the vector unit has a program for the product: weight gradients of a depthwise convolution, none of whose operands is pruned.
func (s *Shape) Lanable() bool { return s.WU && s.Joinable() && s.C == 1 && s.F == 1 }

// Laned is the shape on the lanes of the vector unit. A diag.FieldError says why there is none.
func (s *Shape) Laned() (*Shape, error) {
	if !s.Lanable() {
		return nil, diag.Field("mode", "the vector unit has a program for dense weight gradients of depthwise convolutions alone", "os, ws")
	}
	out := *s
	out.Lanes = true
	return &out, nil
}

// As is the shape as a choice takes it: products joined, or on the lanes of the vector unit.
func (s *Shape) As(sp *spec.Spec, c *Choice) (*Shape, error) {
	if c.Mode != OnLanes {
		return s.Joined(&sp.STCE, c.Join)
	}
	switch {
	case c.Over != word.OverF || c.Interleave != 1:
		return nil, diag.Field("interleave", "lanes interleave nothing: they make a sum each at a time", "over: f, interleave: 1")
	case !c.Join.IsNone() || c.Join.Stack != 0:
		return nil, diag.Field("join", "lanes take channels as they are", "none")
	}
	out, err := s.Laned()
	if err != nil {
		return nil, err
	}
	if n := min(c.Tile.G, s.G); !sp.Vector.Holds(s.Taps, n) {
		return nil, diag.Field("tile.g", "the lanes have no accumulators for all taps of so many channels", "fewer")
	}
	return out, nil
}

// Configured is the choice of a tiling and an order in a configuration of whatever takes the shape.
func (s *Shape) Configured(a Array, order []word.Dim, z Sizes) Choice {
	if s.Lanes {
		return Choice{Mode: OnLanes, Over: word.OverF, Interleave: 1, Order: order, Tile: z}
	}
	return Choice{Mode: word.Mode(a.Mode.String()), Over: word.Over(a.Over.String()), Interleave: a.Interleave, Join: s.Join, Order: order, Tile: z}
}

// Work is a tile as the unit that takes the product sees it: the array, or the vector unit, which takes the channels of a tile together.
func (s *Shape) Work(e Extent, first, last bool) word.Work {
	if !s.Lanes {
		return s.ArrayWork(e, first, last)
	}
	return word.Work{Rows: e.b * e.t * s.OW, Taps: s.Taps, Channels: e.g, Resume: !first, Spill: true}
}

// LanesLeast is for how many cycles a product takes the vector unit at the least, in tiles of so many channels: the waves of all positions.
func (s *Shape) LanesLeast(p *vector.Params, channels int64) int64 {
	return s.positions() * (s.G/channels*p.Waves(s.Taps, channels) + p.Waves(s.Taps, s.G%channels))
}

// LanesFeed is by how much the buffers stretch what lanes do on a tile of so many channels. A wave wants an input and a gradient a lane: neighbouring channels of a
// position, at one tap, whose words lie in banks side by side.
func (s *Shape) LanesFeed(sp *spec.Spec, channels int64) buffer.Fraction {
	lanes, b := int64(sp.Vector.Lanes), &sp.Buffers
	word := int64(b.West.WordBits / 16)
	most := int64(1)
	for lo := int64(0); lo < channels; lo += lanes {
		words := (min(lo+lanes, channels)-1)/word - lo/word + 1
		most = max(most, (words+int64(b.West.Banks)-1)/int64(b.West.Banks))
	}
	return buffer.Larger(buffer.Fraction{Num: most, Den: 1}, b.North.Slow(buffer.Fraction{Num: 16 * min(lanes, channels), Den: 1}))
}
