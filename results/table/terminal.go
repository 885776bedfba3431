package table

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Terminal draws the table with lines, and no decoration that a terminal or a paste would stumble over. Heads have their unit without brackets.
func (t *Table) Terminal(w io.Writer) error {
	return t.write(w, "text", func(p *page) {
		if t.Title != "" {
			p.printf("%s\n\n", t.Title)
		}
		places := t.columns(People)
		out := table.NewWriter()
		style := table.StyleLight
		style.Format.Header, style.Format.Footer = text.FormatDefault, text.FormatDefault
		out.SetStyle(style)
		heads := make([]string, len(places))
		var right []table.ColumnConfig
		for i, c := range places {
			col := &t.Columns[c]
			if heads[i] = strings.TrimSpace(col.Name + " " + col.Unit); !col.Left {
				right = append(right, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
			}
		}
		out.AppendHeader(line(heads))
		out.SetColumnConfigs(right)
		for i := range t.Rows {
			r := &t.Rows[i]
			if !r.include(People) {
				continue
			}
			if r.Rule {
				out.AppendSeparator()
			}
			if r.Foot {
				out.AppendFooter(line(t.texts(r, places)))
			} else {
				out.AppendRow(line(t.texts(r, places)))
			}
		}
		p.printf("%s\n", out.Render())
		for _, n := range t.Notes {
			p.printf("note: %s\n", n)
		}
	})
}

func line(texts []string) table.Row {
	out := make(table.Row, len(texts))
	for i, s := range texts {
		out[i] = s
	}
	return out
}
