package point

import (
	"fmt"
	"math"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/dataflow/schedule"
	"satsim/results/collect"
	"satsim/results/record"
)

// FlipFlops of an accelerator: the middle of its estimate.
func FlipFlops(s *spec.Spec) int64 { return fpga.Total(fpga.Estimate(s))[fpga.FF].Mid() }

// Pricing of runs on a spec.
func Pricing(s *spec.Spec, t *energy.Table) *collect.Pricing {
	return &collect.Pricing{Table: t, Model: energy.NewModel(t, s.Clock), Units: s.Units(), FlipFlops: FlipFlops(s)}
}

// price adds joules to the runs of a comparison, and what they decide to the comparison, which may be nil.
func (c *Case) price(runs []record.Run, cmp *record.Comparison) error {
	if c.Energy == nil {
		return nil
	}
	p := Pricing(&c.Spec, c.Energy)
	for i := range runs {
		if err := p.Energy(&runs[i], c.Step.Images); err != nil {
			return fmt.Errorf("recipe %s: %w", runs[i].Recipe, err)
		}
	}
	var err error
	if cmp != nil {
		cmp.Energy, err = p.Compare(&runs[0], &runs[len(runs)-1])
	}
	return err
}

// objective is what the scheduler minimises, as a function of what a choice is predicted to do: predicted joules, or joules times cycles. nil: the
// scheduler's own objectives.
func objective(s *spec.Spec, t *energy.Table) (schedule.Weigh, error) {
	o := s.Dataflow.Objective
	if o != spec.ObjectiveEnergy && o != spec.ObjectiveEDP {
		return nil, nil
	}
	if t == nil {
		return nil, fmt.Errorf("dataflow.objective %s needs an energy table", o)
	}
	model, machine := energy.NewModel(t, s.Clock), energy.MachineOf(s, FlipFlops(s))
	return func(cycles int64, a *unit.Activity) float64 {
		j, err := model.Predict(&machine, cycles, a)
		switch {
		case err != nil: // more than can be counted is no choice
			return math.Inf(1)
		case o == spec.ObjectiveEDP:
			return j * float64(cycles)
		default:
			return j
		}
	}, nil
}

// Resources is what an accelerator takes of its board.
func Resources(s *spec.Spec) *record.Resources {
	r := fpga.Assess(s)
	out := &record.Resources{Board: s.Board.Name, Part: r.Part, Fit: string(r.Fit), Notes: r.Notes}
	for _, l := range r.Lines {
		out.Lines = append(out.Lines, record.ResourceLine{
			Resource: l.Resource.String(), Low: l.Use.Low, High: l.Use.High, Available: l.Available, Fit: string(l.Fit),
		})
	}
	return out
}
