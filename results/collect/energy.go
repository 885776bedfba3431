package collect

import (
	"fmt"
	"math"

	"satsim/arch/energy"
	"satsim/arch/unit"
	"satsim/results/record"
)

// Pricing is what turns a run's actions into joules.
type Pricing struct {
	Table     *energy.Table
	Model     *energy.Prices
	Units     unit.Set // of the machine
	FlipFlops int64    // of the design
}

// Energy adds a run's joules to it: of the step, its stages and layers. images are the samples of the step.
func (p *Pricing) Energy(run *record.Run, images int64) error {
	var total energy.ActionCounts
	stages := make([]energy.ActionCounts, len(run.Stages))
	for i := range run.Layers {
		l := &run.Layers[i]
		if p.FlipFlops > 0 && l.Cycles > math.MaxInt64/p.FlipFlops {
			return fmt.Errorf("counting the clock of %s %s: %d flip-flops over %d cycles are more than 63 bits", l.Layer, l.Stage, p.FlipFlops, l.Cycles)
		}
		l.Actions[energy.FlipFlopClock] = p.FlipFlops * l.Cycles
		own := energy.ActionCounts(l.Actions)
		part := p.part(&own)
		l.Energy = part
		total.Add(&own)
		for s := range run.Stages {
			if run.Stages[s].Stage == l.Stage {
				stages[s].Add(&own)
			}
		}
	}
	for s := range stages {
		run.Stages[s].Energy = p.part(&stages[s])
	}
	run.Energy = p.whole(run, &total, images)
	return nil
}

func (p *Pricing) part(c *energy.ActionCounts) *record.Energy {
	out := &record.Energy{Joules: record.Interval(p.Model.Total(c))}
	for _, u := range p.Model.ByUnit(&p.Units, c) {
		out.Units = append(out.Units, record.UnitEnergy{Unit: u.Unit, Joules: record.Interval(u.Interval)})
	}
	return out
}

func (p *Pricing) whole(run *record.Run, c *energy.ActionCounts, images int64) *record.RunEnergy {
	f := &run.Total
	out := &record.RunEnergy{Table: p.Table.Name, Energy: *p.part(c), FlipFlops: p.FlipFlops}
	j := energy.Interval(out.Joules)
	if j.Low > 0 && f.TimeS > 0 {
		out.PowerW = record.Interval(j.Times(1 / f.TimeS))
		out.ImagesPerJ = record.Interval(j.Under(float64(images)))
		out.DenseGFLOPSPerW = record.Interval(j.Under(2 * float64(f.DenseMACs) / 1e9))
		out.EffectiveGFLOPSPerW = record.Interval(j.Under(2 * float64(f.PerformedMACs) / 1e9))
	}
	out.EDP = record.Interval(j.Times(f.TimeS))
	out.Standing = record.Interval(p.Model.Standing(c))
	for _, b := range p.Model.ByBasis(c) {
		out.Bases = append(out.Bases, record.BasisEnergy{Basis: string(b.Basis), Joules: record.Interval(b.Interval)})
	}
	for _, a := range energy.List(&p.Units) {
		if c[a] > 0 {
			out.Actions = append(out.Actions, record.Action{Action: a.String(), Of: a.Counted(), Count: c[a], Joules: record.Interval(p.Model.Joules(a, c[a]))})
		}
	}
	for _, a := range p.Model.Missing(c) {
		out.Missing = append(out.Missing, a.String())
	}
	return out
}

// Actions are how often a priced run did each action.
func Actions(e *record.RunEnergy) (*energy.ActionCounts, error) {
	var out energy.ActionCounts
	for _, a := range e.Actions {
		var action energy.Action
		if err := action.UnmarshalText([]byte(a.Action)); err != nil {
			return nil, fmt.Errorf("reading the actions of a record: %w", err)
		}
		out[action] = a.Count
	}
	return &out, nil
}

// Compare is a priced baseline's energy against another run's, by one table. nil: a run costs nothing by it.
func (p *Pricing) Compare(base, other *record.Run) (*record.EnergyComparison, error) {
	a, err := Actions(base.Energy)
	if err != nil {
		return nil, err
	}
	b, err := Actions(other.Energy)
	if err != nil {
		return nil, err
	}
	r, ok := p.Model.Ratio(a, b)
	if !ok {
		return nil, nil
	}
	edp := r.Times(base.Total.TimeS / other.Total.TimeS)
	out := &record.EnergyComparison{
		Ratio: record.Interval(r), Verdict: string(r.Verdict()), EDPRatio: record.Interval(edp), EDPVerdict: string(edp.Verdict()),
	}
	for _, s := range p.Model.Sensitivity(a, b) {
		if s.Low != s.High {
			out.Sensitivity = append(out.Sensitivity, record.EnergySensitivity{Action: s.Action.String(), Group: s.Group, Low: s.Low, High: s.High})
		}
	}
	return out, nil
}
