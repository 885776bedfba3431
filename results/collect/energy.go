package collect

import (
	"fmt"
	"math"

	"satsim/arch/energy"
	"satsim/results/record"
)

// Pricing is what turns a run's actions into joules.
type Pricing struct {
	Table     *energy.Table
	Model     *energy.Model
	FlipFlops int64 // of the design
}

// Energy adds a run's joules to it: of the step, its stages and layers. images are the samples of the step.
func (p *Pricing) Energy(run *record.Run, images int64) error {
	var total energy.Counts
	stages := make([]energy.Counts, len(run.Stages))
	for i := range run.Layers {
		l := &run.Layers[i]
		if p.FlipFlops > 0 && l.Cycles > math.MaxInt64/p.FlipFlops {
			return fmt.Errorf("counting the clock of %s %s: %d flip-flops over %d cycles are more than 63 bits", l.Layer, l.Stage, p.FlipFlops, l.Cycles)
		}
		l.Actions[energy.FlipFlopClock] = p.FlipFlops * l.Cycles
		part := p.part(&l.Actions)
		l.Joules, l.Units = &part.Joules, part.Units
		total.Add(&l.Actions)
		for s := range run.Stages {
			if run.Stages[s].Stage == l.Stage {
				stages[s].Add(&l.Actions)
			}
		}
	}
	for s := range stages {
		run.Stages[s].Energy = p.part(&stages[s])
	}
	run.Actions = total
	run.Energy = p.whole(run, &total, images)
	return nil
}

func (p *Pricing) part(c *energy.Counts) *record.Energy {
	out := &record.Energy{Joules: p.Model.Total(c)}
	names := energy.Units()
	for i, j := range p.Model.ByUnit(c) {
		out.Units = append(out.Units, record.UnitEnergy{Unit: names[i], Joules: j})
	}
	return out
}

func (p *Pricing) whole(run *record.Run, c *energy.Counts, images int64) *record.RunEnergy {
	f := &run.Total
	out := &record.RunEnergy{Table: p.Table.Name, Energy: *p.part(c), FlipFlops: p.FlipFlops}
	j := out.Joules
	if j.Low > 0 && f.TimeS > 0 {
		out.PowerW = j.Times(1 / f.TimeS)
		out.ImagesPerJ = j.Under(float64(images))
		out.DenseGFLOPSPerW = j.Under(2 * float64(f.DenseMACs) / 1e9)
		out.EffectiveGFLOPSPerW = j.Under(2 * float64(f.PerformedMACs) / 1e9)
	}
	out.EDP = j.Times(f.TimeS)
	for a := range energy.Action(energy.Actions) {
		if c[a] > 0 {
			out.Actions = append(out.Actions, record.Action{Action: a.String(), Of: a.Of(), Count: c[a], Joules: p.Model.Joules(a, c[a])})
		}
	}
	for _, a := range p.Model.Missing(c) {
		out.Missing = append(out.Missing, a.String())
	}
	return out
}

// Compare is the baseline's energy against another run's, by one table. nil: a run costs nothing by it.
func (p *Pricing) Compare(base, other *record.Run) *record.EnergyComparison {
	r, ok := p.Model.Ratio(&base.Actions, &other.Actions)
	if !ok {
		return nil
	}
	out := &record.EnergyComparison{Ratio: r, Verdict: string(r.Verdict()), EDPRatio: r.Times(base.Total.TimeS / other.Total.TimeS)}
	out.EDPVerdict = string(out.EDPRatio.Verdict())
	for _, s := range p.Model.Sensitivity(&base.Actions, &other.Actions) {
		if s.Low != s.High {
			out.Sensitivity = append(out.Sensitivity, record.EnergySensitivity{Action: s.Action.String(), Group: s.Group, Low: s.Low, High: s.High})
		}
	}
	return out
}
