package dataflow_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"

	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// grouped is the step of a grouped convolution, mostly a depthwise one, behind another layer, so that it has a BP.
func grouped(t *rapid.T) *dataflow.Plan {
	draw := func(name string, lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(t, name) }
	groups := rapid.SampledFrom([]int64{2, 4, 6, 8}).Draw(t, "groups")
	channels := groups * rapid.SampledFrom([]int64{1, 1, 2}).Draw(t, "channels of a group")
	n := network.Node{
		Name: "n", Op: network.Conv, Inputs: []string{"first"}, Groups: groups, Channels: groups * rapid.SampledFrom([]int64{1, 1, 2, 3}).Draw(t, "filters of a group"),
	}
	for i := range 2 {
		n.Kernel[i], n.Stride[i], n.Dilation[i] = draw("kernel", 1, 3), draw("stride", 1, 2), 1
		n.Pads[i], n.Pads[2+i] = n.Kernel[i]/2, n.Kernel[i]/2
	}
	g := &network.Graph{
		Name: "grouped", Inputs: []network.Input{{Name: "images", Shape: network.Shape{draw("images", 1, 2), draw("height", 3, 6), draw("width", 3, 6), channels}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: channels, Kernel: [2]int64{1, 1}}, n, {Name: "loss", Op: network.Loss, Inputs: []string{"n"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	m := machine(rapid.IntRange(1, 5).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "cols"), 1<<20)
	m.STCE.OverlapProducts = false // a tile is one product, and is held by itself
	m.STCE.AddLatency, m.STCE.MaxInterleave = rapid.IntRange(1, 5).Draw(t, "add latency"), 4
	m.STCE.LinkWidth = rapid.IntRange(1, 5).Draw(t, "link")
	m.STCE.MaxM = rapid.SampledFrom([]int{1, 2, 4, 16}).Draw(t, "max m")
	m.STCE.MaxN = min(m.STCE.MaxM, rapid.IntRange(1, 4).Draw(t, "max n"))
	p, err := dataflow.New(&step, m, dataflow.Options{Interleave: true, Join: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tensor is random FP16 numbers of both signs between 1/32 and 4.
func tensor(r *rand.Rand, n int64) []float16.Float16 {
	out := make([]float16.Float16, n)
	for i := range out {
		out[i] = float16.Frombits(uint16(r.Uint32())&0x83ff | uint16(10+r.UintN(7))<<10)
	}
	return out
}

// conv is a grouped convolution's product without an array: G groups of C channels and F filters, positions and taps as workloads.Patches has them.
type conv struct {
	p       *workloads.Product
	g, c, f int64
	taps    int64
	x, w    []float16.Float16 // positions of the gathered tensor x channels; group, tap, channel, filter (WU: positions x filters of all groups)
}

// at is channel ch of the tap of an output position; padding is zero.
func (k *conv) at(position, tap, ch int64) float16.Float16 {
	g := &k.p.Patches
	ow, oh, image := position%g.OutW, position/g.OutW%g.OutH, position/(g.OutW*g.OutH)
	y, x := oh*g.StrideH+tap/g.KernelW*g.DilationH-g.PadTop, ow*g.StrideW+tap%g.KernelW*g.DilationW-g.PadLeft
	if y < 0 || x < 0 || y >= g.InH || x >= g.InW {
		return 0
	}
	return k.x[((image*g.InH+y)*g.InW+x)*g.Channels+ch]
}

func (k *conv) weight(group, tap, ch, filter int64) float16.Float16 {
	return k.w[((group*k.taps+tap)*k.c+ch)*k.f+filter]
}

// output is Y (FF, BP) at a position, in ascending order of (tap, channel).
func (k *conv) output(position, group, filter int64) (sum float32) {
	for tap := range k.taps {
		for ch := range k.c {
			product := k.at(position, tap, group*k.c+ch).Float32() * k.weight(group, tap, ch, filter).Float32()
			sum = float32(product) + sum
		}
	}
	return sum
}

// gradient is dW of one weight, in ascending order of positions.
func (k *conv) gradient(positions, group, tap, ch, filter int64) (sum float32) {
	for p := range positions {
		product := k.at(p, tap, group*k.c+ch).Float32() * k.w[p*k.g*k.f+group*k.f+filter].Float32()
		sum = float32(product) + sum
	}
	return sum
}

// operands of tile q: what geometry.Join says of rows, columns, groups and places. A tile has blocks of j products.
func (k *conv) operands(tile stce.Tile, wu bool, q, j, blocks int64) (in stce.Operands) {
	if wu { // row (tap, block, channel), column (block, product, filter); a group is one channel of each product of a block at a position
		for row := range tile.Rows {
			tap, block, ch := row/(blocks*k.c), row/k.c%blocks, row%k.c
			for p := range tile.Taps {
				for i := range j {
					in.West = append(in.West, k.at(p, tap, ((q*blocks+block)*j+i)*k.c+ch))
				}
			}
		}
		for col := range tile.Cols {
			for p := range tile.Taps {
				in.North = append(in.North, k.w[p*k.g*k.f+q*blocks*j*k.f+col])
				in.Index = append(in.Index, uint8(col/k.f%j))
			}
		}
		return in
	}
	for row := range tile.Rows { // a group is all channels of all products of a block at a tap
		for tap := range tile.Taps {
			for ch := range tile.Channels {
				in.West = append(in.West, k.at(row, tap, q*blocks*j*k.c+ch))
			}
		}
	}
	for col := range tile.Cols { // column (block, product, filter), zero for other blocks
		for tap := range tile.Taps {
			for block := range blocks {
				for ch := range k.c {
					weight := float16.Float16(0)
					if block == col/(j*k.f) {
						weight = k.weight(q*blocks*j+col/k.f, tap, ch, col%k.f)
					}
					in.North = append(in.North, weight)
					if j > 1 { // else dense
						in.Index = append(in.Index, uint8(col/k.f%j*k.c+ch))
					}
				}
			}
		}
	}
	return in
}

// Products side by side give a grouped convolution's numbers, bit for bit, in the exact model of the array; what it takes and counts is what the
// words and the closed form say, and its useful MACs are the convolution's.
func TestJoinedProductsAreTheConvolution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := grouped(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for _, g := range products(p) {
			if p.Step.Items[g.Item].Layer != "n" {
				continue
			}
			s := g.Shape
			k := conv{p: g.Product, g: s.G, c: s.C, f: s.F, taps: s.Taps}
			at := &g.Product.Patches
			positions := at.Images * at.OutH * at.OutW
			k.x = tensor(r, at.Images*at.InH*at.InW*at.Channels)
			if k.w = tensor(r, s.G*s.Taps*s.C*s.F); s.WU {
				k.w = tensor(r, positions*s.G*s.F)
			}
			joined := randomlyJoined(t, p, s).Join
			if joined.IsNone() {
				continue
			}
			a := rapid.SampledFrom(geometry.Arrays(p.Spec.STCE, true)).Draw(t, "array")
			shape, err := s.Joined(&p.Spec.STCE, joined)
			blocks := max(joined.Stack, 1)
			if err != nil {
				t.Fatal(err)
			}
			c := geometry.Choice{Mode: word.Mode(a.Mode.String()), Over: word.Over(a.Over.String()), Interleave: a.Interleave, Join: joined, Order: geometry.Orders()[0], Tile: shape.Whole()}
			if err := shape.Complete(&c); err != nil {
				t.Fatal(err)
			}
			if !choose(t, p, g, c) {
				t.Fatalf("%s does not fit", g.Label)
			}
			cfg, err := stce.ConfigOf(g.Word.Array)
			if err != nil {
				t.Fatal(err)
			}
			var w *word.Work
			for i := range g.Word.Streams[0].Ops {
				if o := &g.Word.Streams[0].Ops[i]; o.Lane == word.Array {
					w = &o.Variants[0].Work
				}
			}
			if w.Repeat != s.G/(joined.Side*blocks) {
				t.Fatalf("%s: %d tiles; %d products by %v", g.Label, w.Repeat, s.G, joined)
			}
			tile, _ := p.Spec.STCE.TileOf(cfg, w)
			useful := int64(0)
			for q := range w.Repeat {
				got, err := p.Spec.STCE.Exact(tile, k.operands(tile, s.WU, q, joined.Side, blocks))
				if err != nil {
					t.Fatal(err)
				}
				if want := p.Spec.STCE.Tile(tile); got.TileCost != want {
					t.Fatalf("%s: the closed form says %+v, the exact model %+v", g.Label, want, got.TileCost)
				}
				useful += got.Counts[stce.UsefulMACs] / blocks
				for row := range tile.Rows {
					for col := range tile.Cols {
						group, filter := q*joined.Side*blocks+col/s.F, col%s.F
						if s.WU {
							if col/(joined.Side*s.F) != row/s.C%blocks {
								continue // nobody's
							}
							if is, want := got.Sums[row*tile.Cols+col], k.gradient(positions, group, row/(blocks*s.C), row%s.C, filter); math.Float32bits(is) != math.Float32bits(want) {
								t.Fatalf("%s: dW of group %d, row %d, filter %d is %g, not %g", g.Label, group, row, filter, is, want)
							}
							continue
						}
						if is, want := got.Half[row*tile.Cols+col], float16.Fromfloat32(k.output(row, group, filter)); p.Spec.STCE.Subnormals.Single(is) != p.Spec.STCE.Subnormals.Single(want) {
							t.Fatalf("%s: position %d, group %d, filter %d is %v, not %v", g.Label, row, group, filter, is, want)
						}
					}
				}
			}
			if counted := did(t, p, g).Units[word.STCE][stce.UsefulMACs]; useful != g.Product.MACs() || counted != useful {
				t.Fatalf("%s: %d useful MACs, %d counted; the product has %d", g.Label, useful, counted, g.Product.MACs())
			}
		}
	})
}
