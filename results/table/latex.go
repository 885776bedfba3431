package table

import (
	"io"
	"strings"
)

// wide is from how many columns on a table goes over both columns of a page.
const wide = 8

// LaTeX writes a floating table that needs the package booktabs.
func (t *Table) LaTeX(w io.Writer) error {
	return t.write(w, "LaTeX", func(p *page) {
		p.printf("%% Made by: %s\n%% Needs \\usepackage{booktabs}\n", t.Command)
		places := t.columns(People)
		float := "table"
		if len(places) >= wide {
			float = "table*"
		}
		p.printf("\\begin{%s}[t]\n\\centering\\small\n\\caption{%s}\n\\label{tab:%s}\n", float, latex(t.Title), t.Name)
		var marks strings.Builder
		for _, c := range places {
			if t.Columns[c].Left {
				marks.WriteByte('l')
			} else {
				marks.WriteByte('r')
			}
		}
		line := func(texts []string) {
			for i, s := range texts {
				texts[i] = latex(s)
			}
			// What follows the \\ of the row above is its option, if it looks like one.
			if first := texts[0]; strings.HasPrefix(first, "[") || strings.HasPrefix(first, "*") {
				texts[0] = "{" + first[:1] + "}" + first[1:]
			}
			p.printf("%s \\\\\n", strings.Join(texts, " & "))
		}
		p.printf("\\begin{tabular}{%s}\n\\toprule\n", marks.String())
		line(t.heads(places))
		p.printf("\\midrule\n")
		for i := range t.Rows {
			r := &t.Rows[i]
			if !r.include(People) {
				continue
			}
			if r.Rule || r.Foot {
				p.printf("\\midrule\n")
			}
			line(t.texts(r, places))
		}
		p.printf("\\bottomrule\n\\end{tabular}\n")
		for _, n := range t.Notes {
			p.printf("\n\\smallskip{\\footnotesize %s\\par}\n", latex(n))
		}
		p.printf("\\end{%s}\n", float)
	})
}

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`, "{", `\{`, "}", `\}`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "<", `$<$`, ">", `$>$`, "×", `$\times$`, "±", `$\pm$`, "\r\n", " ", "\n", " ", "\r", " ",
)

func latex(s string) string { return latexEscapes.Replace(s) }
