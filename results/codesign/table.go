package codesign

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"satsim/arch/fpga"
)

// column of the table: for machines and for people.
type column struct {
	name, title string
	value       func(p *Point) (machine, people string)
}

func same(s string) (string, string) { return s, s }

func number(v float64, format string, scale float64) (string, string) {
	return strconv.FormatFloat(v, 'g', -1, 64), fmt.Sprintf(format, v*scale)
}

// columns of the table.
func columns() []column {
	out := []column{
		{"arch", "arch", func(p *Point) (string, string) { return same(p.Arch) }},
		{"network", "network", func(p *Point) (string, string) { return same(p.Network) }},
		{"batch", "batch", func(p *Point) (string, string) { return same(fmt.Sprint(p.Batch)) }},
		{"optimiser", "optimiser", func(p *Point) (string, string) { return same(p.Optimiser) }},
		{"recipe", "recipe", func(p *Point) (string, string) { return same(p.Recipe) }},
		{"sparsity", "N:M", func(p *Point) (string, string) { return same(p.Sparsity) }},
		{"test_accuracy", "accuracy %", trained(func(p *Point) (string, string) { return number(p.Training.Accuracy.Mean, "%.2f", 100) })},
		{"test_accuracy_deviation", "±", trained(func(p *Point) (string, string) {
			if p.Training.Seeds < 2 {
				return "", "-"
			}
			return number(p.Training.Accuracy.Deviation, "%.2f", 100)
		})},
		{"seeds", "seeds", trained(func(p *Point) (string, string) { return same(fmt.Sprint(p.Training.Seeds)) })},
		{"step_time_s", "step ms", func(p *Point) (string, string) { return number(p.TimeS, "%.3f", 1e3) }},
		{"speedup", "speed-up", func(p *Point) (string, string) {
			if p.Speedup == 0 {
				return "", "-"
			}
			return number(p.Speedup, "%.3f", 1)
		}},
		{"energy_j", "energy mJ", func(p *Point) (string, string) { return number(p.Energy.Value, "%.4g", 1e3) }},
		{"energy_low_j", "low", func(p *Point) (string, string) { return number(p.Energy.Low, "%.4g", 1e3) }},
		{"energy_high_j", "high", func(p *Point) (string, string) { return number(p.Energy.High, "%.4g", 1e3) }},
	}
	for _, r := range []fpga.Resource{fpga.LUT, fpga.DSP} {
		name := strings.ToLower(r.String())
		out = append(out,
			column{name + "_low", r.String() + " low", func(p *Point) (string, string) { return same(fmt.Sprint(p.Resources.Lines[r].Use.Low)) }},
			column{name + "_high", r.String() + " high", func(p *Point) (string, string) { return same(fmt.Sprint(p.Resources.Lines[r].Use.High)) }})
	}
	return append(out,
		column{"fit", "on its board", func(p *Point) (string, string) { return same(string(p.Resources.Fit)) }},
		column{"front", "Pareto", func(p *Point) (string, string) {
			if p.Front {
				return "true", "*"
			}
			return "false", ""
		}})
}

func trained(f func(p *Point) (string, string)) func(p *Point) (string, string) {
	return func(p *Point) (string, string) {
		if p.Training == nil {
			return "", "-"
		}
		return f(p)
	}
}

// Table is titles and rows for people.
func Table(points []Point) (titles []string, rows [][]string) {
	cols := columns()
	for _, c := range cols {
		titles = append(titles, c.title)
	}
	for i := range points {
		var row []string
		for _, c := range cols {
			_, text := c.value(&points[i])
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return titles, rows
}

// WriteCSV writes a row a point, a header first.
func WriteCSV(w io.Writer, points []Point) error {
	cols := columns()
	c := csv.NewWriter(w)
	line := make([]string, len(cols))
	for i, col := range cols {
		line[i] = col.name
	}
	if err := c.Write(line); err != nil {
		return fmt.Errorf("writing the co-design table: %w", err)
	}
	for i := range points {
		for k, col := range cols {
			line[k], _ = col.value(&points[i])
		}
		if err := c.Write(line); err != nil {
			return fmt.Errorf("writing the co-design table: %w", err)
		}
	}
	c.Flush()
	return c.Error()
}

// WriteMarkdown writes the table as Markdown.
func WriteMarkdown(w io.Writer, points []Point) error {
	titles, rows := Table(points)
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(titles, " | "), strings.Repeat(" --- |", len(titles)))
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(r, " | "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
