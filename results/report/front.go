package report

import (
	"strconv"
	"strings"

	"satsim/results/query"
	"satsim/results/table"
)

// front lists the designs that no other beats, the fastest first.
func front(t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	best, err := query.Pareto(rows, query.Metrics())
	if err != nil {
		return err
	}
	if best, err = query.Sort(best, query.Metrics()); err != nil {
		return err
	}
	differing := query.Differing(rows)
	t.Columns = nil
	if len(query.Distinct(rows, "network")) > 1 {
		t.Columns = append(t.Columns, table.Words("network"))
	}
	var paths []string
	for _, n := range differing {
		if !strings.HasPrefix(n, "network.") && !strings.HasPrefix(n, "recipe.") {
			paths = append(paths, n)
			t.Columns = append(t.Columns, table.Column{Name: n})
		}
	}
	labels := len(t.Columns) - len(paths)
	t.Columns = append(t.Columns, table.Column{Name: "time", Unit: "ms", Format: table.Format{Shift: 3, Decimals: 1}}, table.Times("speed-up over dense"), table.Numbers("DSP", "high end", 0), table.Words("fits"))
	for i := range best {
		r := &best[i]
		var cells []table.Cell
		if labels > 0 {
			cells = append(cells, table.Text(r.Text("network")))
		}
		for _, p := range paths {
			cells = append(cells, value(r, p))
		}
		dsp, _ := r.Float("dsp")
		speedup, _ := r.Float("speedup")
		t.Add(append(cells, table.Real(r.Point.Run.Total.TimeS), table.Real(speedup), table.Real(dsp), table.Text(r.Text("fit")))...)
	}
	t.Notes = append(t.Notes,
		"Of the sweep's designs, those that no other beats both in cycles and in DSP slices (high end of the estimate). "+recipesOf(rows)+".")
	return nil
}

// value of a parameter: a whole number, or the text of any other.
func value(r *query.Row, path string) table.Cell {
	if v, ok := r.Float(path); ok && r.Text(path) == strconv.FormatInt(int64(v), 10) {
		return table.Whole(int64(v))
	}
	return table.Text(r.Text(path))
}
