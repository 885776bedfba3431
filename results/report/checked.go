package report

import (
	"io"

	"satsim/results/kinds"
	"satsim/results/table"
)

// Checked are files, as satsim check found them.
type Checked []kinds.Checked

// Wrong is how many are not right.
func (c Checked) Wrong() (n int) {
	for i := range c {
		if len(c[i].Findings) > 0 {
			n++
		}
	}
	return n
}

// Table has a row a finding, and one for every file that has none.
func (c Checked) Table() *table.Table {
	word := func(name string) table.Column { return table.Column{Name: name, Key: name, Left: true} }
	t := &table.Table{Columns: []table.Column{word("file"), word("kind"), word("at"), table.Key("line"), table.Key("column"), word("key"), word("problem"), word("accepted"), word("nearest")}}
	for _, f := range c {
		if len(f.Findings) == 0 {
			t.Add(table.Text(f.File), table.Text(f.Kind), table.Text(""), table.Cell{}, table.Cell{}, table.Text(""), table.Text(""), table.Text(""), table.Text(""))
		}
		for _, x := range f.Findings {
			line, column := table.Cell{}, table.Cell{}
			if x.Line > 0 {
				line, column = table.Whole(int64(x.Line)), table.Whole(int64(x.Column))
			}
			t.Add(table.Text(f.File), table.Text(f.Kind), table.Text(x.File), line, column, table.Text(x.Key), table.Text(x.Problem), table.Text(x.Accepted), table.Text(x.Nearest))
		}
	}
	return t
}

// JSON writes everything.
func (c Checked) JSON(w io.Writer) error { return table.Indented(w, c) }

// Text writes a line a finding, which editors and other tools read: file:line:column: key: problem; accepted: what.
func (c Checked) Text(w io.Writer) error {
	p := table.NewPage(w)
	for _, f := range c {
		for _, x := range f.Findings {
			p.Printf("%s\n", x)
		}
		if len(f.Findings) == 0 {
			p.Printf("%s: %s, right\n", f.File, f.Kind)
		}
	}
	return p.Err()
}
