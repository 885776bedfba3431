package models

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"satsim/internal/config"
	"satsim/workloads/recipe"
)

// Which model a path addresses, by hand; the order within a model stays, for the later wins.
func TestOverridesAreSplitByWhatTheyAddress(t *testing.T) {
	all, err := ParseOverrides("test", []string{
		"stce.rows=16", "network.image=32", "energy.stce.add.value=1pJ", "board.memory.channels=2", "recipe.optimiser=adam", "network.image=64", "networks=1",
	})
	if err != nil {
		t.Fatal(err)
	}
	of := SplitOverrides(all)
	want := [kinds][]string{
		Arch: {"stce.rows=16", "board.memory.channels=2", "networks=1"}, Network: {"image=32", "image=64"}, Recipe: {"optimiser=adam"},
		Energy: {"stce.add.value=1pJ"},
	}
	for k := range of {
		var got []string
		for _, o := range of[k] {
			got = append(got, o.Path+"="+o.Value)
		}
		if !slices.Equal(got, want[k]) {
			t.Errorf("kind %d: %v, want %v", k, got, want[k])
		}
	}
	if err := of.Accept("nothing to build", Network, Recipe); err == nil || !strings.Contains(err.Error(), "test: stce.rows=16") {
		t.Errorf("an override of the architecture where there is none: %v", err)
	}
	if err := of.Accept("", Arch, Network, Recipe, Energy); err != nil {
		t.Error(err)
	}
}

// A baseline takes the optimiser where that changes the work of its update, by hand:
//
//	baseline           recipe                                 the baseline's update then
//	sgd                sgd                                    as it is
//	sgd                momentum                               momentum: state is read and written
//	sgd                sgd, weight decay 1e-4                 decays, too: an operation more
//	sgd, decay 1e-3    sgd, decay 1e-4                        as it is: the same work
//	sgd                sgd, gradients clipped                 waits for the norm, too
//	sgd                sgd, dynamic loss scale                waits for the check, too
func TestBaselinesRunUnderTheOptimiserOfTheRecipe(t *testing.T) {
	of := func(o recipe.Optimiser, decay, clip float64, scale string) recipe.Recipe {
		r := recipe.Default()
		r.Optimiser, r.WeightDecay, r.ClipNorm = o, decay, clip
		if scale != "" {
			r.LossScale = recipe.Dynamic
		}
		return r
	}
	sgd := of("sgd", 0, 0, "")
	for i, c := range []struct{ base, r, want recipe.Recipe }{
		{sgd, sgd, sgd},
		{sgd, of("momentum", 0, 0, ""), of("momentum", 0, 0, "")},
		{sgd, of("sgd", 1e-4, 0, ""), of("sgd", 1e-4, 0, "")},
		{of("sgd", 1e-3, 0, ""), of("sgd", 1e-4, 0, ""), of("sgd", 1e-3, 0, "")},
		{sgd, of("sgd", 0, 1, ""), of("sgd", 0, 1, "")},
		{sgd, of("sgd", 0, 0, "dynamic"), of("sgd", 0, 0, "dynamic")},
	} {
		c.base.Name, c.want.Name, c.r.Name = "dense", "dense", "bdwp"
		c.r.FF.Prune = recipe.Weights // the pruning is not the baseline's
		if got := Baseline(c.base, c.r); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", c.want) {
			t.Errorf("case %d: %+v, want %+v", i, got, c.want)
		}
	}
}

// A loader gives every caller the same model, and each its own where the choice differs.
func TestLoadersReadOnce(t *testing.T) {
	l := NewLoader()
	n := Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: "bdwp"}
	one, err := l.Load(n, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := l.Load(n, []config.Override{{Path: "stce.rows", Value: "8", Origin: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	n.Batch = 2
	three, err := l.Load(n, nil)
	if err != nil {
		t.Fatal(err)
	}
	if one.Step != two.Step || one.Energy != two.Energy || one.Spec.STCE.Rows == two.Spec.STCE.Rows {
		t.Errorf("rows %d and %d; the step is read again: %t", one.Spec.STCE.Rows, two.Spec.STCE.Rows, one.Step != two.Step)
	}
	if three.Step.Images != 2 || one.Step.Images == 2 {
		t.Errorf("batches %d and %d", one.Step.Images, three.Step.Images)
	}
	part, err := one.Only(one.Step.Items[0].Layer, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(part.Step.Items) >= len(one.Step.Items) || len(one.Step.Items) != len(two.Step.Items) {
		t.Errorf("a part of %d items of %d; others see %d", len(part.Step.Items), len(one.Step.Items), len(two.Step.Items))
	}
}

// SORE sorts what the array takes: an override of the array alone is followed, one of SORE is kept, and neither may sort more than the array takes.
func TestSOREFollowsTheArray(t *testing.T) {
	for _, c := range []struct {
		set  []string
		n, m int
		err  string
	}{
		{nil, 8, 16, ""},
		{[]string{"stce.max_m=8"}, 8, 8, ""},
		{[]string{"stce.max_n=2", "stce.max_m=8"}, 2, 8, ""},
		{[]string{"stce.max_m=8", "sore.max_n=4"}, 4, 8, ""},
		{[]string{"stce.max_m=8", "sore.max_m=16"}, 0, 0, "sore sorts up to 8:16, stce takes up to 8:8"},
	} {
		set, err := ParseOverrides("test", c.set)
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewLoader().Spec("sat-generous", "", set)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%v: %v", c.set, err)
			}
			continue
		}
		if err != nil || s.SORE.MaxN != c.n || s.SORE.MaxM != c.m {
			t.Errorf("%v: %v; sore.max_n %d, sore.max_m %d", c.set, err, s.SORE.MaxN, s.SORE.MaxM)
		}
	}
}
