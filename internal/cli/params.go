package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"satsim/results/kinds"
	"satsim/results/report"
	"satsim/results/table"
)

func (a *app) params() *cobra.Command {
	var search []string
	var schemaOf string
	cmd := &cobra.Command{
		Use:   "params [PATH]",
		Short: "Explain the keys of files: type, unit, default, range, meaning, source",
		Long: `Lists every key of every kind of file, or those that a path leads to: stce.rows, stce, board.memory, or a kind of file (arch, board, energy,
network, recipe, sweep, traffic). Keys stand as --set takes them: those of architectures as they are, others behind their kind. [] stands for every
element of a list. All of it is printed from the declarations that files are checked by.
With --schema it prints the JSON Schema (draft 2020-12) of a kind of file, for editors:
  satsim params --schema arch > arch.schema.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("params takes at most one path, not %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if schemaOf != "" {
				k, err := kinds.Find(schemaOf)
				if err != nil {
					return usageError{fmt.Errorf("--schema: %w", err)}
				}
				return table.Indented(a.out, k.Schema())
			}
			form, err := a.form()
			if err != nil {
				return err
			}
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			found, err := kinds.Select(path, search)
			if err != nil {
				return usageError{err}
			}
			return a.print(cmd, "keys", report.Keys(found), form)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&search, "search", nil, "only keys whose description has this text, in capitals or not; may be repeated: all of them")
	f.StringVar(&schemaOf, "schema", "", "print the JSON Schema of this kind of file, and nothing else")
	registerFormat(f, table.FormTerminal, "")
	combine(cmd, only(f, "schema"), alone("schema"))
	return cmd
}
