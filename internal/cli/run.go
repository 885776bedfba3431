package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/experiment"
	"satsim/results/experiment/compare"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/results/report"
	"satsim/results/table"
)

func (a *app) run() *cobra.Command {
	var m modelFlags
	var o experiment.Options
	var against, accelergy, requests string
	var show report.Show
	var defaults bool
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Simulate a training step under a recipe, against a baseline",
		Long: `Simulates one full training step (FF, BP, WU and the optimiser) of a network on an accelerator, under a recipe and under the
baseline recipe, and prints both with the speed-up. Writes record.json and layers.csv into the output folder, where it
replaces those of an earlier run, and nothing else.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			if o.Refine < 1 {
				return usageError{fmt.Errorf("--refine %d; 1 or more is accepted", o.Refine)}
			}
			if defaults {
				list, err := models.Defaulted(m.arch)
				if err != nil {
					return err
				}
				return printDefaults(a.out, list)
			}
			into := recordIn(a.settings.GetString("out"), m.names())
			if err := into.check(); err != nil {
				return err
			}
			if !cmd.Flags().Changed("recipe") && models.HasRecipe(m.network) {
				m.recipe = m.network
				fmt.Fprintf(a.err, "satsim: the recipe is the sparsity column of %s; --recipe names another\n", m.network)
			}
			p := newProgress(a.err)
			defer p.stop()
			o.Progress = p.update
			c, err := until(cmd.Context(), func() (*experiment.Case, error) { return experiment.LoadWith(m.caseOf(against), o, m.given()...) })
			if other := (*machine.OtherRecipe)(nil); errors.As(err, &other) {
				return fmt.Errorf("%w (--schedule-any replays it all the same)", err)
			}
			if err != nil {
				return err
			}
			if err := sayDefaulted(a.err, m.arch); err != nil {
				return err
			}
			r, err := a.simulate(cmd.Context(), c, o.Exhaustive, requests, m.names())
			p.stop()
			if errors.Is(err, compare.ErrSamples) {
				return fmt.Errorf("%w: --samples", err)
			}
			if err != nil {
				return err
			}
			if err := into.save(r); err != nil {
				return err
			}
			if accelergy != "" {
				if err := c.WriteAccelergy(accelergy, r); err != nil {
					return err
				}
			}
			if err := a.print(cmd, "layers", report.RunOf(r, show), form); err != nil {
				return err
			}
			into.say(a.err)
			return nil
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVar(&o.Memory, "memory", "", "model of the off-chip memory: fast or detailed (command by command, nothing skipped, for single layers and small networks); default: the board's")
	f.StringVar(&o.Layer, "layer", "", "run this layer's part of the step only; * stands for any characters")
	f.StringVar(&requests, "dump-requests", "", "file for every off-chip request of the recipe's run: cycle, address, bytes, direction, operand, as CSV in gzip; implies --exhaustive")
	f.BoolVar(&show.Memory, "memory-report", false, "print how far the memory's bandwidth is used, by stage, operand and channel, and what takes the rest")
	f.StringArrayVar(&o.Schedules, "schedule", nil, "replay a schedule file, edited or not, in the run of its recipe; may be given for the baseline too. The companions of the headline search their own")
	f.BoolVar(&o.AnyModel, "schedule-any", false, "replay it although it was made for another architecture, network or recipe, if its words fit")
	registerRefine(f, &o.Refine, "; beside --schedule, of the runs that no schedule file is for")
	f.StringVar(&against, "against", "dense", "baseline: a recipe (a shipped name or a file; it takes the recipe's optimiser), or dense-only: the dense recipe on the best array without selectors, group registers, indices and SORE that fits the same resources")
	f.StringVar(&o.Companions, "companions", experiment.CompanionsAll, "what is put beside the headline by further simulations: none, headline (its bounds, and the best dense-only array of the same resources) or all (and what some changes of one parameter move it by)")
	f.StringVar(&accelergy, "accelergy", "", "folder for action counts and energy reference table as Accelergy reads them")
	f.BoolVar(&defaults, "show-defaults", false, "simulate nothing; list the parameters that the architecture's file leaves out, with their defaults and where these are from")
	f.String("out", "out", "folder for record.json and layers.csv")
	registerFormat(f, table.FormTerminal, " (the record and nothing else; all but table and it: the per-layer table)")
	f.BoolVar(&show.Layers, "layers", false, "print every layer and stage")
	f.BoolVar(&show.Groups, "groups", false, "print every word group: predicted and simulated cycles, and where the time went")
	f.BoolVar(&o.Training, "training", false, "also cost whole trainings: the recipes' epochs, with every kind of step that their phases have")
	f.Int64Var(&o.Samples, "samples", 0, "with --training: samples an epoch (default: the network's own)")
	f.BoolVar(&o.Exhaustive, "exhaustive", false, "simulate every event: nothing that repeats is skipped; all figures stay the same")
	combine(cmd, only(f, "show-defaults", "arch"), positive(f, "batch", "samples"), needs("samples", "training"), m.pruned, needs("schedule-any", "schedule"),
		a.asTable("layers", "groups", "memory-report"))
	return cmd
}

// simulate runs a case, with its off-chip requests into a file if there is a name for it; inputs are what no output may replace. It says what that implies.
func (a *app) simulate(ctx context.Context, c *experiment.Case, exhaustive bool, requests string, inputs []string) (r *record.Record, err error) {
	if c.Detailed() {
		fmt.Fprintln(a.err, "satsim: the detailed memory model: every event is simulated, and the headline has no companions")
	}
	if requests == "" {
		return c.Run(ctx)
	}
	if !exhaustive {
		fmt.Fprintln(a.err, "satsim: --dump-requests: every event is simulated")
	}
	err = atomicfile.Write(requests, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		c.DumpRequests(b)
		var err error
		if r, err = c.Run(ctx); err != nil {
			return err
		}
		return b.Flush()
	}, inputs...)
	return r, err
}
