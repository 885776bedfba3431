package sweep

import (
	"context"

	"satsim/results/experiment/machine"
)

// Refusal is a point that cannot run, and why.
type Refusal struct {
	Point string
	Why   error
}

// Check finds the jobs that would fail before anything is simulated: their models are refused, the hardware was not built for what they prune
// to, or they do not fit the board's memory.
func Check(ctx context.Context, jobs []PlannedPoint) (out []Refusal, err error) {
	for i := range jobs {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		j := &jobs[i]
		why := j.Err
		if why == nil {
			why = machine.Accepts(j.Spec, j.Step, j.Recipe)
		}
		if why != nil {
			out = append(out, Refusal{j.Choice.String(), why})
		}
	}
	return out, nil
}
