package dataflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// written is the bytes that the update of a weight writes to memory as copies, and what SORE and WUVE leave for it on chip, both without the mask for the search of an order.
func written(p *dataflow.Plan, weight string) (bytes, reserved int64) {
	for i := range p.Groups {
		g := &p.Groups[i]
		if g.Weight != weight {
			continue
		}
		for _, s := range g.Word.Streams {
			for oi, times := range s.Count() {
				for v, n := range times {
					w := &s.Ops[oi].Variants[v].Work
					switch lane := s.Ops[oi].Lane; {
					case lane == word.WriteCopy:
						bytes += n * w.Bytes
					case (lane == word.Prune || lane == word.VectorOut) && s.Ops[oi].Out[0].Buffer == word.Copies:
						reserved += n * w.Space[0]
						if g.Update.Rule.Orders { // FF's mask beside each piece, for the search of an order
							mask := n * nm.Bit.Bytes(w.Channels/g.Update.Sorted())
							bytes, reserved = bytes-mask, reserved-mask
						}
					}
				}
			}
		}
	}
	return bytes, reserved
}

// once is the bytes of a product's weights, each distinct tile read once: a walk over all tiles, element by element.
func (n *nest) once() (bytes int64) {
	level := n.c.North
	if n.p.Sparse.Operand == workloads.West {
		level = n.c.West
	}
	seen := map[string]bool{}
	n.tiles(level, func(at map[word.Dim]span) {
		if key := fmt.Sprint(at[word.DimG], at[word.DimK], at[word.DimF]); !seen[key] {
			seen[key] = true
			bytes += n.weights(at, n.compressed)
		}
	})
	return bytes
}

// What an update writes is what the readers of the weight read when they read every tile once: a pruned copy for FF, one for BP, and a
// dense one for whoever reads no pruned one, as long as the longer of the two; of a transposable mask one pruned copy, likewise. In whatever pieces it is made, and whichever group is given
// its words first.
func TestCopiesAreWhatTheirReadersRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		groups := products(p)
		want := map[string]*[3]int64{} // of FF, BP; and dense, FF's
		dense := map[string]int64{}    // BP's
		chosen := true
		for _, i := range rapid.Permutation(indices(len(groups))).Draw(t, "order") {
			chosen = choose(t, p, groups[i], randomChoice(t, p, groups[i].Shape)) && chosen
		}
		if !chosen {
			t.Skip("a tile does not fit")
		}
		for _, g := range groups {
			if g.Product.North.Role != workloads.Weight || slices.ContainsFunc(p.Step.Frozen, func(t workloads.Tensor) bool { return t.Name == g.Product.North.Name }) {
				continue
			}
			n, name := newNest(g.Product, g.Choice, p.Options.Pregenerate), g.Product.North.Name
			if want[name] == nil {
				want[name] = &[3]int64{}
			}
			switch {
			case n.compressed:
				want[name][g.Product.Stage] += n.once()
			case g.Product.Stage == workloads.FF:
				want[name][2] += n.once()
			default:
				dense[name] += n.once()
			}
		}
		for name, w := range want {
			sum := w[0] + w[1] + max(w[2], dense[name])
			if p.Pruned.Of(name).Search != nm.TopN {
				sum = max(w[0], w[1]) + max(w[2], dense[name])
			}
			got, reserved := written(p, name)
			if got != sum {
				t.Errorf("%s: %d bytes of copies written, its readers read %v, and %d dense in BP", name, got, *w, dense[name])
			}
			if reserved != 0 && reserved != got {
				t.Errorf("%s: SORE or the vector unit leaves %d bytes, %d are written", name, reserved, got)
			}
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// A weight's pruned copies at 2:8, worked out by hand. A kept value has 16 bits and an index of 3.
//
//	512 -> 10  FF: 10 columns of 512 channels, 64 groups of 8, 2 kept of each: 10*128*19 = 24,320 bits = 3,040 bytes, padded to 3,072.
//	           BP: 512 rows of 10 channels, a group of 8 and one of 2, 2 kept of each: 512*4*19 = 38,912 bits = 4,864 bytes, 76 * 64.
//	           (Of all 5,120 weights a quarter would be 1,280, and 3,072 bytes.)
//	12 -> 12   3x3: 9 taps of 12 columns, and of 12 rows, of 12 channels, a group of 8 and one of 4, 2 kept of each: 108*4*19 = 8,208 bits
//	           = 1,026 bytes, padded to 1,088, both ways: 2,176. (A quarter of 1,296 would be 324, and 832 bytes each.)
//	12 -> 12   in FF tiles of 5 columns, 5, 5 and 2: 9*5*4*19 = 3,420 bits = 427.5 bytes, padded to 448, twice; 9*2*4*19 = 1,368 bits = 171
//	           bytes, padded to 192. 1,088 of FF, as before. In tiles of 4 columns: 3 * (2,736 bits = 342 bytes, padded to 384) = 1,152.
func TestCopiesByHand(t *testing.T) {
	conv := network.Node{Op: network.Conv, Channels: 12, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}}
	for name, c := range map[string]struct {
		images  network.Shape
		node    network.Node
		columns int64 // of a tile in FF; 0: all
		want    int64
	}{
		"FC":               {network.Shape{2, 512}, network.Node{Op: network.Linear, Channels: 10}, 0, 3072 + 4864},
		"conv":             {network.Shape{2, 4, 4, 12}, conv, 0, 1088 + 1088},
		"conv in fives":    {network.Shape{2, 4, 4, 12}, conv, 5, 1088 + 1088},
		"conv in quarters": {network.Shape{2, 4, 4, 12}, conv, 4, 1152 + 1088},
	} {
		p := layer(t, c.images, c.node, nm.Ratio{N: 2, M: 8})
		for _, pieces := range []int64{1 << 20, 12 << 10, 4 << 10} { // bytes of the update's buffers: one piece, or several
			p.Spec.Buffers.Update.Capacity = quantity.Bytes(pieces)
			for _, g := range products(p) {
				it := &p.Step.Items[g.Item]
				if it.Layer != "n" {
					continue
				}
				z := g.Shape.Whole()
				if it.Stage == workloads.FF && c.columns > 0 {
					z.F = c.columns
				}
				choice := os("f", 1, z)
				if err := g.Shape.Complete(&choice); err != nil {
					t.Fatal(err)
				}
				if !choose(t, p, g, choice) {
					t.Fatalf("%s does not fit", g.Label)
				}
			}
			if got, _ := written(p, "n.weight"); got != c.want {
				t.Errorf("%s: %d bytes of copies written, want %d", name, got, c.want)
			}
		}
	}
}

