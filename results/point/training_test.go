package point_test

import (
	"context"
	"testing"

	"satsim/results/point"
	"satsim/workloads/recipe"
)

// A training of 3 epochs, the first dense, the others BDWP, of 100 samples at the network's batch of 64: two steps an epoch. By hand:
// 2 dense steps and 4 pruned ones, each at the cycles that a single step of the recipe takes.
func TestTrainingIsItsStepsTimesTheirNumber(t *testing.T) {
	sparse := recipe.Default()
	load(t, "recipe", "bdwp", &sparse)
	sparse.Epochs = 3
	sparse.Schedule = []recipe.Phase{{Name: "warm-up", Epochs: 1, FF: recipe.Rule{Prune: recipe.Dense}, BP: recipe.Rule{Prune: recipe.Dense}}}
	base := recipe.Default()
	base.Epochs = 3
	base.Optimiser, base.WeightDecay = sparse.Optimiser, sparse.WeightDecay
	s, step := machineSpec(t), stepOf(t, "resnet-fmnist")
	got, err := point.Training(context.Background(), point.Case{Spec: s, Step: step, Baseline: base, Recipe: sparse}, 100)
	if err != nil {
		t.Fatal(err)
	}
	cycles := func(r recipe.Recipe) int64 {
		m, err := point.NewMachine(context.Background(), s, true)
		if err != nil {
			t.Fatal(err)
		}
		run, _, err := m.Simulate(step, r)
		if err != nil {
			t.Fatal(err)
		}
		return run.Total.Cycles
	}
	dense, pruned := cycles(base), cycles(sparse)
	if len(got) != 2 || got[0].StepsPerEpoch != 2 || got[0].Cycles != 6*dense {
		t.Errorf("dense: %+v, want 6 steps of %d cycles", got, dense)
	}
	if want := 2*dense + 4*pruned; len(got) == 2 && got[1].Cycles != want {
		t.Errorf("bdwp after a dense warm-up: %d cycles, want 2*%d + 4*%d = %d", got[1].Cycles, dense, pruned, want)
	}
}
