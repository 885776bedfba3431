package cli

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"satsim/results/record"
)

// newTable is a table in satsim's style: numbers right, no decoration that a terminal or a paste would stumble over.
func newTable(w io.Writer, left int, header ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	s := table.StyleLight
	s.Format.Header = text.FormatDefault
	s.Format.Footer = text.FormatDefault
	t.SetStyle(s)
	t.AppendHeader(table.Row(header))
	var cols []table.ColumnConfig
	for i := left; i < len(header); i++ {
		cols = append(cols, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	t.SetColumnConfigs(cols)
	return t
}

// printTable prints a record for a person.
func printTable(w io.Writer, r *record.Record, layers bool) error {
	fmt.Fprintf(w, "%s: %s\nbatch %d, %.3f M parameters; arch %s\n\n", r.Network.Name, r.Network.Note, r.Network.Images, float64(r.Network.Parameters)/1e6, r.ArchName)
	t := newTable(w, 2, "recipe", "stage", "Mcycles", "time ms", "images/s", "dense-eq. GFLOPS", "effective GFLOPS", "array util. %", "DRAM read MB", "DRAM write MB")
	for i := range r.Runs {
		run := &r.Runs[i]
		name := run.Recipe
		if run.Sparsity != "1:1" {
			name += " " + run.Sparsity
		}
		if i > 0 {
			t.AppendSeparator()
		}
		for _, s := range run.Stages {
			t.AppendRow(figureRow(name, s.Stage, &s.Figures, ""))
			name = ""
		}
		t.AppendRow(figureRow("", "step", &run.Total, fmt.Sprintf("%.1f", run.ImagesPS)))
	}
	t.Render()
	if layers {
		printLayers(w, r)
	}
	printComparison(w, r)
	printEnergy(w, r)
	printFit(w, r)
	for i := range r.Runs {
		e := &r.Runs[i].Simulation
		fmt.Fprintf(w, "%s: %d of %d word groups simulated in %d events, standing for %d instructions and %d folds\n",
			r.Runs[i].Recipe, e.GroupsRun, e.Groups, e.Events, e.Instructions, r.Runs[i].Total.Units.Of("stce").Counts.Of("folds"))
	}
	return nil
}

func figureRow(recipe, stage string, f *record.Figures, images string) table.Row {
	return table.Row{
		recipe, stage, fmt.Sprintf("%.3f", float64(f.Cycles)/1e6), fmt.Sprintf("%.3f", f.TimeS*1e3), images,
		fmt.Sprintf("%.1f", f.DenseGFLOPS), fmt.Sprintf("%.1f", f.EffectiveGFLOPS), fmt.Sprintf("%.1f", 100*f.Utilisation),
		fmt.Sprintf("%.1f", float64(f.ReadBytes)/1e6), fmt.Sprintf("%.1f", float64(f.WriteBytes)/1e6),
	}
}

func printLayers(w io.Writer, r *record.Record) {
	for i := range r.Runs {
		fmt.Fprintf(w, "\n%s, layer by layer\n", r.Runs[i].Recipe)
		t := newTable(w, 4, "layer", "op", "stage", "N:M", "kcycles", "dense MMACs", "performed MMACs", "array util. %", "DRAM read MB", "DRAM write MB", "array busy kcycles", "vector busy kcycles")
		for k := range r.Runs[i].Layers {
			l := &r.Runs[i].Layers[k]
			t.AppendRow(table.Row{
				l.Layer, l.Op, l.Stage, l.Sparsity, fmt.Sprintf("%.1f", float64(l.Cycles)/1e3), fmt.Sprintf("%.1f", float64(l.DenseMACs)/1e6),
				fmt.Sprintf("%.1f", float64(l.PerformedMACs)/1e6), fmt.Sprintf("%.1f", 100*l.Utilisation),
				fmt.Sprintf("%.2f", float64(l.ReadBytes)/1e6), fmt.Sprintf("%.2f", float64(l.WriteBytes)/1e6),
				fmt.Sprintf("%.1f", float64(l.Units.Of("stce").Busy)/1e3), fmt.Sprintf("%.1f", float64(l.Units.Of("vector").Busy)/1e3),
			})
		}
		t.Render()
	}
}

func printComparison(w io.Writer, r *record.Record) {
	c := r.Comparison
	if c == nil {
		return
	}
	if len(c.DenseOnly) > 0 {
		printDenseOnly(w, r)
		return
	}
	fmt.Fprintf(w, "\n%s against %s: %.3fx\n", r.Runs[1].Recipe, r.Runs[0].Recipe, c.Speedup)
	for _, s := range c.Stages {
		fmt.Fprintf(w, "  %-40s %.3fx\n", s.Stage, s.Speedup)
	}
	if len(c.Overlap) == 0 {
		return
	}
	fmt.Fprintf(w, "  %-40s %.3fx\n", "bound: MACs only", c.MACBound)
	for _, o := range c.Overlap {
		fmt.Fprintf(w, "  %-40s %.3fx\n", o.Unit+" unit fully overlapped", o.Overlapped)
		fmt.Fprintf(w, "  %-40s %.3fx\n", o.Unit+" unit fully serial", o.Serial)
	}
	for _, s := range c.Sensitivity {
		fmt.Fprintf(w, "  %-40s %.3fx\n", "with "+s.Override, s.Speedup)
	}
	fmt.Fprintln(w)
}
