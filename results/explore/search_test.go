package explore

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fpga"
	"satsim/internal/config"
	"satsim/results/store"
	"satsim/results/sweep"
)

// drawn is a small space around a small network.
func drawn(t *rapid.T) *sweep.File {
	f := sweep.Default()
	f.Name, f.Arch, f.Networks, f.Recipes, f.Batches = "drawn", "sat-vcu1525", []string{"testdata/tiny.yaml"}, []string{"bdwp"}, []int64{1}
	if rapid.Bool().Draw(t, "two batches") {
		f.Batches = append(f.Batches, 2)
	}
	for _, a := range []struct {
		path   string
		values []string
	}{
		{"stce.rows", []string{"2", "7", "16", "64"}},
		{"stce.cols", []string{"3", "16", "80"}},
		{"stce.add_latency", []string{"2", "6", "11"}},
		{"stce.max_interleave", []string{"1", "4", "8"}},
		{"vector.lanes", []string{"1", "8", "64"}},
		{"wuve.lanes", []string{"1", "4"}},
		{"dataflow.pregeneration", []string{"true", "false"}},
		{"stce.max_m", []string{"4", "8", "16"}}, // 4 is refused: bdwp is 2:8
		{"buffers.west.capacity", []string{"16KiB", "1MiB"}},
	} {
		var values []sweep.Value
		for _, v := range a.values {
			if rapid.Bool().Draw(t, a.path+" "+v) {
				values = append(values, sweep.Value(v))
			}
		}
		if size := len(f.Axes); len(values) > 0 && size < 3 {
			f.Axes = append(f.Axes, sweep.Axis{Path: a.path, Values: values})
		}
	}
	return &f
}

