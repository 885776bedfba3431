package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"satsim/results/query"
	"satsim/results/table"
)

// axis makes a table of speed-ups with a row for each place on an axis, and a column for each network. Rows differ along
// the axis and in nothing else.
func axis(t *table.Table, in *Input, heads []table.Column, along []string, place func(r *query.NamedPoint) (label []table.Cell, at float64)) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	if err := query.AlikeByNetwork(rows, along...); err != nil {
		return err
	}
	networks := query.Distinct(rows, "network")
	t.Columns = slices.Clone(heads)
	for _, n := range networks {
		t.Columns = append(t.Columns, table.Times(n))
	}
	if len(networks) > 1 {
		mean := table.Times("mean")
		mean.For = table.People
		t.Columns = append(t.Columns, mean)
	}
	type line struct {
		label []table.Cell
		at    float64
		of    []float64
	}
	var lines []*line
	for i := range rows {
		label, at := place(&rows[i])
		k := slices.IndexFunc(lines, func(l *line) bool { return l.at == at && texts(l.label) == texts(label) })
		if k < 0 {
			k = len(lines)
			lines = append(lines, &line{label, at, slices.Repeat([]float64{math.NaN()}, len(networks))})
		}
		v, ok := rows[i].Float("speedup")
		n := slices.Index(networks, rows[i].Text("network"))
		if had := lines[k].of[n]; !math.IsNaN(had) && ok && had != v {
			return fmt.Errorf("several points of %s stand at %v: filter them by a condition", networks[n], texts(label))
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
		cells := slices.Clone(l.label)
		for _, v := range l.of {
			cells = append(cells, table.Real(v))
		}
		if len(networks) > 1 {
			cells = append(cells, table.Real(mean(l.of)))
		}
		t.Add(cells...)
	}
	t.Notes = append(t.Notes, "Whole step, "+recipesOf(rows)+" over dense on the same accelerator.")
	return nil
}

// recipesOf names the recipes of rows.
func recipesOf(rows []query.NamedPoint) string {
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

// texts are what a place on an axis is called.
func texts(label []table.Cell) string { return fmt.Sprint(label[0].Value()) }

// byPath is over one path, or over the product of several: people read them as one text, programs as a column each.
func byPath(head string, paths ...string) func(*table.Table, *Input) error {
	heads := []table.Column{table.Words(head)}
	if len(paths) > 1 {
		heads[0].For = table.People
		for _, p := range paths {
			c := table.Key(p)
			c.For = table.Programs
			heads = append(heads, c)
		}
	}
	return func(t *table.Table, in *Input) error {
		return axis(t, in, heads, paths, func(r *query.NamedPoint) ([]table.Cell, float64) {
			var texts []string
			var each []table.Cell
			at := 1.0
			for _, p := range paths {
				v, _ := r.Float(p)
				texts = append(texts, r.Text(p))
				each = append(each, value(r, p))
				at *= v
			}
			if len(paths) == 1 {
				return []table.Cell{table.Text(texts[0])}, at
			}
			return append([]table.Cell{table.Text(strings.Join(texts, " × "))}, each...), at
		})
	}
}

// byArray is by rows and columns, beside which nothing grows.
func byArray(t *table.Table, in *Input) error {
	err := byPath("rows × columns", "stce.rows", "stce.cols")(t, in)
	t.Notes = append(t.Notes, "All else is equal, lanes of the vector unit and banks of the buffers as well: an array of more rows or columns than banks waits for its operands.")
	return err
}

// byRatio is by N:M, from half to a sixteenth; equal densities by M.
func byRatio(t *table.Table, in *Input) error {
	err := axis(t, in, []table.Column{table.Words("N:M")}, []string{"sparsity"}, func(r *query.NamedPoint) ([]table.Cell, float64) {
		n, _ := r.Float("n")
		m, _ := r.Float("m")
		return []table.Cell{table.Text(r.Text("sparsity"))}, m/n*1000 + m
	})
	t.Notes = append(t.Notes, "The array takes M up to stce.max_m and N up to stce.max_n; its resources are charged at those, whatever the ratio.")
	return err
}

func byBandwidth(t *table.Table, in *Input) error {
	head := table.Column{Name: "port bandwidth", Unit: "GB/s", Left: true, NumberFormat: table.NumberFormat{Shift: -9, Decimals: 1}}
	return axis(t, in, []table.Column{head}, []string{"board.memory."}, func(r *query.NamedPoint) ([]table.Cell, float64) {
		b := query.Bandwidth(r)
		return []table.Cell{table.Real(b)}, b
	})
}

// mean of numbers; those that are missing make it missing.
func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
