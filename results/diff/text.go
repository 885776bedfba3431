package diff

import (
	"fmt"
	"io"
	"strings"

	"satsim/internal/ratio"
	"satsim/results/table"
)

// shown is how many parts people are shown of a sum; the rest is one row.
const shown = 20

// Table has a row a part of every sum: whoever adds up the differences of one gets the difference.
func (d *Diff) Table() *table.Table {
	t := &table.Table{Name: "diff", Columns: []table.Column{word("of"), word("unit"), word("layer"), word("stage"), word("cause"), whole("of A"), whole("of B"), whole("difference")}}
	for i := range d.Sums {
		s := &d.Sums[i]
		for k := range s.Parts {
			p := &s.Parts[k]
			t.Add(table.Text(s.Of), table.Text(s.Unit), table.Text(p.Layer), table.Text(p.Stage), table.Text(p.Cause), table.Whole(p.A), table.Whole(p.B), table.Whole(p.Delta()))
		}
	}
	return t
}

func word(name string) table.Column { return table.Column{Name: name, Key: name, Left: true} }

func whole(name string) table.Column {
	return table.Column{Name: name, Key: strings.ReplaceAll(name, " ", "_")}
}

// JSON writes everything.
func (d *Diff) JSON(w io.Writer) error { return table.Indented(w, d) }

// Text writes what people read.
func (d *Diff) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("A: %s\nB: %s\n\n", d.A.line(), d.B.line())
	if len(d.Changes) == 0 {
		p.Printf("nothing that was asked for differs\n\n")
	} else {
		t := &table.Table{Columns: []table.Column{word("key"), word("A"), word("B")}, Missing: "-"}
		for i, c := range d.Changes {
			if i == 2*shown {
				p.Printf("%d keys differ; the first %d:\n", len(d.Changes), i)
				break
			}
			t.Add(table.Text(c.Key), table.Text(short(c.A)), table.Text(short(c.B)))
		}
		p.Table(t)
		p.Printf("\n")
	}
	t := &table.Table{Columns: []table.Column{word("figure"), word("A"), word("B"), word("B / A")}}
	for _, f := range d.Figures {
		t.Add(table.Text(strings.TrimSpace(f.Name+" "+bracketed(f.Unit))), table.Text(fmt.Sprintf("%.6g", f.A)), table.Text(fmt.Sprintf("%.6g", f.B)), table.Text(times(f.A, f.B)))
	}
	p.Table(t)
	for i := range d.Sums {
		s := &d.Sums[i]
		if s.A == 0 && s.B == 0 {
			continue
		}
		p.Printf("\n%s: %s to %s, %+d (%s)\n", s.Of, amountOf(s.A, s.Unit), amountOf(s.B, s.Unit), s.Delta(), percent(s.Delta(), s.A))
		if s.Delta() == 0 && len(s.Parts) > 0 && s.Parts[0].Delta() == 0 {
			continue
		}
		for _, view := range s.views() {
			p.Table(view)
		}
	}
	return p.Err()
}

// views are tables of a sum for people, each adding up to it: by cause, by stage, and the largest parts.
func (s *Sum) views() []*table.Table {
	out := []*table.Table{s.view("by "+s.causes(), s.By(func(p *Part) string { return p.Cause }))}
	if s.layered() {
		out = append(out, s.view("by stage", s.By(func(p *Part) string { return p.Stage })))
		out = append(out, s.view("by layer, stage and "+s.causes(), s.By((*Part).name)))
	}
	return out
}

// causes is what the parts are by, where they are of no layer.
func (s *Sum) causes() string {
	if s.Unit == "cycles" {
		return "cause"
	}
	return "unit"
}

// layered reports whether the parts are of layers.
func (s *Sum) layered() bool {
	for i := range s.Parts {
		if s.Parts[i].Layer != "" {
			return true
		}
	}
	return false
}

func (p *Part) name() string {
	return strings.Join(strings.Fields(p.Layer+" "+p.Stage+" "+p.Cause), " ")
}

func (s *Sum) view(title string, parts []Part) *table.Table {
	t := &table.Table{Columns: []table.Column{word(title), whole("A"), whole("B"), whole("B - A"), table.Numbers("of the difference", "%", 1)}}
	row := func(name string, a, b int64) []table.Cell {
		return []table.Cell{table.Text(name), table.Whole(a), table.Whole(b), table.Whole(b - a), table.Share(b-a, s.Delta())}
	}
	var a, b int64
	for i := range parts {
		if p := &parts[i]; i < shown {
			t.Add(row(orNone(p.Cause), p.A, p.B)...)
		} else {
			a, b = a+p.A, b+p.B
		}
	}
	if n := len(parts) - shown; n > 0 {
		t.Add(row(fmt.Sprintf("%d others", n), a, b)...)
	}
	t.AddFoot(row("sum", s.A, s.B)...)
	return t
}

// short is a text that a line has room for.
func short(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "..."
	}
	return text
}

func orNone(name string) string {
	if name == "" {
		return "of no stage"
	}
	return name
}

func (s *Side) line() string {
	return fmt.Sprintf("%s: %s at batch %d under %s %s on %s", s.Name, s.Network, s.Images, s.Recipe, s.Sparsity, s.Arch)
}

func bracketed(unit string) string {
	if unit == "" {
		return ""
	}
	return "(" + unit + ")"
}

func amountOf(n int64, unit string) string { return fmt.Sprintf("%d %s", n, unit) }

func times(a, b float64) string {
	if a == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4f", ratio.Of(b, a))
}

func percent(part, of int64) string {
	if of == 0 {
		return "of nothing"
	}
	return fmt.Sprintf("%+.2f %%", ratio.Percent(part, of))
}
