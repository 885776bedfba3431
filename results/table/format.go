package table

import (
	"math"
	"strconv"
)

// NumberFormat is how people read a number: so many decimals, unless it says something else. Whole numbers are whole if it says nothing at all.
type NumberFormat struct {
	Shift    int // to the unit shown, in powers of ten: 3 shows seconds as milliseconds, -6 bytes as megabytes
	Decimals int
	Digits   int  // significant ones, if more than none, instead of decimals
	Short    bool // three digits or so, and no fewer than all before the point
	Signed   bool // with a plus
	Hidden   bool // nothing where it is zero
}

// Percent shows a share as percent.
func Percent(decimals int) NumberFormat { return NumberFormat{Shift: 2, Decimals: decimals} }

func (f *NumberFormat) whole(v int64) string {
	switch {
	case f.Hidden && v == 0:
		return ""
	case f.Shift == 0 && f.Decimals == 0:
		return strconv.FormatInt(v, 10)
	}
	return f.real(float64(v))
}

func (f *NumberFormat) real(v float64) string {
	v = shifted(v, f.Shift)
	out := ""
	switch {
	case f.Hidden && v == 0:
		return ""
	case f.Digits > 0:
		out = strconv.FormatFloat(v, 'g', f.Digits, 64)
	case f.Short:
		out = short(v)
	default:
		out = strconv.FormatFloat(v, 'f', f.Decimals, 64)
	}
	if f.Signed && !math.Signbit(v) {
		out = "+" + out
	}
	return out
}

// shifted is v times a power of ten. Both ways are rounded once.
func shifted(v float64, shift int) float64 {
	if shift < 0 {
		return v / math.Pow10(-shift)
	}
	return v * math.Pow10(shift)
}

func short(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