// A reader's tiles may be changed after its weight's update has words: these follow. What the update cannot follow is refused, and all
// stays as it was.
func TestAnUpdateFollowsItsReaders(t *testing.T) {
	p := layer(t, network.Shape{2, 4, 4, 12}, network.Node{Op: network.Conv, Channels: 12, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}}, nm.Ratio{N: 2, M: 8})
	var ff, wu *dataflow.Group
	for _, g := range products(p) {
		c := os("f", 1, g.Shape.Whole())
		if err := g.Shape.Complete(&c); err != nil || !choose(t, p, g, c) {
			t.Fatal(err)
		}
		if it := &p.Step.Items[g.Item]; it.Layer == "n" && it.Stage == workloads.FF {
			ff = g
		} else if it.Layer == "n" && it.Stage == workloads.WU {
			wu = g
		}
	}
	c := *ff.Choice
	c.Tile.F = 4
	if err := ff.Shape.Complete(&c); err != nil || !choose(t, p, ff, c) {
		t.Fatal(err)
	}
	if got, _ := written(p, "n.weight"); got != 1152+1088 {
		t.Errorf("%d bytes of copies written, want %d", got, 1152+1088)
	}
	p.Spec.Buffers.Output.Capacity = 64 // where dW waits
	before := [2]string{string(ff.Word.AppendKey(nil)), string(wu.Word.AppendKey(nil))}
	c.Tile.F, c.Tile.B, c.Tile.T = 1, 1, 1
	if err := ff.Shape.Complete(&c); err != nil {
		t.Fatal(err)
	}
	if err := p.Choose(ff, c); err == nil {
		t.Error("the update's tile fits no more, and nothing was said")
	}
	if after := [2]string{string(ff.Word.AppendKey(nil)), string(wu.Word.AppendKey(nil))}; after != before || ff.Choice.Tile.F != 4 {
		t.Error("a choice that was refused left something behind")
	}
}

// A linear layer of 256 x 256 = 65,536 weights, both copies at 2:8: 256 runs of 32 groups, 2 kept of each, 19 bits: 38,912 bytes = 608 * 64
// each way. Beside them, by the weight: master weight 4 in and 4 out, state (momentum 4, adam 8) both ways; SR-STE's mask a bit in
// and a bit out, for the next update; masks of both copies, where they stay, a bit each in, and out in the step that searches them. So momentum moves 17.1875 bytes a weight. The gradient is on chip.
func TestBytesOfAnUpdateByHand(t *testing.T) {
	const n, copies = 65536, 2 * 38912
	for name, c := range map[string]struct {
		rule          func(*recipe.Update)
		reads, writes int64
	}{
		"sgd":      {func(u *recipe.Update) { u.Optimiser, u.StateBytes = recipe.SGD, 0 }, 4 * n, 4*n + copies},
		"momentum": {func(*recipe.Update) {}, 8 * n, 8*n + copies},
		"adam":     {func(u *recipe.Update) { u.Optimiser, u.StateBytes = recipe.Adam, 8 }, 12 * n, 12*n + copies},
		"sr-ste":   {func(u *recipe.Update) { u.SRSTE = true }, 8*n + n/8, 8*n + copies + n/8},
		"searched": {func(u *recipe.Update) { u.MasksKept = true }, 8 * n, 8*n + copies + n/4},
		"fixed":    {func(u *recipe.Update) { u.MasksFixed = true }, 8*n + n/4, 8*n + copies},
		"both":     {func(u *recipe.Update) { u.SRSTE, u.MasksKept = true, true }, 8*n + n/8, 8*n + copies + n/4}, // FF's is one of the two
		"neither":  {func(u *recipe.Update) { u.SRSTE, u.MasksFixed = true, true }, 8*n + n/4, 8*n + copies},
	} {
		p := layer(t, network.Shape{2, 256}, network.Node{Op: network.Linear, Channels: 256}, nm.Ratio{N: 2, M: 8})
		p.Spec.Buffers.Update.Capacity = 4 << 20 // all in one piece: masks of each are whole bytes
		rule := recipe.Default().Update()
		c.rule(&rule)
		p, err := dataflow.New(p.Step, p.Spec, dataflow.Options{Pregenerate: true, Update: rule})
		if err != nil {
			t.Fatal(err)
		}
		var reads, writes int64
		for _, g := range products(p) {
			it := &p.Step.Items[g.Item]
			if it.Layer != "n" {
				continue
			}
			choice := os("f", 1, g.Shape.Whole())
			if err := g.Shape.Complete(&choice); err != nil || !choose(t, p, g, choice) {
				t.Fatal(g.Label, err)
			}
			eachWork(g, func(lane word.Lane, w *word.Work, k int64) {
				switch lane {
				case word.ReadState:
					reads += k * w.Bytes
				case word.WriteState, word.WriteCopy:
					writes += k * w.Bytes
				}
			})
		}
		if reads != c.reads || writes != c.writes {
			t.Errorf("%s: reads %d, writes %d; want %d and %d", name, reads, writes, c.reads, c.writes)
		}
	}
}

