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
	text      string
	value     float64
	number    bool
	low, high float64 // if bounded
	bounded   bool
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

// Bounded makes a cell of a number with its bounds; CSV has three columns for it.
func Bounded(v, low, high float64, decimals int) Cell {
	c := Number(v, decimals)
	if !c.number {
		return c
	}
	c.low, c.high, c.bounded = low, high, true
	c.text += " (" + strconv.FormatFloat(low, 'f', decimals, 64) + " to " + strconv.FormatFloat(high, 'f', decimals, 64) + ")"
	return c
}

// Range makes a cell of bounds alone; CSV has three columns for it, the first empty.
func Range(low, high float64, decimals int) Cell {
	l, h := strconv.FormatFloat(low, 'f', decimals, 64), strconv.FormatFloat(high, 'f', decimals, 64)
	c := Cell{text: l, low: low, high: high, bounded: true}
	if l != h {
		c.text += " to " + h
	}
	return c
}

// String is what people read.
func (c Cell) String() string { return c.text }

// exact is what programs read, in a column that has bounds or not.
func (c Cell) exact(bounds bool) []string {
	first := c.text
	if c.number {
		first = digits(c.value)
	}
	switch {
	case !bounds:
		return []string{first}
	case !c.bounded:
		return []string{first, "", ""}
	case !c.number:
		first = ""
	}
	return []string{first, digits(c.low), digits(c.high)}
}

// digits prints six of them; whole numbers whole.
func digits(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
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
