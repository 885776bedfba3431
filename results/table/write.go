package table

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Format is how a table is written.
type Format struct {
	Name      string
	Extension string
	Write     func(*Table, io.Writer) error
}

// Formats lists all.
func Formats() []Format {
	return []Format{{"markdown", ".md", (*Table).Markdown}, {"latex", ".tex", (*Table).LaTeX}, {"csv", ".csv", (*Table).CSV}}
}

// head of a column with its unit.
func (c Column) head() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

// Markdown writes the table as GitHub and most others read it.
func (t *Table) Markdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "## %s\n\n", markdown(t.Title))
	line := func(cells []string) { fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | ")) }
	heads, marks := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i], marks[i] = markdown(c.head()), "---:"
		if c.Text {
			marks[i] = ":---"
		}
	}
	line(heads)
	line(marks)
	for _, r := range t.Rows {
		cells := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			cells[i] = markdown(c.text)
		}
		line(cells)
	}
	fmt.Fprintln(b)
	for _, n := range t.Notes {
		fmt.Fprintf(b, "- %s\n", markdown(n))
	}
	fmt.Fprintf(b, "- Made by `%s`.\n", t.Command)
	return flush(b)
}

func flush(b *bufio.Writer) error {
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	return nil
}

var markdownEscapes = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", `\<`, ">", `\>`)

func markdown(s string) string { return markdownEscapes.Replace(s) }

// LaTeX writes a floating table that needs the package booktabs.
func (t *Table) LaTeX(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%% Made by: %s\n%% Needs \\usepackage{booktabs}\n", t.Command)
	float := "table"
	if len(t.Columns) > 7 {
		float = "table*" // over both columns of a page
	}
	fmt.Fprintf(b, "\\begin{%s}[t]\n\\centering\\small\n\\caption{%s}\n\\label{tab:%s}\n", float, latex(t.Title), t.Name)
	var marks strings.Builder
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		if heads[i] = latex(c.head()); c.Text {
			marks.WriteByte('l')
		} else {
			marks.WriteByte('r')
		}
	}
	line := func(cells []string) { fmt.Fprintf(b, "%s \\\\\n", strings.Join(cells, " & ")) }
	fmt.Fprintf(b, "\\begin{tabular}{%s}\n\\toprule\n", marks.String())
	line(heads)
	fmt.Fprintln(b, `\midrule`)
	for _, r := range t.Rows {
		if r.Rule {
			fmt.Fprintln(b, `\midrule`)
		}
		cells := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			cells[i] = latex(c.text)
		}
		line(cells)
	}
	fmt.Fprint(b, "\\bottomrule\n\\end{tabular}\n")
	for _, n := range t.Notes {
		fmt.Fprintf(b, "\n\\smallskip{\\footnotesize %s\\par}\n", latex(n))
	}
	fmt.Fprintf(b, "\\end{%s}\n", float)
	return flush(b)
}

var latexEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`, "{", `\{`, "}", `\}`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "<", `$<$`, ">", `$>$`, "×", `$\times$`,
)

func latex(s string) string { return latexEscapes.Replace(s) }

// CSV writes a head and the rows; numbers have six digits, whole ones all. A column with bounds is three.
func (t *Table) CSV(w io.Writer) error {
	bounds := make([]bool, len(t.Columns))
	for _, r := range t.Rows {
		for i := range r.Cells {
			bounds[i] = bounds[i] || r.Cells[i].bounded
		}
	}
	var head []string
	for i, col := range t.Columns {
		head = append(head, col.head())
		if bounds[i] {
			head = append(head, col.head()+" low", col.head()+" high")
		}
	}
	c := csv.NewWriter(w)
	if err := c.Write(head); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	for _, r := range t.Rows {
		var line []string
		for i := range r.Cells {
			line = append(line, r.Cells[i].exact(bounds[i])...)
		}
		if err := c.Write(line); err != nil {
			return fmt.Errorf("writing a table: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	return nil
}
