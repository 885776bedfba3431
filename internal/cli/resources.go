package cli

import (
	"github.com/spf13/cobra"

	"satsim/results/report"
	"satsim/results/table"
)

func (a *app) resources() *cobra.Command {
	var m modelFlags
	var parts bool
	cmd := &cobra.Command{
		Use:   "resources",
		Short: "Estimate what an accelerator takes of its board's FPGA",
		Long: `Estimates LUTs, flip-flops, DSPs, block RAMs and UltraRAMs of every unit, before placement and routing, as intervals, and holds their
sum against the board. Whether timing closes is not claimed; operators whose latency cannot follow the clock are named.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			s, err := m.loadSpec()
			if err != nil {
				return err
			}
			return a.print(cmd, "units", report.ResourcesOf(&s, parts), form)
		},
	}
	f := cmd.Flags()
	m.registerArch(f)
	f.BoolVar(&parts, "parts", false, "print the parts of every unit")
	registerFormat(f, table.FormTerminal, "")
	return cmd
}
