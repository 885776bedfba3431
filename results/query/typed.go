package query

import (
	"fmt"
	"math"
	"slices"

	"satsim/results/dataset"
)

// Typed gives columns their types: that of a described name, whatever the rows have, and of another expression the type that holds all of its values.
func Typed(columns []Column, rows int) *dataset.Data {
	d := &dataset.Data{Name: "points", Rows: rows}
	dictionary := NewDictionary()
	for i := range columns {
		c := &columns[i]
		known := dictionary.Of(c.Source)
		if known.Type == 0 || slices.ContainsFunc(c.Values, func(v any) bool { return convert(known.Type, v) == nil && !missing(v) }) {
			known.Type = typeOf(c.Values)
		}
		out := dataset.Column{Name: c.Source, Type: known.Type, Unit: known.Unit, Means: known.Means, Values: make([]any, rows)}
		for row, v := range c.Values {
			out.Values[row] = convert(known.Type, v)
			if known.Type == dataset.Text && !missing(v) {
				out.Values[row] = c.Text(row, 0) // a name such as 2MB is a text and not a quantity
			}
		}
		d.Columns = append(d.Columns, out)
	}
	return d
}

// missing is what is not there, or no number.
func missing(v any) bool {
	f, ok := v.(float64)
	return v == nil || ok && (math.IsNaN(f) || math.IsInf(f, 0))
}

// typeOf is the type that holds values: of numbers one of both, of anything else the texts of all.
func typeOf(values []any) dataset.Type {
	if len(values) == 0 || !slices.ContainsFunc(values, func(v any) bool { return !missing(v) }) {
		return dataset.Real
	}
	for _, t := range []dataset.Type{dataset.Whole, dataset.Real, dataset.Truth, dataset.Texts} {
		if !slices.ContainsFunc(values, func(v any) bool { return !missing(v) && convert(t, v) == nil }) {
			return t
		}
	}
	return dataset.Text
}

// convert is a value as one of a type; nil where it is missing, or none.
func convert(t dataset.Type, v any) any {
	if missing(v) {
		return nil
	}
	switch t {
	case dataset.Text:
		return fmt.Sprint(v)
	case dataset.Whole:
		if n, ok := v.(int); ok {
			return int64(n)
		}
	case dataset.Real:
		switch n := v.(type) {
		case int:
			return float64(n)
		case float64:
			return n
		}
	case dataset.Truth:
		if b, ok := v.(bool); ok {
			return b
		}
	case dataset.Texts:
		if list, ok := v.([]any); ok {
			texts := make([]string, len(list))
			for i, e := range list {
				texts[i] = fmt.Sprint(e)
			}
			return texts
		}
	}
	return nil
}
