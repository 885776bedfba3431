package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/experiment/models"
	"satsim/results/query"
	"satsim/results/report"
	"satsim/results/table"
)

func (a *app) table() *cobra.Command {
	cmd := a.ask(report.KindTable, &cobra.Command{
		Use:   "table NAME|all [RECORD...]",
		Short: "Make a table for a paper",
		Long: `Makes a table by name (--list names all) as Markdown, LaTeX or CSV. Without a source it runs the shipped sweep that belongs to the
table; with records of satsim run, a store or another sweep it is made of those. With --out every format is written, as NAME.md, .tex, .csv.`,
	})
	cmd.Flags().String("format", "markdown", "on standard output: markdown, latex, csv, json or table")
	cmd.Flags().String("out", "", "folder to write Markdown, LaTeX and CSV into, instead of standard output")
	return cmd
}

func (a *app) plot() *cobra.Command {
	cmd := a.ask(report.KindFigure, &cobra.Command{
		Use:   "plot NAME|all [RECORD...]",
		Short: "Draw a figure for a paper",
		Long: `Draws a figure by name (--list names all) as NAME.svg, .pdf and .png into a folder. Without a source it runs the shipped sweep that belongs
to the figure; with records of satsim run, a store or another sweep it is drawn of those.`,
	})
	cmd.Flags().String("out", "out", "folder for the figures")
	return cmd
}

// ask makes a command of what the registry has of a kind.
func (a *app) ask(kind report.Kind, cmd *cobra.Command) *cobra.Command {
	s := &sources{app: a}
	var list bool
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if list {
			return report.List(kind).Terminal(a.out)
		}
		if len(args) == 0 {
			return usageError{fmt.Errorf("%s takes a name; --list names all", cmd.Name())}
		}
		entries, err := report.Find(kind, args[0])
		if err != nil {
			return usageError{err}
		}
		form, err := tableForm(a.settings.GetString("format"))
		if err != nil && kind == report.KindTable {
			return err
		}
		if err := s.open(cmd.Context(), args[1:]); err != nil {
			return err
		}
		defer s.close()
		for i := range entries {
			err := a.answer(cmd, &entries[i], form, s, args[1:], i > 0)
			if differ := (*query.DifferError)(nil); errors.As(err, &differ) {
				return fmt.Errorf("%w: --where '%s'", err, differ.Choice)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	f := cmd.Flags()
	s.register(f)
	f.Int("workers", runtime.NumCPU(), "points simulated side by side")
	f.BoolVar(&list, "list", false, fmt.Sprintf("list the %ss", kind))
	combine(cmd, only(f, "list"), excludes("store", "keep", "workers"), argsExclude(1, "keep", "workers"), excludes("out", "format"))
	return cmd
}

// answer makes an entry of its sources, and prints it in a form or writes its files.
func (a *app) answer(cmd *cobra.Command, e *report.Entry, form table.Form, s *sources, files []string, again bool) error {
	ctx, out := cmd.Context(), a.settings.GetString("out")
	in := &report.Input{}
	var err error
	if e.Needs == report.Architecture {
		in.Spec, err = models.NewLoader().Spec(s.arch, "", nil)
	} else {
		in.Data, err = s.data(ctx, e.Sweep, e.Where)
	}
	if err != nil {
		return err
	}
	command := s.named(cmd.Name()+" "+e.Name, files)
	if out == "" {
		t, err := e.Table(in, command)
		if err != nil {
			return err
		}
		if again {
			fmt.Fprintln(a.out)
		}
		return form.Write(t, a.out)
	}
	made, err := e.Files(ctx, in, command)
	if err != nil {
		return err
	}
	var endings []string
	for _, f := range made {
		if err := atomicfile.Write(filepath.Join(out, f.Name), f.Write, files...); err != nil {
			return err
		}
		endings = append(endings, strings.TrimPrefix(filepath.Ext(f.Name), "."))
	}
	if e.Kind == report.KindFigure {
		fmt.Fprintf(a.out, "%s.{%s}: %s\n", filepath.Join(out, e.Name), strings.Join(endings, ","), e.Titled(in.Data))
	}
	return nil
}

func tableForm(name string) (table.Form, error) {
	var names []string
	for _, f := range table.Forms() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return table.Form{}, usageError{fmt.Errorf("--format %q; %s are accepted", name, strings.Join(names, ", "))}
}
