package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"satsim/results/query"
	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/table"
)

func (a *app) results() *cobra.Command {
	var where []string
	var order, columns, pareto string
	var names bool
	cmd := &cobra.Command{
		Use:   "results STORE",
		Short: "Query the points of a store",
		Long: `Prints the points of a store: those that meet all conditions, and of those, with --pareto, the ones that no other beats.
Conditions, columns and keys are expressions over the names that --names lists, such as
  --where 'recipe == "bdwp" and stce.rows * stce.cols <= 4096 and clock >= q("150MHz")'
  --columns 'network, sparsity, stce.rows*stce.cols, cycles, speedup'
  --sort 'network, speedup:desc'
  --pareto 'cycles:min, dram_read_bytes + dram_write_bytes:min'`,
		Args: oneArg("the store"),
		RunE: func(cmd *cobra.Command, args []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			rows, err := a.loadRows(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if names {
				for _, n := range query.Names(rows) {
					fmt.Fprintln(a.out, n)
				}
				return nil
			}
			bar := newProgress(a.err)
			defer bar.stop()
			ask := asking(cmd.Context(), bar)
			if rows, err = selectRows(rows, where, pareto, order, ask); err != nil {
				return usageError{err}
			}
			if columns == "" {
				columns = defaultColumns(rows)
			}
			cols, err := query.Columns(rows, columns, ask)
			bar.stop()
			if err != nil {
				return usageError{err}
			}
			return a.print(cmd, "points", &report.PointList{Columns: cols, Rows: len(rows)}, form)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&where, "where", nil, "condition that points must meet; may be repeated")
	f.StringVar(&order, "sort", "", "keys, separated by commas, each with :asc or :desc (default: network, batch, recipe, sparsity)")
	f.StringVar(&columns, "columns", "", "columns, separated by commas (default: what differs, and the main figures)")
	f.StringVar(&pareto, "pareto", "", "metrics, separated by commas, each with :min or :max: only points that no other beats")
	registerFormat(f, table.FormTerminal, "")
	f.BoolVar(&names, "names", false, "list the names that expressions can use")
	combine(cmd, only(f, "names"))
	return cmd
}

// asking shows how far a walk over rows is, and ends it with the context.
func asking(ctx context.Context, bar *progressBar) query.Ask {
	return func(what string, done, total int) error {
		bar.update(what, done, total)
		return ctx.Err()
	}
}

func (a *app) loadRows(ctx context.Context, path string) ([]query.NamedPoint, error) {
	s, err := store.OpenExisting(ctx, path)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	of, err := a.chosen(ctx, s)
	if err != nil {
		return nil, err
	}
	points, err := s.List(ctx, of)
	if err != nil {
		return nil, err
	}
	return query.NamePoints(points)
}

// selectRows filters, keeps the front, and sorts; rows that the keys leave equal are in the order of their labels.
func selectRows(rows []query.NamedPoint, where []string, pareto, order string, ask query.Ask) ([]query.NamedPoint, error) {
	rows, err := query.Filter(rows, where, ask)
	if err != nil || len(rows) == 0 {
		return rows, err
	}
	if pareto != "" {
		metrics, err := query.Orders(pareto, "min", "max")
		if err != nil {
			return nil, fmt.Errorf("--pareto: %w", err)
		}
		if rows, err = query.Pareto(rows, metrics, ask); err != nil {
			return nil, fmt.Errorf("--pareto: %w", err)
		}
	}
	keys, err := query.Orders(order, "asc", "desc")
	if err != nil {
		return nil, fmt.Errorf("--sort: %w", err)
	}
	for _, name := range append([]string{"network", "batch", "recipe", "m", "n"}, append(query.Differing(rows), "key")...) {
		keys = append(keys, query.Order{Source: name})
	}
	return query.Sort(rows, keys, ask)
}

func defaultColumns(rows []query.NamedPoint) string {
	if len(rows) == 0 {
		return "network"
	}
	out := []string{"network", "batch", "recipe", "sparsity"}
	if slices.ContainsFunc(rows, func(r query.NamedPoint) bool { return r.Values["arch"] != rows[0].Values["arch"] }) {
		out = append(out, "arch")
	}
	out = append(out, query.Differing(rows)...)
	for _, n := range []string{"cycles", "time_s", "images_per_s", "speedup", "energy", "fit"} {
		if _, ok := rows[0].Values[n]; ok {
			out = append(out, n)
		}
	}
	if slices.ContainsFunc(rows, func(r query.NamedPoint) bool { return r.Point.Failed() }) {
		out = append(out, "error")
	}
	return strings.Join(out, ",")
}
