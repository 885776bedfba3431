package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"satsim/results/explain"
	"satsim/results/table"
	"satsim/workloads"
)

func (a *app) explain() *cobra.Command {
	var m modelFlags
	var layer, stage string
	var most int
	var all, changes bool
	cmd := &cobra.Command{
		Use:   "explain --layer L --stage S",
		Short: "Say why a layer's stage takes as long as it does, and what would help",
		Long: `Simulates a stage (FF, BP or WU) of a layer alone and says what bounds it, where the array's time went, which words were chosen and what the runners-up
of the search would lose, which buffer is too small by how much, and what each change of one parameter would save: halved, doubled, switched, and
simulated again; latencies that the clock may not allow (docs/rtl.md) are among them. With --all it ranks the layers of the whole step by the cycles that a machine with the same array and memory ports could save at most.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			if !all && (layer == "" || stage == "") {
				return usageError{fmt.Errorf("explain needs --layer and --stage, or --all")}
			}
			s, err := stageOf(stage)
			if err != nil {
				return err
			}
			of, err := m.resolve(cmd.Context())
			if err != nil {
				return err
			}
			p := newProgress(a.err)
			defer p.stop()
			if all {
				r, err := explain.Rank(cmd.Context(), of, changes, p.update)
				p.stop()
				if err != nil {
					return err
				}
				return a.print(cmd, "ranking", r, form)
			}
			e, err := explain.Explain(cmd.Context(), explain.Question{Models: of, Layer: layer, Stage: s, Most: most, Progress: p.update})
			p.stop()
			if err != nil {
				return err
			}
			return a.print(cmd, "explanation", e, form)
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVar(&layer, "layer", "", "the layer; * stands for any characters")
	f.StringVar(&stage, "stage", "", "FF, BP or WU")
	f.IntVar(&most, "choices", 4, "how many of the best choices of words are simulated")
	f.BoolVar(&all, "all", false, "rank the layers and stages of the whole step instead")
	f.BoolVar(&changes, "changes", false, "with --all: simulate the whole step with each change of one parameter, too")
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, excludes("all", "layer", "stage", "choices"), needs("changes", "all"), positive(f, "batch", "choices"), m.pruned)
	return cmd
}

// stageOf is the stage of a name; of none the first.
func stageOf(name string) (workloads.Stage, error) {
	for _, s := range workloads.Stages() {
		if name == "" || strings.EqualFold(s.String(), name) {
			return s, nil
		}
	}
	return 0, usageError{fmt.Errorf("--stage %q; FF, BP and WU are accepted", name)}
}
