package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/results/codesign"
	"satsim/results/reference/train"
	"satsim/results/report"
	"satsim/results/table"
	"satsim/results/training"
)

// codesignFlags are what codesign compares.
type codesignFlags struct {
	codesign.Question
	trained trainedFlags
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
	c.trained.register(f)
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
	if err := mayHold(a.settings.GetString("out")); err != nil {
		return err
	}
	groups, err := c.trained.read()
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

// trainedFlags say what is known of accuracy.
type trainedFlags struct {
	file  string
	where []string
}

func (t *trainedFlags) register(f *pflag.FlagSet) {
	f.StringVar(&t.file, "training", "", "runs.csv of satsim train, for accuracy (default: the shipped one, of the small Fashion-MNIST networks)")
	f.StringArrayVar(&t.where, "training-where", nil, "only trainings with this value in a column of runs.csv, such as learning_rate=0.02; may be repeated")
}

// read reads it: a file, or the shipped trainings.
func (t *trainedFlags) read() ([]training.SeedGroup, error) {
	rows, err := training.ReadResults(bytes.NewReader(train.Runs))
	if t.file != "" {
		if rows, err = readTrainings(t.file, nil); err != nil {
			err = fmt.Errorf("--training: %w", err)
		}
	}
	if err != nil {
		return nil, err
	}
	if rows, err = trainingsWhere(rows, t.where); err != nil {
		return nil, err
	}
	return training.Summarise(rows), nil
}

// given reports whether any was.
func (t *trainedFlags) given() bool { return t.file != "" || len(t.where) > 0 }

// first of those that were given.
func (t *trainedFlags) first() string {
	if t.file != "" {
		return "training"
	}
	return "training-where"
}

// words say which trainings they are.
func (t *trainedFlags) words() string {
	file := t.file
	if file == "" {
		file = "the shipped trainings"
	}
	return strings.Join(append([]string{file}, t.where...), " ")
}
