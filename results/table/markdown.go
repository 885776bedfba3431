package table

import (
	"io"
	"strings"
)

// Markdown writes the table as GitHub and most others read it.
func (t *Table) Markdown(w io.Writer) error {
	return t.write(w, "Markdown", func(p *page) {
		if t.Title != "" {
			p.printf("## %s\n\n", markdown(t.Title))
		}
		line := func(cells []string) { p.printf("| %s |\n", strings.Join(cells, " | ")) }
		escaped := func(texts []string) []string {
			for i, s := range texts {
				texts[i] = markdown(s)
			}
			return texts
		}
		places := t.columns(People)
		line(escaped(t.heads(places)))
		marks := make([]string, len(places))
		for i, c := range places {
			if marks[i] = "---:"; t.Columns[c].Left {
				marks[i] = ":---"
			}
		}
		line(marks)
		for i := range t.Rows {
			if r := &t.Rows[i]; r.include(People) {
				line(escaped(t.texts(r, places)))
			}
		}
		if len(t.Notes) > 0 || t.Command != "" {
			p.printf("\n")
		}
		for _, n := range t.Notes {
			p.printf("- %s\n", markdown(n))
		}
		if t.Command != "" {
			p.printf("- Made by `%s`.\n", t.Command)
		}
	})
}

// What would end a cell, or be read as more than text. A line's end would end the row.
var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "<", `\<`, ">", `\>`, "`", "\\`", "[", `\[`, "\r\n", " ", "\n", " ", "\r", " ")

func markdown(s string) string { return markdownEscapes.Replace(s) }
