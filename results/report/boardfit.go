package report

import (
	"io"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/ratio"
	"satsim/results/record"
	"satsim/results/table"
)

// Resources is what an accelerator takes of its board's FPGA.
type Resources struct {
	fpga.Report
	arch, board string
	parts       bool
	rows, most  int // of the array: those that there are, and the most that fit
}

// ResourcesOf estimates them; parts of units are shown to people if they want them.
func ResourcesOf(s *spec.Spec, parts bool) *Resources {
	return &Resources{fpga.Assess(s), s.Name, s.Board.Name, parts, s.STCE.Rows, fpga.MostRows(s)}
}

// Text writes what people read.
func (r *Resources) Text(w io.Writer) error {
	p := newPage(w)
	p.Printf("%s on %s (%s)\n\n", r.arch, r.board, r.Part)
	t := &table.Table{Name: "resources", Columns: []table.Column{table.Words("unit")}}
	for i := range fpga.Resource(fpga.Resources) {
		t.Columns = append(t.Columns, counts(i.String()))
	}
	row := func(name string, u *fpga.ResourceUse) {
		cells := []table.Cell{table.Text(name)}
		for i := range u {
			cells = append(cells, use(u[i]))
		}
		t.Add(cells...)
	}
	for i := range r.Units {
		u := &r.Units[i]
		row(u.Name, &u.Use)
		if r.parts && len(u.Parts) > 1 {
			for k := range u.Parts {
				row("  "+u.Parts[k].Name, &u.Parts[k].Use)
			}
		}
	}
	total, have, share := []table.Cell{table.Text("sum")}, []table.Cell{table.Text("board")}, []table.Cell{table.Text("share %")}
	most, fit := []table.Cell{table.Text("fits up to")}, []table.Cell{table.Text("verdict")}
	for _, l := range r.Lines {
		total, have, fit = append(total, use(l.Use)), append(have, table.Whole(l.Available)), append(fit, table.Text(string(l.Fit)))
		share, most = append(share, shareOf(&l)), append(most, table.Whole(l.Limit))
	}
	t.AddRule(total...)
	t.Add(have...)
	t.Add(share...)
	t.Add(most...)
	t.Add(fit...)
	p.Table(t)
	p.Printf("\n%s: %s\n", r.Part, r.Fit)
	p.short(r)
	p.Printf("fits: the high end of every estimate is within the limit, most of what the board has; does not fit: not even a low end is; undecided: between\n")
	for _, n := range r.Notes {
		p.Printf("note: %s\n", n)
	}
	return p.Err()
}

// short names every resource of which the board has too little or may have, and the largest array that fits.
func (p page) short(r *Resources) {
	if r.Fit != fpga.TooLarge && r.Fit != fpga.Undecided {
		return
	}
	for _, l := range r.Lines {
		if l.Fit == fpga.TooLarge || l.Fit == fpga.Undecided {
			p.Printf("  %s\n", excess(&record.ResourceLine{
				Resource: l.Resource.String(), Low: l.Use.Low, High: l.Use.High, Available: l.Available, Limit: l.Limit, Fit: string(l.Fit),
			}))
		}
	}
	if r.most == 0 {
		p.Printf("  no stce.rows fits for sure, all else equal\n")
		return
	}
	p.Printf("  stce.rows: %d of %d fit for sure, all else equal\n", r.most, r.rows)
}

func use(r fpga.Range) table.Cell { return table.Range(float64(r.Low), float64(r.High)) }

// shareOf a resource that the board has, in percent.
func shareOf(l *fpga.Assessment) table.Cell {
	if l.Available == 0 {
		return table.Cell{}
	}
	return table.Range(ratio.Percent(l.Use.Low, l.Available), ratio.Percent(l.Use.High, l.Available))
}

// Table has a row for each resource of each part of each unit.
func (r *Resources) Table() *table.Table {
	t := &table.Table{Name: "resources", Columns: []table.Column{table.Key("unit"), table.Key("part"), table.Key("resource"), table.Key("low"), table.Key("high")}}
	for _, u := range r.Units {
		for _, p := range u.Parts {
			for i, v := range p.Use {
				t.Add(table.Text(u.Name), table.Text(p.Name), table.Text(fpga.Resource(i).String()), table.Whole(v.Low), table.Whole(v.High))
			}
		}
	}
	return t
}

// JSON writes everything.
func (r *Resources) JSON(w io.Writer) error {
	type use map[string]fpga.Range
	named := func(u *fpga.ResourceUse) use {
		out := use{}
		for i := range u {
			out[fpga.Resource(i).String()] = u[i]
		}
		return out
	}
	type part struct {
		Name string `json:"name"`
		Use  use    `json:"use"`
	}
	type unit struct {
		Unit  string `json:"unit"`
		Use   use    `json:"use"`
		Parts []part `json:"parts"`
	}
	type line struct {
		Resource  string     `json:"resource"`
		Use       fpga.Range `json:"use"`
		Available int64      `json:"available"`
		Limit     int64      `json:"limit"`
		Fit       fpga.Fit   `json:"fit"`
	}
	out := struct {
		Arch  string   `json:"arch"`
		Board string   `json:"board"`
		Part  string   `json:"part"`
		Fit   fpga.Fit `json:"fit"`
		Lines []line   `json:"lines"`
		Units []unit   `json:"units"`
		Notes []string `json:"notes"`
	}{Arch: r.arch, Board: r.board, Part: r.Part, Fit: r.Fit, Notes: r.Notes}
	for _, l := range r.Lines {
		out.Lines = append(out.Lines, line{l.Resource.String(), l.Use, l.Available, l.Limit, l.Fit})
	}
	for i := range r.Units {
		u := unit{Unit: r.Units[i].Name, Use: named(&r.Units[i].Use)}
		for k := range r.Units[i].Parts {
			u.Parts = append(u.Parts, part{r.Units[i].Parts[k].Name, named(&r.Units[i].Parts[k].Use)})
		}
		out.Units = append(out.Units, u)
	}
	return table.Indented(w, out)
}
