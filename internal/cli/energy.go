package cli

import (
	"fmt"
	"io"
	"strings"

	"satsim/arch/energy"
	"satsim/results/record"
)

// span prints a figure with its bounds.
func span(i record.Interval) string {
	return fmt.Sprintf("%s (%s to %s)", figure(i.Value), figure(i.Low), figure(i.High))
}

// figure prints three digits or so.
func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	default:
		return fmt.Sprintf("%.3g", v)
	}
}

// printEnergy prints the joules of each run by unit, what follows from them, and what the comparison decides.
func printEnergy(w io.Writer, r *record.Record) {
	if len(r.Runs) == 0 || r.Runs[0].Energy == nil {
		return
	}
	head := []any{"energy by " + r.Runs[0].Energy.Table}
	for i := range r.Runs {
		head = append(head, r.Runs[i].Recipe)
	}
	t := newTable(w, 1, head...)
	row := func(name string, value func(e *record.RunEnergy) record.Interval) {
		cells := []any{name}
		for i := range r.Runs {
			cells = append(cells, span(value(r.Runs[i].Energy)))
		}
		t.AppendRow(cells)
	}
	for u, first := range r.Runs[0].Energy.Units {
		row(first.Unit+" J", func(e *record.RunEnergy) record.Interval { return e.Units[u].Joules })
	}
	t.AppendSeparator()
	row("step J", func(e *record.RunEnergy) record.Interval { return e.Joules })
	row("average power W", func(e *record.RunEnergy) record.Interval { return e.PowerW })
	row("images/J", func(e *record.RunEnergy) record.Interval { return e.ImagesPerJ })
	row("dense-eq. GFLOPS/W", func(e *record.RunEnergy) record.Interval { return e.DenseGFLOPSPerW })
	row("effective GFLOPS/W", func(e *record.RunEnergy) record.Interval { return e.EffectiveGFLOPSPerW })
	row("energy-delay J s", func(e *record.RunEnergy) record.Interval { return e.EDP })
	t.Render()
	if c := r.Comparison; c != nil && c.Energy != nil {
		printVerdict(w, r.Runs[len(r.Runs)-1].Recipe, r.Runs[0].Recipe, c.Energy)
	}
	if missing := r.Runs[len(r.Runs)-1].Energy.Missing; len(missing) > 0 {
		fmt.Fprintf(w, "without an entry in the table, so at no cost: %s\n", strings.Join(missing, ", "))
	}
	fmt.Fprintln(w)
}

// moves is how many entries of a sensitivity table are printed.
const moves = 5

func printVerdict(w io.Writer, recipe, base string, c *record.EnergyComparison) {
	fmt.Fprintf(w, "energy, %s against %s: %sx, %s; energy-delay: %sx, %s\n", recipe, base, span(c.Ratio), verdict(c.Verdict), span(c.EDPRatio), verdict(c.EDPVerdict))
	for _, s := range c.Sensitivity[:min(moves, len(c.Sensitivity))] {
		fmt.Fprintf(w, "  with %-35s %sx at its low, %sx at its high\n", s.Action, figure(s.Low), figure(s.High))
	}
}

func verdict(v string) string {
	if v == string(energy.Undecided) {
		return v
	}
	return "takes " + v
}

// printDenseOnly prints the comparison with a dense-only array of the same resources.
func printDenseOnly(w io.Writer, r *record.Record) {
	recipe := r.Runs[len(r.Runs)-1].Recipe
	fmt.Fprintf(w, "\n%s against a dense-only array of the same resources: %.3fx to %.3fx\n", recipe,
		r.Comparison.Speedup, max(r.Comparison.DenseOnly[0].Speedup, r.Comparison.DenseOnly[1].Speedup))
	for i, d := range r.Comparison.DenseOnly {
		fmt.Fprintf(w, "  %s end of the estimates: %dx%d, %.3fx\n", d.End, d.Rows, d.Cols, d.Speedup)
		if d.Energy != nil {
			printVerdict(w, recipe, r.Runs[i].Recipe, d.Energy)
		}
	}
	fmt.Fprintln(w)
}

// printFit says in a line whether the accelerator fits its board.
func printFit(w io.Writer, r *record.Record) {
	if r.Resources == nil {
		return
	}
	var short []string
	for _, l := range r.Resources.Lines {
		if l.Available > 0 && l.Fit != "fits" {
			short = append(short, fmt.Sprintf("%s %d to %d of %d: %s", l.Resource, l.Low, l.High, l.Available, l.Fit))
		}
	}
	fmt.Fprintf(w, "resources on %s: %s", r.Resources.Board, r.Resources.Fit)
	if len(short) > 0 {
		fmt.Fprintf(w, " (%s)", strings.Join(short, "; "))
	}
	fmt.Fprintln(w)
}
