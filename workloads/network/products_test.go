package network_test

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/workloads"
	"satsim/workloads/network"
)

// reporter is what *testing.T and *rapid.T have in common here.
type reporter interface {
	Errorf(string, ...any)
	Fatal(...any)
}

// behind makes a network whose second layer is n, so that n's input needs a gradient: images -> 1x1 convolution -> n.
func behind(t reporter, images network.Shape, n network.Node) (ff, bp, wu workloads.Item) {
	n.Name, n.Inputs = "n", []string{"first"}
	g := &network.Graph{
		Name:   "two layers",
		Inputs: []network.Input{{Name: "images", Shape: images}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: images[3], Kernel: [2]int64{1, 1}},
			n,
			{Name: "loss", Op: network.Loss, Inputs: []string{"n"}},
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range s.Items {
		switch {
		case it.Layer == "first" && it.Stage == workloads.BP:
			t.Errorf("the first layer has a BP")
		case it.Layer != "n":
		case it.Stage == workloads.FF:
			ff = it
		case it.Stage == workloads.BP:
			bp = it
		case it.Stage == workloads.WU:
			wu = it
		}
	}
	return ff, bp, wu
}

// size is what the hand-worked examples say of a product.
type size struct{ phase, count, rows, cols, taps, channels, west, north, out int64 }

func wantProducts(t *testing.T, stage string, it workloads.Item, want ...size) {
	t.Helper()
	if len(it.Products) != len(want) {
		t.Fatalf("%s has %d products; want %d", stage, len(it.Products), len(want))
	}
	for i, p := range it.Products {
		got := size{
			int64(p.Phase), p.Count, p.Rows, p.Cols, p.Taps, p.Channels, p.West.Elements, p.North.Elements, p.Out.Elements,
		}
		if got != want[i] {
			t.Errorf("%s product %d is %+v; want %+v", stage, i, got, want[i])
		}
	}
}

// 3x3 convolution, stride 1, pads 1, of 2 images of 8x8x4 to 6 channels: 2*8*8 = 128 output positions.
//
//	FF  Y[128 x 6]   = X[128 x 9*4] W[36 x 6]       128*6*36 = 27648 MACs
//	BP  dX[128 x 4]  = dY[128 x 9*6] W^T[54 x 4]    128*4*54 = 27648, one phase
//	WU  dW[36 x 6]   = X^T[36 x 128] dY[128 x 6]    36*6*128 = 27648
//
// X has 2*8*8*4 = 512 elements, dY 2*8*8*6 = 768, W 9*4*6 = 216.
func TestConvByHand(t *testing.T) {
	ff, bp, wu := behind(t, network.Shape{2, 8, 8, 4}, network.Node{
		Op: network.Conv, Channels: 6, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1},
	})
	wantProducts(t, "FF", ff, size{0, 1, 128, 6, 9, 4, 512, 216, 768})
	wantProducts(t, "BP", bp, size{0, 1, 128, 4, 9, 6, 768, 216, 512})
	wantProducts(t, "WU", wu, size{0, 1, 36, 6, 1, 128, 512, 768, 216})
	if len(wu.Updates) != 1 || wu.Updates[0].Parameters != 216 || !wu.Updates[0].Matrix {
		t.Errorf("updates %+v", wu.Updates)
	}
	if ff.Weight != (workloads.WeightShape{Taps: 9, In: 4, Out: 6, Groups: 1}) {
		t.Errorf("weight %+v", ff.Weight)
	}
}

