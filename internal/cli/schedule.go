package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/dataflow/schedule"
	"satsim/internal/atomicfile"
	"satsim/results/experiment/machine"
	"satsim/results/report"
)

func (a *app) schedule() *cobra.Command {
	var m modelFlags
	var output string
	var refine int
	cmd := &cobra.Command{
		Use:   "schedule [FILE]",
		Short: "Write an offline schedule, or show one",
		Long: `Chooses the words of every product of a training step (array configuration, tiles, order of loops) and prints them as YAML, to be
read, edited, compared and replayed (satsim run --schedule FILE). With a FILE it shows what is in it.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("schedule takes one file, not %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				_, f, err := machine.ReadSchedule(args[0])
				if err != nil {
					return err
				}
				return report.ScheduleOf(f).Text(a.out)
			}
			f, err := a.scheduleOf(cmd, &m, refine)
			if err != nil {
				return err
			}
			text, err := f.Encode()
			if err != nil {
				return err
			}
			if output == "" {
				_, err = a.out.Write(text)
				return err
			}
			if err := atomicfile.Write(output, func(w io.Writer) error {
				_, err := w.Write(text)
				return err
			}, m.names()...); err != nil {
				return err
			}
			return report.ScheduleOf(f).Text(a.out)
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVarP(&output, "output", "o", "", "file to write; then the schedule is shown as a table")
	registerRefine(f, &refine, "")
	combine(cmd, argsExclude(0, besides(f, nil)...), positive(f, "batch"), m.pruned)
	return cmd
}

func registerRefine(f *pflag.FlagSet, refine *int, of string) {
	f.IntVar(refine, "refine", 1, "simulate so many of the best words of each product and keep the best"+of)
}

// scheduleOf makes the schedule of the models that flags name.
func (a *app) scheduleOf(cmd *cobra.Command, m *modelFlags, refine int) (*schedule.File, error) {
	if refine < 1 {
		return nil, usageError{fmt.Errorf("--refine %d; 1 or more is accepted", refine)}
	}
	models, err := m.resolve(cmd.Context())
	if err != nil {
		return nil, err
	}
	return machine.ScheduleFile(cmd.Context(), models, refine)
}
