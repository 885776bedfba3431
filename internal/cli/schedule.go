package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/dataflow/schedule"
	"satsim/internal/atomicfile"
	"satsim/results/experiment/machine"
	"satsim/results/record"
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
				return usageError{fmt.Errorf("schedule takes one file; there are %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				_, f, err := machine.ReadSchedule(args[0])
				if err != nil {
					return err
				}
				printSchedule(a.out, f)
				return nil
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
			printSchedule(a.out, f)
			return nil
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVarP(&output, "output", "o", "", "file to write; then the schedule is shown as a table")
	registerRefine(f, &refine)
	return cmd
}

func registerRefine(f *pflag.FlagSet, refine *int) {
	f.IntVar(refine, "refine", 1, "simulate so many of the best words of each product and keep the best")
}

// scheduleOf makes the schedule of the models that flags name.
func (a *app) scheduleOf(cmd *cobra.Command, m *modelFlags, refine int) (*schedule.File, error) {
	if refine < 1 {
		return nil, usageError{fmt.Errorf("--refine %d; 1 or more is accepted", refine)}
	}
	models, err := m.resolve()
	if err != nil {
		return nil, err
	}
	return machine.ScheduleFile(cmd.Context(), models, refine)
}

// printSchedule shows a schedule as a table.
func printSchedule(w io.Writer, f *schedule.File) {
	fmt.Fprintf(w, "%s at batch %d under %s", f.Network, f.Images, f.Recipe)
	if f.Sparsity != "" && f.Sparsity != "1:1" {
		fmt.Fprintf(w, " %s", f.Sparsity)
	}
	fmt.Fprintf(w, " on %s\n", f.Arch)
	t := newTable(w, 3, "group", "kind", "word", "predicted kcycles", "read MB", "write MB", "memory %", "array %", "sore %", "wuve %", "vector %")
	var sum schedule.Predicted
	for i := range f.Groups {
		e := &f.Groups[i]
		row := []any{e.Label, string(e.Kind), ""}
		if e.Choice != nil {
			row[2] = e.Choice.String()
		}
		if p := e.Predicted; p != nil {
			row = append(row, thousands(p.Cycles), millions(p.ReadBytes), millions(p.WriteBytes))
			for _, b := range []int64{p.Busy.Memory, p.Busy.STCE, p.Busy.SORE, p.Busy.WUVE, p.Busy.Vector} {
				row = append(row, share(b, p.Cycles))
			}
			sum.Cycles += p.Cycles
			sum.ReadBytes += p.ReadBytes
			sum.WriteBytes += p.WriteBytes
		}
		t.AppendRow(row)
	}
	t.AppendFooter([]any{"step", "", "", thousands(sum.Cycles), millions(sum.ReadBytes), millions(sum.WriteBytes)})
	t.Render()
}

func thousands(n int64) string { return fmt.Sprintf("%.1f", float64(n)/1e3) }
func millions(n int64) string  { return fmt.Sprintf("%.2f", float64(n)/1e6) }

// share of a part in percent; nothing for none.
func share(part, whole int64) string {
	if part == 0 || whole == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", 100*float64(part)/float64(whole))
}

// printGroups shows every word group of the runs: what its words said, what it took, and where the time of its most important lane went.
func printGroups(w io.Writer, runs []record.Run) {
	for i := range runs {
		fmt.Fprintf(w, "\n%s, word group by word group: at least predicted, simulated, and where the lane's time went in %%\n", runs[i].Recipe)
		t := newTable(w, 2, "group", "word", "predicted kcycles", "simulated kcycles", "gap %", "lane", "computing", "fill, drain",
			"memory", "stce", "sore", "wuve", "vector", "no word", "reconfigure")
		var predicted, simulated int64
		for k := range runs[i].Groups {
			g := &runs[i].Groups[k]
			row := []any{g.Label, g.Word, thousands(g.Predicted), thousands(g.Cycles), fmt.Sprintf("%.2f", gap(g.Predicted, g.Cycles))}
			if l := mainLane(g.Lanes); l != nil {
				row = append(row, l.Lane)
				for _, n := range []int64{l.Computing, l.Filling + l.Draining, l.Wait("memory"), l.Wait("stce"), l.Wait("sore"), l.Wait("wuve"), l.Wait("vector"), l.NoWord, l.Reconfigure} {
					row = append(row, share(n, g.Cycles))
				}
			}
			t.AppendRow(row)
			predicted += g.Predicted
			simulated += g.Cycles
		}
		t.AppendFooter([]any{"step", "", thousands(predicted), thousands(simulated), fmt.Sprintf("%.2f", gap(predicted, simulated))})
		t.Render()
	}
}

func gap(predicted, simulated int64) float64 {
	return 100 * float64(simulated-predicted) / float64(max(simulated, 1))
}

// mainLane is the array's, or else the one that computes for longest.
func mainLane(lanes []record.Lane) (main *record.Lane) {
	for i := range lanes {
		l := &lanes[i]
		if l.Lane == "array" {
			return l
		}
		if main == nil || l.Computing > main.Computing {
			main = l
		}
	}
	return main
}