// 3x3 convolution, stride 2, pads 1, of 2 images of 8x8x4 to 6 channels: 2*4*4 = 32 output positions.
//
//	FF  Y[32 x 6] = X[32 x 36] W[36 x 6]
//	BP  four phases of 32 input positions. Tap k of output o reads input 2o + k - 1, so an even position has tap 1 alone and
//	    an odd one has taps 0 and 2: phases (even, even) 1 tap, (even, odd) 2, (odd, even) 2, (odd, odd) 4: 9 in all.
//	WU  dW[36 x 6] = X^T[36 x 32] dY[32 x 6]
//
// 32*6*36 = 6912 MACs each. A phase's W has 4*6 = 24 elements a tap, its part of dX 32*4 = 128. dY has 32*6 = 192.
func TestStridedConvByHand(t *testing.T) {
	ff, bp, wu := behind(t, network.Shape{2, 8, 8, 4}, network.Node{
		Op: network.Conv, Channels: 6, Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2}, Pads: [4]int64{1, 1, 1, 1},
	})
	wantProducts(t, "FF", ff, size{0, 1, 32, 6, 9, 4, 512, 216, 192})
	wantProducts(t, "BP", bp,
		size{0, 1, 32, 4, 1, 6, 192, 24, 128},
		size{1, 1, 32, 4, 2, 6, 192, 48, 128},
		size{2, 1, 32, 4, 2, 6, 192, 48, 128},
		size{3, 1, 32, 4, 4, 6, 192, 96, 128})
	wantProducts(t, "WU", wu, size{0, 1, 36, 6, 1, 32, 512, 192, 216})
}

// 1x1 convolution of stride 2: only positions with even row and column are read, 2*4*4 of 2*8*8; the gradient of the other
// three quarters is zero: (128 - 32)*4 = 384 elements are filled.
func TestStridedPointwiseByHand(t *testing.T) {
	ff, bp, wu := behind(t, network.Shape{2, 8, 8, 4}, network.Node{
		Op: network.Conv, Channels: 6, Kernel: [2]int64{1, 1}, Stride: [2]int64{2, 2},
	})
	wantProducts(t, "FF", ff, size{0, 1, 32, 6, 1, 4, 128, 24, 192})
	wantProducts(t, "BP", bp, size{0, 1, 32, 4, 1, 6, 192, 24, 128})
	wantProducts(t, "WU", wu, size{0, 1, 4, 6, 1, 32, 128, 192, 24})
	if len(bp.Passes) != 1 || bp.Passes[0].Kind != workloads.ZeroFill || bp.Passes[0].Elements != 384 {
		t.Errorf("passes of BP are %+v; want a zero_fill of 384", bp.Passes)
	}
}

// Linear layer of 2 x 5 tokens from 4 to 6 channels with bias: T = 10.
//
//	FF  Y[10 x 6] = X[10 x 4] W[4 x 6], then 60 biases added
//	BP  dX[10 x 4] = dY[10 x 6] W^T
//	WU  dW[4 x 6] = X^T[4 x 10] dY[10 x 6]; updates of 24 and of 6 parameters
func TestLinearByHand(t *testing.T) {
	ff, bp, wu := behind(t, network.Shape{2, 1, 5, 4}, network.Node{Op: network.Linear, Channels: 6, Bias: true})
	wantProducts(t, "FF", ff, size{0, 1, 10, 6, 1, 4, 40, 24, 60})
	wantProducts(t, "BP", bp, size{0, 1, 10, 4, 1, 6, 60, 24, 40})
	wantProducts(t, "WU", wu, size{0, 1, 4, 6, 1, 10, 40, 60, 24})
	if len(ff.Passes) != 1 || ff.Passes[0].Kind != workloads.Bias || ff.Passes[0].Elements != 60 || !ff.Passes[0].Fused {
		t.Errorf("passes of FF are %+v; want 60 biases, fused", ff.Passes)
	}
	if len(wu.Updates) != 2 || wu.Updates[0].Parameters != 24 || wu.Updates[1].Parameters != 6 || wu.Updates[1].Matrix {
		t.Errorf("updates %+v", wu.Updates)
	}
}

