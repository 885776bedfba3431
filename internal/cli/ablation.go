package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"satsim/results/ablation"
	"satsim/results/experiment/models"
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
			format := a.settings.GetString("format")
			if format != formatTable && format != formatJSON && format != formatCSV {
				return usageError{fmt.Errorf("--format %q; table, json and csv are accepted", format)}
			}
			of, err := m.resolve()
			if err != nil {
				return err
			}
			base, err := models.NewLoader().Recipe(against, "", nil)
			if err != nil {
				return fmt.Errorf("--against: %w", err)
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
			t := &ablation.Table{
				Arch: of.ArchText, ArchName: of.Spec.Name, Network: of.Network.Name, Note: of.Step.Note, Images: of.Step.Images, Rows: rows,
			}
			switch format {
			case formatJSON:
				return t.Write(a.out)
			case formatCSV:
				return t.WriteCSV(a.out)
			}
			printAblation(a.out, t)
			return nil
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVar(&against, "against", "dense", "baseline recipe: a shipped name or a file; it takes the recipe's optimiser")
	f.String("format", formatTable, "standard output: table, json, csv")
	return cmd
}

func printAblation(w io.Writer, a *ablation.Table) {
	fmt.Fprintf(w, "%s: %s\nbatch %d; arch %s\n", a.Network, a.Note, a.Images, a.ArchName)
	fmt.Fprintf(w, "where the array's time went, in %% of the step: busy (issue, hazard, feed, ends of folds), waiting for a unit, without a word\n\n")
	t := newTable(w, 2, "recipe", "optimisations", "Mcycles", "x none", "x baseline", "issue", "hazard", "feed", "ends", "fill, drain", "memory", "sore",
		"wuve", "vector", "no word", "DRAM GB", "sorted M")
	var last string
	for _, r := range byRecipe(a.Rows) {
		name := ""
		if r.Recipe != last {
			if name = r.Recipe; r.Sparsity != "1:1" {
				name += " " + r.Sparsity
			}
			if last != "" {
				t.AppendSeparator()
			}
			last = r.Recipe
		}
		row := []any{name, r.Optimisations, fmt.Sprintf("%.3f", float64(r.Cycles)/1e6), fmt.Sprintf("%.3f", r.Speedup), fmt.Sprintf("%.3f", r.ToBase)}
		for _, n := range []int64{
			r.Busy.Issue, r.Busy.Hazard, r.Busy.Feed, r.Busy.Ends, r.Array.Filling + r.Array.Draining, r.Array.WaitMemory, r.Array.WaitSORE,
			r.Array.WaitWUVE, r.Array.WaitVector, r.Array.NoWord + r.Array.Reconfigure,
		} {
			row = append(row, share(n, r.Cycles))
		}
		t.AppendRow(append(row, fmt.Sprintf("%.3f", float64(r.ReadBytes+r.WriteBytes)/1e9), fmt.Sprintf("%.1f", float64(r.Sorted)/1e6)))
	}
	t.Render()
}

// byRecipe orders rows by recipe, each in the order of the variants.
func byRecipe(rows []ablation.Row) (out []*ablation.Row) {
	var names []string
	seen := map[string]bool{}
	for i := range rows {
		if !seen[rows[i].Recipe] {
			seen[rows[i].Recipe] = true
			names = append(names, rows[i].Recipe)
		}
	}
	for _, n := range names {
		for i := range rows {
			if rows[i].Recipe == n {
				out = append(out, &rows[i])
			}
		}
	}
	return out
}
