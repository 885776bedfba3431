package cli

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"satsim/results/dataset"
	"satsim/results/report"
	"satsim/results/table"
)

// registerFormat is the flag of what a command prints.
func registerFormat(f *pflag.FlagSet, preset, note string) {
	f.String("format", preset, "standard output: table, markdown, latex, csv or json"+note)
}

// form is what --format asks for.
func (a *app) form() (table.Form, error) {
	f, err := table.FormOf(a.settings.GetString("format"))
	if err != nil {
		err = usageError{err}
	}
	return f, err
}

// print prints what a command found out, under its name in the registry of what can be asked for.
func (a *app) print(cmd *cobra.Command, name string, r report.Answer, form table.Form) error {
	return printTo(a.out, cmd, name, r, form)
}

func printTo(w io.Writer, cmd *cobra.Command, name string, r report.Answer, form table.Form) error {
	e, err := report.Printed(name)
	if err != nil {
		return err
	}
	return e.Print(w, r, form, called(cmd, cmd.Flags().Args()...))
}

// dataForms write points for programs that analyse them, by the name of the format.
func dataForms() map[string]func(*dataset.Data, io.Writer) error {
	return map[string]func(*dataset.Data, io.Writer) error{formParquet: (*dataset.Data).Parquet, "jsonl": (*dataset.Data).Lines}
}

// formParquet is no text.
const formParquet = "parquet"

// dataNames are the names of those formats.
func dataNames() []string { return slices.Sorted(maps.Keys(dataForms())) }

// pointForm is the form of a list of points that --format asks for: one of every table, or one of data.
func (a *app) pointForm() (table.Form, func(*dataset.Data, io.Writer) error, error) {
	name := a.settings.GetString("format")
	if data := dataForms()[name]; data != nil {
		return table.Form{}, data, nil
	}
	form, err := table.FormOf(name, dataNames()...)
	if err != nil {
		err = usageError{err}
	}
	return form, nil, err
}

// called is the command line that makes something, for its foot: without what changes nothing in it.
func called(cmd *cobra.Command, args ...string) string {
	words := append(strings.Fields(cmd.CommandPath()), args...)
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		switch {
		case strings.Contains(" format out output keep workers settings ", " "+f.Name+" "):
		case f.Value.Type() == "bool" && values[0] == "true":
			words = append(words, "--"+f.Name)
		case strings.HasSuffix(f.Value.Type(), "Slice"):
			words = append(words, "--"+f.Name, strings.Join(values, ","))
		default:
			for _, v := range values {
				words = append(words, "--"+f.Name, v)
			}
		}
	})
	for i, w := range words {
		if w == "" || strings.ContainsAny(w, " \"*<>|;&$()") {
			words[i] = "'" + w + "'"
		}
	}
	return strings.Join(words, " ")
}
