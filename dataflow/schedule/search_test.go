package schedule_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/dataflow"
	"satsim/dataflow/estimate"
	"satsim/dataflow/geometry"
	"satsim/dataflow/schedule"
)

// all costs every member of the legal space that fits, in the order of enumeration: tilings, orders, configurations of the array.
func all(t rapid.TB, p *dataflow.Plan, g *dataflow.Group, weigh schedule.Weigh) (out []schedule.Scored) {
	t.Helper()
	fast, err := memory.NewFast(p.Spec.Board.Memory, int64(p.Spec.Clock))
	if err != nil {
		t.Fatal(err)
	}
	j := &judge{spec: &p.Spec, fast: fast, plan: p, g: g}
	arrays := geometry.Arrays(p.Spec.STCE, p.Options.Interleave)
	as := []geometry.Choice{{}}
	if p.Options.Join {
		for _, join := range g.Shape.Joins(&p.Spec.STCE) {
			as = append(as, geometry.Choice{Join: join})
		}
	}
	if g.Shape.Lanable() && p.Options.Lanes {
		as = append(as, geometry.Choice{Mode: geometry.OnLanes, Over: "f", Interleave: 1})
	}
	for _, as := range as {
		s, err := g.Shape.As(&p.Spec, &as)
		if err != nil {
			t.Fatal(err)
		}
		if s.Lanes {
			arrays = arrays[:1]
		}
		x := s.Space(&p.Spec)
		for i := range x.Len() {
			z := x.At(i)
			for _, order := range geometry.Orders() {
				for _, a := range arrays {
					c := geometry.Choice{Mode: word.Mode(a.Mode.String()), Over: word.Over(a.Over.String()), Interleave: a.Interleave, Join: as.Join, Order: order, Tile: z}
					if s.Lanes {
						c.Mode = geometry.OnLanes
					}
					if err := s.Complete(&c); err != nil {
						t.Fatal(err)
					}
					if p.Choose(g, c) != nil {
						continue
					}
					if cost, fits := j.cost(weigh); fits {
						out = append(out, schedule.Scored{Choice: c, Score: cost})
					}
				}
			}
		}
	}
	return out
}

// energy is a cost of what was done as a table of energies makes one, with numbers of no machine.
func energy(cycles int64, a *unit.Activity) float64 {
	array, dram := &a.Units[word.STCE], &a.Units[word.Memory]
	return float64(70*(dram[memory.ReadBits]+dram[memory.WriteBits])/8 + 3*cycles + 2*array[stce.MACs] + 5*array[stce.WestHops] +
		4*array[stce.NorthWords] + 7*array[stce.OutputReads] + 11*a.Units[word.SORE][sore.Elements] + 13*a.Units[word.Vector][vector.Operations] +
		a.Units[word.WUVE][wuve.Multiplies])
}

