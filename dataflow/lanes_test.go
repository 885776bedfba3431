package dataflow_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/diag"
	"satsim/internal/microcode"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
)

// tileOf is what a tile of a depthwise weight update brings to the lanes: channels from the first on, positions as they are listed.
func (k *conv) tileOf(x vector.Product, first int64, positions []int64, sums []float32) vector.Operands {
	in := vector.Operands{Program: microcode.MulRepeats(), Columns: int(x.Taps * x.Channels), Sum: sums}
	for _, p := range positions {
		for tap := range x.Taps {
			for ch := first; ch < first+x.Channels; ch++ {
				in.Port[0] = append(in.Port[0], k.at(p, tap, ch).Float32())
				in.Port[1] = append(in.Port[1], k.w[p*k.g+ch].Float32())
			}
		}
	}
	in.Bit = make([]bool, len(in.Port[0]))
	return in
}

// The words of a depthwise weight update on the lanes, run tile by tile in the exact model of the vector unit, make the gradients bit for bit, as the array makes them:
// in ascending order of positions where tiles come so. What they take and count is what the closed form says.
func TestLanesMakeTheGradients(t *testing.T) {
	ran := 0
	rapid.Check(t, func(t *rapid.T) {
		p := grouped(t)
		p.Spec.Vector.Lanes = rapid.SampledFrom([]int{1, 2, 3, 8, 36}).Draw(t, "lanes")
		p.Spec.Vector.PipelineLatency = rapid.IntRange(0, 12).Draw(t, "pipeline_latency")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for _, g := range products(p) {
			s := g.Shape
			if p.Step.Items[g.Item].Layer != "n" || !s.Lanable() {
				continue
			}
			at := &g.Product.Patches
			positions := at.Images * at.OutH * at.OutW
			k := conv{p: g.Product, g: s.G, c: 1, f: 1, taps: s.Taps, x: tensor(r, at.Images*at.InH*at.InW*at.Channels), w: tensor(r, positions*s.G)}
			shape, err := s.Laned()
			if err != nil {
				t.Fatal(err)
			}
			c := shape.Configured(geometry.Array{}, rapid.SampledFrom(geometry.Orders()).Draw(t, "order"), randomSizes(t, shape))
			if err := shape.Complete(&c); err != nil {
				t.Fatal(err)
			}
			if !choose(t, p, g, c) {
				t.Fatalf("%s does not fit", g.Label)
			}
			sums := make([][]float32, s.G) // by the first channel of a tile
			var macs, busy int64
			st := &g.Word.Streams[0]
			for walk, trips := word.NewCursor(st), st.Trips(); ; walk.Advance() {
				op, class, ok := walk.Peek(st, trips)
				if !ok {
					break
				}
				o := &st.Ops[op]
				if o.Lane != word.VectorOut {
					continue
				}
				from := map[word.Dim]int64{}
				for i, l := range st.Loops {
					from[l.Dim] = walk.Index[i] * l.Step
				}
				w := &o.Variants[o.Find(class)].Work
				x := vector.Product{Positions: w.Rows, Taps: w.Taps, Channels: w.Channels, Resume: w.Resume, Leave: w.Spill}
				var list []int64
				image, row := from[word.DimB], from[word.DimT]
				if shape.OW == 1 && shape.OH == 1 { // positions that do not touch are all images
					for i := range w.Rows {
						list = append(list, image+i)
					}
				} else {
					for i := range w.Rows {
						list = append(list, (image*shape.OH+row)*shape.OW+i)
					}
				}
				first := from[word.DimG]
				in := k.tileOf(x, first, list, sums[first])
				if x.Resume != (sums[first] != nil) {
					t.Fatalf("%s %v: channel %d: resumed %v", g.Label, &c, first, x.Resume)
				}
				out, cost, err := p.Spec.Vector.Simulate(p.Spec.STCE.Subnormals, []vector.Job{x.Job()}, []vector.Operands{in})
				if err != nil {
					t.Fatal(err)
				}
				if want := p.Spec.Vector.Cost(x.Job()); cost != want {
					t.Fatalf("%s: exact %+v, closed %+v", g.Label, cost, want)
				}
				sums[first] = out[0].Total[0]
				macs, busy = macs+cost.Counts[vector.MACs], busy+cost.Issue
			}
			for first, tile := range sums {
				channels := int64(len(tile)) / s.Taps
				for i, is := range tile {
					tap, ch := int64(i)/channels, int64(first)+int64(i)%channels
					if want := k.gradient(positions, ch, tap, 0, 0); math.Float32bits(is) != math.Float32bits(want) {
						t.Fatalf("%s %v: dW of channel %d, tap %d is %g, not %g", g.Label, &c, ch, tap, is, want)
					}
				}
			}
			if a := did(t, p, g); macs != g.Product.MACs() || a.Units[word.Vector][vector.MACs] != macs || a.Busy[word.Vector] != busy {
				t.Fatalf("%s: %d MACs in %d cycles, counted %d in %d; the product has %d", g.Label, macs, busy, a.Units[word.Vector][vector.MACs], a.Busy[word.Vector], g.Product.MACs())
			}
			ran++
		}
	})
	if ran == 0 {
		t.Error("no weight update was one for the lanes")
	}
}

