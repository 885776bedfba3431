// Package ratio divides figures, of which the one below may be nothing: a layer without products has no MACs, one without time no speed-up.
package ratio

import "math"

// Number is what figures are kept in.
type Number interface{ ~int | ~int64 | ~float64 }

// Of is a over b. Over nothing it is no number (NaN): tables show that as an empty cell, every comparison with it is false, and a record,
// whose JSON knows no such number, has no field for it.
func Of[A, B Number](a A, b B) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

// Percent is the share of a in b, in percent.
func Percent[A, B Number](a A, b B) float64 { return 100 * Of(a, b) }
