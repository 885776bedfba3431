package codesign

import (
	"context"
	"fmt"

	"satsim/arch/fpga"
	"satsim/internal/config"
	"satsim/results/collect"
	"satsim/results/experiment/compare"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/training"
	"satsim/workloads/recipe"
)

// Question is what is put side by side: names of models.
type Question struct {
	Network        string
	Archs, Recipes []string
	Ratios         []string // N:M
	Energy         string   // empty: each architecture's own
	Batch          int64    // samples a step; 0: that of the trainings, or the network's own
	Trainings      []training.SeedGroup
	// Progress is told what advances; it may be nil.
	Progress func(what string, done, total int)
}

// Run simulates a step of every recipe, ratio and architecture, under the optimiser of its training, and finishes the points.
func Run(ctx context.Context, q Question, overrides []config.Override) (Points, error) {
	of := models.SplitOverrides(overrides)
	l := models.NewLoader()
	net, err := l.Network(q.Network, q.Batch, of[models.Network])
	if err != nil {
		return nil, err
	}
	groups, err := ofNetwork(q.Trainings, net.Description.Name)
	if err != nil {
		return nil, err
	}
	if q.Batch == 0 && len(groups) > 0 && groups[0].Batch != net.Step.Images {
		if net, err = l.Network(q.Network, groups[0].Batch, of[models.Network]); err != nil {
			return nil, err
		}
	}
	recipes, err := l.Recipes(q.Recipes, q.Ratios, of[models.Recipe])
	if err != nil {
		return nil, err
	}
	var points Points
	for _, name := range q.Archs {
		s, err := l.Spec(name, "", of[models.Arch])
		if err != nil {
			return nil, err
		}
		table, err := l.Energy(models.Names{Arch: name, Energy: q.Energy}, of[models.Energy])
		if err == nil {
			err = table.Prices(s.Board.Memory.Technology)
		}
		if err != nil {
			return nil, fmt.Errorf("pricing %s: %w", name, err)
		}
		m, err := machine.New(ctx, s, false)
		if err != nil {
			return nil, err
		}
		m.Energy = table
		c := coster{machine: m, net: net, price: compare.Pricing(&s, table), progress: q.Progress}
		resources := fpga.Assess(&s)
		for _, r := range recipes {
			p := Point{
				Arch: s.Name, Network: net.Description.Name, Batch: net.Step.Images, Recipe: r.Name, Sparsity: models.Ratio(r), Resources: resources,
			}
			if len(groups) > 0 { // of a recipe without a training, that of the others, so that times compare
				r.Optimiser = groups[0].Optimiser
			}
			for i := range groups {
				if g := &groups[i]; g.Recipe == p.Recipe && g.Sparsity == p.Sparsity {
					p.Training = g
					r.Optimiser = g.Optimiser
				}
			}
			p.Optimiser = r.Optimiser
			if err := c.cost(r, &p); err != nil {
				return nil, fmt.Errorf("recipe %s %s: %w", p.Recipe, p.Sparsity, err)
			}
			points = append(points, p)
		}
	}
	Finish(points)
	return points, nil
}

// ofNetwork are the groups of one network; two of the same recipe cannot be told apart.
func ofNetwork(groups []training.SeedGroup, name string) ([]training.SeedGroup, error) {
	var out []training.SeedGroup
	seen := map[string]bool{}
	for _, g := range groups {
		if g.Network != name {
			continue
		}
		key := g.Recipe + " " + g.Sparsity
		if seen[key] {
			return nil, fmt.Errorf("trainings: %s of %s was trained under two settings; a file with one of them is accepted", key, name)
		}
		seen[key] = true
		out = append(out, g)
	}
	return out, nil
}

// coster simulates the steps of a network's trainings on one architecture.
type coster struct {
	machine  *machine.Machine
	net      *models.Net
	price    *collect.Pricing
	progress func(what string, done, total int)
}

// shareSteps is the length of an epoch when only shares of phases matter.
const shareSteps = 1000

// cost is the mean time and energy of a step over the recipe's training.
func (c *coster) cost(r recipe.Recipe, p *Point) error {
	variants := []recipe.StepKind{{Name: r.Name, Steps: 1, Recipe: r}}
	if r.Epochs > 0 {
		var err error
		if variants, err = r.Variants(shareSteps); err != nil {
			return err
		}
	}
	var steps float64
	for _, v := range variants {
		steps += float64(v.Steps)
	}
	for _, v := range variants {
		step := machine.Step{Dense: &c.net.Step, Recipe: v.Recipe}
		if c.progress != nil {
			step.Progress = func(done, total int) { c.progress(r.Name, done, total) }
		}
		if err := c.machine.Do(&step); err != nil {
			return err
		}
		run := &step.Run
		if err := c.price.Energy(run, c.net.Step.Images); err != nil {
			return err
		}
		share := float64(v.Steps) / steps
		e := run.Energy.Joules
		p.TimeS += run.Total.TimeS * share
		p.Energy.Low, p.Energy.Value, p.Energy.High = p.Energy.Low+e.Low*share, p.Energy.Value+e.Value*share, p.Energy.High+e.High*share
	}
	return nil
}
