package codesign

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	groups := training.OfNetwork(q.Trainings, net.Description.Name)
	if q.Batch == 0 {
		batch, err := batchOf(groups)
		if err != nil {
			return nil, err
		}
		if net, err = l.Network(q.Network, batch, of[models.Network]); err != nil {
			return nil, err
		}
	}
	trainings, err := training.NewJoiner(net.Description, groups)
	if err != nil {
		return nil, err
	}
	// An update that is asked for is not taken for the training's own.
	find := trainings.Find
	if slices.ContainsFunc(of[models.Recipe], func(o config.Override) bool {
		return training.IsUpdate(strings.TrimPrefix(o.Path, "recipe."))
	}) {
		find = trainings.Exactly
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
			of, err := find(r)
			if err != nil {
				return nil, err
			}
			p.Training, p.Why, p.Optimiser = of.Group, of.Why, of.Recipe.Optimiser
			r = of.Recipe
			if err := c.cost(r, &p); err != nil {
				return nil, fmt.Errorf("recipe %s %s: %w", p.Recipe, p.Sparsity, err)
			}
			points = append(points, p)
		}
	}
	Finish(points)
	return points, nil
}

// coster simulates the steps of a network's trainings on one architecture.
type coster struct {
	machine  *machine.Machine
	net      *models.Net
	price    *collect.Pricing
	progress func(what string, done, total int)
}

// cost is the mean time and energy of a step over the recipe's training.
func (c *coster) cost(r recipe.Recipe, p *Point) error {
	variants, err := r.Shares()
	if err != nil {
		return err
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

// batchOf is the batch of the trainings of a network, or 0 where there are none.
func batchOf(groups []training.SeedGroup) (int64, error) {
	var batches []int64
	for i := range groups {
		if !slices.Contains(batches, groups[i].Batch) {
			batches = append(batches, groups[i].Batch)
		}
	}
	switch len(batches) {
	case 0:
		return 0, nil
	case 1:
		return batches[0], nil
	}
	return 0, fmt.Errorf("trainings: %s was trained at batches of %d; --batch says which of them is meant", groups[0].Network, batches)
}
