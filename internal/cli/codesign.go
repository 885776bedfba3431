package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/codesign"
	"satsim/results/plot"
	"satsim/results/reference/train"
	"satsim/results/training"
)

// codesignFlags are what codesign compares.
type codesignFlags struct {
	codesign.Question
	trained string
	set     []string
}

func (a *app) codesign() *cobra.Command {
	var c codesignFlags
	cmd := &cobra.Command{
		Use:   "codesign",
		Short: "Put accuracy beside time, energy and resources, and say which points nobody beats",
		Long: `Simulates a training step of a network under each recipe, N:M and architecture, and puts beside it what the same network learned
with the same recipe (from the runs.csv of satsim train). Prints one table, marks the Pareto front of accuracy, time and energy, and writes
codesign.csv, codesign.md and codesign.{svg,pdf,png} into the output folder. The update of the simulated step uses the optimiser of the training.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCodesign(cmd.Context(), c) },
	}
	f := cmd.Flags()
	f.StringVar(&c.Network, "network", "resnet-fmnist", "network: a shipped name or a file")
	f.StringSliceVar(&c.Archs, "arch", []string{"sat-vcu1525"}, "architectures, separated by commas: shipped names or files")
	f.StringSliceVar(&c.Recipes, "recipe", []string{"dense", "sr-ste", "sdgp", "sdwp", "bdwp"}, "training recipes, separated by commas: shipped names or files")
	f.StringSliceVar(&c.Ratios, "sparsity", []string{"2:4", "2:8", "1:8"}, "N:M ratios")
	f.StringVar(&c.Energy, "energy", "", "energy table: a shipped name or a file (default: the architecture's own)")
	f.StringVar(&c.trained, "training", "", "runs.csv of satsim train (default: the shipped one, of the small Fashion-MNIST networks)")
	f.Int64Var(&c.Batch, "batch", 0, "images a step of the simulation (default: that of the training, or the network's own)")
	f.StringArrayVar(&c.set, "set", nil, "override path=value of architecture, network., recipe. or energy.; may be repeated")
	f.String("out", "out", "output folder")
	combine(cmd, positive(f, "batch"))
	return cmd
}

func (a *app) runCodesign(ctx context.Context, c codesignFlags) error {
	groups, err := c.trainings()
	if err != nil {
		return err
	}
	overrides, err := (&modelFlags{set: c.set}).overrides()
	if err != nil {
		return err
	}
	bar := newProgress(a.err)
	defer bar.stop()
	c.Trainings, c.Progress = groups, bar.update
	points, err := codesign.Run(ctx, c.Question, overrides)
	bar.stop()
	if err != nil {
		return err
	}
	return a.printCodesign(points)
}

// trainings reads what is known of accuracy.
func (c *codesignFlags) trainings() ([]training.SeedGroup, error) {
	text := train.Runs
	if c.trained != "" {
		var err error
		if text, err = config.Read(c.trained, config.Output); err != nil {
			return nil, fmt.Errorf("--training: %w", err)
		}
	}
	rows, err := training.ReadResults(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("--training %s: %w", c.trained, err)
	}
	return training.Summarise(rows), nil
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
	table := codesign.Table(points)
	type file struct {
		name  string
		write func(io.Writer) error
	}
	files := []file{{"codesign.csv", table.CSV}, {"codesign.md", table.Markdown}}
	if trained {
		f, err := codesign.Figure(points)
		if err != nil {
			return err
		}
		for _, form := range plot.Forms() {
			files = append(files, file{"codesign." + form.Name, func(w io.Writer) error { return form.Write(f, w) }})
		}
	}
	for _, f := range files {
		if err := atomicfile.Write(filepath.Join(out, f.name), f.write); err != nil {
			return err
		}
	}
	return table.Terminal(a.out)
}
