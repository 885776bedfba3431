package geometry

import (
	"math"
	"testing"

	"satsim/arch/buffer"
	"satsim/arch/fp"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/internal/nm"
)

// demand is what the array asks of a buffer, in bits a cycle: by how much one of a single bit, beside ample ones, is too slow.
func demand(p stce.Params, s *Shape, a Array, of func(*buffer.Params) *buffer.Geometry) float64 {
	ample := buffer.Geometry{Banks: 1 << 20, WordBits: 64}
	var sp spec.Spec
	sp.STCE, sp.Buffers = p, buffer.Params{West: ample, North: ample, Output: ample}
	*of(&sp.Buffers) = buffer.Geometry{Banks: 1, WordBits: 1}
	r := s.FeedWith(&sp, a, 1)
	return float64(r.Num) / float64(r.Den)
}

// By hand, 4 rows and columns, 2 outputs interleaved, 1:8, and links of 2 operands a cycle. Over T the two groups of 8 are 8 cycles on the link, for two slots:
// in 8 cycles a row takes 16 operands, so 4 rows want 4 * 16 * 16 / 8 = 128 bits a cycle, which is what their links can move; a column takes a weight, of 16 bits and a place
// of 3, so 4 columns want 4 * 19 / 8 bits. Over F a group of 8 is 4 cycles on the link: again 128 bits, and two weights in 4 cycles.
func TestLinksLimitWhatTheArrayAsksFor(t *testing.T) {
	p := stce.Params{Rows: 4, Cols: 4, AddLatency: 1, MaxN: 1, MaxM: 8, MaxInterleave: 2, LinkWidth: 2}
	west := func(b *buffer.Params) *buffer.Geometry { return &b.West }
	north := func(b *buffer.Params) *buffer.Geometry { return &b.North }
	s := &Shape{Ratio: nm.Ratio{N: 1, M: 8}}
	for _, c := range []struct {
		over stce.Over
		of   func(*buffer.Params) *buffer.Geometry
		want float64
	}{{stce.OverT, west, 128}, {stce.OverF, west, 128}, {stce.OverT, north, 9.5}, {stce.OverF, north, 38}} {
		if got := demand(p, s, Array{Mode: stce.OS, Over: c.over, Interleave: 2}, c.of); got != c.want {
			t.Errorf("over %v: %g bits a cycle, want %g", c.over, got, c.want)
		}
	}
}

// By hand, a group of 4 channels of which 2 are kept, one output an element: 2 slots a group. In memory's order a group is one access of its row's bank; in an order that was searched for each of its 4 channels is one,
// so that it lasts 4 cycles for 2. Over 8 outputs a group has 16 slots, and both wait for nothing.
func TestChannelsInAnOrderAreReadOneByOne(t *testing.T) {
	sp := spec.Spec{Arch: spec.DefaultArch()}
	sp.STCE = stce.Params{Rows: 4, Cols: 4, AddLatency: 1, MaxN: 2, MaxM: 4, MaxInterleave: 8, LinkWidth: 4}
	for _, c := range []struct {
		permuted bool
		deep     int
		want     float64
	}{{false, 1, 1}, {true, 1, 2}, {false, 8, 1}, {true, 8, 1}} {
		s := &Shape{Ratio: nm.Ratio{N: 2, M: 4}, Permuted: c.permuted}
		got := s.FeedWith(&sp, Array{Mode: stce.OS, Over: stce.OverF, Interleave: c.deep}, 1)
		if x := max(float64(got.Num)/float64(got.Den), 1); x != c.want {
			t.Errorf("permuted %v, %d deep: stretched %g times, want %g", c.permuted, c.deep, x, c.want)
		}
		if s.Takes(Array{Mode: stce.WS}) == c.permuted {
			t.Errorf("permuted %v: weight stationary is taken the other way", c.permuted)
		}
	}
}

// TestArrayAsksForWhatItReads: the rates are those at which the array's closed form reads operands and weights in a long fold, whichever of link and slots is
// slower. The fold's own start and end are within three percent of it.
func TestArrayAsksForWhatItReads(t *testing.T) {
	for _, link := range []int{1, 2, 4, 16, 64} {
		for _, r := range []nm.Ratio{{N: 1, M: 1}, {N: 1, M: 8}, {N: 2, M: 8}, {N: 8, M: 16}, {N: 1, M: 16}} {
			for over := stce.OverF; over <= stce.OverT; over++ {
				p := stce.Params{Rows: 4, Cols: 4, MulLatency: 1, AddLatency: 2, MaxN: 8, MaxM: 16, MaxInterleave: 4, LinkWidth: link, Subnormals: fp.Flush}
				a := Array{Mode: stce.OS, Over: over, Interleave: 4}
				tile := stce.Tile{Config: stce.Config{Mode: stce.OS, Over: over, Interleave: 4, Ratio: r}, Rows: 4, Cols: 4, Taps: 1, Channels: int64(4096 * r.M)}
				if over == stce.OverF {
					tile.Cols *= 4
				} else {
					tile.Rows *= 4
				}
				s := &Shape{Ratio: r}
				cost := p.Tile(tile)
				operands := cost.Counts[stce.GroupWrites] / 4 // all of them pass four columns
				for what, bits := range map[string][2]float64{
					"west":  {16 * float64(operands), demand(p, s, a, func(b *buffer.Params) *buffer.Geometry { return &b.West })},
					"north": {float64(16+r.IndexBits()) * float64(cost.Counts[stce.NorthWords]), demand(p, s, a, func(b *buffer.Params) *buffer.Geometry { return &b.North })},
				} {
					if read := bits[0] / float64(cost.Cycles); math.Abs(read/bits[1]-1) > 0.03 {
						t.Errorf("%v over %v, links of %d: %s reads %.1f bits a cycle, and asks for %.1f", r, over, link, what, read, bits[1])
					}
				}
			}
		}
	}
}
