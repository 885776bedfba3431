package product

import (
	"io"

	"satsim/arch/stce"
	"satsim/results/table"
)

// JSON writes everything.
func (r *Result) JSON(w io.Writer) error { return table.Indented(w, r) }

// Text writes what people read.
func (r *Result) Text(w io.Writer) error {
	p := table.NewPage(w)
	t := &r.Tile
	p.Printf("%dx%d array of %s, %s: %d x %d outputs over %d terms, %v, interleave %d over %v, %d folds\n\n",
		r.Params.Rows, r.Params.Cols, r.Arch, t.Mode, t.Rows, t.Cols, t.Channels, t.Ratio, t.Interleave, t.Over, r.Folds)
	p.Table(r.Table())
	p.Printf("\n%.1f %% of PE-cycles do a MAC\n", 100*r.Useful)
	if len(r.Interleave) > 1 {
		p.Printf("interleaved over %v by:", t.Over)
		for _, d := range r.Interleave {
			p.Printf("  %d: %d cycles (%d of hazards)", d.Interleave, d.Cycles, d.Hazard)
		}
		p.Printf("\n")
	}
	if r.Vectors != "" {
		p.Printf("test vectors are in %s; manifest.json describes them\n", r.Vectors)
	}
	if r.Timeline == nil || p.Err() != nil {
		return p.Err()
	}
	p.Printf("\ncycle by cycle: what the first element's cycle goes to; then, element by element, row of elements by row, the output (row,column)\n" +
		"and which of its kept weights; - stalls inside a fold, . has no fold\n")
	if p.Err() != nil {
		return p.Err()
	}
	return r.Timeline.Write(w)
}

// Table has cycles, then every count by its name; people do not see those that are zero.
func (r *Result) Table() *table.Table {
	t := &table.Table{Name: "array", Columns: []table.Column{{Key: "metric", Left: true}, {Name: "exact model", Key: "exact"}, {Name: "closed form", Key: "closed_form"}}}
	shown := 0
	add := func(name string, of func(*stce.TileCost) int64) {
		row := table.Row{Cells: []table.Cell{table.Text(name), {}, table.Whole(of(&r.Closed))}}
		zero := of(&r.Closed) == 0
		if r.Exact != nil {
			row.Cells[1], zero = table.Whole(of(r.Exact)), zero && of(r.Exact) == 0
		}
		if zero {
			row.For = table.Programs
		} else {
			row.Rule = shown == 1 // below the cycles
			shown++
		}
		t.Rows = append(t.Rows, row)
	}
	add("cycles", func(c *stce.TileCost) int64 { return c.Cycles })
	for i, counter := range r.Params.Counters()[:stce.OfTile] {
		add(counter.Name, func(c *stce.TileCost) int64 { return c.Counts[i] })
	}
	return t
}
