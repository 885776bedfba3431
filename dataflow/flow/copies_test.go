package flow_test

import (
	"strings"
	"testing"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/flow"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// A step of two convolutions at 2:8, the second strided and of 12 channels. What an update writes is what its readers read. A burst more
// of either, and the weight, both layers with their stages and both figures are named.
func TestCopiesFlow(t *testing.T) {
	g := &network.Graph{
		Name:   "two",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 16}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 16, Kernel: [2]int64{1, 1}},
			{Name: "second", Op: network.Conv, Inputs: []string{"first"}, Channels: 12, Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2}, Pads: [4]int64{1, 1, 1, 1}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for _, pregenerate := range []bool{true, false} {
		p := planned(t, step, dataflow.Options{Pregenerate: pregenerate})
		runs := counted(p)
		if _, err := flow.Check(p, runs); err != nil {
			t.Fatal(err)
		}
		for _, lane := range []word.Lane{word.WriteCopy, word.ReadNorth} {
			for i := range p.Groups {
				g := &p.Groups[i]
				if it := &p.Step.Items[g.Item]; it.Layer != "second" {
					continue
				}
				for si := range g.Word.Streams {
					for oi := range g.Word.Streams[si].Ops {
						o := &g.Word.Streams[si].Ops[oi]
						if o.Lane != lane || o.Operand != "W" || g.Update != nil && !g.Update.Matrix {
							continue
						}
						trips := int64(1) // a tile that is read again and again counts once
						for _, l := range g.Word.Streams[si].Loops[:o.Level] {
							trips *= l.Trips
						}
						o.Variants[0].Work.Bytes += 64 * trips
						_, err := flow.Check(p, runs)
						o.Variants[0].Work.Bytes -= 64 * trips
						if err == nil {
							if !pregenerate && lane == word.ReadNorth {
								continue // both stages read the dense copy, the longer reading decides
							}
							t.Fatalf("%s: 64 bytes more of %s, and nothing is said", g.Label, lane)
						}
						for _, want := range []string{"second.weight is not conserved", "second WU writes copies of ", "second BP", "bytes"} {
							if !strings.Contains(err.Error(), want) {
								t.Errorf("%s: %v; want %q in it", g.Label, err, want)
							}
						}
					}
				}
			}
		}
	}
}

// Late masks prune nothing: a step that finds them writes one of each weight of the small step beside its dense copy, and reads that of the step before for the pull; one that keeps them reads it.
// Without a pull nobody reads what is found before the end.
func TestLateMasksFlow(t *testing.T) {
	for name, c := range map[string]struct {
		decay       float64
		masks       recipe.Refresh
		begin, ends int
	}{
		"found": {1e-4, 10, 0, 0}, "kept": {1e-4, recipe.Never, 2, 0}, "found for nobody": {0, 10, 0, 2},
	} {
		r := recipe.Default()
		r.FF, r.BP.Prune, r.Masks, r.L1Decay, r.Optimiser = recipe.Rule{Prune: recipe.Weights, Mask: recipe.LateMask}, recipe.FFWeights, c.masks, c.decay, recipe.Adam
		p := plannedBy(t, r.Sparsify(nm.Ratio{N: 2, M: 4}), small(t), dataflow.Options{Pregenerate: true, Update: r.Update()})
		got, err := flow.Check(p, counted(p))
		if err != nil {
			t.Fatal(name, err)
		}
		if got.By[flow.Begins] != 2+c.begin || got.By[flow.Ends] != c.ends { // beside images and labels
			t.Errorf("%s: %+v", name, got)
		}
		o, _ := op(t, p, "second", workloads.WU, word.WriteCopy)
		o.Variants[0].Work.Bytes--
		if _, err := flow.Check(p, counted(p)); err == nil || !strings.Contains(err.Error(), "second.weight is not conserved") {
			t.Errorf("%s: a byte of copy or mask stays behind, and %v is said", name, err)
		}
	}
}

// Of the small step's two weights: the first, of 16 x 16, has no BP and so a pruned copy for FF alone; the second, of 9 x 16 x 12, one for each. SR-STE reads
// a mask of each, 32 and 216 bytes, and writes one as long for the next step; a step whose masks are kept writes those of all copies, 32 and 432, and one that
// keeps them reads these. An update that forgets to write them is found.
func TestMasksFlow(t *testing.T) {
	for name, c := range map[string]struct {
		rule        recipe.Update
		fetch       bool // pruned copies are not made beforehand
		bytes       int64
		begin, ends int
	}{
		"sr-ste":              {rule: recipe.Update{SRSTE: true}, bytes: 216},
		"sr-ste, at a fetch":  {rule: recipe.Update{SRSTE: true}, fetch: true, bytes: 216},
		"searched":            {rule: recipe.Update{MasksKept: true}, bytes: 432, ends: 2},
		"searched for sr-ste": {rule: recipe.Update{MasksKept: true, SRSTE: true}, bytes: 432, ends: 1},
		"kept":                {rule: recipe.Update{MasksFixed: true}, begin: 2},
	} {
		p := planned(t, small(t), dataflow.Options{Pregenerate: !c.fetch, Update: c.rule})
		got, err := flow.Check(p, counted(p))
		if err != nil {
			t.Fatal(name, err)
		}
		if got.By[flow.Begins] != 2+c.begin || got.By[flow.Ends] != c.ends { // beside images and labels
			t.Errorf("%s: %+v", name, got)
		}
		if c.bytes == 0 {
			continue
		}
		o, n := op(t, p, "second", workloads.WU, word.WriteCopy)
		if n != 1 {
			t.Fatalf("%s: %d pieces, the case is worked out for one", name, n)
		}
		o.Variants[0].Work.Bytes -= c.bytes
		if _, err := flow.Check(p, counted(p)); err == nil || !strings.Contains(err.Error(), "second.weight is not conserved") {
			t.Errorf("%s: masks stay behind, and %v is said", name, err)
		}
	}
}
