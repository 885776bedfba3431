package report

import (
	"io"

	"satsim/results/table"
)

// page is what people read of a run.
type page struct{ *table.Page }

func newPage(w io.Writer) page { return page{table.NewPage(w)} }

// padded are cells of a row that ends early.
func padded(t *table.Table, cells ...table.Cell) []table.Cell {
	return append(cells, make([]table.Cell, len(t.Columns)-len(cells))...)
}

// counts is a column of whole numbers, with other columns' texts below its name.
func counts(name string) table.Column { return table.Column{Name: name} }

// parts is a column of percentages, without those that are zero.
func parts(name, unit string) table.Column {
	return table.Column{Name: name, Unit: unit, Format: table.Format{Decimals: 1, Hidden: true}}
}

// withRatio is a recipe's name with its N:M, if it has one.
func withRatio(recipe, sparsity string) string {
	if sparsity == "" || sparsity == "1:1" {
		return recipe
	}
	return recipe + " " + sparsity
}
