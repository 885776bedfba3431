package compare

import (
	"context"
	"errors"
	"fmt"

	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/workloads/recipe"
)

// ErrSamples says that nobody said how many samples an epoch has: neither the network nor who asks.
var ErrSamples = errors.New("samples an epoch; 1 or more is accepted, by the network's samples or by who asks")

// Training is the cost of whole trainings, the baseline's and the recipe's: of every kind of step that a recipe's phases have, times
// their number. An epoch has samples/batch steps, rounded up.
func (c *Case) Training(ctx context.Context, samples int64) ([]record.Training, error) {
	if samples < 1 {
		return nil, fmt.Errorf("%d %w", samples, ErrSamples)
	}
	m, err := machine.New(ctx, c.Spec, c.Exhaustive)
	if err != nil {
		return nil, err
	}
	m.Energy, m.Refine, m.Memo = c.Energy, c.Refine, c.Memo
	steps := (samples + c.Step.Images - 1) / c.Step.Images
	var out []record.Training
	for _, r := range []recipe.Recipe{c.Baseline, c.Recipe} {
		if len(out) > 0 && r.Name == c.Baseline.Name {
			break
		}
		t := record.Training{Recipe: r.Name, Epochs: r.Epochs, StepsPerEpoch: steps}
		variants, err := r.Variants(steps)
		if err != nil {
			return nil, err
		}
		t.Cycles, err = recipe.Total(variants, func(v recipe.StepKind) (int64, error) {
			run, err := m.Simulate(c.Step, v.Recipe)
			if err != nil {
				return 0, err
			}
			t.Phases = append(t.Phases, record.Phase{
				Name: v.Name, Steps: v.Steps, Sparsity: run.Sparsity, StepCycles: run.Total.Cycles, StepTimeS: run.Total.TimeS,
			})
			return run.Total.Cycles, nil
		})
		if err != nil {
			return nil, fmt.Errorf("recipe %s: %w", r.Name, err)
		}
		t.TimeS = c.Spec.Seconds(t.Cycles)
		out = append(out, t)
	}
	return out, nil
}
