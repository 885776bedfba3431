// Package dataset is typed columns for programs that analyse, and their files: Parquet, and JSON with a row a line. Where a table's cells are for people, a
// column's type here is the same whatever its values are: a time of one second is no count.
package dataset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// Type of a column's values. Nothing (nil) is of every type.
type Type uint8

// The types. The zero value is none.
const (
	_     Type = iota
	Text       // string
	Whole      // int64
	Real       // float64
	Truth      // bool
	Texts      // []string
	types
)

// String is the type in documents.
func (t Type) String() string {
	return [types]string{"none", "text", "whole number", "number", "truth", "list of texts"}[t]
}

// Column is values of a type, one a row.
type Column struct {
	Name   string
	Type   Type
	Unit   string // of a number, if it has one
	Means  string // for who opens the file
	Values []any
}

// Data is columns of as many rows.
type Data struct {
	Name    string
	Columns []Column
	Rows    int
	// Version and Build are of the satsim that writes it.
	Version, Build string
}

// Check refuses columns that no file can hold: of a name twice, of other rows, of values that are not of their type.
func (d *Data) Check() error {
	seen := map[string]bool{}
	for i := range d.Columns {
		c := &d.Columns[i]
		switch {
		case seen[c.Name]:
			return fmt.Errorf("two columns are named %q", c.Name)
		case len(c.Values) != d.Rows:
			return fmt.Errorf("column %s has %d values in %d rows", c.Name, len(c.Values), d.Rows)
		}
		seen[c.Name] = true
		for row, v := range c.Values {
			if v != nil && !c.Type.of(v) {
				return fmt.Errorf("column %s, row %d: %v (%T) is no %v", c.Name, row+1, v, v, c.Type)
			}
		}
	}
	return nil
}

// of reports whether a value is of the type.
func (t Type) of(v any) bool {
	switch v := v.(type) {
	case string:
		return t == Text
	case int64:
		return t == Whole
	case float64:
		return t == Real && !math.IsNaN(v) && !math.IsInf(v, 0) // which JSON has no word for
	case bool:
		return t == Truth
	case []string:
		return t == Texts
	}
	return false
}

// Lines writes JSON Lines: an object a row, its members in the columns' order, null where nothing is.
func (d *Data) Lines(w io.Writer) error {
	if err := d.Check(); err != nil {
		return fmt.Errorf("writing %s as JSON Lines: %w", d.Name, err)
	}
	names := make([][]byte, len(d.Columns))
	for i := range d.Columns {
		var err error
		if names[i], err = json.Marshal(d.Columns[i].Name); err != nil {
			return fmt.Errorf("writing %s as JSON Lines: %w", d.Name, err)
		}
	}
	var line bytes.Buffer
	for row := range d.Rows {
		line.Reset()
		line.WriteByte('{')
		for i := range d.Columns {
			value, err := json.Marshal(d.Columns[i].Values[row])
			if err != nil {
				return fmt.Errorf("writing %s as JSON Lines: %w", d.Name, err)
			}
			if i > 0 {
				line.WriteByte(',')
			}
			line.Write(names[i])
			line.WriteByte(':')
			line.Write(value)
		}
		line.WriteString("}\n")
		if _, err := w.Write(line.Bytes()); err != nil {
			return fmt.Errorf("writing %s as JSON Lines: %w", d.Name, err)
		}
	}
	return nil
}
