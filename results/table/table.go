package table

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Table is rows of cells under columns.
type Table struct {
	Name    string // of its file, and of a label
	Title   string
	Command string // what makes it
	Columns []Column
	Rows    []Row
	Notes   []string
	Digits  int    // significant ones that CSV has of a number that is not whole; 0: all
	Missing string // what people read where nothing is
}

// Column heads a column, and says how people read its numbers.
type Column struct {
	Name string
	Key  string // for programs, of values as they are held; without it they read the name with its unit, and values in that unit
	Unit string // empty for texts, ratios and counts
	Left bool   // where texts stand
	For  Readers
	NumberFormat
}

// Readers are whom a column or a row is for.
type Readers uint8

// Everybody, or one kind.
const (
	Everybody Readers = iota
	People            // terminal, Markdown, LaTeX
	Programs          // CSV, JSON
)

func (r Readers) include(who Readers) bool { return r == Everybody || r == who }

// Row is a line of a table.
type Row struct {
	Cells []Cell
	Rule  bool // a line above it
	Foot  bool // a sum below the others, for people
	For   Readers
}

func (r *Row) include(who Readers) bool { return r.For.include(who) && (who == People || !r.Foot) }

// Words makes a column of texts, or of what stands with them.
func Words(name string) Column { return Column{Name: name, Left: true} }

// Numbers makes a column of numbers with so many decimals.
func Numbers(name, unit string, decimals int) Column {
	return Column{Name: name, Unit: unit, NumberFormat: NumberFormat{Decimals: decimals}}
}

// Times makes a column of factors.
func Times(name string) Column { return Numbers(name, "×", 3) }

// Key makes a column for programs and people alike, of values as they are held.
func Key(name string) Column { return Column{Name: name, Key: name} }

// Scaled makes a column of numbers that people see with so many decimals in a unit that is a power of ten away from what is held.
func Scaled(name, unit string, shift, decimals int) Column {
	return Column{Name: name, Unit: unit, NumberFormat: NumberFormat{Shift: shift, Decimals: decimals}}
}

// Add adds a row.
func (t *Table) Add(cells ...Cell) { t.Rows = append(t.Rows, Row{Cells: cells}) }

// AddRule adds a row with a line above it, unless it is the first.
func (t *Table) AddRule(cells ...Cell) {
	t.Rows = append(t.Rows, Row{Cells: cells, Rule: len(t.Rows) > 0})
}

// AddFoot adds a sum.
func (t *Table) AddFoot(cells ...Cell) { t.Rows = append(t.Rows, Row{Cells: cells, Foot: true}) }

// Field is a column with where its cells come from.
type Field[T any] struct {
	Column
	Of func(*T) Cell
}

// Of makes a table of records, a row each.
func Of[T any](fields []Field[T], records []T) *Table {
	t := &Table{}
	for i := range fields {
		t.Columns = append(t.Columns, fields[i].Column)
	}
	for i := range records {
		t.Add(Cells(fields, &records[i])...)
	}
	return t
}

// Cells of one record.
func Cells[T any](fields []Field[T], record *T) []Cell {
	out := make([]Cell, len(fields))
	for i := range fields {
		out[i] = fields[i].Of(record)
	}
	return out
}

// Check refuses rows that do not fit their columns.
func (t *Table) Check() error {
	for i := range t.Rows {
		if n := len(t.Rows[i].Cells); n != len(t.Columns) {
			return fmt.Errorf("table %s: row %d has %d cells under %d columns", t.Name, i+1, n, len(t.Columns))
		}
	}
	return nil
}

// columns are those for a kind of reader, by their places.
func (t *Table) columns(who Readers) []int {
	var out []int
	for i := range t.Columns {
		if t.Columns[i].For.include(who) {
			out = append(out, i)
		}
	}
	return out
}

// heads are what people read above columns.
func (t *Table) heads(places []int) []string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = t.Columns[p].head()
	}
	return out
}

// texts are what people read of a row.
func (t *Table) texts(r *Row, places []int) []string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = r.Cells[p].people(&t.Columns[p].NumberFormat, t.Missing)
	}
	return out
}

// head of a column with its unit in brackets.
func (c *Column) head() string {
	switch {
	case c.Unit == "":
		return c.Name
	case c.Name == "":
		return c.Unit
	}
	return c.Name + " (" + c.Unit + ")"
}

func (c *Column) key() string {
	if c.Key != "" {
		return c.Key
	}
	return strings.ReplaceAll(c.head(), "×", "x")
}

// shift is what lies between values as they are held and what programs read.
func (c *Column) shift() int {
	if c.Key != "" {
		return 0
	}
	return c.Shift
}

// Form is how a table is written.
type Form struct {
	Name      string
	Extension string
	Write     func(*Table, io.Writer) error
}

// Forms of which more is known than how they are written.
const (
	FormTerminal = "table" // of a page for people
	FormJSON     = "json"  // of all that a command knows
)

// Forms lists all.
func Forms() []Form {
	return []Form{
		{"markdown", ".md", (*Table).Markdown}, {"latex", ".tex", (*Table).LaTeX}, {"csv", ".csv", (*Table).CSV}, {FormJSON, ".json", (*Table).JSON},
		{FormTerminal, ".txt", (*Table).Terminal},
	}
}

// Known reports whether a file in the form begins as the table would, or as one of its kind with some other columns: of a header, half of the columns are
// the same; a table of Markdown begins with the same column, or ends with it.
func (f *Form) Known(t *Table, head []byte) bool {
	var b bytes.Buffer
	if f.Write(t, &b) != nil {
		return false
	}
	line := func(text []byte, begins string) []string {
		for _, l := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(l, begins) {
				return strings.Split(strings.Trim(l, "| "), map[string]string{"": ",", "| ": " | "}[begins])
			}
		}
		return nil
	}
	switch f.Name {
	case "csv":
		old, own := line(head, ""), line(b.Bytes(), "")
		common := 0
		for _, c := range old {
			if slices.Contains(own, c) {
				common++
			}
		}
		return common > 0 && 2*common >= min(len(old), len(own))
	case "markdown":
		old, own := line(head, "| "), line(b.Bytes(), "| ")
		return len(old) > 0 && (old[0] == own[0] || old[len(old)-1] == own[len(own)-1])
	case "latex":
		return bytes.HasPrefix(head, []byte("% Made by: satsim"))
	}
	return false
}

// FormOf is the form of a name. Others are what the asker accepts beside the forms of tables.
func FormOf(name string, others ...string) (Form, error) {
	var names []string
	for _, f := range Forms() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Form{}, fmt.Errorf("--format %q; %s are accepted", name, strings.Join(append(names, others...), ", "))
}

// write does the writing of a renderer, whose own errors are the writer's.
func (t *Table) write(w io.Writer, form string, render func(*page)) error {
	if err := t.Check(); err != nil {
		return err
	}
	p := &page{w: w}
	if render(p); p.err != nil {
		return fmt.Errorf("writing a table as %s: %w", form, p.err)
	}
	return nil
}

// page is a writer that keeps its first error.
type page struct {
	w   io.Writer
	err error
}

func (p *page) Write(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.w.Write(b)
	p.note(err)
	return n, err
}

func (p *page) printf(format string, args ...any) {
	_, err := fmt.Fprintf(p, format, args...)
	p.note(err)
}

func (p *page) note(err error) {
	if p.err == nil {
		p.err = err
	}
}
