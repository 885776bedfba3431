package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"satsim/results/query"
	"satsim/results/table"
)

// PointList is columns of a store's points.
type PointList struct {
	Columns []query.Column
	Rows    int
}

// Table has a row a point.
func (l *PointList) Table() *table.Table {
	t := &table.Table{Name: "points"}
	for i := range l.Columns {
		c := &l.Columns[i]
		t.Columns = append(t.Columns, table.Column{
			Name: c.Source, Left: slices.ContainsFunc(c.Values, func(v any) bool { _, ok := v.(string); return ok }), NumberFormat: table.NumberFormat{Digits: 5},
		})
	}
	for r := range l.Rows {
		row := make([]table.Cell, len(l.Columns))
		for i := range l.Columns {
			row[i] = cellOf(&l.Columns[i], r)
		}
		t.Add(row...)
	}
	return t
}

// cellOf a point: a number, or whatever else as the text that it has.
func cellOf(c *query.Column, row int) table.Cell {
	text := c.Text(row, 0)
	if v, ok := c.Values[row].(float64); ok && !math.IsInf(v, 0) && text == fmt.Sprint(v) {
		return table.Real(v)
	}
	return table.Text(text)
}

// JSON writes a list of points.
func (l *PointList) JSON(w io.Writer) error {
	list := make([]map[string]any, l.Rows)
	for r := range list {
		list[r] = map[string]any{}
		for i := range l.Columns {
			v := l.Columns[i].Values[r]
			if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
				v = nil
			}
			list[r][l.Columns[i].Source] = v
		}
	}
	return table.Indented(w, list)
}

// longest text that stands in a column for people; a longer one, such as a point's error, stands once below the table.
const longest = 40

// Text writes what people read.
func (l *PointList) Text(w io.Writer) error {
	p := newPage(w)
	t := l.Table()
	below := aside(t)
	p.Table(t)
	for i, text := range below {
		p.Printf("[%d] %s\n", i+1, text)
	}
	if l.Rows == 1 {
		p.Printf("1 point\n")
	} else {
		p.Printf("%d points\n", l.Rows)
	}
	return p.Err()
}

// aside puts numbers in the place of long texts, equal ones of equal texts, and returns the texts.
func aside(t *table.Table) (texts []string) {
	for i := range t.Rows {
		for k, c := range t.Rows[i].Cells {
			text, ok := c.Value().(string)
			if !ok || utf8.RuneCountInString(text) <= longest {
				continue
			}
			n := slices.Index(texts, text)
			if n < 0 {
				n = len(texts)
				texts = append(texts, text)
			}
			t.Rows[i].Cells[k] = table.Text(fmt.Sprintf("[%d]", n+1))
		}
	}
	return texts
}
