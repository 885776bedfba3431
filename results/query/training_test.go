package query

import (
	"math"
	"testing"

	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/results/record"
	"satsim/results/store"
	"satsim/workloads/recipe"
)

// By hand: of ten epochs four are dense, at 300 cycles a step, and six have masks of three steps: a third of their steps find them in 180 cycles, two thirds keep them in 120. So a mean
// step takes 0.4 x 300 + 0.2 x 180 + 0.4 x 120 = 204 cycles, and a training of such steps is 300 / 204 = 1.4706 times as fast as dense training. A kind of step that failed, or is
// not there, leaves nothing to say; one on another machine is none.
func TestTrainingByHand(t *testing.T) {
	r := recipe.Default()
	r.Name, r.Epochs, r.Masks, r.Sparsity = "mine", 10, 3, recipe.OptionalRatio{Ratio: nm.Ratio{N: 2, M: 4}}
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.FFWeights
	dense := recipe.Rule{Prune: recipe.Dense}
	r.Schedule = []recipe.Phase{{Name: "dense", Epochs: 4, FF: dense, BP: dense}}
	kinds, err := r.Shares()
	if err != nil || len(kinds) != 3 {
		t.Fatalf("%d kinds of steps: %v", len(kinds), err)
	}
	point := func(r recipe.Recipe, cycles int64, baseline string) store.Point {
		text, err := config.MarshalJSON(r)
		if err != nil {
			t.Fatal(err)
		}
		p := points()[0]
		p.Recipe, p.Baseline, p.Run = text, baseline, &record.Run{Recipe: r.Name, Sparsity: "2:4", Total: record.Figures{Cycles: cycles}}
		return p
	}
	base := point(recipe.Default(), 300, "")
	whole := func(cycles [3]int64, change func(p []store.Point)) float64 {
		t.Helper()
		all := []store.Point{base, point(r, 180, base.Key())}
		for i, k := range kinds {
			all = append(all, point(k.Recipe, cycles[i], ""))
		}
		change(all)
		named, err := NamePoints(all)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Training(named, &named[1])
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	cycles := [3]int64{300, 180, 120}
	if got := whole(cycles, func([]store.Point) {}); math.Abs(got-300.0/204) > 1e-9 {
		t.Errorf("%g, want %g", got, 300.0/204)
	}
	if got := whole(cycles, func(p []store.Point) { p[3].Run, p[3].Error = nil, "refused" }); !math.IsNaN(got) {
		t.Errorf("without what failed: %g", got)
	}
	if got := whole(cycles, func(p []store.Point) { p[4].Arch = []byte(`{"name":"other"}`) }); !math.IsNaN(got) {
		t.Errorf("with a step of another machine: %g", got)
	}
	if got := whole(cycles, func(p []store.Point) { // of one kind of steps: its own
		alone := r
		alone.Schedule, alone.Masks, alone.Epochs = nil, 1, 0
		p[1] = point(alone, 150, base.Key())
	}); got != 2 {
		t.Errorf("of one kind of steps: %g, want 2", got)
	}
}
