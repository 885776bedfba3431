package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/query"
	"satsim/results/report"
	"satsim/results/table"
)

func (a *app) table() *cobra.Command {
	cmd := a.ask(report.KindTable, nil, &cobra.Command{
		Use:   "table NAME|all [FILE...]",
		Short: "Make a table for a paper",
		Long: `Makes a table by name (--list names all, and what each is made of) as Markdown, LaTeX or CSV. Without a source it runs the shipped sweep that
belongs to the table; with records of satsim run, a store or another sweep it is made of those. A table of a file is made of that file. With --out
every format is written, as NAME.md, .tex, .csv.`,
	})
	registerFormat(cmd.Flags(), "markdown", "")
	cmd.Flags().String("out", "", "folder to write Markdown, LaTeX and CSV into, instead of standard output")
	return cmd
}

func (a *app) plot() *cobra.Command {
	var points pointsFlags
	cmd := a.ask(report.KindFigure, points.draw, &cobra.Command{
		Use:   "plot NAME|all [FILE...]",
		Short: "Draw a figure for a paper",
		Long: `Draws a figure by name (--list names all, and what each is made of) as NAME.svg, .pdf and .png into a folder. Without a source it runs the
shipped sweep that belongs to the figure; with records of satsim run, a store or another sweep it is drawn of those. A figure of a file is drawn of
that file. The figure "points" is of columns of your own: --x, --y, --by and the ends of y, --low and --high, are expressions over the names of satsim results, of records, of a store or a sweep.`,
	})
	points.register(cmd)
	cmd.Flags().String("out", "out", "folder for the figures")
	named := func(args []string) bool { return len(args) > 0 && args[0] == pointsName }
	rules := cmd.PreRunE
	own := when(named, "without the figure "+pointsName, "x", "y", "by", "low", "high", "paper-columns")
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := own(cmd.Flags().Changed, args); err != nil {
			return usageError{err}
		}
		return rules(cmd, args)
	}
	return cmd
}

// ask makes a command of what the registry has of a kind. free draws what is none of it, under the name of points; it may be nil.
func (a *app) ask(kind report.Kind, free func(*cobra.Command, *sources, []string) error, cmd *cobra.Command) *cobra.Command {
	s := &sources{app: a}
	var list bool
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if list {
			return report.List(kind).Terminal(a.out)
		}
		if len(args) == 0 {
			return usageError{fmt.Errorf("%s takes a name; --list names all", cmd.Name())}
		}
		if out := a.settings.GetString("out"); out != "" {
			if err := mayHold(out); err != nil {
				return err
			}
		}
		if free != nil && args[0] == pointsName {
			return free(cmd, s, args[1:])
		}
		entries, err := report.Find(kind, args[0])
		if err != nil {
			return usageError{err}
		}
		form, err := a.form()
		if err != nil && kind == report.KindTable {
			return err
		}
		if entries[0].Shipped() {
			if err := s.open(cmd.Context(), args[1:]); err != nil {
				return err
			}
			defer s.close()
		}
		for i := range entries {
			in, err := s.input(cmd.Context(), &entries[i], args[1:])
			if err == nil {
				err = a.answer(cmd, &entries[i], form, in, args[1:], i > 0)
			}
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

// answer makes an entry of its input, and prints it in a form or writes its files; again: not the first one.
func (a *app) answer(cmd *cobra.Command, e *report.Entry, form table.Form, in *report.Input, files []string, again bool) error {
	out, command := a.settings.GetString("out"), called(cmd, append([]string{e.Name}, files...)...)
	if out == "" {
		t, err := e.Table(cmd.Context(), in, command)
		if err != nil {
			return err
		}
		if again {
			fmt.Fprintln(a.out)
		}
		return form.Write(t, a.out)
	}
	endings, err := writeEntry(cmd.Context(), e, in, out, command, files...)
	if err == nil && e.Kind == report.KindFigure {
		fmt.Fprintf(a.out, "%s.{%s}: %s\n", filepath.Join(out, e.Name), strings.Join(endings, ","), e.Titled(in.Data))
	}
	return err
}

// writeEntry writes an entry in every form into a folder, and gives the endings of their names.
func writeEntry(ctx context.Context, e *report.Entry, in *report.Input, folder, command string, inputs ...string) (endings []string, err error) {
	made, err := e.Files(ctx, in, command)
	if err != nil {
		return nil, err
	}
	for _, f := range made {
		kind := atomicfile.FileKind{Name: string(e.Kind) + " " + e.Name + " of satsim", Is: f.Known}
		if err := kind.Write(filepath.Join(folder, f.Name), f.Write, inputs...); err != nil {
			return nil, err
		}
		endings = append(endings, strings.TrimPrefix(filepath.Ext(f.Name), "."))
	}
	return endings, nil
}
