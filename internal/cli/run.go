package cli

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/point"
	"satsim/results/record"
)

// formats of a result on standard output.
const (
	formatTable = "table"
	formatJSON  = "json"
	formatCSV   = "csv"
)

func (a *app) run() *cobra.Command {
	var m modelFlags
	var against, accelergy string
	var layers, groups, exhaustive, training bool
	var samples int64
	var t traffic
	var ws words
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Simulate a training step under a recipe, against a baseline",
		Long: `Simulates one full training step (FF, BP, WU and the optimiser) of a network on an accelerator, under a recipe and under the
baseline recipe, and prints both with the speed-up. Writes record.json and layers.csv into the output folder.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			format := a.settings.GetString("format")
			if format != formatTable && format != formatJSON && format != formatCSV {
				return usageError{fmt.Errorf("--format %q; table, json and csv are accepted", format)}
			}
			models, err := m.resolve()
			if err != nil {
				return err
			}
			if err := t.apply(models); err != nil {
				return err
			}
			compare, recipe := point.Compare, against
			if against == denseOnly {
				compare, recipe = point.CompareDenseOnly, "dense"
			}
			base, err := loadRecipe(recipe, "", nil)
			if err != nil {
				return fmt.Errorf("--against: %w", err)
			}
			// Recipes are compared under one optimiser: the difference shall be the pruning's.
			base.Optimiser, base.WeightDecay = models.recipe.Optimiser, models.recipe.WeightDecay
			base.LossScale, base.ClipNorm = models.recipe.LossScale, models.recipe.ClipNorm
			p := newProgress(a.err)
			defer p.stop()
			var runs []record.Run
			var cmp *record.Comparison
			c := point.Case{
				Spec: models.spec, Step: &models.step, Baseline: base, Recipe: models.recipe,
				Energy: models.energy, Exhaustive: exhaustive, Companions: true, Progress: p.update,
			}
			if err := ws.apply(&c, models, t.layer); err != nil {
				return err
			}
			err = t.compare(c, a.err, m.names(), func(c point.Case) error {
				runs, cmp, err = compare(cmd.Context(), c)
				return err
			})
			p.stop()
			if err != nil {
				return err
			}
			r, err := newRecord(models, runs, cmp)
			if err != nil {
				return err
			}
			if training {
				if samples == 0 {
					samples = models.network.Samples
				}
				if r.Training, err = point.Training(cmd.Context(), c, samples); err != nil {
					return fmt.Errorf("costing the whole training: %w", err)
				}
			}
			if err := save(a.settings.GetString("out"), r, m.names()); err != nil {
				return err
			}
			if accelergy != "" {
				if err := saveAccelergy(accelergy, models, runs); err != nil {
					return err
				}
			}
			if err := printRecord(a.out, r, format, layers); err != nil {
				return err
			}
			if format == formatTable {
				printTraining(a.out, r.Training)
			}
			if groups && format == formatTable {
				printGroups(a.out, r.Runs)
			}
			if t.report && format == formatTable {
				printMemory(a.out, r.Runs)
			}
			return nil
		},
	}
	f := cmd.Flags()
	m.register(f)
	t.register(f)
	ws.register(f)
	f.StringVar(&against, "against", "dense", "baseline: a recipe (a shipped name or a file; it takes the recipe's optimiser), or dense-only: the dense recipe on the best array without selectors, group registers, indices and SORE that fits the same resources")
	f.StringVar(&accelergy, "accelergy", "", "folder for action counts and energy reference table as Accelergy reads them")
	f.String("out", "out", "folder for record.json and layers.csv")
	f.String("format", formatTable, "standard output: table, json (the record and nothing else), csv (the per-layer table)")
	f.BoolVar(&layers, "layers", false, "print every layer and stage")
	f.BoolVar(&groups, "groups", false, "print every word group: predicted and simulated cycles, and where the time went")
	f.BoolVar(&training, "training", false, "also cost whole trainings: the recipes' epochs, with every kind of step that their phases have")
	f.Int64Var(&samples, "samples", 0, "with --training: samples an epoch (default: the network's own)")
	f.BoolVar(&exhaustive, "exhaustive", false, "simulate every event: nothing that repeats is skipped; all figures stay the same")
	return cmd
}

func newRecord(m *models, runs []record.Run, cmp *record.Comparison) (*record.Record, error) {
	arch, err := config.MarshalJSON(m.spec)
	if err != nil {
		return nil, fmt.Errorf("recording the architecture: %w", err)
	}
	description, err := config.MarshalJSON(m.network)
	if err != nil {
		return nil, fmt.Errorf("recording the network: %w", err)
	}
	recipe, err := config.MarshalJSON(m.recipe)
	if err != nil {
		return nil, fmt.Errorf("recording the recipe: %w", err)
	}
	out := &record.Record{
		Schema: record.Schema, Version: record.Version, Arch: arch, ArchName: m.spec.Name,
		Network: record.Network{
			Name: m.network.Name, Note: m.step.Note, Images: m.step.Images, Parameters: m.step.Parameters, Description: description,
		},
		Recipe: recipe, Runs: runs, Comparison: cmp,
	}
	return out, describe(out, m)
}

// save writes the record's two files into a folder; inputs are what it was made of.
func save(folder string, r *record.Record, inputs []string) error {
	if err := atomicfile.Write(filepath.Join(folder, "record.json"), r.Write, inputs...); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(folder, "layers.csv"), r.WriteLayers, inputs...)
}

func printRecord(w io.Writer, r *record.Record, format string, layers bool) error {
	switch format {
	case formatJSON:
		return r.Write(w)
	case formatCSV:
		return r.WriteLayers(w)
	default:
		return printTable(w, r, layers)
	}
}
