package dataflow_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/dataflow"
	"satsim/dataflow/estimate"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// did is what units do by the words of a group's product and its update, without the chains beside them; of a transfer its bits.
func did(t rapid.TB, p *dataflow.Plan, g *dataflow.Group) (out unit.Activity) {
	t.Helper()
	units := p.Spec.Units()
	programs, err := units.Programs(&g.Word)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range g.Word.Streams[:len(g.Word.Streams)-len(g.Chains)] {
		a, err := programs.Count(s.Ops, s.Count())
		if err == nil {
			err = out.Add(&a, 1)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out.Units[word.Memory] = unit.Counts{memory.ReadBits: 8 * out.ReadBytes(), memory.WriteBits: 8 * out.WriteBytes()}
	return out
}

// pieces is how many transfers a lane has in a group.
func pieces(g *dataflow.Group, lane word.Lane) (n int64) {
	for i := range g.Word.Streams {
		s := &g.Word.Streams[i]
		for oi, times := range s.Count() {
			if s.Ops[oi].Lane == lane {
				for _, k := range times {
					n += k
				}
			}
		}
	}
	return n
}

// lastTile is the most that a tile of results takes the vector unit and then the memory; what the former reads beside it is there before.
func lastTile(t rapid.TB, p *dataflow.Plan, g *dataflow.Group) (most int64) {
	t.Helper()
	fast, err := memory.NewFast(p.Spec.Board.Memory, int64(p.Spec.Clock))
	if err != nil {
		t.Fatal(err)
	}
	took := map[int]int64{} // by variant: both have the same
	for i := range g.Word.Streams[0].Ops {
		o := &g.Word.Streams[0].Ops[i]
		for v := range o.Variants {
			w := &o.Variants[v].Work
			if w.Taps > 0 { // the product
				continue
			}
			switch o.Lane {
			case word.VectorOut:
				cost, err := p.Spec.Vector.WorkCost(w)
				if err != nil {
					t.Fatal(err)
				}
				took[v] += cost.Issue
			case word.WriteOut:
				took[v] += fast.Occupancy(memory.RequestOf(o, w))
				most = max(most, took[v])
			}
		}
	}
	return most
}

// For tiles of any size in any order: the bytes that the estimator predicts are those of the words, operand by operand, the array's cycles
// too, and what it says fits does. So is what units do, the update's elements and its bytes of state and copies included; but pieces of an
// update make the last groups and waves of each, so of these only elements are counted.
func TestTheEstimatorEqualsTheWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p *dataflow.Plan
		if p = randomPlan(t); rapid.IntRange(0, 2).Draw(t, "depthwise") == 0 {
			p = grouped(t)
		}
		e, err := estimate.New(&p.Spec, !p.Options.Pregenerate)
		if err != nil {
			t.Fatal(err)
		}
		e.CountWork()
		for _, own := range products(p) {
			s := randomlyJoined(t, p, own.Shape)
			a := randomArray(t, p, s)
			c := s.Configured(a, rapid.Permutation([]word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF}).Draw(t, "order"), randomSizes(t, s))
			g, err := p.As(own, &c)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Shape.Complete(&c); err != nil {
				t.Fatal(err)
			}
			x := e.Traffic(g, &c.Tile, c.Order)
			chosen := choose(t, p, own, c)
			g.Word, g.Update = own.Word, own.Update
			if !chosen {
				if x.Fits {
					t.Fatalf("%s %v: the estimator says that it fits", g.Label, &c)
				}
				continue
			}
			want := [3]int64{count(g, word.ReadWest, bytesOf) + count(g, word.WritePass, bytesOf), count(g, word.ReadNorth, bytesOf), count(g, word.WriteOut, bytesOf) + count(g, word.ReadPass, bytesOf)}
			if n := g.Shape.Norm.Channels; n > 0 { // mean and inverse deviation in FP32, scale and shift in FP16
				want[0], want[2] = want[0]+12*n, want[2]-12*n
			}
			if got := [3]int64{x.West, x.North, x.Out}; got != want {
				t.Errorf("%s %v: %d bytes west, north and out; the words have %d", g.Label, &c, got, want)
			}
			if least := lastTile(t, p, g); g.Update == nil && x.Last != least {
				t.Errorf("%s %v: %d cycles after the array's last tile; the words say %d", g.Label, &c, x.Last, least)
			}
			actions := e.Actions(g, &c.Tile, a)
			estimated, words := x.Activity(&actions), did(t, p, g)
			for _, n := range []struct {
				unit  word.Unit
				count int
			}{
				{word.Memory, memory.ReadBits}, {word.Memory, memory.WriteBits}, {word.STCE, stce.MACs}, {word.STCE, stce.NorthWords},
				{word.SORE, sore.Elements}, {word.SORE, sore.Kept}, {word.Vector, vector.Operations}, {word.Vector, vector.MACs}, {word.WUVE, wuve.Parameters},
				{word.Norm, norm.Elements}, {word.Norm, norm.Operations},
			} {
				if n.unit == word.SORE && n.count == sore.Kept && g.Update != nil {
					continue
				}
				got, want := estimated.Units[n.unit][n.count], words.Units[n.unit][n.count]
				if g.Update != nil && n.unit == word.Memory && got <= want {
					switch rest := want - got; { // of each piece, the bits of places, and of masks, are whole bytes
					case n.count == memory.ReadBits && g.Update.KeptAlone && rest < 8*pieces(g, word.ReadState),
						n.count == memory.WriteBits && g.Update.Rule.Orders && rest < 8*pieces(g, word.WriteCopy):
						continue
					}
				}
				if got != want {
					t.Errorf("%s %v: %s: %d of count %d; the words say %d", g.Label, &c, n.unit, got, n.count, want)
				}
			}
			if atEdge := slices.ContainsFunc(g.Word.Streams[0].Ops, func(o word.Op) bool { return o.Lane == word.Prune && len(o.In) == 0 }); atEdge {
				if got, want := estimated.Buffers[word.North].ReadBits, words.Buffers[word.North].ReadBits; got != want {
					t.Errorf("%s %v: SORE reads %d bits of the north buffer; the words say %d", g.Label, &c, got, want)
				}
			}
			cfg, err := stce.ConfigOf(g.Word.Array)
			if err != nil {
				t.Fatal(err)
			}
			busy := count(g, word.Array, func(w *word.Work) int64 {
				cost, stretch := p.Spec.STCE.WorkCost(cfg, w)
				return cost.Cycles + stretch
			})
			busy += count(g, word.VectorOut, func(w *word.Work) int64 {
				if w.Taps == 0 { // the output path
					return 0
				}
				cost, err := p.Spec.Vector.WorkCost(w)
				if err != nil {
					t.Fatal(err)
				}
				return cost.Issue
			})
			cycles, ok := e.Array(g, &c.Tile, a, math.MaxInt64)
			if !ok || cycles != busy {
				t.Errorf("%s %v: array busy for %d cycles; the words say %d", g.Label, &c, cycles, busy)
			}
			z := &c.Tile
			one := geometry.Space{G: []int64{z.G}, K: []int64{z.K}, F: []int64{z.F}, BT: [][2]int64{{z.B, z.T}}}
			if least := e.Bounds(g, []geometry.Array{a}, &one, []geometry.Place{{}}, nil)[0]; cycles < int64(least) {
				t.Errorf("%s %v: %d cycles, fewer than the bound of %d", g.Label, &c, cycles, least)
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

// 8 tokens of 8 channels through a linear layer of 8, weights pruned forwards and gradients backwards, SORE of one lane at the array's edge. Both
// products are a tile of 8 x 8 outputs over 8 channels at 2:4; but 8 columns of 8 weights sorted for each of two folds of 4 rows are 128 elements,
// which stretch the forward one alone: gradients are pruned at their fetch.
func TestATileAtTheEdgeIsNoneElsewhere(t *testing.T) {
	g := &network.Graph{Name: "edge", Inputs: []network.Input{{Name: "tokens", Shape: network.Shape{8, 8}}}, Nodes: []network.Node{
		{Name: "first", Op: network.Linear, Inputs: []string{"tokens"}, Channels: 8},
		{Name: "second", Op: network.Linear, Inputs: []string{"first"}, Channels: 8},
		{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Gradients
	if step, err = r.Sparsify(nm.Ratio{N: 2, M: 4}).Apply(step); err != nil {
		t.Fatal(err)
	}
	sp := machine(4, 4, 1<<20)
	sp.SORE.Lanes, sp.Dataflow.PruneAt = 1, word.AtEdge
	p, err := dataflow.New(&step, sp, dataflow.Options{Update: r.Update()})
	if err != nil {
		t.Fatal(err)
	}
	e, err := estimate.New(&p.Spec, true)
	if err != nil {
		t.Fatal(err)
	}
	cycles := map[workloads.Stage]int64{}
	for _, g := range products(p) {
		if it := &p.Step.Items[g.Item]; it.Layer == "second" {
			z := g.Shape.Whole()
			cycles[it.Stage], _ = e.Array(g, &z, geometry.Array{Mode: stce.OS, Over: stce.OverF, Interleave: 1}, math.MaxInt64)
		}
	}
	if ff, bp := cycles[workloads.FF], cycles[workloads.BP]; ff < 128 || bp >= 128 {
		t.Errorf("FF %d cycles, BP %d; the former is stretched to 128 at least", ff, bp)
	}
}

// Bounds of all configurations, which share what does not differ between them, are those of each alone.
func TestConfigurationsShareTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t)
		for _, own := range products(p) {
			s := randomlyJoined(t, p, own.Shape)
			c := s.Configured(randomArray(t, p, s), []word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF}, randomSizes(t, s))
			g, err := p.As(own, &c)
			if err != nil {
				t.Fatal(err)
			}
			arrays, x := rapid.Permutation(geometry.Arrays(p.Spec.STCE, true)).Draw(t, "configurations"), g.Shape.Space(&p.Spec)
			places := x.Places(nil)
			bounds := func(arrays []geometry.Array) []uint32 {
				e, err := estimate.New(&p.Spec, !p.Options.Pregenerate)
				if err != nil {
					t.Fatal(err)
				}
				return e.Bounds(g, arrays, &x, places, nil)
			}
			all := bounds(arrays)
			for k := range arrays {
				for i, n := range bounds(arrays[k : k+1]) {
					if got := all[i*len(arrays)+k]; got != n {
						t.Fatalf("%s %v, tiling %d: at least %d cycles alone, %d with others", g.Label, arrays[k], i, n, got)
					}
				}
			}
		}
	})
}
