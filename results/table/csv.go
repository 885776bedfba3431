package table

import (
	"encoding/csv"
	"io"
)

// CSV writes a head and the rows for programs. A column with bounds is three.
func (t *Table) CSV(w io.Writer) error {
	return t.write(w, "CSV", func(p *page) {
		places := t.columns(Programs)
		bounds := make([]bool, len(t.Columns))
		for i := range t.Rows {
			for k := range t.Rows[i].Cells {
				bounds[k] = bounds[k] || t.Rows[i].Cells[k].bounded
			}
		}
		out := csv.NewWriter(p)
		var line []string
		for _, c := range places {
			key := t.Columns[c].key()
			if line = append(line, key); bounds[c] {
				line = append(line, key+" low", key+" high")
			}
		}
		p.note(out.Write(line))
		for i := range t.Rows {
			r := &t.Rows[i]
			if !r.include(Programs) {
				continue
			}
			line = line[:0]
			for _, c := range places {
				line = append(line, r.Cells[c].csv(t.Columns[c].shift(), t.Digits, bounds[c])...)
			}
			p.note(out.Write(line))
		}
		out.Flush()
		p.note(out.Error())
	})
}