func drawnOptions(t *rapid.T) Options {
	o := Options{Objectives: []Objective{Time}, Fit: rapid.SampledFrom([]FitRule{FitCertain, FitPossible, FitAny}).Draw(t, "fit"),
		Corner: rapid.SampledFrom([]Corner{Low, Middle, High}).Draw(t, "corner"), Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
	for _, more := range []Objective{Energy, "lut", "dsp"} {
		if rapid.Bool().Draw(t, string(more)) {
			o.Objectives = append(o.Objectives, more)
		}
	}
	return o
}

// exhaustive simulates every design, by models that are loaded each by itself, and keeps those that no other beats. It knows nothing of bounds, parts or
// classes. What a selection took before is not simulated again.
func exhaustive(t *rapid.T, known map[string]Took, f *sweep.File, s *Space, o Options) (front [][]float64) {
	resolve := sweep.Load(nil)
	tiers := NewTiers(nil, store.Origin{})
	base := make([]Took, len(s.Works))
	run := func(c sweep.Selection) (Took, *sweep.Models, error) {
		m, err := resolve(c)
		if err != nil {
			return Took{}, nil, err
		}
		n, ok := known[c.String()]
		if !ok {
			if n, err = tiers.Simulate(context.Background(), c, m); err == nil {
				known[c.String()] = n
			}
		}
		return n, m, err
	}
	for i, w := range s.Works {
		c, err := f.Base()
		if err != nil {
			t.Fatal(err)
		}
		c.Network, c.Recipe, c.Batch = w.Network, w.Recipe, w.Batch
		if base[i], _, err = run(c); err != nil {
			t.Fatal(err)
		}
	}
	var all [][]float64
	for i := range s.Size {
		values := make([]float64, len(o.Objectives))
		ok := true
		for w := range s.Works {
			c, err := s.Selection(i, w)
			if err != nil {
				t.Fatal(err)
			}
			n, m, err := run(c)
			if err != nil {
				ok = false
				break
			}
			report := fpga.Assess(&m.Spec)
			if !o.Fit.admits(report.Fit) {
				ok = false
				break
			}
			seconds, baseSeconds := float64(n.Cycles)/float64(m.Spec.Clock), float64(base[w].Cycles)/float64(m.Spec.Clock)
			joules, baseJoules := o.Corner.joules(n.Joules), o.Corner.joules(base[w].Joules)
			for k, of := range o.Objectives {
				switch {
				case of == Time && len(s.Works) == 1:
					values[k] = seconds
				case of == Time:
					values[k] += seconds / baseSeconds
				case of == Energy && len(s.Works) == 1:
					values[k] = joules
				case of == Energy:
					values[k] += joules / baseJoules
				default:
					values[k] = float64(o.Corner.of(report.Lines[of.resource()].Use))
				}
			}
		}
		if ok {
			for k, of := range o.Objectives {
				if (of == Time || of == Energy) && len(s.Works) > 1 {
					values[k] /= float64(len(s.Works))
				}
			}
			all = append(all, values)
		}
	}
	for i, v := range all {
		beaten := slices.ContainsFunc(all, func(u []float64) bool { return within(u, v, 0) && !slices.Equal(u, v) })
		if !beaten && !slices.ContainsFunc(all[:i], func(u []float64) bool { return slices.Equal(u, v) }) {
			front = append(front, v)
		}
	}
	slices.SortFunc(front, slices.Compare)
	return front
}

// The front is that of simulating everything, whatever the space, the objectives and the workers; its certificate holds, and says what became of every design.
func TestFrontIsThatOfAllDesigns(t *testing.T) {
	known := map[string]Took{}
	rapid.Check(t, func(t *rapid.T) {
		f, o := drawn(t), drawnOptions(t)
		s, err := NewSpace(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		tiers := NewTiers(nil, store.Origin{})
		r, err := Search(context.Background(), s, tiers, o)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]float64
		for _, b := range r.Front {
			got = append(got, b.Values)
		}
		if want := exhaustive(t, known, f, s, o); !reflect.DeepEqual(got, want) {
			t.Fatalf("front %v, of all designs %v", got, want)
		}
		n := &r.Counts
		if sum := n.Refused + n.TooLarge + n.ClosedForm + n.Scheduled + n.Simulated + n.Front + n.Open; sum != s.Size || n.Open != 0 || r.Gap != 0 {
			t.Fatalf("%+v of %d designs, gap %g", *n, s.Size, r.Gap)
		}
		if len(r.Front) == 0 {
			return
		}
		c, err := Certify(f, nil, o, r, s.Size, store.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(context.Background(), s, tiers, c, 3, 1, 1, nil); err != nil {
			t.Fatal(err)
		}
		c.Front = c.Front[1:]
		if len(c.Front) > 0 {
			if _, err := Verify(context.Background(), s, tiers, c, 0, 1, 1, nil); err == nil {
				t.Fatal("a certificate without the fastest design holds")
			}
		}
	})
}

func steady(t *testing.T) (*sweep.File, *Space, Options) {
	t.Helper()
	f := sweep.Default()
	f.Name, f.Arch, f.Networks, f.Recipes, f.Batches = "steady", "sat-vcu1525", []string{"testdata/tiny.yaml"}, []string{"bdwp"}, []int64{2}
	f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8", "16", "23", "24"}}, {Path: "stce.cols", Values: []sweep.Value{"16", "30", "32"}}, {Path: "vector.lanes", Values: []sweep.Value{"16", "64"}}}
	s, err := NewSpace(&f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &f, s, Options{Objectives: []Objective{Time, "lut"}, Fit: FitAny, Corner: High, Workers: 2}
}

// A bound that is above what it bounds rules out what it may not: if the design is simulated all the same, the search ends; else the certificate does not hold.
func TestUnsoundBoundIsCaught(t *testing.T) {
	f, s, o := steady(t)
	honest := NewTiers(nil, store.Origin{})
	for _, factor := range []float64{1.02, 3} {
		lies := honest
		lies.Schedule = func(ctx context.Context, m *sweep.Models) (int64, error) {
			n, err := honest.Schedule(ctx, m)
			if m.Spec.STCE.Rows == 23 { // too slow, it says
				n = int64(float64(n) * factor)
			}
			return n, err
		}
		r, err := Search(context.Background(), s, lies, o)
		if bound := (*BoundError)(nil); errors.As(err, &bound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		c, err := Certify(f, nil, o, r, s.Size, store.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(context.Background(), s, honest, c, 0, 1, 2, nil); err == nil || !strings.Contains(err.Error(), "stce.rows=23") {
			t.Errorf("bounds %g times too high: %v", factor, err)
		}
	}
}

// A search that is stopped has a gap which holds, and goes on from its store.
func TestStoppedSearchGoesOn(t *testing.T) {
	f, s, o := steady(t)
	db, err := store.Open(context.Background(), t.TempDir()+"/points.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	by := store.Origin{Model: "1"}
	tiers := NewTiers(db, by)
	ctx, cancel := context.WithCancel(context.Background())
	simulations := 0
	counting := tiers
	counting.Simulate = func(inner context.Context, c sweep.Selection, m *sweep.Models) (Took, error) {
		if simulations++; simulations == 5 {
			cancel()
		}
		return tiers.Simulate(inner, c, m)
	}
	o.Workers = 1
	r, err := Search(ctx, s, counting, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Counts.Open == 0 || r.Gap == 0 {
		t.Fatalf("stopped after 5 simulations, and proven: %+v", r.Counts)
	}
	whole, err := Search(context.Background(), s, tiers, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range whole.Front { // what was open may be better by the gap, and no more
		values := slices.Clone(b.Values)
		if r.Gap >= 0 && !slices.ContainsFunc(r.Front, func(a Best) bool { return within(a.Values, values, r.Gap+1e-9) }) {
			t.Errorf("%v is better than all of %v by more than %g", b.Values, r.Front, r.Gap)
		}
	}
	fresh, err := Search(context.Background(), s, NewTiers(nil, by), o)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fresh, whole) {
		t.Errorf("from a store %+v, without %+v", whole, fresh)
	}
	_ = f
}

// What comes out does not depend on the number of workers.
func TestWorkersDoNotMatter(t *testing.T) {
	_, s, o := steady(t)
	var first *Result
	for _, n := range []int{1, 2, 5} {
		o.Workers = n
		r, err := Search(context.Background(), s, NewTiers(nil, store.Origin{}), o)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if !reflect.DeepEqual(first, r) {
			t.Errorf("%d workers: %+v, one: %+v", n, r, first)
		}
	}
}

// Spaces that are no spaces are refused by name.
func TestSpacesRefused(t *testing.T) {
	for _, tt := range []struct {
		change func(*sweep.File)
		want   string
	}{
		{func(f *sweep.File) { f.Recipes = []string{"bdwp", "dense"} }, "one recipe"},
		{func(f *sweep.File) { f.Networks = nil }, "networks are missing"},
		{func(f *sweep.File) { f.Where = []string{"stce.rows > 3"} }, "conditions (where)"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "network", Values: []sweep.Value{"resnet9"}}} }, "an axis changes network"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"-1"}}} }, "stce.rows"},
		{func(f *sweep.File) {
			f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8"}}, {Points: [][]string{{"stce.rows=4", "dataflow.join_groups=true"}}}}
		}, "two axes change stce.rows"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "stce.row", Values: []sweep.Value{"1"}}} }, "unknown path"},
		{func(f *sweep.File) {
			for i := range 4 {
				var values []sweep.Value
				for k := range 50 {
					values = append(values, sweep.Value(fmt.Sprint(k+1)))
				}
				f.Axes = append(f.Axes, sweep.Axis{Path: []string{"stce.rows", "stce.cols", "vector.lanes", "wuve.lanes"}[i], Values: values})
			}
		}, "more than 5000000 designs"},
	} {
		f := sweep.Default()
		f.Name, f.Arch, f.Networks, f.Recipes = "x", "sat-vcu1525", []string{"resnet9"}, []string{"bdwp"}
		tt.change(&f)
		s, err := NewSpace(&f, nil)
		if err == nil { // an axis that is not free is asked when its class is made
			_, _, err = s.view().spec(make([]int, len(s.axes)))
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v; want %q", err, tt.want)
		}
	}
}

// A machine by parts is the machine that is loaded whole.
func TestPartsMakeTheWhole(t *testing.T) {
	f, err := sweep.Open("fit")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSpace(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, resolve := s.view(), sweep.Load(nil)
	for i := 0; i < s.Size; i += s.Size/23 + 1 {
		_, got, err := v.spec(s.places(i))
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Selection(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		m, err := resolve(c)
		if err != nil {
			t.Fatal(err)
		}
		a, err := config.MarshalJSON(got)
		if err != nil {
			t.Fatal(err)
		}
		b, err := config.MarshalJSON(m.Spec)
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) {
			t.Fatalf("design %d: by parts\n%s\nwhole\n%s", i, a, b)
		}
		if s.at(s.places(i)) != i {
			t.Fatalf("design %d is at %v, which is design %d", i, s.places(i), s.at(s.places(i)))
		}
	}
}
