package compare_test

import (
	"context"
	"testing"

	"satsim/results/experiment/compare"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/workloads/recipe"
)

// A training of 3 epochs, the first dense, the others BDWP, of 100 samples at the network's batch of 64: two steps an epoch. By hand:
// 2 dense steps and 4 pruned ones, each at the cycles that a single step of the recipe takes.
func TestTrainingIsItsStepsTimesTheirNumber(t *testing.T) {
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sparse := m.Recipe
	sparse.Epochs = 3
	sparse.Schedule = []recipe.Phase{{Name: "warm-up", Epochs: 1, FF: recipe.Rule{Prune: recipe.Dense}, BP: recipe.Rule{Prune: recipe.Dense}}}
	base := recipe.Default()
	base.Epochs = 3
	base.Optimiser, base.WeightDecay = sparse.Optimiser, sparse.WeightDecay
	c := compare.Case{Spec: m.Spec, Step: m.Step, Baseline: base, Recipe: sparse}
	got, err := c.Training(context.Background(), 100)
	if err != nil {
		t.Fatal(err)
	}
	cycles := func(r recipe.Recipe) int64 {
		one, err := machine.New(context.Background(), m.Spec, true)
		if err != nil {
			t.Fatal(err)
		}
		run, err := one.Simulate(m.Step, r)
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
