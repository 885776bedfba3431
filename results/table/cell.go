package table

import (
	"math"
	"strconv"
	"strings"

	"satsim/internal/ratio"
)

// Cell is a value, or nothing.
type Cell struct {
	value     any // nil, string, bool, int64, uint64, float64 or []float64
	low, high float64
	bounded   bool
	format    *NumberFormat // of its own
}

// Text makes a cell of text.
func Text(s string) Cell { return Cell{value: s} }

// Mark makes a cell of a truth: people see a star, or nothing.
func Mark(b bool) Cell { return Cell{value: b} }

// Whole makes a cell of a whole number.
func Whole[T ~int | ~int64 | ~int32](v T) Cell { return Cell{value: int64(v)} }

// Unsigned makes a cell of a whole number that may not fit the others.
func Unsigned(v uint64) Cell { return Cell{value: v} }

// Real makes a cell of a number. What is no number, or infinite, is an empty cell.
func Real(v float64) Cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Cell{}
	}
	return Cell{value: v}
}

// Share makes a cell of a part of a whole in percent: empty if there is no whole.
func Share(part, whole int64) Cell { return Real(ratio.Percent(part, whole)) }

// Bounded makes a cell of a number with its bounds; CSV has three columns for it.
func Bounded(v, low, high float64) Cell {
	c := Real(v)
	if c.value != nil {
		c.low, c.high, c.bounded = low, high, true
	}
	return c
}

// Range makes a cell of bounds alone; CSV has three columns for it, the first empty.
func Range(low, high float64) Cell { return Cell{low: low, high: high, bounded: true} }

// List makes a cell of numbers.
func List(v []float64) Cell { return Cell{value: v} }

// As gives a cell a format of its own.
func (c Cell) As(f NumberFormat) Cell {
	c.format = &f
	return c
}

// Empty says that nothing is there.
func (c Cell) Empty() bool { return c.value == nil && !c.bounded }

// Value is what the cell holds; nil of bounds alone and of nothing.
func (c Cell) Value() any { return c.value }

// Bounds are the cell's, if it has any.
func (c Cell) Bounds() (low, high float64, ok bool) { return c.low, c.high, c.bounded }

// In is what people read of the cell in a format, outside a table.
func (c Cell) In(f NumberFormat) string { return c.people(&f, "") }

// people read this.
func (c Cell) people(column *NumberFormat, missing string) string {
	f := column
	if c.format != nil {
		f = c.format
	}
	if c.bounded {
		low, high := f.real(c.low), f.real(c.high)
		v, of := c.value.(float64)
		switch {
		case of:
			return f.real(v) + " (" + low + " to " + high + ")"
		case low == high:
			return low
		}
		return low + " to " + high
	}
	switch v := c.value.(type) {
	case string:
		return v
	case bool:
		if v {
			return "*"
		}
		return ""
	case int64:
		return f.whole(v)
	case uint64:
		return strconv.FormatUint(v, 10)
	case float64:
		return f.real(v)
	case []float64:
		return join(v, ", ", f.real)
	}
	return missing
}

// csv is what programs read in a column that has bounds or not.
func (c Cell) csv(shift, digits int, bounds bool) []string {
	first := ""
	switch v := c.value.(type) {
	case string:
		first = v
	case bool:
		first = strconv.FormatBool(v)
	case int64:
		if first = strconv.FormatInt(v, 10); shift != 0 {
			first = exact(shifted(float64(v), shift), digits)
		}
	case uint64:
		first = strconv.FormatUint(v, 10)
	case float64:
		first = exact(shifted(v, shift), digits)
	case []float64:
		first = join(v, " ", func(x float64) string { return exact(shifted(x, shift), digits) })
	}
	switch {
	case !bounds:
		return []string{first}
	case !c.bounded && c.value != nil: // what is exact is both of its ends
		return []string{first, first, first}
	case !c.bounded:
		return []string{"", "", ""}
	}
	return []string{first, exact(shifted(c.low, shift), digits), exact(shifted(c.high, shift), digits)}
}

// exact prints all digits, or so many; whole numbers whole.
func exact(v float64, digits int) string {
	if digits == 0 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', digits, 64)
}

func join(v []float64, by string, text func(float64) string) string {
	out := make([]string, len(v))
	for i, x := range v {
		out[i] = text(x)
	}
	return strings.Join(out, by)
}
