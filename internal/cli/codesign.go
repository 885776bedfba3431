package cli

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"satsim/results/codesign"
	"satsim/results/reference/train"
	"satsim/results/report"
	"satsim/results/table"
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
with the same recipe (from the runs.csv of satsim train; hashes of both must be equal). Prints one table with the images and epochs behind each
accuracy, marks the Pareto front of accuracy, time and energy, says how likely each point is on it as far as seeds tell, and writes
codesign.{csv,md,tex,svg,pdf,png} into the output folder. The update of the simulated step is that of the training.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCodesign(cmd, c) },
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
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, positive(f, "batch"))
	return cmd
}

func (a *app) runCodesign(cmd *cobra.Command, c codesignFlags) error {
	form, err := a.form()
	if err != nil {
		return err
	}
	groups, err := trainings(c.trained)
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
	points, err := codesign.Run(cmd.Context(), c.Question, overrides)
	bar.stop()
	if err != nil {
		return err
	}
	for _, p := range points {
		if p.Training == nil {
			fmt.Fprintf(a.err, "satsim: no training of %s with %s %s: %s: no accuracy, and not on the front\n", p.Network, p.Recipe, p.Sparsity, p.Why)
		}
	}
	for _, kind := range []report.Kind{report.KindTable, report.KindFigure} {
		if kind == report.KindFigure && !points.Trained() {
			continue // a figure of accuracy needs one
		}
		found, err := report.Find(kind, "codesign")
		if err != nil {
			return err
		}
		if _, err := writeEntry(cmd.Context(), &found[0], &report.Input{Answer: points}, a.settings.GetString("out"), called(cmd)); err != nil {
			return err
		}
	}
	return a.print(cmd, "codesign", points, form)
}

// trainings reads what is known of accuracy: a file that --training named, or the shipped ones.
func trainings(path string) ([]training.SeedGroup, error) {
	if path == "" {
		rows, err := training.ReadResults(bytes.NewReader(train.Runs))
		return training.Summarise(rows), err
	}
	groups, err := readTrainings(path)
	if err != nil {
		err = fmt.Errorf("--training: %w", err)
	}
	return groups, err
}
