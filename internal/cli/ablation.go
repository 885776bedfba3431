package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"satsim/results/ablation"
	"satsim/results/experiment/models"
	"satsim/results/table"
)

func (a *app) ablation() *cobra.Command {
	var m modelFlags
	var against string
	cmd := &cobra.Command{
		Use:   "ablation",
		Short: "Take interleave mapping, pre-generation and offline scheduling apart",
		Long: `Simulates a training step with none of the dataflow's three optimisations, with each alone, with all but each, and with all, under the
baseline recipe and the recipe, and prints cycles, where the array's time went, traffic and elements sorted.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			of, err := m.resolve(cmd.Context())
			if err != nil {
				return err
			}
			base, err := models.NewLoader().Recipe(against, "", nil)
			if err != nil {
				return fmt.Errorf("against: %w", err)
			}
			p := newProgress(a.err)
			defer p.stop()
			rows, err := ablation.Run(cmd.Context(), ablation.Case{
				Spec: of.Spec, Step: of.Step, Baseline: models.Baseline(base, of.Recipe), Recipe: of.Recipe, Energy: of.Energy, Progress: p.update,
			})
			p.stop()
			if err != nil {
				return err
			}
			return a.print(cmd, "optimisations", &ablation.Result{
				Arch: of.ArchText, ArchName: of.Spec.Name, Network: of.Network.Name, Note: of.Step.Note, Images: of.Step.Images, Rows: rows, Units: of.Spec.Units(),
			}, form)
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVar(&against, "against", "dense", "baseline recipe: a shipped name or a file; it takes the recipe's optimiser")
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, positive(f, "batch"), m.pruned)
	return cmd
}
