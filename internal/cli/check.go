package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"satsim/results/kinds"
	"satsim/results/report"
	"satsim/results/table"
)

func (a *app) check() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check files of any kind without running anything",
		Long: `Reads files as the command would that takes them, with every model that they name, and simulates nothing: architectures, boards, energy tables,
networks with their shapes and training step, recipes, sweeps with every value of every axis, requests, schedules, ONNX and SCALE-Sim files. A line a
mistake: file, line, column, key, what is wrong and what would be accepted. The exit code is 1 if a file has any. What values of a sweep do to each other
is found by satsim sweep --dry-run.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("check takes files; there are none")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			var all report.Checked
			for _, path := range args {
				one, err := until(cmd.Context(), func() (kinds.Checked, error) { return kinds.Check(path), nil })
				if err != nil {
					return err
				}
				all = append(all, one)
			}
			if err := a.print(cmd, "checked", all, form); err != nil {
				return err
			}
			if n := all.Wrong(); n > 0 {
				return fmt.Errorf("%d of %s not right", n, count(len(all), "file"))
			}
			return nil
		},
	}
	registerFormat(cmd.Flags(), table.FormTerminal, "")
	return cmd
}
