package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/table"
)

func (a *app) table() *cobra.Command {
	s := &sources{app: a}
	var list bool
	cmd := &cobra.Command{
		Use:   "table NAME|all [RECORD...]",
		Short: "Make a table for a paper",
		Long: `Makes a table by name (--list names all) as Markdown, LaTeX or CSV. Without a source it runs the shipped sweep that belongs to the
table; with records of satsim run, a store or another sweep it is made of those. With --out every format is written, as NAME.md, .tex, .csv.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listTables(a.out)
			}
			if len(args) == 0 {
				return usageError{fmt.Errorf("table takes a name; --list names all")}
			}
			defs := table.Definitions()
			if args[0] != "all" {
				d, err := table.Find(args[0])
				if err != nil {
					return usageError{err}
				}
				defs = []table.Definition{d}
			}
			format, err := tableFormat(a.settings.GetString("format"))
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			if err := s.open(ctx, args[1:]); err != nil {
				return err
			}
			defer s.close()
			arch, err := loadSpec(s.arch, nil)
			if err != nil {
				return err
			}
			out := a.settings.GetString("out")
			for i, d := range defs {
				in := &table.Input{Spec: arch}
				if d.Sweep != "" {
					if in.Data, err = s.data(ctx, d.Sweep); err != nil {
						return err
					}
				}
				t, err := d.Build(in, s.named("table "+d.Name, args[1:]))
				if err != nil {
					return err
				}
				if out != "" {
					if err := writeTable(out, t, args[1:]); err != nil {
						return err
					}
					continue
				}
				if i > 0 {
					fmt.Fprintln(a.out)
				}
				if err := format.Write(t, a.out); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	s.register(f)
	f.String("format", "markdown", "on standard output: markdown, latex or csv")
	f.String("out", "", "folder to write every format into, instead of standard output")
	f.Int("workers", runtime.NumCPU(), "points simulated side by side")
	f.BoolVar(&list, "list", false, "list the tables")
	return cmd
}

func listTables(w io.Writer) error {
	t := newTable(w, 3, "table", "of the sweep", "what it shows")
	for _, d := range table.Definitions() {
		t.AppendRow([]any{d.Name, d.Sweep, d.Title})
	}
	t.Render()
	return nil
}

func tableFormat(name string) (table.Format, error) {
	var names []string
	for _, f := range table.Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return table.Format{}, usageError{fmt.Errorf("--format %q; %s are accepted", name, strings.Join(names, ", "))}
}

func writeTable(folder string, t *table.Table, records []string) error {
	for _, f := range table.Formats() {
		if err := atomicfile.Write(filepath.Join(folder, t.Name+f.Extension), func(w io.Writer) error { return f.Write(t, w) }, records...); err != nil {
			return err
		}
	}
	return nil
}
