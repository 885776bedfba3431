package report

import (
	"strconv"

	"satsim/results/query"
	"satsim/results/table"
)

// front lists the designs that no other beats, the fastest first.
func front(t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	if err := query.Alike(rows, query.Designs(rows)...); err != nil {
		return err
	}
	best, err := query.Pareto(rows, query.Metrics(), nil)
	if err != nil {
		return err
	}
	if best, err = query.Sort(best, query.Metrics(), nil); err != nil {
		return err
	}
	t.Columns = nil
	paths := query.Designs(rows)
	for _, n := range paths {
		t.Columns = append(t.Columns, table.Column{Name: n})
	}
	t.Columns = append(t.Columns, table.Column{Name: "time", Unit: "ms", NumberFormat: table.NumberFormat{Shift: 3, Decimals: 1}}, table.Times("speed-up over dense"), table.Numbers("DSP", "high end", 0), table.Words("fits"))
	for i := range best {
		r := &best[i]
		var cells []table.Cell
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
func value(r *query.NamedPoint, path string) table.Cell {
	if v, ok := r.Float(path); ok && r.Text(path) == strconv.FormatInt(int64(v), 10) {
		return table.Whole(int64(v))
	}
	return table.Text(r.Text(path))
}