// eachWork visits the work of a group's words with how often each is done.
func eachWork(g *dataflow.Group, visit func(lane word.Lane, w *word.Work, times int64)) {
	for _, s := range g.Word.Streams {
		for oi, times := range s.Count() {
			for v, k := range times {
				visit(s.Ops[oi].Lane, &s.Ops[oi].Variants[v].Work, k)
			}
		}
	}
}

// The same layer with a transposable mask has one copy, 38,912 bytes, which both products read, and one mask, 8,192. In the step that searches them the vector unit
// looks at 16 places a weight twice, at 2:8: a select and a compare. SORE has nothing to do.
func TestATransposableMaskHasOneCopy(t *testing.T) {
	const n, copy = 65536, 38912
	for name, c := range map[string]struct {
		rule          func(*recipe.Update)
		reads, writes int64
		looks         int64
	}{
		"every step": {func(*recipe.Update) {}, 8 * n, 8*n + copy, 32 * n},
		"searched":   {func(u *recipe.Update) { u.MasksKept = true }, 8 * n, 8*n + copy + n/8, 32 * n},
		"kept":       {func(u *recipe.Update) { u.MasksFixed = true }, 8*n + n/8, 8*n + copy, 0},
		"with decay": {func(u *recipe.Update) { u.SRSTE = true }, 8*n + n/8, 8*n + copy + n/8, 32 * n},
		"both":       {func(u *recipe.Update) { u.SRSTE, u.MasksFixed = true, true }, 8*n + n/8, 8*n + copy, 0},
	} {
		rule := recipe.Default().Update()
		c.rule(&rule)
		p := layer(t, network.Shape{2, 256}, network.Node{Op: network.Linear, Channels: 256}, nm.Dense)
		p.Spec.Buffers.Update.Capacity = 4 << 20
		r := recipe.Default()
		r.FF, r.BP.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Transposable}, recipe.FFWeights
		step, err := r.Sparsify(nm.Ratio{N: 2, M: 8}).Apply(*p.Step)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dataflow.New(&step, p.Spec, dataflow.Options{Update: rule}); err == nil || !strings.Contains(err.Error(), "dataflow.pregenerat") {
			t.Errorf("SORE finds no transposable masks at a fetch: %v", err)
		}
		if p, err = dataflow.New(&step, p.Spec, dataflow.Options{Pregenerate: true, Update: rule}); err != nil {
			t.Fatal(err)
		}
		var reads, writes, looks, north int64
		for _, g := range products(p) {
			if p.Step.Items[g.Item].Layer != "n" {
				continue
			}
			choice := os("f", 1, g.Shape.Whole())
			if err := g.Shape.Complete(&choice); err != nil || !choose(t, p, g, choice) {
				t.Fatal(g.Label, err)
			}
			eachWork(g, func(lane word.Lane, w *word.Work, k int64) {
				switch lane {
				case word.ReadState:
					reads += k * w.Bytes
				case word.WriteState, word.WriteCopy:
					writes += k * w.Bytes
				case word.VectorOut:
					for _, part := range w.Parts {
						looks += k * part.Elements
					}
				case word.ReadNorth:
					if g.Shape.Stage != workloads.WU {
						north += k * w.Bytes
					}
				case word.Prune:
					t.Errorf("%s: %s is sorted", name, g.Label)
				}
			})
		}
		if reads != c.reads || writes != c.writes || looks != c.looks || north != 2*copy {
			t.Errorf("%s: reads %d, writes %d, looks at %d, products read %d; want %d, %d, %d and %d", name, reads, writes, looks, north, c.reads, c.writes, c.looks, 2*copy)
		}
	}
}