// A grouped convolution is Count products of its groups' channels and can be pruned; a depthwise one cannot.
func TestGroupsByHand(t *testing.T) {
	n := network.Node{Op: network.Conv, Channels: 16, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}, Groups: 2}
	ff, bp, wu := behind(t, network.Shape{1, 4, 4, 8}, n)
	wantProducts(t, "FF", ff, size{0, 2, 16, 8, 9, 4, 128, 576, 256})
	wantProducts(t, "BP", bp, size{0, 2, 16, 4, 9, 8, 256, 576, 128})
	wantProducts(t, "WU", wu, size{0, 2, 36, 8, 1, 16, 128, 256, 576})
	if !ff.Products[0].Prunable || !bp.Products[0].Prunable || wu.Products[0].Prunable {
		t.Error("FF and BP of a grouped convolution are prunable, WU is not")
	}
	n.Channels, n.Groups = 8, 8
	ff, bp, wu = behind(t, network.Shape{1, 4, 4, 8}, n)
	wantProducts(t, "FF", ff, size{0, 8, 16, 1, 9, 1, 128, 72, 128})
	wantProducts(t, "BP", bp, size{0, 8, 16, 1, 9, 1, 128, 72, 128})
	wantProducts(t, "WU", wu, size{0, 8, 9, 1, 1, 16, 128, 128, 72})
	if ff.Products[0].Prunable || bp.Products[0].Prunable {
		t.Error("a depthwise convolution is not prunable")
	}
}

// triple is a multiplication of a convolution in space: input position, tap, output position.
type triple struct{ ih, iw, kh, kw, oh, ow int64 }

// The three products against a naive convolution: FF and WU gather, and the phases of BP together gather, exactly the
// triples that a loop over outputs and taps finds; taps and rows multiply to the MACs that loops count.
func TestConvAgainstLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := func(name string) (in, k, s, d, before, after int64) {
			k = rapid.Int64Range(1, 4).Draw(t, name+" kernel")
			s = rapid.Int64Range(1, 4).Draw(t, name+" stride")
			d = rapid.Int64Range(1, 3).Draw(t, name+" dilation")
			before = rapid.Int64Range(0, 3).Draw(t, name+" pad before")
			after = rapid.Int64Range(0, 3).Draw(t, name+" pad after")
			in = max(1, d*(k-1)+1-before-after) + rapid.Int64Range(0, 6).Draw(t, name+" room")
			return in, k, s, d, before, after
		}
		inH, kH, sH, dH, top, bottom := dim("height")
		inW, kW, sW, dW, left, right := dim("width")
		groups := rapid.SampledFrom([]int64{1, 2, 4}).Draw(t, "groups")
		const images, cin, cout = 2, 4, 8
		n := network.Node{
			Op: network.Conv, Channels: cout, Kernel: [2]int64{kH, kW}, Stride: [2]int64{sH, sW}, Dilation: [2]int64{dH, dW},
			Pads: [4]int64{top, left, bottom, right}, Groups: groups,
		}
		// Loops: an output is there while the whole window fits into the padded input.
		all := map[triple]bool{}
		var outputs, taps int64
		for oh := int64(0); oh*sH+dH*(kH-1) < inH+top+bottom; oh++ {
			for ow := int64(0); ow*sW+dW*(kW-1) < inW+left+right; ow++ {
				outputs++
				for kh := range kH {
					for kw := range kW {
						taps++
						ih, iw := oh*sH+kh*dH-top, ow*sW+kw*dW-left
						if ih >= 0 && ih < inH && iw >= 0 && iw < inW {
							all[triple{ih, iw, kh, kw, oh, ow}] = true
						}
					}
				}
			}
		}
		ff, bp, wu := behind(t, network.Shape{images, inH, inW, cin}, n)
		wantMACs := images * taps * (cin / groups) * cout
		if got := ff.Products[0].MACs(); got != wantMACs {
			t.Fatalf("FF has %d MACs; loops count %d", got, wantMACs)
		}
		if got := wu.Products[0].MACs(); got != wantMACs {
			t.Fatalf("WU has %d MACs; loops count %d", got, wantMACs)
		}
		if got := wu.Products[0].Channels; got != images*outputs {
			t.Fatalf("WU reduces over %d positions; there are %d", got, images*outputs)
		}
		for _, p := range []workloads.Product{ff.Products[0], wu.Products[0]} {
			got := gathered(p.Patches, func(row, col, kh, kw, ih, iw int64) triple { return triple{ih, iw, kh, kw, row, col} })
			sameTriples(t, p.Stage.String(), got, all)
			if want := distinct(all) * images * cin; p.West.Elements != want {
				t.Fatalf("%s reads %d elements of X; loops touch %d", p.Stage, p.West.Elements, want)
			}
		}
		var back []triple
		var written, weights int64
		for _, p := range bp.Products {
			ph, pw := int64(p.Phase)/sW, int64(p.Phase)%sW
			back = append(back, gathered(p.Patches, func(q, r, _, _, oh, ow int64) triple {
				ih, iw := ph+sH*q, pw+sW*r
				// The tap follows from the positions.
				return triple{ih, iw, (ih + top - oh*sH) / dH, (iw + left - ow*sW) / dW, oh, ow}
			})...)
			// Taps of a phase: those that reach its residue from some output, in range or not.
			if want := reach(ph, top, kH, sH, dH) * reach(pw, left, kW, sW, dW); p.Taps != want {
				t.Fatalf("phase %d has %d taps; want %d", p.Phase, p.Taps, want)
			}
			if p.Rows != p.Patches.Images*p.Patches.OutH*p.Patches.OutW || p.Taps != p.Patches.KernelH*p.Patches.KernelW {
				t.Fatalf("phase %d: %d rows and %d taps do not fit %+v", p.Phase, p.Rows, p.Taps, p.Patches)
			}
			written += p.Out.Elements
			weights += p.North.Elements
		}
		sameTriples(t, "BP", back, all)
		for _, p := range bp.Passes {
			written += p.Elements
		}
		if written != images*inH*inW*cin {
			t.Fatalf("BP writes %d elements of dX; it has %d", written, images*inH*inW*cin)
		}
		if inH >= sH && inW >= sW && weights != kH*kW*cin*cout/groups {
			t.Fatalf("phases read %d weights; there are %d", weights, kH*kW*cin*cout/groups)
		}
	})
}

