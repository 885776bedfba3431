package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"satsim/results/layers"
	"satsim/workloads"
)

func (a *app) network() *cobra.Command {
	m := modelFlags{arch: "sat-vcu1525"}
	var list bool
	cmd := &cobra.Command{
		Use:   "network NAME",
		Short: "Show a network layer by layer: shapes, parameters, MACs of each stage, what may be pruned, what is saved",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 == list {
				return usageError{fmt.Errorf("network takes one name or file, or --list; there are %d names", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			format := a.settings.GetString("format")
			if err := checkFormat(format); err != nil {
				return err
			}
			if list {
				return listNetworks(a.out, format)
			}
			m.network = args[0]
			of, err := m.resolve()
			if err != nil {
				return err
			}
			t, err := layers.New(of)
			if err != nil {
				return err
			}
			return printNetwork(a.out, t, format)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&list, "list", false, "list the shipped networks")
	f.StringVar(&m.recipe, "recipe", "dense", "recipe whose pruning is shown: a shipped name or a file")
	f.StringVar(&m.sparsity, "sparsity", "", "N:M of the recipe (default: the recipe's own)")
	f.Int64Var(&m.batch, "batch", 0, "samples a step (default: the network's own)")
	f.StringArrayVar(&m.set, "set", nil, "override path=value, such as network.image=32 or recipe.optimiser=adam; may be repeated")
	f.String("format", formatTable, "standard output: table, json or csv")
	return cmd
}

func printNetwork(w io.Writer, t *layers.Network, format string) error {
	switch format {
	case formatJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(t)
	case formatCSV:
		return networkCSV(w, t)
	}
	fmt.Fprintf(w, "%s: %s\nbatch %d, recipe %s\n\n", t.Name, t.Note, t.Images, t.Recipe)
	tb := newTable(w, 3, "layer", "op", "output", "parameters", "FF MMACs", "BP MMACs", "WU MMACs", "prunable", "saved MB")
	row := func(name, op, shape string, f *layers.Figures) table.Row {
		r := table.Row{name, op, shape, blank(f.Parameters, "%d", 1)}
		for _, s := range f.Stages() {
			r = append(r, blank(s.Performed, "%.1f", 1e6))
		}
		return append(r, f.Pruned(), blank(f.SavedBytes, "%.2f", 1e6))
	}
	for i := range t.Layers {
		l := &t.Layers[i]
		tb.AppendRow(row(l.Layer, l.Op, l.Output.String(), &l.Figures))
	}
	tb.AppendFooter(row("total", "", "", &t.Total))
	tb.Render()
	dense, performed := t.Total.Sum()
	fmt.Fprintf(w, "\n%.3f M parameters; saved for backward %.1f MB\n", float64(t.Total.Parameters)/1e6, float64(t.Total.SavedBytes)/1e6)
	fmt.Fprintf(w, "a sample: %.3f GMACs forward, %.3f GMACs a training step, %.3f GMACs (%.1f %%) of it under %s\n",
		perSample(t.Total.FF.Dense, t.Images), perSample(dense, t.Images), perSample(performed, t.Images), 100*float64(performed)/float64(dense), t.Recipe)
	for i, s := range t.Total.Stages() {
		if s.Dense > 0 {
			fmt.Fprintf(w, "  %s %.3f of %.3f GMACs (%.1f %%)\n", workloads.Stages()[i], perSample(s.Performed, t.Images), perSample(s.Dense, t.Images), 100*float64(s.Performed)/float64(s.Dense))
		}
	}
	return nil
}

func perSample(n, images int64) float64 { return float64(n) / float64(images) / 1e9 }

// blank prints a number in a unit, nothing if it is zero.
func blank(v int64, format string, unit float64) string {
	switch {
	case v == 0:
		return ""
	case format == "%d":
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprintf(format, float64(v)/unit)
}

func networkCSV(w io.Writer, t *layers.Network) error {
	lines := [][]string{{
		"layer", "op", "output_shape", "parameters", "ff_dense_macs", "ff_performed_macs", "bp_dense_macs", "bp_performed_macs",
		"wu_dense_macs", "wu_performed_macs", "prunable", "saved_bytes",
	}}
	number := func(v int64) string { return strconv.FormatInt(v, 10) }
	for i := range t.Layers {
		l := &t.Layers[i]
		line := []string{l.Layer, l.Op, l.Output.String(), number(l.Parameters)}
		for _, s := range l.Stages() {
			line = append(line, number(s.Dense), number(s.Performed))
		}
		lines = append(lines, append(line, l.Pruned(), number(l.SavedBytes)))
	}
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("printing the layers: %w", err)
	}
	return nil
}

// listNetworks shows the shipped networks at their own parameters.
func listNetworks(w io.Writer, format string) error {
	lines, err := layers.Shipped()
	if err != nil {
		return err
	}
	switch format {
	case formatJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(lines)
	case formatCSV:
		out := [][]string{{"name", "note", "images", "parameters", "forward_macs"}}
		for _, l := range lines {
			out = append(out, []string{l.Name, l.Note, strconv.FormatInt(l.Images, 10), strconv.FormatInt(l.Parameters, 10), strconv.FormatInt(l.Forward, 10)})
		}
		if err := csv.NewWriter(w).WriteAll(out); err != nil {
			return fmt.Errorf("printing the networks: %w", err)
		}
		return nil
	}
	tb := newTable(w, 2, "network", "what it is", "batch", "M parameters", "GMACs forward, a sample")
	for _, l := range lines {
		tb.AppendRow(table.Row{l.Name, l.Note, l.Images, fmt.Sprintf("%.3f", float64(l.Parameters)/1e6), fmt.Sprintf("%.3f", perSample(l.Forward, l.Images))})
	}
	tb.Render()
	return nil
}
