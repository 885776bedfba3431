package estimate_test

import (
	"math"
	"testing"

	"github.com/x448/float16"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/estimate"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// forward is the forward product of a linear layer, 24 rows by 16 inputs by 8 outputs, on an array of 4 x 4 with wide buffers of so many bytes.
func forward(t *testing.T, ratio nm.Ratio, capacity quantity.Bytes) (*dataflow.Plan, *dataflow.Group) {
	t.Helper()
	g := network.Graph{Name: "n", Inputs: []network.Input{{Name: "x", Shape: network.Shape{24, 16}}}, Nodes: []network.Node{
		{Name: "fc", Op: network.Linear, Inputs: []string{"x"}, Channels: 8}, {Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	if !ratio.IsDense() {
		r := recipe.Default()
		r.FF.Prune = recipe.Weights
		if step, err = r.Sparsify(ratio).Apply(step); err != nil {
			t.Fatal(err)
		}
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.Rows, s.STCE.Cols = 4, 4
	s.Buffers.West.Capacity, s.Buffers.North.Capacity, s.Buffers.Output.Capacity = capacity, capacity, capacity
	p, err := dataflow.New(&step, s, dataflow.Options{Interleave: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Kind == dataflow.ProductGroup && p.Step.Items[g.Item].Stage == workloads.FF {
			return p, g
		}
	}
	t.Fatal("there is no forward product")
	return nil, nil
}

func estimator(t *testing.T, p *dataflow.Plan) *estimate.Estimator {
	t.Helper()
	e, err := estimate.New(&p.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var (
	rowsOutside = []word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF}
	colsOutside = []word.Dim{word.DimG, word.DimF, word.DimT, word.DimK, word.DimB}
	all         = []word.Dim{word.DimG, word.DimB, word.DimT, word.DimF, word.DimK}
)

// By hand, in tiles of 8 rows and 4 outputs. X is 24 x 16 values of two bytes, 768; W 16 x 8, 256; Y 24 x 8, 384. Whose loop is inside is fetched
// again for each trip of the loop outside of it: W for 3 tiles of rows, or X for 2 of outputs. Rows of 16 are whole in a tile of all inputs.
// Of 2:8, a tile of 4 outputs holds 4 x 2 groups of two values and two places of three bits: 38 bytes, in bursts of 64.
func TestBytesByHand(t *testing.T) {
	for _, c := range []struct {
		name             string
		ratio            nm.Ratio
		tile             geometry.Sizes
		order            []word.Dim
		west, north, out int64
	}{
		{"all at once", nm.Dense, geometry.Sizes{G: 1, B: 24, T: 1, K: 16, F: 8}, all, 768, 256, 384},
		{"rows outside", nm.Dense, geometry.Sizes{G: 1, B: 8, T: 1, K: 16, F: 4}, rowsOutside, 768, 3 * 256, 384},
		{"outputs outside", nm.Dense, geometry.Sizes{G: 1, B: 8, T: 1, K: 16, F: 4}, colsOutside, 2 * 768, 256, 384},
		{"pruned", nm.Ratio{N: 2, M: 8}, geometry.Sizes{G: 1, B: 8, T: 1, K: 16, F: 4}, rowsOutside, 768, 3 * 2 * 64, 384},
	} {
		p, g := forward(t, c.ratio, 1<<20)
		e := estimator(t, p)
		x := e.Traffic(g, &c.tile, c.order)
		if x.West != c.west || x.North != c.north || x.Out != c.out || x.Bytes() != c.west+c.north+c.out {
			t.Errorf("%s: %d, %d and %d bytes; by hand %d, %d and %d", c.name, x.West, x.North, x.Out, c.west, c.north, c.out)
		}
		if !x.Fits || e.Err() != nil {
			t.Errorf("%s: fits %t, %v", c.name, x.Fits, e.Err())
		}
	}
}

// By hand: a buffer holds two tiles, one in use and one on its way. A tile of X of 8 rows is 256 bytes; all 24 rows are one tile, of 768 bytes,
// which is fetched once and needs no second.
func TestWhatFits(t *testing.T) {
	for _, c := range []struct {
		rows     int64
		capacity quantity.Bytes
		fits     bool
	}{
		{8, 512, true}, {8, 511, false}, {24, 768, true}, {24, 767, false},
	} {
		p, g := forward(t, nm.Dense, c.capacity)
		x := estimator(t, p).Traffic(g, &geometry.Sizes{G: 1, B: c.rows, T: 1, K: 16, F: 4}, rowsOutside)
		if x.WestFits != c.fits || x.Fits != c.fits {
			t.Errorf("%d rows in %d bytes: fits %t in the west, %t at all; want %t", c.rows, c.capacity, x.WestFits, x.Fits, c.fits)
		}
	}
}

// The array's cycles are those of the exact model, tile by tile, with edges on both sides: rows in 10, 10 and 4, outputs in 5 and 3.
func TestArrayCyclesAreTheExactModels(t *testing.T) {
	z := geometry.Sizes{G: 1, B: 10, T: 1, K: 16, F: 5}
	for _, ratio := range []nm.Ratio{nm.Dense, {N: 2, M: 8}} {
		p, g := forward(t, ratio, 1<<20)
		e := estimator(t, p)
		for _, a := range geometry.Arrays(p.Spec.STCE, true) {
			var want int64
			for _, rows := range []int64{10, 10, 4} {
				for _, cols := range []int64{5, 3} {
					tile := stce.Tile{Config: g.Shape.Config(a), Rows: rows, Cols: cols, Taps: 1, Channels: 16}
					kept := int64(16 / tile.Ratio.M * tile.Ratio.N)
					x := stce.Operands{West: make([]float16.Float16, rows*16), North: make([]float16.Float16, kept*cols), Index: make([]uint8, kept*cols)}
					for i := range x.Index {
						x.Index[i] = uint8(i % tile.Ratio.N) // the first of each group are kept
					}
					res, err := p.Spec.STCE.Exact(tile, x)
					if err != nil {
						t.Fatal(err)
					}
					want += res.Cycles
				}
			}
			if got, ok := e.Array(g, &z, a, math.MaxInt64); !ok || got != want {
				t.Errorf("%v %+v: %d cycles, %t; the exact model takes %d", ratio, a, got, ok, want)
			}
			// A search that has found as good a choice asks for less than that.
			if _, ok := e.Array(g, &z, a, want); ok {
				t.Errorf("%v %+v: is not given up at %d cycles", ratio, a, want)
			}
			if got, ok := e.Array(g, &z, a, want+1); !ok || got != want {
				t.Errorf("%v %+v: is given up below %d cycles", ratio, a, want+1)
			}
		}
	}
}

// What was asked before is answered without allocation: bounds of all tilings in all configurations of the array, the array's cycles, and the traffic of each order. The search asks for
// thousands a group.
func TestEvaluationDoesNotAllocate(t *testing.T) {
	for _, ratio := range []nm.Ratio{nm.Dense, {N: 2, M: 8}} {
		p, g := forward(t, ratio, 1<<20)
		e := estimator(t, p)
		arrays, x := geometry.Arrays(p.Spec.STCE, true), g.Shape.Space(&p.Spec)
		places := x.Places(nil)
		var turns [][]geometry.Turns
		for _, p := range places {
			z := x.Sizes(p)
			turns = append(turns, g.Shape.DistinctTurns([][]word.Dim{rowsOutside, colsOutside, all}, g.Shape.Turning(&z)))
		}
		asked, given := 0, 0
		var bounds []uint32
		var traffic estimate.Traffic
		evaluate := func() {
			bounds = e.Bounds(g, arrays, &x, places, bounds)
			asked += len(bounds)
			for i := range places {
				z := x.Sizes(places[i])
				for _, a := range arrays {
					if _, ok := e.Array(g, &z, a, math.MaxInt64); ok {
						given++
					}
				}
				for k := range turns[i] {
					e.TrafficIn(&traffic, g, &z, &turns[i][k])
				}
			}
		}
		evaluate()
		if n := testing.AllocsPerRun(3, evaluate); n > 0 || e.Err() != nil {
			t.Errorf("%v: %g allocations, %v", ratio, n, e.Err())
		}
		if len(places) < 10 || asked == 0 || given == 0 {
			t.Errorf("%v: %d tilings, %d bounds, %d times of the array: there is nothing to evaluate", ratio, len(places), asked, given)
		}
	}
}
