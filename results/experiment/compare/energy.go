package compare

import (
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/results/collect"
	"satsim/results/experiment/machine"
	"satsim/results/record"
)

// Pricing of runs on a spec.
func Pricing(s *spec.Spec, t *energy.Table) *collect.Pricing {
	return &collect.Pricing{Table: t, Model: energy.NewPrices(t, s.Clock), Units: s.Units(), FlipFlops: machine.FlipFlops(s)}
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

// Resources is what an accelerator takes of its board.
func Resources(s *spec.Spec) *record.Resources {
	r := fpga.Assess(s)
	out := &record.Resources{Board: s.Board.Name, Part: r.Part, Fit: string(r.Fit), Notes: r.Notes}
	for _, l := range r.Lines {
		out.Lines = append(out.Lines, record.ResourceLine{
			Resource: l.Resource.String(), Low: l.Use.Low, High: l.Use.High, Available: l.Available, Limit: l.Limit, Fit: string(l.Fit),
		})
	}
	return out
}
