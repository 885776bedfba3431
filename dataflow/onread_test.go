package dataflow_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/arch/norm"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/microcode"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// normed is the step of a convolution with padding that reads a batch norm, clipped or not, which the machine applies on read.
func normed(t *rapid.T) (*dataflow.Plan, norm.Clip) {
	draw := func(name string, lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(t, name) }
	n := network.Node{Name: "n", Op: network.Conv, Channels: draw("filters", 1, 4)}
	for i := range 2 {
		n.Kernel[i], n.Stride[i], n.Dilation[i] = draw("kernel", 2, 3), draw("stride", 1, 3), draw("dilation", 1, 2)
		reach := (n.Kernel[i] - 1) * n.Dilation[i]
		n.Pads[i], n.Pads[2+i] = draw("pad before", 0, reach), draw("pad after", 0, reach)
	}
	clip := rapid.SampledFrom([]norm.Clip{norm.Linear, norm.ReLU, norm.ReLU6}).Draw(t, "clip")
	nodes := []network.Node{
		{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: draw("channels", 1, 7), Kernel: [2]int64{1, 1}},
		{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
	}
	if n.Inputs = []string{"bn"}; clip != norm.Linear {
		op := map[norm.Clip]network.Op{norm.ReLU: network.ReLU, norm.ReLU6: network.ReLU6}[clip]
		nodes, n.Inputs = append(nodes, network.Node{Name: "clip", Op: op, Inputs: []string{"bn"}}), []string{"clip"}
	}
	g := &network.Graph{
		Name: "normed", Inputs: []network.Input{{Name: "images", Shape: network.Shape{draw("images", 1, 3), draw("height", 5, 8), draw("width", 5, 8), 3}}},
		Nodes: append(nodes, n, network.Node{Name: "loss", Op: network.Loss, Inputs: []string{"n"}}),
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	m := machine(2, 2, 1<<20)
	m.Norm.Lanes = rapid.SampledFrom([]int{1, 3, 4, 32}).Draw(t, "norm lanes")
	p, err := dataflow.New(&step, m, dataflow.Options{Interleave: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err == nil {
		p, err = p.Fold(p.OnRead())
	}
	if err != nil {
		t.Fatal(err)
	}
	return p, clip
}

// passed is what the passes of the vector unit write of x, and its mask: batch norm with the channels' statistics and parameters, then the clip.
func passed(t *rapid.T, s fp.Subnormals, x []float16.Float16, of *norm.Channels, clip norm.Clip) (y []float16.Float16, mask []bool) {
	c := len(of.Mean)
	p := vector.Params{Lanes: 1, Strip: 1, Constants: c, Ops: vector.DefaultOps()}
	in := vector.Operands{Program: microcode.BatchNormApply(), Columns: c, Bit: make([]bool, len(x)), Column: [8][]float32{of.Mean, of.Rstd}}
	for _, v := range x {
		in.Port[0] = append(in.Port[0], v.Float32())
	}
	for i := range c {
		in.Column[2], in.Column[3] = append(in.Column[2], of.Gamma[i].Float32()), append(in.Column[3], of.Beta[i].Float32())
	}
	job := vector.Job{Kind: vector.BatchNormApply, Elements: int64(len(x)), Row: int64(c)}
	out, _, err := p.Simulate(s, []vector.Job{job}, []vector.Operands{in})
	if err == nil && clip != norm.Linear {
		in.Program, in.Port[0] = microcode.ReLU(), out[0].Out[0]
		if clip == norm.ReLU6 {
			in.Program = microcode.ReLU6()
		}
		job.Kind, job.Row = vector.Activate, 0
		out, _, err = p.Simulate(s, []vector.Job{job}, []vector.Operands{in})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range out[0].Out[0] {
		y = append(y, s.Half(v))
	}
	return y, out[0].Set
}

// Padding is behind the norm. For convolutions with padding, in tiles of any size: each tile's positions, read as the convolution before left them, go through the exact model
// of the normaliser run by run, at the lanes where their addresses are, and the array's edge forms patches of what is in the west buffer, with zeros where they lie outside. They
// are, bit for bit, the patches of what the passes write, and so are the bits of the mask; and the normaliser takes no longer than words have it.
func TestPaddingIsBehindTheNorm(t *testing.T) {
	padded, tiles := 0, 0 // operands, and tiles
	rapid.Check(t, func(t *rapid.T) {
		p, clip := normed(t)
		s := p.Spec.STCE.Subnormals
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for _, g := range products(p) {
			if it := &p.Step.Items[g.Item]; it.Layer != "n" || it.Stage == workloads.BP || g.Shape.Norm.Channels == 0 {
				continue // of a clip whose mask nobody would write whole the norm is a pass
			}
			at := &g.Product.Patches
			channels := at.Channels
			of := norm.Channels{Gamma: tensor(r, channels), Beta: tensor(r, channels)} // none is zero, so a shift of padding would tell
			for range channels {
				of.Mean, of.Rstd = append(of.Mean, float32(r.NormFloat64())), append(of.Rstd, float32(1+r.Float64()))
			}
			raw := conv{p: g.Product, x: tensor(r, at.Images*at.InH*at.InW*channels)}
			pass := raw
			var mask []bool
			pass.x, mask = passed(t, s, raw.x, &of, clip)
			scale, shift, _, err := p.Spec.Norm.Factors(s, norm.Job{Factors: channels}, of)
			if err != nil {
				t.Fatal(err)
			}
			if !choose(t, p, g, randomChoice(t, p, g.Shape)) {
				continue
			}
			shape, st := g.Tiled, &g.Word.Streams[0]
			for walk, trips := word.NewCursor(st), st.Trips(); ; walk.Advance() {
				op, class, ok := walk.Peek(st, trips)
				if !ok {
					break
				}
				o := &st.Ops[op]
				if o.Lane != word.ReadWest {
					continue
				}
				// The part of each loop that the tile spans: a step, or the edge, of those outside of it.
				whole := shape.Whole()
				from, size := map[word.Dim]int64{}, map[word.Dim]int64{word.DimB: whole.B, word.DimT: whole.T, word.DimK: channels}
				for i, l := range st.Loops[:o.Level] {
					if l.Dim == word.DimK && !shape.WU { // of taps
						continue
					}
					from[l.Dim], size[l.Dim] = walk.Index[i]*l.Step, l.Step
					if walk.Index[i] == l.Trips-1 {
						size[l.Dim] = l.Edge
					}
				}
				var outputs []int64
				for b := from[word.DimB]; b < from[word.DimB]+size[word.DimB]; b++ {
					for i := from[word.DimT] * at.OutW; i < (from[word.DimT]+size[word.DimT])*at.OutW; i++ {
						outputs = append(outputs, b*at.OutH*at.OutW+i)
					}
				}
				each := func(visit func(output, tap, ch, address int64)) {
					for _, output := range outputs {
						for tap := range at.KernelH * at.KernelW {
							ow, oh, image := output%at.OutW, output/at.OutW%at.OutH, output/(at.OutW*at.OutH)
							y, x := oh*at.StrideH+tap/at.KernelW*at.DilationH-at.PadTop, ow*at.StrideW+tap%at.KernelW*at.DilationW-at.PadLeft
							for ch := from[word.DimK]; ch < from[word.DimK]+size[word.DimK]; ch++ {
								address := int64(-1)
								if y >= 0 && x >= 0 && y < at.InH && x < at.InW {
									address = ((image*at.InH+y)*at.InW+x)*channels + ch
								}
								visit(output, tap, ch, address)
							}
						}
					}
				}
				var addresses []int64
				each(func(_, _, _, address int64) {
					if address >= 0 {
						addresses = append(addresses, address)
					}
				})
				slices.Sort(addresses)
				addresses = slices.Compact(addresses)
				work := &o.Variants[o.Find(class)].Work
				if 2*int64(len(addresses)) > work.Bytes {
					t.Fatalf("%s %v: %d elements are read of %d bytes", g.Label, g.Choice, len(addresses), work.Bytes)
				}
				west, took := map[int64]float16.Float16{}, int64(0)
				for len(addresses) > 0 {
					n := 1
					for n < len(addresses) && addresses[n] == addresses[n-1]+1 {
						n++
					}
					run := addresses[:n]
					addresses = addresses[n:]
					tile := norm.Tile{First: int(run[0] % channels), Scale: scale, Shift: shift, Clip: clip}
					for _, a := range run {
						tile.X = append(tile.X, raw.x[a])
					}
					got, cost, err := p.Spec.Norm.Normalise(s, norm.Job{Runs: 1, Run: int64(n), Begin: run[0] % int64(p.Spec.Norm.Lanes)}, tile)
					if err != nil {
						t.Fatal(err)
					}
					took += cost.Issue
					for i, a := range run {
						if west[a] = got.Y[i]; clip != norm.Linear && got.Mask[i] != mask[a] {
							t.Fatalf("%s: the bit of element %d is %v", g.Label, a, got.Mask[i])
						}
					}
				}
				if took > work.Pace {
					t.Fatalf("%s %v: %d cycles of the normaliser; the words have %d", g.Label, g.Choice, took, work.Pace)
				}
				each(func(output, tap, ch, address int64) {
					is := float16.Float16(0)
					if address >= 0 {
						is = west[address]
					} else {
						padded++
					}
					if want := pass.at(output, tap, ch); is != want {
						t.Fatalf("%s: position %d, tap %d, channel %d is %v on read, %v by the pass", g.Label, output, tap, ch, is, want)
					}
				})
				tiles++
			}
		}
	})
	if padded == 0 || tiles == 0 {
		t.Error("nothing was padded")
	}
	t.Logf("%d tiles with %d operands of padding", tiles, padded)
}
