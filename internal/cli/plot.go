package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/plot"
)

func (a *app) plot() *cobra.Command {
	s := &sources{app: a}
	var list bool
	cmd := &cobra.Command{
		Use:   "plot NAME|all [RECORD...]",
		Short: "Draw a figure for a paper",
		Long: `Draws a figure by name (--list names all) as NAME.svg, .pdf and .png into a folder. Without a source it runs the shipped sweep that belongs
to the figure; with records of satsim run, a store or another sweep it is drawn of those.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listFigures(a.out)
			}
			if len(args) == 0 {
				return usageError{fmt.Errorf("plot takes a name; --list names all")}
			}
			defs := plot.Definitions()
			if args[0] != "all" {
				d, err := plot.Find(args[0])
				if err != nil {
					return usageError{err}
				}
				defs = []plot.Definition{d}
			}
			ctx := cmd.Context()
			if err := s.open(ctx, args[1:]); err != nil {
				return err
			}
			defer s.close()
			out := a.settings.GetString("out")
			for _, d := range defs {
				data, err := s.data(ctx, d.Sweep)
				if err != nil {
					return err
				}
				f, err := d.Build(ctx, data)
				if err != nil {
					return err
				}
				for _, format := range plot.Formats() {
					path := filepath.Join(out, f.Name+"."+format.Name)
					if err := atomicfile.Write(path, func(w io.Writer) error { return format.Write(f, w) }, args[1:]...); err != nil {
						return err
					}
				}
				fmt.Fprintf(a.out, "%s.{svg,pdf,png}: %s\n", filepath.Join(out, f.Name), d.Title)
			}
			return nil
		},
	}
	f := cmd.Flags()
	s.register(f)
	f.String("out", "out", "folder for the figures")
	f.Int("workers", runtime.NumCPU(), "points simulated side by side")
	f.BoolVar(&list, "list", false, "list the figures")
	return cmd
}

func listFigures(w io.Writer) error {
	t := newTable(w, 3, "figure", "of the sweep", "what it shows")
	for _, d := range plot.Definitions() {
		t.AppendRow([]any{d.Name, d.Sweep, d.Title})
	}
	t.Render()
	return nil
}
