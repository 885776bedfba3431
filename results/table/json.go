package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes the table for programs: columns, rows as objects by the columns' keys, notes. Numbers have all their digits; one with bounds is
// an object of value, low and high; where nothing is, is null. Columns must have names of their own.
func (t *Table) JSON(w io.Writer) error {
	keys := map[string]bool{}
	for _, c := range t.columns(Programs) {
		if key := t.Columns[c].key(); keys[key] {
			return fmt.Errorf("table %s: two columns are named %q", t.Name, key)
		} else {
			keys[key] = true
		}
	}
	return t.write(w, "JSON", func(p *page) {
		type column struct {
			Key  string `json:"key"`
			Name string `json:"name"`
			Unit string `json:"unit,omitempty"` // of values; where a column has a key of its own, the key says it
		}
		out := struct {
			Name    string    `json:"table,omitempty"`
			Title   string    `json:"title,omitempty"`
			Command string    `json:"command,omitempty"`
			Columns []column  `json:"columns"`
			Rows    []*object `json:"rows"`
			Notes   []string  `json:"notes,omitempty"`
		}{Name: t.Name, Title: t.Title, Command: t.Command, Rows: []*object{}, Notes: t.Notes}
		places := t.columns(Programs)
		for _, c := range places {
			col := &t.Columns[c]
			next := column{Key: col.key(), Name: col.Name}
			if col.Key == "" {
				next.Unit = col.Unit
			}
			out.Columns = append(out.Columns, next)
		}
		for i := range t.Rows {
			r := &t.Rows[i]
			if !r.include(Programs) {
				continue
			}
			o := &object{}
			for _, c := range places {
				o.add(t.Columns[c].key(), r.Cells[c].json(t.Columns[c].shift()))
			}
			out.Rows = append(out.Rows, o)
		}
		e := json.NewEncoder(p)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		p.note(e.Encode(out))
	})
}

// json is a value that encoding/json writes.
func (c Cell) json(shift int) any {
	value := c.value
	switch v := c.value.(type) {
	case int64:
		if shift != 0 {
			value = shifted(float64(v), shift)
		}
	case float64:
		value = shifted(v, shift)
	case []float64:
		list := make([]float64, len(v))
		for i, x := range v {
			list[i] = shifted(x, shift)
		}
		value = list
	}
	if !c.bounded {
		return value
	}
	return struct {
		Value any     `json:"value"`
		Low   float64 `json:"low"`
		High  float64 `json:"high"`
	}{value, shifted(c.low, shift), shifted(c.high, shift)}
}

// object is a JSON object whose members keep their order.
type object struct {
	keys   []string
	values []any
}

func (o *object) add(key string, value any) {
	o.keys, o.values = append(o.keys, key), append(o.values, value)
}

// MarshalJSON implements json.Marshaler.
func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, k := range o.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(k); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(o.values[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
