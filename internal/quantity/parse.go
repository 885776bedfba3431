package quantity

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"satsim/internal/diag"
)

// maxLen bounds the text of a quantity; the longest that is printed is a denormal energy.
const maxLen = 1200

// unit is a unit's name and its size as scale * 10^exp base units.
type unit struct {
	name  string
	scale int64
	exp   int
}

// kind is a physical quantity: what to call it and its units in ascending order, as error texts list them.
type kind struct {
	noun  string
	units []unit
}

func (k kind) names() string {
	names := make([]string, len(k.units))
	for i, u := range k.units {
		names[i] = u.name
	}
	return strings.Join(names, ", ")
}

// split separates the number from its unit: whole and fractional digits.
func (k kind) split(text string) (whole, frac string, u unit, err error) {
	fail := func(format string, args ...any) (string, string, unit, error) {
		accepted := "a number with one of the units " + k.names()
		return "", "", unit{}, diag.Field("", fmt.Sprintf(format, args...), accepted)
	}
	if len(text) > maxLen {
		return fail("%.20q... is too long for %s", text, k.noun)
	}
	digits := func(s string) int {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		return n
	}
	n := digits(text)
	if n == 0 {
		return fail("%q is not %s", text, k.noun)
	}
	whole, rest := text[:n], text[n:]
	if strings.HasPrefix(rest, ".") {
		n = digits(rest[1:])
		if n == 0 {
			return fail("%q is not %s", text, k.noun)
		}
		frac, rest = rest[1:1+n], rest[1+n:]
	}
	if rest == "" {
		return fail("%q has no unit", text)
	}
	rest = strings.TrimPrefix(rest, " ")
	names := make([]string, len(k.units))
	for i, u := range k.units {
		if rest == u.name {
			return whole, frac, u, nil
		}
		names[i] = u.name
	}
	letters := strings.Trim(rest, " ")
	if near := diag.Nearest(letters, names); near != "" && !strings.ContainsAny(letters, "0123456789.,+-") {
		return fail("%q has the unknown unit %q, perhaps %s is meant", text, rest, near)
	}
	return fail("%q has the unknown unit %q", text, rest)
}

// whole reads a quantity that is a whole number of base units.
func (k kind) whole(text string) (int64, error) {
	w, f, u, err := k.split(text)
	if err != nil {
		return 0, err
	}
	base := k.units[0].name
	v, _ := new(big.Int).SetString(w+f, 10) // both are digits
	v.Mul(v, big.NewInt(u.scale))
	ten := big.NewInt(10)
	if up := u.exp - len(f); up >= 0 {
		v.Mul(v, new(big.Int).Exp(ten, big.NewInt(int64(up)), nil))
	} else {
		var rest big.Int
		v.QuoRem(v, new(big.Int).Exp(ten, big.NewInt(int64(-up)), nil), &rest)
		if rest.Sign() != 0 {
			return 0, diag.Field("", fmt.Sprintf("%q is no whole number of %s", text, base), "a multiple of 1"+base)
		}
	}
	if !v.IsInt64() {
		return 0, diag.Field("", fmt.Sprintf("%q is too large", text), fmt.Sprintf("at most %d%s", int64(math.MaxInt64), base))
	}
	return v.Int64(), nil
}

// float reads a quantity that may be any number: the float64 nearest to the decimal number, in base units.
func (k kind) float(text string) (float64, error) {
	w, f, u, err := k.split(text)
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseFloat(w+"."+f+"e"+strconv.Itoa(u.exp), 64)
	if err != nil {
		return 0, diag.Field("", fmt.Sprintf("%q is too large", text), "a number below 1e308")
	}
	return v, nil
}
