package cli

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/dataset"
	"satsim/results/query"
	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/table"
)

// pointQuery is what flags ask of a store's points.
type pointQuery struct {
	where                  []string
	order, columns, pareto string
}

func (a *app) results() *cobra.Command {
	var q pointQuery
	var output string
	var names bool
	cmd := &cobra.Command{
		Use:   "results STORE",
		Short: "Query the points of a store",
		Long: `Prints the points of a store: those that meet all conditions, and of those, with --pareto, the ones that no other beats.
Conditions, columns and keys are expressions over the names that --names lists, such as
  --where 'recipe == "bdwp" and stce.rows * stce.cols <= 4096 and clock >= q("150MHz")'
  --columns 'network, sparsity, stce.rows*stce.cols, cycles, speedup'
  --sort 'network, speedup:desc'
  --pareto 'cycles:min, dram_read_bytes + dram_write_bytes:min'
The formats parquet and jsonl (JSON Lines: an object a line) are for pandas, polars, DuckDB and their like: of every name a column, of one type, quantities
in base units, null where nothing is. docs/columns.md lists names, types and units.`,
		Args: oneArg("the store"),
		RunE: func(cmd *cobra.Command, args []string) error {
			form, data, err := a.pointForm()
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
			if q.columns == "" && data != nil {
				q.columns = strings.Join(query.Names(rows), ",")
			}
			columns, n, err := a.columns(cmd.Context(), rows, &q)
			if err != nil {
				return usageError{err}
			}
			write := func(w io.Writer) error {
				return printTo(w, cmd, "points", &report.PointList{Columns: columns, Rows: n}, form)
			}
			if data != nil {
				write = func(w io.Writer) error { return data(typed(columns, n), w) }
			}
			if output != "" {
				return atomicfile.Write(output, write, args[0])
			}
			return write(a.out)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&q.where, "where", nil, "condition that points must meet; may be repeated")
	f.StringVar(&q.order, "sort", "", "keys, separated by commas, each with :asc or :desc (default: network, batch, recipe, sparsity)")
	f.StringVar(&q.columns, "columns", "", "columns, separated by commas (default: what differs, and the main figures; of parquet and jsonl all names)")
	f.StringVar(&q.pareto, "pareto", "", "metrics, separated by commas, each with :min or :max: only points that no other beats")
	f.StringVarP(&output, "output", "o", "", "file to write (default: standard output)")
	registerFormat(f, table.FormTerminal, "; for programs that analyse: "+strings.Join(dataNames(), " or "))
	f.BoolVar(&names, "names", false, "list the names that expressions can use")
	combine(cmd, only(f, "names"))
	return cmd
}

// typed are columns with their types, and who writes them.
func typed(columns []query.Column, rows int) *dataset.Data {
	d := query.Typed(columns, rows)
	info, _ := debug.ReadBuildInfo()
	d.Version, d.Build = release(info), fmt.Sprintf("model version %d", store.ModelVersion)
	return d
}

// columns are those that a query asks for, of the rows that meet it, and how many rows those are.
func (a *app) columns(ctx context.Context, rows []query.NamedPoint, q *pointQuery) ([]query.Column, int, error) {
	bar := newProgress(a.err)
	defer bar.stop()
	ask := asking(ctx, bar)
	rows, err := selectRows(rows, q.where, q.pareto, q.order, ask)
	if err != nil {
		return nil, 0, err
	}
	list := q.columns
	if list == "" {
		list = defaultColumns(rows)
	}
	columns, err := query.Columns(rows, list, ask)
	return columns, len(rows), err
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
	for _, n := range []string{"cycles", "time_s", "images_per_s", "speedup", query.SameResourcesLow, query.SameResourcesHigh, "energy", "fit"} {
		if slices.ContainsFunc(rows, func(r query.NamedPoint) bool { _, ok := r.Values[n]; return ok }) {
			out = append(out, n)
		}
	}
	if slices.ContainsFunc(rows, func(r query.NamedPoint) bool { return r.Point.Failed() }) {
		out = append(out, "error")
	}
	return strings.Join(out, ",")
}
