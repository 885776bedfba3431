package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"satsim/results/query"
	"satsim/results/store"
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
			format := a.settings.GetString("format")
			if format != formatTable && format != formatJSON && format != formatCSV {
				return usageError{fmt.Errorf("--format %q; table, json and csv are accepted", format)}
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
			if rows, err = selectRows(rows, where, pareto, order); err != nil {
				return usageError{err}
			}
			if columns == "" {
				columns = defaultColumns(rows)
			}
			cols, err := query.Columns(rows, columns)
			if err != nil {
				return usageError{err}
			}
			return printColumns(a.out, cols, len(rows), format)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&where, "where", nil, "condition that points must meet; may be repeated")
	f.StringVar(&order, "sort", "", "keys, separated by commas, each with :asc or :desc (default: network, batch, recipe, sparsity)")
	f.StringVar(&columns, "columns", "", "columns, separated by commas (default: what differs, and the main figures)")
	f.StringVar(&pareto, "pareto", "", "metrics, separated by commas, each with :min or :max: only points that no other beats")
	f.String("format", formatTable, "table, csv or json")
	f.BoolVar(&names, "names", false, "list the names that expressions can use")
	return cmd
}

func (a *app) loadRows(ctx context.Context, path string) ([]query.Row, error) {
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
	return query.Rows(points)
}

// selectRows filters, keeps the front, and sorts; rows that the keys leave equal are in the order of their labels.
func selectRows(rows []query.Row, where []string, pareto, order string) ([]query.Row, error) {
	rows, err := query.Filter(rows, where)
	if err != nil || len(rows) == 0 {
		return rows, err
	}
	if pareto != "" {
		metrics, err := query.Orders(pareto, "min", "max")
		if err != nil {
			return nil, fmt.Errorf("--pareto: %w", err)
		}
		if rows, err = query.Pareto(rows, metrics); err != nil {
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
	return query.Sort(rows, keys)
}

func defaultColumns(rows []query.Row) string {
	if len(rows) == 0 {
		return "network"
	}
	out := []string{"network", "batch", "recipe", "sparsity"}
	if slices.ContainsFunc(rows, func(r query.Row) bool { return r.Values["arch"] != rows[0].Values["arch"] }) {
		out = append(out, "arch")
	}
	out = append(out, query.Differing(rows)...)
	for _, n := range []string{"cycles", "time_s", "images_per_s", "speedup", "energy", "fit"} {
		if _, ok := rows[0].Values[n]; ok {
			out = append(out, n)
		}
	}
	if slices.ContainsFunc(rows, func(r query.Row) bool { return r.Point.Failed() }) {
		out = append(out, "error")
	}
	return strings.Join(out, ",")
}

func printColumns(w io.Writer, cols []query.Column, rows int, format string) error {
	switch format {
	case formatJSON:
		return printJSON(w, cols, rows)
	case formatCSV:
		out := csv.NewWriter(w)
		line := make([]string, len(cols))
		for i := range cols {
			line[i] = cols[i].Source
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("printing results: %w", err)
		}
		for r := range rows {
			for i := range cols {
				line[i] = cols[i].Text(r, 0)
			}
			if err := out.Write(line); err != nil {
				return fmt.Errorf("printing results: %w", err)
			}
		}
		out.Flush()
		return out.Error()
	}
	header := make([]any, len(cols))
	for i := range cols {
		header[i] = cols[i].Source
	}
	t := newTable(w, 0, header...)
	var align []table.ColumnConfig
	for i := range cols {
		c := table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight}
		if slices.ContainsFunc(cols[i].Values, func(v any) bool { _, ok := v.(string); return ok }) {
			c.Align, c.AlignHeader = text.AlignLeft, text.AlignLeft
		}
		align = append(align, c)
	}
	t.SetColumnConfigs(align)
	for r := range rows {
		line := make([]any, len(cols))
		for i := range cols {
			line[i] = cols[i].Text(r, 5)
		}
		t.AppendRow(line)
	}
	t.Render()
	_, err := fmt.Fprintln(w, count(rows, "point"))
	return err
}

func printJSON(w io.Writer, cols []query.Column, rows int) error {
	list := make([]map[string]any, rows)
	for r := range list {
		list[r] = map[string]any{}
		for i := range cols {
			v := cols[i].Values[r]
			if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
				v = nil
			}
			list[r][cols[i].Source] = v
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(list); err != nil {
		return fmt.Errorf("printing results: %w", err)
	}
	return nil
}
