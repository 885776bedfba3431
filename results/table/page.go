package table

import (
	"encoding/json"
	"fmt"
	"io"
)

// Page is text for people with tables in it. It keeps its first error.
type Page struct {
	w   io.Writer
	err error
}

// NewPage begins a page.
func NewPage(w io.Writer) *Page { return &Page{w: w} }

// Printf prints text.
func (p *Page) Printf(format string, args ...any) {
	if p.err == nil {
		if _, err := fmt.Fprintf(p.w, format, args...); err != nil {
			p.err = fmt.Errorf("printing: %w", err)
		}
	}
}

// Table draws a table.
func (p *Page) Table(t *Table) {
	if p.err == nil {
		p.err = t.Terminal(p.w)
	}
}

// Err is the first error.
func (p *Page) Err() error { return p.err }

// Indented writes a value as JSON as people can read it.
func Indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("printing JSON: %w", err)
	}
	return nil
}
