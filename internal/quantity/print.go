package quantity

import (
	"math"
	"strconv"
	"strings"
)

// printWhole prints v base units.
func (k kind) printWhole(v int64) string {
	best := strconv.FormatInt(v, 10) + k.units[0].name
	if v <= 0 {
		return best
	}
	for _, u := range k.units[1:] {
		size := u.scale
		for range u.exp {
			size *= 10
		}
		if v < size {
			continue
		}
		s, ok := decimal(v, size)
		// Units ascend, powers of ten before powers of two, so that the later wins a tie.
		if s += u.name; ok && len(s) <= len(best) {
			best = s
		}
	}
	return best
}

// decimal prints v/size if it has at most 18 digits after the point.
func decimal(v, size int64) (string, bool) {
	s := strconv.FormatInt(v/size, 10)
	rest := v % size
	if rest == 0 {
		return s, true
	}
	var frac strings.Builder
	for range 18 {
		// The remainder is below size <= 2^40, or size is a power of ten; in both cases ten times it fits.
		rest *= 10
		frac.WriteByte(byte('0' + rest/size))
		rest %= size
		if rest == 0 {
			return s + "." + frac.String(), true
		}
	}
	return "", false
}

// printFloat prints v base units with the fewest digits that read back as v.
func (k kind) printFloat(v float64) string {
	if v == 0 {
		return "0" + k.base()
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'f', -1, 64) + k.base()
	}
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	mant, e, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	digits := strings.Replace(mant, ".", "", 1)
	exp, _ := strconv.Atoi(e) // value = d.ddd * 10^exp
	u := k.units[0]
	for _, next := range k.units[1:] {
		if next.exp <= exp {
			u = next
		}
	}
	return sign + point(digits, exp-u.exp) + u.name
}

// base is the name of the unit of size 1.
func (k kind) base() string {
	for _, u := range k.units {
		if u.exp == 0 {
			return u.name
		}
	}
	return k.units[0].name
}

// point prints d.ddd * 10^exp without an exponent.
func point(digits string, exp int) string {
	switch {
	case exp < 0:
		return "0." + strings.Repeat("0", -exp-1) + digits
	case exp+1 >= len(digits):
		return digits + strings.Repeat("0", exp+1-len(digits))
	}
	return digits[:exp+1] + "." + digits[exp+1:]
}
