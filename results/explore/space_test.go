package explore

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"satsim/results/store"
	"satsim/results/sweep"
	"satsim/results/training"
)

// Spaces that are no spaces are refused by name.
func TestSpacesRefused(t *testing.T) {
	judged := []Objective{Time, Accuracy}
	for _, tt := range []struct {
		change func(*sweep.File)
		by     []Objective
		want   string
	}{
		{func(f *sweep.File) { f.Recipes = []string{"bdwp", "dense"} }, nil, "one recipe, at one ratio or its own, is accepted, or accuracy among the objectives (--objective time,accuracy)"},
		{func(f *sweep.File) { f.Sparsity = []string{"2:4", "2:8"} }, nil, "one recipe"},
		{func(f *sweep.File) {}, judged, "its one recipe makes all designs as accurate"},
		{func(f *sweep.File) { f.Recipes, f.Sparsity = []string{"dense"}, []string{"2:4", "2:8"} }, judged, "its one recipe makes all designs as accurate"},
		{func(f *sweep.File) { f.Recipes = nil }, nil, "recipes are missing"},
		{func(f *sweep.File) { f.Recipes = []string{"bdwp", "denes"} }, judged, "denes"},
		{func(f *sweep.File) { f.Networks = nil }, nil, "networks are missing"},
		{func(f *sweep.File) { f.Where = []string{"stce.row > 3"} }, nil, "nearest: stce.rows"},
		{func(f *sweep.File) { f.Where = []string{"stce.rows + 3"} }, nil, "is no condition"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "network", Values: []sweep.Value{"resnet9"}}} }, nil, "an axis changes network"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "recipe.weight_decay", Values: []sweep.Value{"0"}}} }, nil, "an axis changes recipe.weight_decay"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"-1"}}} }, nil, "stce.rows"},
		{func(f *sweep.File) {
			f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8"}}, {Points: [][]string{{"stce.rows=4", "dataflow.join_groups=true"}}}}
		}, nil, "two axes change stce.rows"},
		{func(f *sweep.File) { f.Axes = []sweep.Axis{{Path: "stce.row", Values: []sweep.Value{"1"}}} }, nil, "unknown path"},
		{func(f *sweep.File) {
			for i := range 4 {
				var values []sweep.Value
				for k := range 50 {
					values = append(values, sweep.Value(fmt.Sprint(k+1)))
				}
				f.Axes = append(f.Axes, sweep.Axis{Path: []string{"stce.rows", "stce.cols", "vector.lanes", "wuve.lanes"}[i], Values: values})
			}
		}, nil, "more than 5000000 designs"},
	} {
		f := sweep.Default()
		f.Name, f.Arch, f.Networks, f.Recipes = "x", "sat-vcu1525", []string{"resnet9"}, []string{"bdwp"}
		tt.change(&f)
		s, err := NewSpace(&f, nil, tt.by)
		if err == nil { // an axis that is not free is asked when its class is made
			_, _, err = s.view().spec(make([]int, len(s.axes)))
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v; want %q", err, tt.want)
		}
	}
}

// learning is a space of a network and recipes that trainings are shipped of.
func learning() *sweep.File {
	f := sweep.Default()
	f.Name, f.Arch, f.Against, f.Networks, f.Batches = "learning", "sat-vcu1525", "", []string{"testdata/tiny.yaml"}, []int64{2}
	f.Recipes, f.Sparsity = []string{"sr-ste", "dense", "bdwp"}, []string{"2:4", "2:8"}
	f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8", "16", "23"}}, {Path: "stce.cols", Values: []sweep.Value{"16", "30"}}}
	return &f
}

