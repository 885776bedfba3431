package dataflow_test

import (
	"testing"

	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// The examples run on an array of 2 x 2, multiplier 1 and adder 2 cycles, links of 2 operands a cycle, and buffers that never stretch it.
// From package stce's text, for OS: I_e outputs a PE, rounds of P = max(I_e, 2) cycles, S kept weights an output.
//
//	a fold issues for        (S-1)*P + I_e cycles, and the next begins right after it
//	the last fold ends       at L + 1 + 2 + 1 + 2*I_e + 1, where L = (S-1)*P is when its last round begins: multiplier, adder, the
//	                         second row, 2*I_e results that leave a column one a cycle, the second column
//	a tile begins            when the first group of M operands is on the link, ceil(M/2) - 1 cycles
//	and, when it resumes     when 2*I_e FP32 values are in; the next fold's follow from 2 cycles after the fold's first slot
func exampleMachine() dataflow.Plan {
	s := machine(2, 2, 1<<20)
	s.STCE.MulLatency, s.STCE.AddLatency, s.STCE.MaxInterleave, s.STCE.LinkWidth = 1, 2, 2, 2
	return dataflow.Plan{Spec: s}
}

// example is what is worked out by hand of one product.
type example struct {
	choice           geometry.Choice
	macs             int64 // of the dense product
	tiles, folds     int64
	cycles           int64 // of the array
	west, north, out int64 // bytes
}

// layer is the step of a network whose second layer is n: images -> first -> n -> loss.
func layer(t *testing.T, images network.Shape, n network.Node, ratio nm.Ratio) *dataflow.Plan {
	t.Helper()
	n.Name, n.Inputs = "n", []string{"first"}
	first := network.Node{Name: "first", Op: network.Linear, Inputs: []string{"images"}, Channels: images[len(images)-1]}
	if n.Op == network.Conv {
		first.Op, first.Kernel = network.Conv, [2]int64{1, 1}
	}
	g := &network.Graph{
		Name: "example", Inputs: []network.Input{{Name: "images", Shape: images}},
		Nodes: []network.Node{first, n, {Name: "loss", Op: network.Loss, Inputs: []string{"n"}}},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	if step, err = r.Sparsify(ratio).Apply(step); err != nil {
		t.Fatal(err)
	}
	m := exampleMachine()
	p, err := dataflow.New(&step, m.Spec, dataflow.Options{Interleave: true, Pregenerate: true, Update: r.Update()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wantExamples compares the products of layer n in a stage with examples.
func wantExamples(t *testing.T, p *dataflow.Plan, stage workloads.Stage, want ...example) {
	t.Helper()
	for _, g := range products(p) {
		if it := &p.Step.Items[g.Item]; it.Layer != "n" || it.Stage != stage {
			continue
		}
		if len(want) == 0 {
			t.Fatalf("%s is one product too many", g.Label)
		}
		w := want[0]
		want = want[1:]
		if err := g.Shape.Complete(&w.choice); err != nil {
			t.Fatal(err)
		}
		if !choose(t, p, g, w.choice) {
			t.Fatalf("%s does not fit", g.Label)
		}
		cfg, err := stce.ConfigOf(g.Word.Array)
		if err != nil {
			t.Fatal(err)
		}
		sum := func(f func(*word.Work) int64) int64 { return count(g, word.Array, f) }
		got := example{
			choice: w.choice,
			macs:   sum(func(w *word.Work) int64 { return w.Repeat * w.Rows * w.Cols * w.Taps * w.Channels }),
			tiles:  sum(func(w *word.Work) int64 { return w.Repeat }),
			folds: sum(func(w *word.Work) int64 {
				t, n := p.Spec.STCE.TileOf(cfg, w)
				return n * p.Spec.STCE.FoldCount(t)
			}),
			cycles: sum(func(w *word.Work) int64 {
				cost, stretch := p.Spec.STCE.WorkCost(cfg, w)
				return cost.Cycles + stretch
			}),
			west: count(g, word.ReadWest, bytesOf), north: count(g, word.ReadNorth, bytesOf), out: count(g, word.WriteOut, bytesOf),
		}
		got.choice.Order, w.choice.Order = nil, nil
		if got.macs != w.macs || got.tiles != w.tiles || got.folds != w.folds || got.cycles != w.cycles || got.west != w.west || got.north != w.north || got.out != w.out {
			t.Errorf("%s: %+v\nwant %+v", g.Label, got, w)
		}
	}
	if len(want) > 0 {
		t.Errorf("%d products are missing", len(want))
	}
}

// os is output stationary, over F or T, rows outermost.
func os(over word.Over, interleave int, z geometry.Sizes) geometry.Choice {
	return geometry.Choice{Mode: "os", Over: over, Interleave: interleave, Order: geometry.Orders()[0], Tile: z}
}

// 3x3 convolution, pads 1, of one image of 4x4x2 to 4 channels: 16 positions, 9 taps; 16*18*4 = 1152 MACs.
//
// FF 1:2 over F by two, in two bands of 2 rows. A tap has one group of 2 channels, of which one is kept: S = 9. A tile is 8 positions by
// 4 columns: I_e = 2, 4 folds of 2 rows and 2*2 columns, each (9-1)*2 + 2 = 18 cycles, the last ending at 16+1+2+1+4+1 = 25: 3*18 + 25 = 79.
// Two operands come in one word: no wait at the start. Two tiles: 158.
//
//	west   output rows 0..1 read input rows -1..2, of which 3 exist; rows 2..3 read 1..4, of which 3 exist: 2*3*4*2*2 B = 96
//	north  9 taps * 4 columns * 1 weight * (16 + 1 bits) = 612 bits = 77 B, padded to 128; it stays for both bands
//	out    16*4*2 B = 128
//
// BP 1:2: groups of 2 of the 4 channels of dY, one kept of each: S = 9*2 = 18. 16 positions by 2 columns in one tile. Over T by two, 4
// folds of 2*2 rows by 2 columns: I_e = 2, 17*2 + 2 = 36 cycles each, ceil(2*2/2) = 2 words of operands a group within its 2 cycles, and
// one cycle of them before the first; the last fold ends at 34+1+2+1+4+1 = 43: 1 + 3*36 + 43 = 152.
//
//	west   dY, 4*4*4*2 B = 128         north  9*2*2 weights * 17 bits = 612 bits, 128 B         out  16*2*2 B = 64
//
// WU dense: 18 rows (tap, channel) by 4 columns over 16 positions, one tile. Over F by two, 9 folds: S = 16, 15*2 + 2 = 32 cycles each, the
// last ending at 30+1+2+1+4+1 = 39: 8*32 + 39 = 295.
//
//	west   X, 4*4*2*2 B = 64           north  dY, 128 B           out  none: the update takes dW from the output buffer
func TestConvolutionByHand(t *testing.T) {
	p := layer(t, network.Shape{1, 4, 4, 2}, network.Node{Op: network.Conv, Channels: 4, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}}, nm.Ratio{N: 1, M: 2})
	wantExamples(t, p, workloads.FF, example{os("f", 2, geometry.Sizes{G: 1, B: 1, T: 2, K: 9, F: 4}), 1152, 2, 8, 158, 96, 128, 128})
	wantExamples(t, p, workloads.BP, example{os("t", 2, geometry.Sizes{G: 1, B: 1, T: 4, K: 9, F: 2}), 1152, 1, 4, 152, 128, 128, 64})
	wantExamples(t, p, workloads.WU, example{os("f", 2, geometry.Sizes{G: 1, B: 1, T: 4, K: 2, F: 4}), 1152, 1, 9, 295, 64, 128, 0})
}

// The same with stride 2, dense: 4 output positions, 4*18*4 = 288 MACs in each stage.
//
// FF in two bands of one row: 2 positions by 4 columns, I_e = 2, one fold: S = 18, ends at 34+1+2+1+4+1 = 43. Two tiles: 86.
//
//	west   output row 0 reads input rows -1..1, of which 2 exist; row 1 reads 1..3: 3. (2+3)*4*2*2 B = 80
//	north  18*4*2 B = 144, padded to 192           out  4*4*2 B = 32
//
// BP has a phase for each parity of an input position, 2x2 positions each. An even one is reached by tap 1 alone, an odd one by taps 0
// and 2: 1, 2, 2 and 4 taps of 4 channels. No interleaving: I_e = 1, P = 2, 2 folds of 2 rows by 2 columns, each (S-1)*2 + 1 cycles, the
// last ending at 2*(S-1)+1+2+1+2+1 = 2*S + 5.
//
//	phase         S    cycles                  dY                                          W                  dX
//	even, even    4    7 + 13 = 20             2x2x4x2 B = 32                              1*4*2*2 B -> 64    2x2x2x2 B = 16
//	even, odd     8    15 + 21 = 36            columns 0 and 1 (2 is outside): 32          32 -> 64           16
//	odd, even     8    36                      32                                          64                 16
//	odd, odd      16   31 + 37 = 68            32                                          64                 16
//
// MACs are 4*2*4 = 32 a tap.
//
// WU: 18 rows by 4 columns over 4 positions, in two tiles of one channel, 9 rows, which are outside of the bands of one row: each tile is
// done band by band, 2 positions at a time, the second resuming the sums of the first. Over F by two: 5 row folds, the last of one row;
// S = 2, so a fold issues for 2 + 2 = 4 cycles and has L = 2.
//
//	first band    folds begin at 0, 4, 8 and 12. The last, of one row, would be at the edge a cycle early: the fold before it has results in
//	              its bottom row at 2+1+2+1 = 6 after its first slot, and they leave until 10; the one-row fold has its first at 2+1+2 = 5.
//	              So it begins 5 cycles after, at 17, and ends at 2+1+2+2+1 = 8: 25
//	second band   starts with 2*2 values: 4 cycles. The next fold's enter 2 cycles after the first slot and take 4: folds 6 cycles apart;
//	              the last fold has one row, 2 values, which are in after 4, but 5 as above. 4 + 3*6 + 5 + 8 = 35
//
// and so 2*(25 + 35) = 120. The order is k, b, t, f: bands inside of channels.
//
//	west   one channel of 2 and 3 input rows: (2+3)*4*2 B, twice = 80           north  dY row by row, 2*(2*2*4*2 B) = 64
func TestStridedConvolutionByHand(t *testing.T) {
	p := layer(t, network.Shape{1, 4, 4, 2}, network.Node{
		Op: network.Conv, Channels: 4, Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2}, Pads: [4]int64{1, 1, 1, 1},
	}, nm.Dense)
	wantExamples(t, p, workloads.FF, example{os("f", 2, geometry.Sizes{G: 1, B: 1, T: 1, K: 9, F: 4}), 288, 2, 2, 86, 80, 192, 32})
	phase := func(taps, cycles int64) example {
		return example{os("f", 1, geometry.Sizes{G: 1, B: 1, T: 2, K: taps, F: 2}), 32 * taps, 1, 2, cycles, 32, 64, 16}
	}
	one := phase(1, 20)
	// Its positions are read once each, so they are as good as images; and with one tap the K loop walks channels.
	one.choice.Tile = geometry.Sizes{G: 1, B: 4, T: 1, K: 4, F: 2}
	wantExamples(t, p, workloads.BP, one, phase(2, 36), phase(2, 36), phase(4, 68))
	wu := os("f", 2, geometry.Sizes{G: 1, B: 1, T: 1, K: 1, F: 4})
	wu.Order = []word.Dim{word.DimG, word.DimK, word.DimB, word.DimT, word.DimF}
	wantExamples(t, p, workloads.WU, example{wu, 288, 4, 20, 120, 80, 64, 0})
}

// A linear layer of 8 inputs and 4 outputs at 2:4 on 4 samples: 4*8*4 = 128 MACs in each stage.
//
// FF in two parts of the reduction, 4 inputs each: one group, S = 2, so L = 2 and a fold issues for 4 cycles. 4 samples by 4 columns over F
// by two: I_e = 2, 2 folds. A group of 4 operands takes 2 words of 2: one cycle before the first. Last fold: 2+1+2+1+4+1 = 11.
//
//	first part    1 + 4 + 11 = 16, its sums stay as FP32
//	second part   4 start values first; the next fold's are in 2 + 4 = 6 cycles after the first slot: 4 + 6 + 11 = 21
//
//	west   4*8*2 B = 64           north  4 columns * 2 weights * (16 + 2 bits) = 144 bits a part, padded to 64 B: 128
//	out    4*4*2 B = 32, once
//
// BP: one group of the 4 outputs, S = 2, 8 columns in 2 column folds of 4, 2 row folds each: 1 + 3*4 + 11 = 24.
//
//	west   dY, 4*4*2 B = 32           north  8*2*18 bits = 36 B -> 64           out  64
//
// WU dense: 8 rows by 4 columns over 4 samples, 4 folds: S = 4, L = 6, 8 cycles each, the last ends at 6+1+2+1+4+1 = 15: 3*8 + 15 = 39.
//
//	west   X, 64           north  dY, 32
func TestLinearLayerByHand(t *testing.T) {
	p := layer(t, network.Shape{4, 8}, network.Node{Op: network.Linear, Channels: 4}, nm.Ratio{N: 2, M: 4})
	wantExamples(t, p, workloads.FF, example{os("f", 2, geometry.Sizes{G: 1, B: 4, T: 1, K: 4, F: 4}), 128, 2, 4, 37, 64, 128, 32})
	wantExamples(t, p, workloads.BP, example{os("f", 2, geometry.Sizes{G: 1, B: 4, T: 1, K: 4, F: 8}), 128, 1, 4, 24, 32, 64, 64})
	wantExamples(t, p, workloads.WU, example{os("f", 2, geometry.Sizes{G: 1, B: 4, T: 1, K: 8, F: 4}), 128, 1, 4, 39, 64, 32, 0})
}
