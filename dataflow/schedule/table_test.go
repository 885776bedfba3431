package schedule

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/memo"
	"satsim/internal/quantity"
	"satsim/workloads/recipe"
)

// contents of a table, with the array's fastest configuration for every tiling.
type contents struct {
	places  []geometry.Place
	bounds  []uint32
	tilings []bounded
	arrays  []int
	cycles  []int64
}

// whole makes the table of a group anew, and asks all of it.
func whole(t *testing.T, s *Searcher, g *dataflow.Group) contents {
	t.Helper()
	fresh := Searcher{Plan: s.Plan, estimator: s.estimator, arrays: s.arrays, orders: s.orders, own: memo.New(0)}
	x := g.Shape.Space(&s.Plan.Spec)
	table, err := fresh.tableOf(g, &x)
	if err != nil {
		t.Fatal(err)
	}
	out := contents{places: table.places, bounds: table.bounds, tilings: table.tilings}
	f := finder{Searcher: &fresh, most: 1, group: g}
	for i := range table.places {
		z := x.Sizes(table.places[i])
		a, n := f.fastest(&z, table, i, math.MaxInt64)
		out.arrays, out.cycles = append(out.arrays, a), append(out.cycles, n)
	}
	return out
}

// What a table knows of a tiling does not depend on who asked before, nor below which limit.
func TestAnswersDoNotDependOnWhatWasAsked(t *testing.T) {
	p, err := dataflow.New(mixed(t), spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}, dataflow.Options{Interleave: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	var products []*dataflow.Group
	for i := range p.Groups {
		if p.Groups[i].Kind == dataflow.ProductGroup {
			products = append(products, &p.Groups[i])
		}
	}
	s, err := NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		g := rapid.SampledFrom(products).Draw(r, "group")
		want := whole(t, s, g)
		fresh := Searcher{Plan: s.Plan, estimator: s.estimator, arrays: s.arrays, orders: s.orders, own: memo.New(1 << 20)}
		x := g.Shape.Space(&p.Spec)
		table, err := fresh.tableOf(g, &x)
		if err != nil {
			r.Fatal(err)
		}
		f := finder{Searcher: &fresh, most: 1, group: g}
		for range rapid.IntRange(1, 40).Draw(r, "questions") {
			i := rapid.IntRange(0, len(table.places)-1).Draw(r, "tiling")
			limit := want.cycles[i] + rapid.Int64Range(-3, 3).Draw(r, "limit")
			f.Searcher.last = rapid.IntRange(0, len(s.arrays)-1).Draw(r, "last")
			z := x.Sizes(table.places[i])
			a, n := f.fastest(&z, table, i, limit)
			if limit <= want.cycles[i] {
				if a >= 0 {
					r.Fatalf("%d cycles below %d; it takes %d", n, limit, want.cycles[i])
				}
			} else if a != want.arrays[i] || n != want.cycles[i] {
				r.Fatalf("configuration %d, %d cycles; want %d and %d", a, n, want.arrays[i], want.cycles[i])
			}
			if b := (bounded{least: 0, place: i}); table.least(&b) > want.cycles[i] {
				r.Fatalf("at least %d cycles; it takes %d", table.least(&b), want.cycles[i])
			}
		}
	})
}

// Machines that differ in what a table leaves out share what they find, and find what each finds alone.
func TestSearchesThatShareFindTheSame(t *testing.T) {
	step := mixed(t)
	rapid.Check(t, func(r *rapid.T) {
		shared := memo.New(64 << 20)
		s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
		s.STCE.Rows, s.STCE.Cols = rapid.IntRange(1, 12).Draw(r, "rows"), rapid.IntRange(1, 12).Draw(r, "cols")
		for _, c := range []*quantity.Bytes{&s.Buffers.West.Capacity, &s.Buffers.North.Capacity, &s.Buffers.Output.Capacity} {
			*c = quantity.Bytes(rapid.SampledFrom([]int64{16 << 10, 64 << 10}).Draw(r, "capacity"))
		}
		if rapid.Bool().Draw(r, "at the edge") {
			s.Dataflow.PruneAt = word.AtEdge
		}
		o := dataflow.Options{Interleave: true, Pregenerate: rapid.Bool().Draw(r, "pregenerate"), Join: rapid.Bool().Draw(r, "join"), Update: recipe.Default().Update()}
		for range 3 {
			s.Vector.Lanes = rapid.SampledFrom([]int{1, 4, 32}).Draw(r, "lanes")
			s.WUVE.Lanes = rapid.SampledFrom([]int{1, 16}).Draw(r, "update lanes")
			s.Board.Memory.PortWidthBits = rapid.SampledFrom([]int{32, 128, 512}).Draw(r, "port")
			o.Overlap = rapid.Bool().Draw(r, "overlap")
			objective := rapid.SampledFrom([]spec.Objective{spec.ObjectiveLatency, spec.ObjectiveBytes}).Draw(r, "objective")
			most := rapid.IntRange(1, 3).Draw(r, "most")
			p, err := dataflow.New(step, s, o)
			if err != nil {
				r.Fatal(err)
			}
			var searchers [2]*Searcher
			for i := range searchers {
				if searchers[i], err = NewSearcher(p, objective, nil); err != nil {
					r.Fatal(err)
				}
			}
			searchers[1].Memo, searchers[1].Single = shared, rapid.IntRange(0, 3).Draw(r, "single") == 0
			for i := range p.Groups {
				g := &p.Groups[i]
				if g.Kind != dataflow.ProductGroup {
					continue
				}
				want, errAlone := searchers[0].Candidates(g, most)
				got, err := searchers[1].Candidates(g, most)
				if (err == nil) != (errAlone == nil) || !reflect.DeepEqual(got, want) {
					r.Fatalf("%s: together %v (%v), alone %v (%v)", g.Label, got, err, want, errAlone)
				}
			}
		}
	})
}
