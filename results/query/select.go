package query

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Ask is asked before each of total rows, as an expression may take a good part of a second for one; its error ends the work. nil: nobody asks.
type Ask func(what string, done, total int) error

// Row asks.
func (a Ask) Row(what string, done, total int) error {
	if a == nil {
		return nil
	}
	return a(what, done, total)
}

// Filter keeps the rows for which all conditions hold.
func Filter(rows []NamedPoint, conditions []string, ask Ask) ([]NamedPoint, error) {
	for _, c := range conditions {
		e, err := compile(c, rows)
		if err != nil {
			return nil, err
		}
		var kept []NamedPoint
		for i := range rows {
			if err := ask.Row(c, i, len(rows)); err != nil {
				return nil, err
			}
			ok, err := e.Holds(&rows[i])
			if err != nil {
				return nil, err
			}
			if ok {
				kept = append(kept, rows[i])
			}
		}
		if len(kept) == 0 {
			return nil, nil
		}
		rows = kept
	}
	return rows, nil
}

// compile reads an expression and checks its names, which only rows have.
func compile(source string, rows []NamedPoint) (*Expression, error) {
	e, err := Compile(source)
	if err != nil || len(rows) == 0 {
		return e, err
	}
	return e, e.Check(Names(rows))
}

// Column is an expression and its value for each row.
type Column struct {
	Source string
	Values []any
	texts  []string
}

// Columns evaluates expressions, separated by commas.
func Columns(rows []NamedPoint, list string, ask Ask) ([]Column, error) {
	var out []Column
	for _, source := range Split(list) {
		c, err := ColumnOf(rows, source, ask)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// ColumnOf evaluates one expression.
func ColumnOf(rows []NamedPoint, source string, ask Ask) (Column, error) {
	c := Column{Source: source}
	e, err := compile(source, rows)
	if err != nil {
		return c, err
	}
	for i := range rows {
		if err := ask.Row(source, i, len(rows)); err != nil {
			return c, err
		}
		v, err := e.Eval(&rows[i])
		if err != nil {
			return c, err
		}
		c.Values = append(c.Values, v)
		c.texts = append(c.texts, rows[i].text[source])
	}
	return c, nil
}

// Text of a row's value for people: a quantity as it was written, a number with so many digits (0: all), nothing for what is not there.
func (c *Column) Text(row, digits int) string {
	if row < len(c.texts) && c.texts[row] != "" {
		return c.texts[row]
	}
	v, ok := c.Values[row].(float64)
	switch {
	case !ok:
		return fmt.Sprint(c.Values[row])
	case math.IsNaN(v):
		return ""
	case digits == 0:
		return fmt.Sprintf("%v", v)
	}
	return fmt.Sprintf("%.*g", digits, v)
}

// Order is a sort key or a metric of a Pareto front.
type Order struct {
	Source string
	Down   bool // large values first, or better
}

// Orders reads expressions, separated by commas, each of which may end in one of two words after a colon: up or down of the
// direction.
func Orders(list, up, down string) ([]Order, error) {
	var out []Order
	for _, s := range Split(list) {
		o := Order{Source: s}
		if i := strings.LastIndex(s, ":"); i >= 0 {
			switch word := strings.TrimSpace(s[i+1:]); {
			case word == up, word == down:
				o = Order{Source: strings.TrimSpace(s[:i]), Down: word == down}
			case !strings.ContainsAny(word, ")]}"): // no colon inside brackets
				return nil, fmt.Errorf("%q ends in %q; %s and %s are accepted", s, word, up, down)
			}
		}
		out = append(out, o)
	}
	return out, nil
}

// Sort orders rows by keys, the first first; equal rows stay in their order. What is not there comes last.
func Sort(rows []NamedPoint, keys []Order, ask Ask) ([]NamedPoint, error) {
	columns := make([]Column, len(keys))
	for i, k := range keys {
		var err error
		if columns[i], err = ColumnOf(rows, k.Source, ask); err != nil {
			return nil, err
		}
	}
	index := make([]int, len(rows))
	for i := range index {
		index[i] = i
	}
	slices.SortStableFunc(index, func(a, b int) int {
		for i := range keys {
			if c := compare(columns[i].Values[a], columns[i].Values[b], keys[i].Down); c != 0 {
				return c
			}
		}
		return 0
	})
	out := make([]NamedPoint, len(rows))
	for i, k := range index {
		out[i] = rows[k]
	}
	return out, nil
}

func compare(a, b any, down bool) int {
	x, xok := Number(a)
	y, yok := Number(b)
	switch {
	case xok && yok:
		if down {
			x, y = y, x
		}
		return cmp.Compare(x, y)
	case xok != yok:
		if xok {
			return -1
		}
		return 1
	}
	s, t := fmt.Sprint(a), fmt.Sprint(b)
	if down {
		s, t = t, s
	}
	return cmp.Compare(s, t)
}

// Number is a value as a number, if it is one.
func Number(v any) (float64, bool) {
	switch t := v.(type) {
	case int:
		return float64(t), true
	case float64:
		return t, !math.IsNaN(t)
	case bool:
		if t {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// Pareto keeps the rows that no other row beats: as good in every metric and better in one. Rows without one of the metrics are left out.
func Pareto(rows []NamedPoint, metrics []Order, ask Ask) ([]NamedPoint, error) {
	columns := make([]Column, len(metrics))
	for i, m := range metrics {
		var err error
		if columns[i], err = ColumnOf(rows, m.Source, ask); err != nil {
			return nil, err
		}
	}
	var front []int // of the rows so far
	cost := make([][]float64, len(rows))
	for r := range rows {
		if err := ask.Row("front", r, len(rows)); err != nil {
			return nil, err
		}
		for i, m := range metrics {
			v, ok := Number(columns[i].Values[r])
			if !ok {
				break
			}
			if m.Down {
				v = -v
			}
			cost[r] = append(cost[r], v)
		}
		if len(cost[r]) < len(metrics) || slices.ContainsFunc(front, func(o int) bool { return beats(cost[o], cost[r]) }) {
			continue
		}
		front = append(slices.DeleteFunc(front, func(o int) bool { return beats(cost[r], cost[o]) }), r)
	}
	var out []NamedPoint
	for _, r := range front {
		out = append(out, rows[r])
	}
	return out, nil
}

func beats(a, b []float64) bool {
	better := false
	for i := range a {
		if a[i] > b[i] {
			return false
		}
		better = better || a[i] < b[i]
	}
	return better
}

// Split cuts a list at its commas, except those inside brackets and quotes.
func Split(list string) []string {
	var out []string
	depth, from := 0, 0
	var quote rune
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	for i, r := range list {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			add(list[from:i])
			from = i + 1
		}
	}
	add(list[from:])
	return out
}
