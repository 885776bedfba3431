package dataflow_test

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
)

// Words of random products under random choices, in any order of loops and kept at any level: what they count equals a walk over
// every tile, and their MACs are the product's.
func TestWordsCountWhatAWalkOverTheTilesFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		for _, g := range products(p) {
			c := randomChoice(t, p, g.Shape)
			if !choose(t, p, g, c) {
				continue
			}
			want := newNest(g.Product, &c, p.Options.Pregenerate).traffic()
			if want.west < want.exactWest || want.north < want.exactNorth {
				t.Fatalf("%s %v: fewer bytes than positions that are read", g.Label, &c)
			}
			if n := count(g, word.ReadWest, bytesOf); n != want.west {
				t.Errorf("%s %v %+v: %d bytes west, want %d", g.Label, &c, c, n, want.west)
			}
			if n := count(g, word.ReadNorth, bytesOf); n != want.north {
				t.Errorf("%s %v %+v: %d bytes north, want %d", g.Label, &c, c, n, want.north)
			}
			if g.Shape.PrunesGrads() { // each is sorted as often as it is fetched
				if n := count(g, word.Prune, func(w *word.Work) int64 { return w.Repeat * w.Channels }); 2*n != g.Product.Sparse.Sorts()*want.north {
					t.Errorf("%s %v: %d elements sorted of %d bytes", g.Label, &c, n, want.north)
				}
			}
			normalised := count(g, word.Normalise, func(w *word.Work) int64 { return w.Repeat * w.Channels })
			if n := g.Product.Norm; n == nil && normalised != 0 || n != nil && 2*normalised != want.west { // each element as often as it is fetched
				t.Errorf("%s %v: %d elements normalised of %d bytes", g.Label, &c, normalised, want.west)
			}
			macs := count(g, word.Array, func(w *word.Work) int64 { return w.Repeat * w.Rows * w.Cols * w.Taps * w.Channels })
			macs += count(g, word.VectorOut, func(w *word.Work) int64 { return w.Rows * w.Taps * w.Channels })
			if !c.Join.IsNone() { // each column keeps its own product's, and of rows its own block's count
				macs /= c.Join.Side * max(c.Join.Stack, 1)
			}
			if g.Product.Sparse.Held { // a column for each place that it keeps
				macs /= int64(g.Product.Sparse.Ratio.N)
			}
			if macs != g.Product.MACs() {
				t.Errorf("%s %v: %d MACs, want %d", g.Label, &c, macs, g.Product.MACs())
			}
			if g.Update != nil {
				n := int64(0)
				for si, s := range g.Word.Streams {
					for oi, times := range s.Count() {
						for v, k := range times {
							if si > 0 && s.Ops[oi].Lane == word.Update {
								n += k * s.Ops[oi].Variants[v].Work.Elements
							}
						}
					}
				}
				if n != g.Product.Out.Elements {
					t.Errorf("%s %v: %d parameters updated, want %d", g.Label, &c, n, g.Product.Out.Elements)
				}
				continue
			}
			written := count(g, word.WriteOut, bytesOf)
			if beside := written - want.out; beside < g.Path.Writes || beside > g.Path.Writes+want.outTiles {
				t.Errorf("%s %v: %d bytes out, want %d and %d beside them, rounded up a tile", g.Label, &c, written, want.out, g.Path.Writes)
			}
			if n := count(g, word.ReadPass, bytesOf) - 12*g.Shape.Norm.Channels; n < g.Path.Reads || n > g.Path.Reads+want.outTiles {
				t.Errorf("%s %v: %d bytes read by the output path, want %d, rounded up a tile", g.Label, &c, n, g.Path.Reads)
			}
			for i, part := range g.Path.Parts {
				n := count(g, word.VectorOut, func(w *word.Work) int64 {
					if w.Taps > 0 { // the product
						return 0
					}
					return w.Parts[i].Elements
				})
				if n != part.Elements {
					t.Errorf("%s %v: %d elements of %s, want %d", g.Label, &c, n, part.Kind, part.Elements)
				}
			}
		}
	})
}

// Two positions of a phase of a strided BP are a stride apart in dX, whichever phase it is: they are written one by one, 8 channels of two
// bytes. So is the one phase of a 1x1 convolution of stride 2, beside which zeros are filled in. Without a stride dX is written whole: 2
// images of 6 x 6 positions.
func TestPhasesAreWrittenPositionByPosition(t *testing.T) {
	for name, c := range map[string]struct {
		kernel, stride, run int64
	}{"3x3": {3, 2, 16}, "1x1": {1, 2, 16}, "whole": {3, 1, 2 * 6 * 6 * 16}} {
		p := layer(t, network.Shape{2, 6, 6, 8}, network.Node{
			Op: network.Conv, Channels: 4, Kernel: [2]int64{c.kernel, c.kernel}, Stride: [2]int64{c.stride, c.stride}, Pads: [4]int64{c.kernel / 2, c.kernel / 2, c.kernel / 2, c.kernel / 2},
		}, nm.Dense)
		for _, g := range products(p) {
			if it := &p.Step.Items[g.Item]; it.Layer != "n" || it.Stage != workloads.BP {
				continue
			}
			whole := geometry.Choice{Mode: "os", Over: "f", Interleave: 1, Order: geometry.Orders()[0], Tile: g.Shape.Whole()}
			if !choose(t, p, g, whole) {
				t.Fatalf("%s: %s does not fit", name, g.Label)
			}
			if n := count(g, word.WriteOut, func(w *word.Work) int64 { return w.Run }); n != c.run {
				t.Errorf("%s: %s is written in runs of %d bytes, want %d", name, g.Label, n, c.run)
			}
		}
	}
}
