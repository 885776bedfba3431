package explore

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/dataflow/least"
	"satsim/results/store"
	"satsim/results/sweep"
)

// fewer divides the cases of a test's properties: each of them is a space of a thousand designs, or a network that takes seconds.
func fewer(t *testing.T, by int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	n, err := strconv.Atoi(before)
	if err != nil {
		t.Fatal(err)
	}
	if err := checks.Value.Set(fmt.Sprint(max(1, n/by))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := checks.Value.Set(before); err != nil {
			t.Error(err)
		}
	})
}

// large is a space of 500 to 2,000 designs around a small network.
func large(t *rapid.T) *sweep.File {
	f := sweep.Default()
	f.Name, f.Arch, f.Networks, f.Batches = "large", "sat-vcu1525", []string{"testdata/tiny.yaml"}, []int64{rapid.Int64Range(1, 2).Draw(t, "batch")}
	f.Recipes = []string{rapid.SampledFrom([]string{"bdwp", "dense", "sdgp"}).Draw(t, "recipe")}
	if rapid.Bool().Draw(t, "two batches") {
		f.Batches = []int64{1, 2}
	}
	size := 1
	for _, a := range []struct {
		path   string
		least  int
		values []string
	}{
		{"stce.rows", 5, []string{"2", "5", "7", "8", "12", "16", "20", "23", "24", "32", "64"}},
		{"stce.cols", 4, []string{"3", "8", "16", "24", "30", "32", "48", "80"}},
		{"vector.lanes", 3, []string{"1", "8", "16", "36", "64"}},
		{"stce.max_interleave", 2, []string{"1", "4", "8"}},
		{"stce.add_latency", 2, []string{"2", "6", "11"}},
		{"wuve.lanes", 2, []string{"1", "4"}},
		{"dataflow.pregeneration", 2, []string{"true", "false"}},
		{"buffers.west.capacity", 2, []string{"16KiB", "1MiB"}},
	} {
		if size >= 500 {
			break
		}
		values := rapid.Permutation(a.values).Draw(t, a.path)
		axis := sweep.Axis{Path: a.path}
		for _, v := range values[:rapid.IntRange(a.least, min(len(values), 2000/size)).Draw(t, "values of "+a.path)] {
			axis.Values = append(axis.Values, sweep.Value(v))
		}
		f.Axes = append(f.Axes, axis)
		size *= len(axis.Values)
	}
	return &f
}

// The front of a space of 500 to 2,000 designs is that of simulating them all, its certificate holds, and a bound that is too high, be it by a cycle, is caught: either the design is
// simulated all the same, which ends the search, or the front is not that of all designs, and the certificate does not hold by honest bounds. Spaces are drawn until one has a design
// on its front that no other is as good as: of such a one the bound is too high.
func TestFrontOfALargeSpaceIsThatOfAllDesigns(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates a thousand designs")
	}
	fewer(t, 100)
	ctx, known, honest := context.Background(), map[string]Took{}, NewTiers(nil, store.Origin{})
	planted := func(t *rapid.T) bool {
		f, o := large(t), drawnOptions(t)
		s, err := NewSpace(f, nil, o.Objectives)
		if err != nil {
			t.Fatal(err)
		}
		if s.Size < 500 || s.Size > 2000 {
			t.Fatalf("%d designs", s.Size)
		}
		want := exhaustive(t, known, f, s, o, nil, nil)
		r, err := Search(ctx, s, honest, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := valuesOf(r.Front); !reflect.DeepEqual(got, want.front) {
			t.Fatalf("front %v, of all designs %v", got, want.front)
		}
		certified := func(r *Result) error {
			c, err := Certify(f, nil, o, r, s, store.Origin{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = Verify(ctx, s, honest, c, 10, 1, o.Workers, nil)
			return err
		}
		if len(r.Front) == 0 {
			return false
		}
		if err := certified(r); err != nil {
			t.Fatal(err)
		}
		var alone []*Best // where another design is as good, that one may be found
		for i := range r.Front {
			values := r.Front[i].Values
			if slices.IndexFunc(want.every, func(v []float64) bool { return slices.Equal(v, values) }) == lastIndex(want.every, values) {
				alone = append(alone, &r.Front[i])
			}
		}
		if len(alone) == 0 {
			return false
		}
		at := rapid.SampledFrom(alone).Draw(t, "design of the front")
		lies := lying(t, s, honest, at)
		found, err := Search(ctx, s, lies, o)
		if errors.As(err, new(*BoundError)) {
			return true
		}
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(valuesOf(found.Front), want.front) {
			t.Fatalf("a bound of design %d is above what it takes, and nobody sees it: %v", at.Design, found.Front)
		}
		if err := certified(found); err == nil {
			t.Fatalf("without design %d, whose bound was above what it takes, the certificate holds", at.Design)
		}
		return true
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			if planted(t) {
				return
			}
		}
		t.Fatal("20 spaces, and in none was a bound planted that is too high")
	})
}

func valuesOf(front []Best) (out [][]float64) {
	for _, b := range front {
		out = append(out, b.Values)
	}
	return out
}

func lastIndex(all [][]float64, of []float64) int {
	for i, v := range slices.Backward(all) {
		if slices.Equal(v, of) {
			return i
		}
	}
	return -1
}

// lying is tiers of which one bounds a design of the front by more than it takes: by a cycle, or by several times.
func lying(t *rapid.T, s *Space, honest Tiers, at *Best) Tiers {
	ctx, lies := context.Background(), honest
	_, machine, err := s.view().spec(s.places(at.Design))
	if err != nil {
		t.Fatal(err)
	}
	more := rapid.SampledFrom([]float64{1, 1.01, 2, 5}).Draw(t, "more by")
	factor := 0.0
	lie := func(n int64, m *spec.Spec) int64 {
		if !reflect.DeepEqual(*m, machine) {
			return n
		}
		return int64(math.Ceil(float64(n)*factor*more)) + 1
	}
	closed := rapid.Bool().Draw(t, "by closed form")
	for w := range s.Works {
		n := s.classOf(s.places(at.Design)).steps[w].Cycles(&machine)
		if !closed {
			c, err := s.Selection(at.Design, w)
			if err != nil {
				t.Fatal(err)
			}
			m, err := s.models(c)
			if err != nil {
				t.Fatal(err)
			}
			words, err := honest.Schedule(ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			n = words.Cycles
		}
		factor = max(factor, float64(at.Cycles[w])/float64(n))
	}
	if closed {
		lies.Closed = func(step *least.Step, m *spec.Spec) int64 { return lie(honest.Closed(step, m), m) }
	} else {
		lies.Schedule = func(ctx context.Context, m *sweep.Models) (Words, error) {
			w, err := honest.Schedule(ctx, m)
			w.Cycles = lie(w.Cycles, &m.Spec)
			return w, err
		}
	}
	return lies
}
