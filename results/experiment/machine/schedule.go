package machine

import (
	"fmt"
	"math"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/schedule"
)

// refiner simulates the best candidates of product groups and remembers which of them is best. It has a machine of its own, so that what
// a run costs to simulate does not depend on how its words were found.
type refiner struct {
	machine *Machine
	chosen  map[string]geometry.Choice // by what decides a group's outcome
}

// schedule chooses words for every product of a plan: given ones, or those of a search, refined if that is asked for.
func (m *Machine) schedule(step *Step) error {
	p := step.Plan
	if step.Words != nil {
		if given, err := step.Words(p); given || err != nil {
			return err
		}
	}
	s, err := searcher(p, m.Energy)
	if err != nil {
		return err
	}
	s.Stop, s.Memo, s.Single = m.ctx.Err, m.Memo, m.Single
	if err := s.Fold(p.Spec.Dataflow.OfflineScheduling); err != nil {
		return fmt.Errorf("deciding where batch norms are applied: %w", err)
	}
	if offline := p.Spec.Dataflow.OfflineScheduling; m.Refine < 2 || !offline {
		return s.All(offline)
	}
	if m.refiner == nil {
		fast := m.spec
		fast.Board.Memory.Model = memory.ModelFast // on which an outcome is a function of the group alone
		machine, err := New(m.ctx, fast, false)
		if err != nil {
			return fmt.Errorf("refining the schedule: %w", err)
		}
		machine.Memo = m.Memo
		m.refiner = &refiner{machine: machine, chosen: map[string]geometry.Choice{}}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		if g.Kind != dataflow.ProductGroup {
			continue
		}
		if err := m.refiner.choose(p, s, g, m.Refine); err != nil {
			return fmt.Errorf("scheduling %s: %w", g.Label, err)
		}
	}
	return nil
}

// choose simulates the most best candidates of a group and gives it the words of the best: the objective decides, with the simulated
// latency in place of the predicted one. The predicted best is among them, so the outcome is never worse.
func (r *refiner) choose(p *dataflow.Plan, s *schedule.Searcher, g *dataflow.Group, most int) error {
	key := schedule.Key(g)
	for i := range g.Chains {
		key += fmt.Sprintf("|%+v", g.Chains[i].Chain)
	}
	if c, ok := r.chosen[key]; ok {
		return p.Choose(g, c)
	}
	candidates, err := s.Candidates(g, most)
	if err != nil {
		return err
	}
	costs := make([]schedule.Score, len(candidates))
	for i := range candidates {
		if err := p.Choose(g, candidates[i].Choice); err != nil {
			return err
		}
		o, _, err := r.machine.group(g)
		if err != nil {
			return fmt.Errorf("simulating %v: %w", &candidates[i].Choice, err)
		}
		if costs[i], err = s.Measured(g, &candidates[i], o.Cycles); err != nil {
			return err
		}
	}
	best := 0
	for i := range costs {
		if s.Better(&costs[i], &costs[best]) {
			best = i
		}
	}
	r.chosen[key] = candidates[best].Choice
	return p.Choose(g, candidates[best].Choice)
}

// searcher of words for a plan. The table is for the objectives energy and edp; nil does for the others.
func searcher(p *dataflow.Plan, t *energy.Table) (*schedule.Searcher, error) {
	weigh, floor, err := objective(&p.Spec, t)
	if err != nil {
		return nil, err
	}
	s, err := schedule.NewSearcher(p, p.Spec.Dataflow.Objective, weigh)
	if err != nil {
		return nil, err
	}
	s.Floor = floor
	return s, nil
}

// objective is what the scheduler minimises, as a function of what a choice is predicted to do: predicted joules, or joules times cycles; and its floor, which leaves out
// what idles: that is less the more is done, everything else is more. nil: the scheduler's own objectives.
func objective(s *spec.Spec, t *energy.Table) (weigh, floor schedule.Weigh, err error) {
	o := s.Dataflow.Objective
	if o != spec.ObjectiveEnergy && o != spec.ObjectiveEDP {
		return nil, nil, nil
	}
	if t == nil {
		return nil, nil, fmt.Errorf("dataflow.objective %s needs an energy table", o)
	}
	model, machine := energy.NewPrices(t, s.Clock), energy.MachineOf(s, FlipFlops(s))
	of := func(machine energy.Machine) schedule.Weigh {
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
		}
	}
	return of(machine), of(machine.Steady()), nil
}

// FlipFlops of an accelerator: the middle of its estimate.
func FlipFlops(s *spec.Spec) int64 { return fpga.Total(fpga.Estimate(s))[fpga.FF].Mid() }
