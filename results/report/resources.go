package report

import (
	"errors"
	"fmt"
	"strings"

	"satsim/arch/fpga"
	"satsim/internal/ratio"
	"satsim/results/table"
)

// resources is the estimate of an architecture by unit against its board.
func resources(t *table.Table, in *Input) error {
	if in.Spec.STCE.Rows == 0 {
		return errors.New("it is about an architecture, not about points")
	}
	report := fpga.Assess(&in.Spec)
	t.Title = fmt.Sprintf("FPGA resources of %s by unit, before placement and routing", in.Spec.Name)
	t.Columns = []table.Column{table.Words("unit")}
	for _, l := range report.Lines {
		t.Columns = append(t.Columns, table.Column{Name: strings.ToUpper(strings.ReplaceAll(l.Resource.String(), "_", " "))})
	}
	line := func(name string, of fpga.ResourceUse) []table.Cell {
		cells := []table.Cell{table.Text(name)}
		for _, u := range of {
			cells = append(cells, use(u))
		}
		return cells
	}
	var total fpga.ResourceUse
	for _, u := range report.Units {
		t.Add(line(u.Name, u.Use)...)
		total = total.Plus(u.Use)
	}
	below := func(rule bool, cells []table.Cell) { // of sums and verdicts: no unit
		t.Rows = append(t.Rows, table.Row{Cells: cells, Rule: rule, For: table.People})
	}
	below(true, line("all", total))
	most := []table.Cell{table.Text("fits up to")}
	have, share, fits := []table.Cell{table.Text(report.Part)}, []table.Cell{table.Text("of it (%)")}, []table.Cell{table.Text("verdict")}
	for _, l := range report.Lines {
		have = append(have, table.Whole(l.Available))
		if l.Available > 0 {
			share = append(share, table.Range(ratio.Percent(l.Use.Low, l.Available), ratio.Percent(l.Use.High, l.Available)).As(table.NumberFormat{Decimals: 1}))
		} else {
			share = append(share, table.Cell{})
		}
		most, fits = append(most, table.Whole(l.Limit)), append(fits, table.Text(string(l.Fit)))
	}
	below(false, have)
	below(false, share)
	below(false, most)
	below(false, fits)
	t.Notes = append(t.Notes, report.Notes...)
	t.Notes = append(t.Notes, "Ranges are intervals of the estimate; sources are in the documentation of package arch/fpga.")
	return nil
}
