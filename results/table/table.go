package table

import (
	"math"
	"strconv"
)

// Table is rows of cells under columns.
type Table struct {
	Name    string
	Title   string
	Command string // what makes it
	Columns []Column
	Rows    []Row
	Notes   []string
}

// Column heads a column.
type Column struct {
	Name string
	Unit string // empty for texts and ratios
	Text bool   // of texts, which stand left
}

// Row is a line of a table.
type Row struct {
	Cells []Cell
	Rule  bool // a line above
}

// Cell is a text or a number.
type Cell struct {
	text   string
	value  float64
	number bool
}

// Text makes a cell of text.
func Text(s string) Cell { return Cell{text: s} }

// Number makes a cell of a number, shown with so many decimals. What is no number is an empty cell.
func Number(v float64, decimals int) Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Cell{}
	}
	return Cell{text: strconv.FormatFloat(v, 'f', decimals, 64), value: v, number: true}
}

// Interval makes a cell of a range; CSV has the text, too.
func Interval(low, high float64, decimals int) Cell {
	l, h := strconv.FormatFloat(low, 'f', decimals, 64), strconv.FormatFloat(high, 'f', decimals, 64)
	if l == h {
		return Text(l)
	}
	return Text(l + " to " + h)
}

// String is what people read.
func (c Cell) String() string { return c.text }

// exact is what programs read: six digits, whole numbers whole.
func (c Cell) exact() string {
	switch {
	case !c.number:
		return c.text
	case c.value == math.Trunc(c.value) && math.Abs(c.value) < 1e15:
		return strconv.FormatFloat(c.value, 'f', 0, 64)
	}
	return strconv.FormatFloat(c.value, 'g', 6, 64)
}

func (t *Table) add(cells ...Cell) { t.Rows = append(t.Rows, Row{Cells: cells}) }

// rule draws a line above the next row.
func (t *Table) rule(cells ...Cell) {
	t.Rows = append(t.Rows, Row{Cells: cells, Rule: len(t.Rows) > 0})
}

// mean of numbers; those that are missing make it missing.
func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