// Products that the lanes have no program for, and choices that they cannot take, are refused by their key.
func TestWhatLanesDoNotTakeIsRefused(t *testing.T) {
	depthwise := layer(t, network.Shape{2, 6, 6, 8}, network.Node{Op: network.Conv, Channels: 8, Groups: 8, Kernel: [2]int64{3, 3}}, nm.Ratio{N: 2, M: 4})
	conv := layer(t, network.Shape{2, 6, 6, 8}, network.Node{Op: network.Conv, Channels: 8, Kernel: [2]int64{3, 3}}, nm.Ratio{N: 2, M: 4})
	wide := layer(t, network.Shape{1, 4, 4, 32}, network.Node{Op: network.Conv, Channels: 32, Groups: 32, Kernel: [2]int64{3, 3}}, nm.Ratio{N: 2, M: 4})
	wide.Spec.Vector.Lanes = 1 // 32 channels of 9 taps are 288 sums
	for name, c := range map[string]struct {
		of        *dataflow.Plan
		edit      func(*geometry.Choice)
		key, want string
		stage     workloads.Stage
	}{
		"as it is":    {depthwise, func(*geometry.Choice) {}, "", "", workloads.WU},
		"forward":     {depthwise, func(*geometry.Choice) {}, "mode", "depthwise", workloads.FF},
		"convolution": {conv, func(*geometry.Choice) {}, "mode", "depthwise", workloads.WU},
		"over rows":   {depthwise, func(c *geometry.Choice) { c.Over = "t" }, "interleave", "interleave nothing", workloads.WU},
		"deep":        {depthwise, func(c *geometry.Choice) { c.Interleave = 2 }, "interleave", "interleave nothing", workloads.WU},
		"joined":      {depthwise, func(c *geometry.Choice) { c.Join.Side = 2 }, "join", "as they are", workloads.WU},
		"too wide":    {wide, func(*geometry.Choice) {}, "tile.g", "no accumulators", workloads.WU},
	} {
		for _, g := range products(c.of) {
			if it := &c.of.Step.Items[g.Item]; it.Layer != "n" || it.Stage != c.stage {
				continue
			}
			x := geometry.Choice{Mode: geometry.OnLanes, Over: "f", Interleave: 1, Order: geometry.Orders()[0], Tile: g.Shape.Whole()}
			if err := g.Shape.Complete(&x); err != nil {
				t.Fatal(err)
			}
			c.edit(&x)
			err := c.of.Choose(g, x)
			field := (*diag.FieldError)(nil)
			if c.key == "" && err != nil || c.key != "" && (!errors.As(err, &field) || field.Key != c.key || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s: %v; want %s: ... %s", name, err, c.key, c.want)
			}
		}
	}
}
