package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/codesign"
	"satsim/results/collect"
	"satsim/results/point"
	"satsim/results/reference/train"
	"satsim/results/training"
	"satsim/workloads/recipe"
)

// codesignFlags are what codesign compares.
type codesignFlags struct {
	network, trained, energy    string
	archs, recipes, ratios, set []string
	batch                       int64
}

func (a *app) codesign() *cobra.Command {
	var c codesignFlags
	cmd := &cobra.Command{
		Use:   "codesign",
		Short: "Put accuracy beside time, energy and resources, and say which points nobody beats",
		Long: `Simulates a training step of a network under each recipe, N:M and architecture, and puts beside it what the same network learned
with the same recipe (from the runs.csv of satsim train). Prints one table, marks the Pareto front of accuracy, time and energy, and writes
codesign.csv, codesign.md and codesign.svg into the output folder. The update of the simulated step uses the optimiser of the training.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCodesign(cmd.Context(), c) },
	}
	f := cmd.Flags()
	f.StringVar(&c.network, "network", "resnet-fmnist", "network: a shipped name or a file")
	f.StringSliceVar(&c.archs, "arch", []string{"sat-vcu1525"}, "architectures, separated by commas: shipped names or files")
	f.StringSliceVar(&c.recipes, "recipe", []string{"dense", "sr-ste", "sdgp", "sdwp", "bdwp"}, "training recipes, separated by commas: shipped names or files")
	f.StringSliceVar(&c.ratios, "sparsity", []string{"2:4", "2:8", "1:8"}, "N:M ratios")
	f.StringVar(&c.energy, "energy", "", "energy table: a shipped name or a file (default: the architecture's own)")
	f.StringVar(&c.trained, "training", "", "runs.csv of satsim train (default: the shipped one, of the small Fashion-MNIST networks)")
	f.Int64Var(&c.batch, "batch", 0, "images a step of the simulation (default: that of the training, or the network's own)")
	f.StringArrayVar(&c.set, "set", nil, "override path=value of architecture, network., recipe. or energy.; may be repeated")
	f.String("out", "out", "output folder")
	return cmd
}

func (a *app) runCodesign(ctx context.Context, c codesignFlags) error {
	groups, err := c.trainings()
	if err != nil {
		return err
	}
	all, err := (&modelFlags{set: c.set}).overrides()
	if err != nil {
		return err
	}
	var forSpec, forNetwork, forRecipe, forEnergy []config.Override
	for _, o := range all {
		if path, ok := strings.CutPrefix(o.Path, "network."); ok {
			o.Path = path
			forNetwork = append(forNetwork, o)
		} else if path, ok := strings.CutPrefix(o.Path, "recipe."); ok {
			o.Path = path
			forRecipe = append(forRecipe, o)
		} else if path, ok := strings.CutPrefix(o.Path, "energy."); ok {
			o.Path = path
			forEnergy = append(forEnergy, o)
		} else {
			forSpec = append(forSpec, o)
		}
	}
	var m models
	if err := m.loadNetwork(c.network, c.batch, forNetwork); err != nil {
		return err
	}
	if groups, err = ofNetwork(groups, m.network.Name); err != nil {
		return err
	}
	if c.batch == 0 && len(groups) > 0 && groups[0].Batch != m.step.Images {
		if err := m.loadNetwork(c.network, groups[0].Batch, forNetwork); err != nil {
			return err
		}
	}
	flags := trainFlags{recipes: c.recipes, sparsities: c.ratios}
	recipes, err := flags.expand(forRecipe)
	if err != nil {
		return err
	}
	var points []codesign.Point
	bar := newProgress(a.err)
	defer bar.stop()
	for _, name := range c.archs {
		s, err := loadSpec(name, forSpec)
		if err != nil {
			return err
		}
		table, err := loadEnergy(name, c.energy, slices.Clone(forEnergy))
		if err != nil {
			return err
		}
		job := codesignJob{
			spec: s, models: &m, groups: groups, resources: fpga.Assess(&s), pricing: point.Pricing(&s, table), progress: bar,
		}
		some, err := job.run(ctx, recipes)
		if err != nil {
			return err
		}
		points = append(points, some...)
	}
	bar.stop()
	codesign.Finish(points)
	return a.printCodesign(points)
}

// trainings reads what is known of accuracy.
func (c *codesignFlags) trainings() ([]training.Group, error) {
	var in io.Reader = bytes.NewReader(train.Runs)
	if c.trained != "" {
		f, err := os.Open(c.trained)
		if err != nil {
			return nil, fmt.Errorf("--training: %w", err)
		}
		defer f.Close()
		in = f
	}
	rows, err := training.ReadResults(in)
	if err != nil {
		return nil, fmt.Errorf("--training %s: %w", c.trained, err)
	}
	return training.Summarise(rows), nil
}

// ofNetwork are the groups of one network; two of the same recipe cannot be told apart.
func ofNetwork(groups []training.Group, name string) ([]training.Group, error) {
	var out []training.Group
	seen := map[string]bool{}
	for _, g := range groups {
		if g.Network != name {
			continue
		}
		key := g.Recipe + " " + g.Sparsity
		if seen[key] {
			return nil, fmt.Errorf("--training: %s of %s was trained under two settings; a file with one of them is accepted", key, name)
		}
		seen[key] = true
		out = append(out, g)
	}
	return out, nil
}

// codesignJob is the points of one architecture.
type codesignJob struct {
	spec      spec.Spec
	models    *models
	groups    []training.Group
	resources fpga.Report
	pricing   *collect.Pricing
	progress  *progressBar
}

func (j *codesignJob) run(ctx context.Context, recipes []recipe.Recipe) ([]codesign.Point, error) {
	machine, err := point.NewMachine(ctx, j.spec, false)
	if err != nil {
		return nil, err
	}
	var out []codesign.Point
	for _, r := range recipes {
		machine.Progress = func(done, total int) { j.progress.update(r.Name, done, total) }
		p := codesign.Point{
			Arch: j.spec.Name, Network: j.models.network.Name, Batch: j.models.step.Images, Recipe: r.Name, Sparsity: ratioOf(r),
			Resources: j.resources,
		}
		if len(j.groups) > 0 { // of a recipe without a training, that of the others, so that times compare
			r.Optimiser = recipe.Optimiser(j.groups[0].Optimiser)
		}
		for i := range j.groups {
			if g := &j.groups[i]; g.Recipe == p.Recipe && g.Sparsity == p.Sparsity {
				p.Training = g
				r.Optimiser = recipe.Optimiser(g.Optimiser)
			}
		}
		p.Optimiser = string(r.Optimiser)
		if err = j.cost(machine, r, &p); err != nil {
			return nil, fmt.Errorf("recipe %s %s: %w", p.Recipe, p.Sparsity, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// shareSteps is the length of an epoch when only shares of phases matter.
const shareSteps = 1000

// cost simulates a recipe's steps: the mean time and energy of one over the recipe's training.
func (j *codesignJob) cost(machine *point.Machine, r recipe.Recipe, p *codesign.Point) error {
	variants := []recipe.Variant{{Name: r.Name, Steps: 1, Recipe: r}}
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
		run, _, err := machine.Simulate(&j.models.step, v.Recipe)
		if err != nil {
			return err
		}
		if err := j.pricing.Energy(&run, j.models.step.Images); err != nil {
			return err
		}
		share := float64(v.Steps) / steps
		e := run.Energy.Joules
		p.TimeS += run.Total.TimeS * share
		p.Energy.Low, p.Energy.Value, p.Energy.High = p.Energy.Low+e.Low*share, p.Energy.Value+e.Value*share, p.Energy.High+e.High*share
	}
	return nil
}

func (a *app) printCodesign(points []codesign.Point) error {
	out := a.settings.GetString("out")
	trained := false
	for _, p := range points {
		trained = trained || p.Training != nil
		if p.Training == nil {
			fmt.Fprintf(a.err, "satsim: no training of %s with %s %s: no accuracy, and not on the front\n", p.Network, p.Recipe, p.Sparsity)
		}
	}
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"codesign.csv", func(w io.Writer) error { return codesign.WriteCSV(w, points) }},
		{"codesign.md", func(w io.Writer) error { return codesign.WriteMarkdown(w, points) }},
		{"codesign.svg", func(w io.Writer) error { return codesign.WriteFigure(w, points) }},
	}
	if !trained {
		files = files[:2] // a figure of accuracy needs one
	}
	for _, f := range files {
		if err := atomicfile.Write(filepath.Join(out, f.name), f.write); err != nil {
			return err
		}
	}
	titles, rows := codesign.Table(points)
	printText(a.out, titles, rows, 6)
	return nil
}

// printText prints rows of text; the first columns are names, the others numbers.
func printText(w io.Writer, titles []string, rows [][]string, names int) {
	head := make([]any, len(titles))
	for i, t := range titles {
		head[i] = t
	}
	t := newTable(w, names, head...)
	for _, line := range rows {
		row := make([]any, len(line))
		for i, v := range line {
			row[i] = v
		}
		t.AppendRow(row)
	}
	t.Render()
}