// The best of the whole legal space, every member lowered to words and costed from them, ties to the first.
func TestTheSearchIsOptimalInTheLegalSpace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := smallPlan(t)
		g := rapid.SampledFrom(products(p)).Draw(t, "group")
		o := rapid.SampledFrom([]spec.Objective{spec.ObjectiveLatency, spec.ObjectiveBytes, spec.ObjectiveEnergy, spec.ObjectiveEDP}).Draw(t, "objective")
		var weigh schedule.Weigh
		switch o {
		case spec.ObjectiveEnergy:
			weigh = energy
		case spec.ObjectiveEDP:
			weigh = func(cycles int64, a *unit.Activity) float64 { return energy(cycles, a) * float64(cycles) }
		}
		s, err := schedule.NewSearcher(p, o, weigh)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "floor") {
			s.Floor = weigh // it grows with all that it is given
		}
		space := all(t, p, g, weigh)
		if len(space) == 0 { // a buffer of 4 KiB may be too small for the smallest tile: the search must find nothing either
			if got, err := s.Candidates(g, 1); err == nil || !strings.Contains(err.Error(), "no tiling of "+g.Label+" fits the buffers") {
				t.Fatalf("%s: nothing fits, but the search found %v, %v", g.Label, got, err)
			} else if strings.Contains(err.Error(), "its masks are permuted") != g.Shape.Permuted {
				t.Fatalf("%s, permuted %v: %v", g.Label, g.Shape.Permuted, err)
			}
			return
		}
		// The best few that differ in tiles or in the order of loops that turn: the first of each, in order.
		most := rapid.IntRange(1, 6).Draw(t, "most")
		slices.SortStableFunc(space, func(a, b schedule.Scored) int {
			switch {
			case less(o, &a.Score, &b.Score):
				return -1
			case less(o, &b.Score, &a.Score):
				return 1
			}
			return 0
		})
		type pair struct {
			lanes bool
			join  geometry.Join
			tile  geometry.Sizes
			order uint32
		}
		seen := map[pair]bool{}
		var want []schedule.Scored
		for _, c := range space {
			s, err := g.Shape.As(&p.Spec, &c.Choice)
			if err != nil {
				t.Fatal(err)
			}
			k := pair{s.Lanes, c.Choice.Join, c.Choice.Tile, s.Signature(c.Choice.Order, &c.Choice.Tile)}
			if !seen[k] && len(want) < most {
				want = append(want, c)
			}
			seen[k] = true
		}
		got, err := s.Candidates(g, most)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			for i := range max(len(got), len(want)) {
				if i < len(got) {
					t.Logf("found %v %+v", &got[i].Choice, got[i].Score)
				}
				if i < len(want) {
					t.Logf("want  %v %+v", &want[i].Choice, want[i].Score)
				}
			}
			t.Fatalf("%s by %s: the %d best of %d differ", g.Label, o, most, len(space))
		}
	})
}

// Whatever joined products are worth, the search loses nothing by them: its best with them is as fast as without, on any machine, a dense one among them.
func TestJoiningIsNeverSlower(t *testing.T) {
	joined := 0
	rapid.Check(t, func(t *rapid.T) {
		p := smallPlan(t)
		var best [2]*schedule.Searcher
		for i := range best {
			q := *p
			q.Options.Join = i == 1
			s, err := schedule.NewSearcher(&q, spec.ObjectiveLatency, nil)
			if err != nil {
				t.Fatal(err)
			}
			best[i] = s
		}
		for _, g := range products(p) {
			alone, err := best[0].Best(g)
			if err != nil {
				continue // no tiling fits
			}
			with, err := best[1].Best(g)
			if err != nil || with.Score.Cycles > alone.Score.Cycles {
				t.Fatalf("%s: %v without, %v with joined products, %v", g.Label, alone, with, err)
			}
			if !with.Choice.Join.IsNone() {
				joined++
			}
		}
	})
	if joined == 0 {
		t.Error("nothing was joined")
	}
}

// Nothing is lost by listing few orders of loops: no permutation of all five moves fewer bytes in tiles that fit.
func TestNoOtherOrderMovesFewerBytes(t *testing.T) {
	var orders [][]word.Dim
	var permute func(done, left []word.Dim)
	permute = func(done, left []word.Dim) {
		if len(left) == 0 {
			orders = append(orders, slices.Clone(done))
		}
		for i := range left {
			permute(append(done, left[i]), slices.Concat(left[:i], left[i+1:]))
		}
	}
	permute(nil, []word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF})
	rapid.Check(t, func(t *rapid.T) {
		p := smallPlan(t)
		g := rapid.SampledFrom(products(p)).Draw(t, "group")
		s, err := schedule.NewSearcher(p, spec.ObjectiveBytes, nil)
		if err != nil {
			t.Fatal(err)
		}
		best, err := s.Best(g)
		if err != nil {
			t.Fatal(err)
		}
		e, err := estimate.New(&p.Spec, !p.Options.Pregenerate)
		if err != nil {
			t.Fatal(err)
		}
		as, err := p.Alternatives(g)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range as {
			space := g.Shape.Space(&p.Spec)
			for i := range space.Len() {
				z := space.At(i)
				for _, order := range orders {
					if x := e.Traffic(g, &z, order); x.Fits && x.Bytes() < best.Score.Bytes {
						t.Fatalf("%s: %v moves %d bytes in the order %v, the best of the search %d", g.Label, z, x.Bytes(), order, best.Score.Bytes)
					}
				}
			}
		}
	})
}
