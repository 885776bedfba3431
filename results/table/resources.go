package table

import (
	"errors"
	"fmt"
	"strings"

	"satsim/arch/fpga"
)

// resources is the estimate of an architecture by unit against its board.
func resources(t *Table, in *Input) error {
	if in.Spec.STCE.Rows == 0 {
		return errors.New("it is about an architecture, not about points")
	}
	report := fpga.Assess(&in.Spec)
	t.Title = fmt.Sprintf("FPGA resources of %s by unit, before placement and routing", in.Spec.Name)
	t.Columns = []Column{{"unit", "", true}}
	for _, l := range report.Lines {
		t.Columns = append(t.Columns, Column{Name: strings.ToUpper(strings.ReplaceAll(l.Resource.String(), "_", " "))})
	}
	line := func(name string, use fpga.Use) []Cell {
		cells := []Cell{Text(name)}
		for _, u := range use {
			cells = append(cells, Range(float64(u.Low), float64(u.High), 0))
		}
		return cells
	}
	var total fpga.Use
	for _, u := range report.Units {
		t.add(line(u.Name, u.Use)...)
		total = total.Plus(u.Use)
	}
	t.rule(line("all", total)...)
	have, share, fits := []Cell{Text(report.Part)}, []Cell{Text("of it (%)")}, []Cell{Text("fits")}
	for _, l := range report.Lines {
		have = append(have, Number(float64(l.Available), 0))
		if l.Available > 0 {
			share = append(share, Range(100*float64(l.Use.Low)/float64(l.Available), 100*float64(l.Use.High)/float64(l.Available), 1))
		} else {
			share = append(share, Cell{})
		}
		fits = append(fits, Text(string(l.Fit)))
	}
	t.add(have...)
	t.add(share...)
	t.add(fits...)
	t.Notes = append(t.Notes, report.Notes...)
	t.Notes = append(t.Notes, "Ranges are intervals of the estimate; sources are in the documentation of package arch/fpga.")
	return nil
}
