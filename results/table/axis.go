package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"satsim/results/query"
)

// axis makes a table of speed-ups with a row for each place on an axis, and a column for each network.
func axis(t *Table, in *Input, head Column, place func(r *query.Row) (label string, at float64)) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errors.New("no point is compared with a baseline")
	}
	networks := query.Distinct(rows, "network")
	t.Columns = []Column{head}
	for _, n := range networks {
		t.Columns = append(t.Columns, Column{n, "×", false})
	}
	if len(networks) > 1 {
		t.Columns = append(t.Columns, Column{"mean", "×", false})
	}
	type line struct {
		label string
		at    float64
		of    []float64
	}
	var lines []*line
	for i := range rows {
		label, at := place(&rows[i])
		k := slices.IndexFunc(lines, func(l *line) bool { return l.label == label })
		if k < 0 {
			k = len(lines)
			lines = append(lines, &line{label, at, slices.Repeat([]float64{math.NaN()}, len(networks))})
		}
		v, ok := rows[i].Float("speedup")
		n := slices.Index(networks, rows[i].Text("network"))
		if had := lines[k].of[n]; !math.IsNaN(had) && ok && had != v {
			return fmt.Errorf("several points of %s stand at %s: filter them by a condition", networks[n], label)
		}
		if ok {
			lines[k].of[n] = v
		}
	}
	slices.SortStableFunc(lines, func(a, b *line) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	for _, l := range lines {
		cells := []Cell{Text(l.label)}
		for _, v := range l.of {
			cells = append(cells, Number(v, 3))
		}
		if len(networks) > 1 {
			cells = append(cells, Number(mean(l.of), 3))
		}
		t.add(cells...)
	}
	t.Notes = append(t.Notes, "Whole step, "+recipesOf(rows)+" over dense on the same accelerator.")
	return nil
}

// recipesOf names the recipes of rows.
func recipesOf(rows []query.Row) string {
	var names, whole []string
	for i := range rows {
		name := rows[i].Text("recipe")
		if s := name + " " + rows[i].Text("sparsity"); !slices.Contains(whole, s) {
			whole = append(whole, s)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(whole) > 4 {
		whole = names
	}
	return strings.Join(whole, ", ")
}

// byPath is over one path, or over the product of several.
func byPath(head string, paths ...string) func(*Table, *Input) error {
	return func(t *Table, in *Input) error {
		return axis(t, in, Column{head, "", true}, func(r *query.Row) (string, float64) {
			var texts []string
			at := 1.0
			for _, p := range paths {
				v, _ := r.Float(p)
				texts = append(texts, r.Text(p))
				at *= v
			}
			return strings.Join(texts, " × "), at
		})
	}
}

// byRatio is by N:M, from half to a sixteenth; equal densities by M.
func byRatio(t *Table, in *Input) error {
	err := axis(t, in, Column{"N:M", "", true}, func(r *query.Row) (string, float64) {
		n, _ := r.Float("n")
		m, _ := r.Float("m")
		return r.Text("sparsity"), m/n*1000 + m
	})
	t.Notes = append(t.Notes, "The array takes M up to stce.max_m and N up to stce.max_n; its resources are charged at those, whatever the ratio.")
	return err
}

// Bandwidth of all ports together, in bytes a second: what the accelerator can take from its memory.
func Bandwidth(r *query.Row) float64 {
	channels, _ := r.Float("board.memory.channels")
	bits, _ := r.Float("board.memory.port_width_bits")
	clock, _ := r.Float("board.memory.port_clock")
	return channels * bits / 8 * clock
}

func byBandwidth(t *Table, in *Input) error {
	return axis(t, in, Column{"port bandwidth", "GB/s", true}, func(r *query.Row) (string, float64) {
		b := Bandwidth(r)
		return fmt.Sprintf("%.1f", b/1e9), b
	})
}