// The designs of a space are the points of a sweep of the same file, conditions included.
func TestSpaceIsWhatItsSweepExpandsTo(t *testing.T) {
	f := learning()
	f.Where = []string{"stce.rows * stce.cols <= 368", `recipe != "dense" or stce.cols > 16`}
	plan, err := sweep.New(f, sweep.Load(nil), store.Origin{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for i := range plan.Jobs {
		want = append(want, plan.Jobs[i].Key)
	}
	s, err := NewSpace(f, nil, []Objective{Time, Accuracy})
	if err != nil {
		t.Fatal(err)
	}
	resolve := sweep.Load(nil)
	for i := range s.Size {
		in, err := s.where.hold(s, s.places(i))
		if err != nil {
			t.Fatal(err)
		}
		if !in {
			continue
		}
		c, err := s.Selection(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		m, err := resolve(c)
		if err != nil {
			t.Fatal(err)
		}
		p, err := m.Alone(c, store.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Key)
	}
	slices.Sort(want)
	slices.Sort(got)
	if s.Size != 30 || !slices.Equal(got, want) { // 2 ratios of two recipes, and dense once
		t.Errorf("%d designs, %d of them meet the conditions; the sweep has %d points", s.Size, len(got), len(want))
	}
}

// An accuracy counts if it is of the recipe that is simulated; designs of the others are refused, and the reason is said.
func TestAccuraciesAreOfWhatIsSimulated(t *testing.T) {
	f := learning()
	o := Options{Objectives: []Objective{Time, Accuracy}, Fit: FitAny, Corner: High, Workers: 2}
	s, err := NewSpace(f, nil, o.Objectives)
	if err != nil {
		t.Fatal(err)
	}
	group := func(recipe, sparsity string, at int) training.SeedGroup {
		of := &s.trained[at][0]
		return training.SeedGroup{
			Result: training.Result{Network: "tiny", Recipe: recipe, Sparsity: sparsity, NetworkHash: of.NetworkHash, RecipeHash: of.RecipeHash, TrainImages: 100, Epochs: 2, Masks: "1", Lambda: 0.0002},
			Seeds:  3, Accuracy: training.Estimate{Mean: 0.5 + 0.1*float64(at), Deviation: 0.01, Of: 3},
		}
	}
	old, diverged := group("sr-ste", "2:4", 0), group("bdwp", "2:8", 4)
	old.RecipeHash, diverged.Seeds = "old", 0
	groups := []training.SeedGroup{old, group("dense", "1:1", 2), group("bdwp", "2:4", 3), diverged}
	if err := s.Join(groups); err != nil {
		t.Fatal(err)
	}
	r, err := Search(context.Background(), s, NewTiers(nil, store.Origin{}), o)
	if err != nil {
		t.Fatal(err)
	}
	var why []string
	for _, reason := range r.Reasons {
		why = append(why, fmt.Sprint(reason.Designs, " ", reason.Why))
	}
	all := strings.Join(why, "\n")
	for _, want := range []string{
		"6 sr-ste 2:4 on testdata/tiny.yaml at batch 2 has no accuracy: it was trained with other rules",
		"6 sr-ste 2:8 on testdata/tiny.yaml at batch 2 has no accuracy: there is none",
		"6 bdwp 2:8 on testdata/tiny.yaml at batch 2 has no accuracy: all its trainings diverged",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("refused:\n%s\nwant %q", all, want)
		}
	}
	for _, b := range r.Front {
		if want := map[string]float64{"recipe=dense": 1 - 0.7, "recipe=bdwp": 1 - 0.8}[b.Overrides[0]]; want == 0 || math.Abs(b.Values[1]-want) > 1e-15 {
			t.Errorf("%v: an error of %g, want %g", b.Overrides, b.Values[1], want)
		}
	}
	if got := s.Trained(); len(got) != 2 || got[0].Seeds != 3 || got[0].Images != 100 || got[0].Epochs != 2 {
		t.Errorf("trained: %+v", got)
	}
	if r.Base.Values[1] != 1 {
		t.Errorf("the base, without a training, has an error of %g", r.Base.Values[1])
	}
	if err := s.Join(groups[:1]); err == nil || !strings.Contains(err.Error(), "no recipe was trained on all networks") {
		t.Errorf("of no training: %v", err)
	}
	if err := s.Join(append(groups, group("bdwp", "2:4", 3))); err == nil || !strings.Contains(err.Error(), "two settings") {
		t.Errorf("trained twice: %v", err)
	}
	f.Recipes = []string{"dense", "structure-decay"}
	if s, err = NewSpace(f, nil, o.Objectives); err != nil {
		t.Fatal(err)
	}
	phases := group("structure-decay", "1:8", 1)
	if err := s.Join([]training.SeedGroup{group("dense", "1:1", 0), phases}); err != nil {
		t.Fatal(err)
	}
	if err := s.untrained(1); err == nil || !strings.Contains(err.Error(), "steps of several kinds") {
		t.Errorf("a recipe with phases: %v", err)
	}
}

// Gaps by hand, where bounds are 0: above them everything is infinitely much, and 0 is not.
func TestGapOfNothing(t *testing.T) {
	for _, tt := range []struct {
		front [][]float64
		open  []float64
		gap   float64
	}{
		{[][]float64{{2, 0.5}}, []float64{1, 0.5}, 1},
		{[][]float64{{2, 0}}, []float64{1, 0}, 1},
		{[][]float64{{2, 0.5}}, []float64{1, 0}, -1},
		{[][]float64{{2, 0.5}, {5, 0}}, []float64{1, 0}, 4},
		{nil, []float64{1, 1}, -1},
	} {
		x := &search{queue: queue{{values: tt.open}}}
		for _, v := range tt.front {
			x.front = append(x.front, Best{Values: v})
		}
		if got := x.gap(); got != tt.gap {
			t.Errorf("front %v, open %v: gap %g, want %g", tt.front, tt.open, got, tt.gap)
		}
	}
}
