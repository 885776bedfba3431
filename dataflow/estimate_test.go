package dataflow_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
)

// For tiles of any size in any order: the bytes that the estimator predicts are those of the words, operand by operand, the array's cycles
// too, and what it says fits does.
func TestTheEstimatorEqualsTheWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		e, err := dataflow.NewEstimator(&p.Spec, !p.Options.Pregenerate)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range products(p) {
			a := rapid.SampledFrom(dataflow.Arrays(p.Spec.STCE, true)).Draw(t, "array")
			c := dataflow.Choice{
				Mode: word.Mode(a.Mode.String()), Over: word.Over(a.Over.String()), Interleave: a.Interleave, Tile: randomSizes(t, g.Shape),
				Order: rapid.Permutation([]word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF}).Draw(t, "order"),
			}
			if err := g.Shape.Complete(&c); err != nil {
				t.Fatal(err)
			}
			x := e.Traffic(g, &c.Tile, c.Order)
			if !choose(t, p, g, c) {
				if x.Fits {
					t.Fatalf("%s %v: the estimator says that it fits", g.Label, &c)
				}
				continue
			}
			want := [3]int64{count(g, word.ReadWest, bytesOf), count(g, word.ReadNorth, bytesOf), count(g, word.WriteOut, bytesOf) + count(g, word.ReadPass, bytesOf)}
			if got := [3]int64{x.West, x.North, x.Out}; got != want {
				t.Errorf("%s %v: %d bytes west, north and out; the words have %d", g.Label, &c, got, want)
			}
			cfg, err := stce.ConfigOf(g.Word.Array)
			if err != nil {
				t.Fatal(err)
			}
			busy := count(g, word.Array, func(w *word.Work) int64 {
				cost, stretch := p.Spec.STCE.WorkCost(cfg, w)
				return cost.Cycles + stretch
			})
			cycles, ok := e.Array(g, &c.Tile, a, math.MaxInt64)
			if !ok || cycles != busy {
				t.Errorf("%s %v: array busy for %d cycles; the words say %d", g.Label, &c, cycles, busy)
			}
			if least := g.Shape.Floor(&p.Spec.STCE); cycles < least {
				t.Errorf("%s %v: %d cycles, fewer than the floor of %d", g.Label, &c, cycles, least)
			}
			if _, ok := e.Array(g, &c.Tile, a, cycles); ok {
				t.Errorf("%s %v: %d cycles are within a limit of as many", g.Label, &c, cycles)
			}
			if n, ok := e.Array(g, &c.Tile, a, cycles+1); !ok || n != cycles {
				t.Errorf("%s %v: %d cycles are given up under a limit of one more", g.Label, &c, cycles)
			}
			for _, s := range g.Word.Streams {
				for oi := range s.Ops {
					o := &s.Ops[oi]
					for k, end := range o.Out {
						for v := range o.Variants {
							if n := o.Variants[v].Work.Space[k]; n > p.Spec.Buffers.Capacity(end.Buffer) {
								t.Errorf("%s %v: %d bytes in the %s buffer", g.Label, &c, n, end.Buffer)
							}
						}
					}
				}
			}
		}
	})
}
