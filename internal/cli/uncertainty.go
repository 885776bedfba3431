package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/sweep"
	"satsim/results/table"
	"satsim/results/uncertainty"
)

// doubting is what uncertainty is told.
type doubting struct {
	app      *app
	models   modelFlags
	networks []string
	against  string
	plan     uncertainty.Plan
	figure   float64
	store    string
	out      string
}

func (a *app) uncertainty() *cobra.Command {
	d := &doubting{app: a, plan: uncertainty.Plan{Alone: true}}
	cmd := &cobra.Command{
		Use:   "uncertainty",
		Short: "Say how far what is claimed is in doubt, and which assumptions decide it",
		Long: `Takes every assumption of the machine, its board, the recipe and the energy table anywhere in the range that is declared beside its default (docs/keys.md),
all of them together, at the points of a Latin hypercube, and simulates each network there: time, speed-up over dense training on the same machine and over
the best dense-only machine of the same resources, energy. Prints their distributions over the networks' mean, how probable it is that they reach a figure, and
which assumptions their variance is from. Each assumption is varied alone as well; --samples 0 prints only what that is worth.
With a store an interrupted study goes on where it was.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd) },
	}
	f := cmd.Flags()
	m := &d.models
	m.registerArch(f)
	f.StringVar(&m.energy, "energy", "", "energy table: a shipped name or a file (default: the architecture's own)")
	f.StringSliceVar(&d.networks, "network", []string{"resnet9", "vit-cifar", "vgg19-cifar", "resnet18-tiny", "resnet50"}, "networks, separated by commas: shipped names or files")
	f.StringVar(&m.recipe, "recipe", "bdwp", "training recipe: a shipped name or a file")
	f.StringVar(&m.sparsity, "sparsity", "", "N:M of the recipe, such as 2:8 (default: the recipe's own)")
	f.StringVar(&d.against, "against", "dense", "baseline: a recipe, a shipped name or a file")
	f.IntVar(&d.plan.Samples, "samples", 128, "points of all assumptions together; 0: none")
	f.Uint64Var(&d.plan.Seed, "seed", 1, "of the points")
	f.Float64Var(&d.figure, "figure", 1.75, "figure whose probability is asked for: what the paper's abstract states, or another")
	f.StringVar(&d.store, "store", "", "file that simulated points are kept in; it is made if there is none")
	f.StringVar(&d.out, "out", "", "folder to write tables (headline, uncertainty, effects, assumptions) and figures (uncertainty, effects) to")
	f.Int("workers", runtime.NumCPU(), "points simulated side by side")
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, positive(f, "workers"))
	return cmd
}

func (d *doubting) run(cmd *cobra.Command) error {
	a, ctx := d.app, cmd.Context()
	form, err := a.form()
	if err != nil {
		return err
	}
	if d.plan.Samples < 0 {
		return usageError{fmt.Errorf("--samples %d; 0 or more is accepted", d.plan.Samples)}
	}
	if d.out != "" {
		if err := mayHold(d.out); err != nil {
			return err
		}
	}
	before, err := d.models.overrides()
	if err != nil {
		return err
	}
	space, err := uncertainty.NewSpace(uncertainty.Question{Names: d.models.chosen(), Networks: d.networks, Against: d.against, Before: before})
	if err != nil {
		return err
	}
	by, err := store.This()
	if err != nil {
		return err
	}
	path := store.Memory
	if d.store != "" {
		path = d.store
	}
	kept, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	r, err := d.study(ctx, space, kept, by)
	if err := errors.Join(err, kept.Close()); err != nil {
		return err
	}
	answer := &report.Uncertain{Result: r}
	if d.out != "" {
		if err := d.write(cmd, answer); err != nil {
			return err
		}
	}
	return a.print(cmd, "uncertainty", answer, form)
}

// study simulates what the store does not have, and reads all of it.
func (d *doubting) study(ctx context.Context, space *uncertainty.Space, kept *store.Store, by store.Origin) (*uncertainty.Result, error) {
	bar := newProgress(d.app.err)
	s, err := uncertainty.NewStudy(space, d.plan, by, asking(ctx, bar))
	bar.stop()
	if err != nil {
		return nil, err
	}
	if d.store != "" {
		if err := d.app.unused(ctx, kept, by); err != nil {
			return nil, err
		}
	}
	shown := newReport(d.app.err)
	err = s.Run(ctx, kept, sweep.Options{Workers: d.app.settings.GetInt("workers"), Progress: shown.update})
	shown.end()
	if err != nil {
		return nil, err
	}
	return s.Read(ctx, kept, by, d.figure)
}

// write writes the tables and figures.
func (d *doubting) write(cmd *cobra.Command, answer *report.Uncertain) error {
	names := map[report.Kind][]string{report.KindTable: {"assumptions"}}
	if len(answer.Joint) > 0 {
		names[report.KindTable] = append(names[report.KindTable], "headline", "uncertainty")
		names[report.KindFigure] = append(names[report.KindFigure], "uncertainty")
	}
	if answer.Effects != nil {
		names[report.KindTable] = append(names[report.KindTable], "effects")
		names[report.KindFigure] = append(names[report.KindFigure], "effects")
	}
	for _, kind := range []report.Kind{report.KindTable, report.KindFigure} {
		for _, name := range names[kind] {
			found, err := report.Find(kind, name)
			if err != nil {
				return err
			}
			if _, err := writeEntry(cmd.Context(), &found[0], &report.Input{Answer: answer}, d.out, called(cmd)); err != nil {
				return err
			}
		}
	}
	return nil
}
