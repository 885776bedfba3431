package dataflow_test

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/word"
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
			macs := count(g, word.Array, func(w *word.Work) int64 { return w.Repeat * w.Rows * w.Cols * w.Taps * w.Channels })
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
			if n := count(g, word.ReadPass, bytesOf); n < g.Path.Reads || n > g.Path.Reads+want.outTiles {
				t.Errorf("%s %v: %d bytes read by the output path, want %d, rounded up a tile", g.Label, &c, n, g.Path.Reads)
			}
			for i, part := range g.Path.Parts {
				n := count(g, word.VectorOut, func(w *word.Work) int64 { return w.Parts[i].Elements })
				if n != part.Elements {
					t.Errorf("%s %v: %d elements of %s, want %d", g.Label, &c, n, part.Kind, part.Elements)
				}
			}
		}
	})
}
