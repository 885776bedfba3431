package table

import (
	"errors"
	"strings"

	"satsim/results/query"
)

// Metrics are what designs are compared by, smaller being better in each.
func Metrics() []query.Order {
	return []query.Order{{Source: "cycles"}, {Source: "dsp"}}
}

// front lists the designs that no other beats, the fastest first.
func front(t *Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errors.New("no point is compared with a baseline")
	}
	best, err := query.Pareto(rows, Metrics())
	if err != nil {
		return err
	}
	if best, err = query.Sort(best, Metrics()); err != nil {
		return err
	}
	differing := query.Differing(rows)
	t.Columns = nil
	if len(query.Distinct(rows, "network")) > 1 {
		t.Columns = append(t.Columns, Column{"network", "", true})
	}
	var paths []string
	for _, n := range differing {
		if !strings.HasPrefix(n, "network.") && !strings.HasPrefix(n, "recipe.") {
			paths = append(paths, n)
			t.Columns = append(t.Columns, Column{Name: n})
		}
	}
	labels := len(t.Columns) - len(paths)
	t.Columns = append(t.Columns, Column{"time", "ms", false}, Column{"speed-up over dense", "×", false}, Column{"DSP", "high end", false}, Column{"fits", "", true})
	for i := range best {
		r := &best[i]
		var cells []Cell
		if labels > 0 {
			cells = append(cells, Text(r.Text("network")))
		}
		for _, p := range paths {
			cells = append(cells, Text(r.Text(p)))
		}
		dsp, _ := r.Float("dsp")
		speedup, _ := r.Float("speedup")
		t.add(append(cells, Number(1e3*r.Point.Run.Total.TimeS, 1), Number(speedup, 3), Number(dsp, 0), Text(r.Text("fit")))...)
	}
	t.Notes = append(t.Notes,
		"Of the sweep's designs, those that no other beats both in cycles and in DSP slices (high end of the estimate). "+recipesOf(rows)+".")
	return nil
}
