package report

import (
	"io"
	"strings"
	"unicode/utf8"

	"satsim/results/table"
)

// page is what people read of a run.
type page struct{ *table.Page }

func newPage(w io.Writer) page { return page{table.NewPage(w)} }

// width is how many columns lines above and below tables have at most: what fits a screen beside nothing else.
const width = 110

// say prints a line, folded at its spaces; what goes on is indented.
func (p page) say(line string) {
	at := 0
	for i, w := range strings.Fields(line) {
		n := utf8.RuneCountInString(w)
		switch {
		case i == 0:
		case at+1+n > width:
			p.Printf("\n  ")
			at = 2
		default:
			p.Printf(" ")
			at++
		}
		p.Printf("%s", w)
		at += n
	}
	p.Printf("\n")
}

// padded are cells of a row that ends early.
func padded(t *table.Table, cells ...table.Cell) []table.Cell {
	return append(cells, make([]table.Cell, len(t.Columns)-len(cells))...)
}

// counts is a column of whole numbers, with other columns' texts below its name.
func counts(name string) table.Column { return table.Column{Name: name} }

// parts is a column of percentages, without those that are zero.
func parts(name, unit string) table.Column {
	return table.Column{Name: name, Unit: unit, NumberFormat: table.NumberFormat{Decimals: 1, Hidden: true}}
}

// withRatio is a recipe's name with its N:M, if it has one.
func withRatio(recipe, sparsity string) string {
	if sparsity == "" || sparsity == "1:1" {
		return recipe
	}
	return recipe + " " + sparsity
}