// gathered lists what the rows of one image read, as the comment on Patches defines it, padding left out.
func gathered(p workloads.Patches, of func(row, col, kh, kw, h, w int64) triple) []triple {
	var out []triple
	for r := range p.OutH {
		for c := range p.OutW {
			for kh := range p.KernelH {
				for kw := range p.KernelW {
					h, w := r*p.StrideH+kh*p.DilationH-p.PadTop, c*p.StrideW+kw*p.DilationW-p.PadLeft
					if h >= 0 && h < p.InH && w >= 0 && w < p.InW {
						out = append(out, of(r, c, kh, kw, h, w))
					}
				}
			}
		}
	}
	return out
}

func sameTriples(t *rapid.T, what string, got []triple, want map[triple]bool) {
	seen := map[triple]bool{}
	for _, g := range got {
		if !want[g] || seen[g] {
			t.Fatalf("%s multiplies %+v, which loops do not find or find once", what, g)
		}
		seen[g] = true
	}
	if len(seen) != len(want) {
		t.Fatalf("%s has %d multiplications; loops find %d", what, len(seen), len(want))
	}
}

func distinct(all map[triple]bool) int64 {
	seen := map[[2]int64]bool{}
	for a := range all {
		seen[[2]int64{a.ih, a.iw}] = true
	}
	return int64(len(seen))
}

// reach counts the taps through which some output, in range or not, reads a position of residue p.
func reach(p, pad, kernel, stride, dilation int64) int64 {
	var n int64
	for k := range kernel {
		for o := int64(-64); o < 64; o++ {
			if i := o*stride + k*dilation - pad; i >= 0 && i%stride == p && i < 64 {
				n++
				break
			}
		}
	}
	return n
}
