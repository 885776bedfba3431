package param

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"satsim/internal/diag"
)

// Range is what a parameter accepts. The zero Range is all of its type.
type Range struct {
	low, high, step int64
	power           bool // of two
	lowText         string
	highText        string
	words           []string
	says            string
	check           func(text string) error
	sizes           []int  // of a list
	orNone          bool   // the zero value is accepted, too
	Why             string // the reason for the bounds
}

// Between is a closed interval.
func Between(low, high int64, why string) Range { return Range{low: low, high: high, Why: why} }

// AtLeast has no upper bound of its own.
func AtLeast(low int64, why string) Range { return Range{low: low, high: math.MaxInt64, Why: why} }

// Multiples of step in a closed interval.
func Multiples(step, low, high int64, why string) Range {
	return Range{low: low, high: high, step: step, Why: why}
}

// PowersOfTwo in a closed interval.
func PowersOfTwo(low, high int64, why string) Range {
	return Range{low: low, high: high, power: true, Why: why}
}

// In prints the bounds of an interval with their unit: 4KiB to 1TiB.
func (r Range) In(low, high string) Range {
	r.lowText, r.highText = low, high
	return r
}

// OneOf some words.
func OneOf(words ...string) Range { return Range{words: words} }

// Says is a range in words, which the key's type checks, or Validate of what has the key because other keys have a say.
func Says(text string) Range { return Range{says: text} }

// Checked is a range in words: what a check of the value's text lets pass.
func Checked(says string, check func(text string) error) Range {
	return Range{says: says, check: check}
}

// Text is any that is not empty.
func Text(says string) Range {
	return Checked(says, func(text string) error {
		if text == "" {
			return errors.New("is empty")
		}
		return nil
	})
}

// Sizes is how many values a list may have.
func Sizes(says string, accepted ...int) Range { return Range{says: says, sizes: accepted} }

// OrNone accepts the zero value, too: a key that need not be given and has no default.
func (r Range) OrNone() Range {
	r.orNone = true
	return r
}

// String says what is accepted; empty if everything is.
func (r Range) String() string {
	low, high := strconv.FormatInt(r.low, 10), strconv.FormatInt(r.high, 10)
	if r.lowText != "" {
		low, high = r.lowText, r.highText
	}
	switch {
	case r.says != "":
		return r.says
	case len(r.words) > 0:
		return strings.Join(r.words, ", ")
	case r.low == 0 && r.high == 0:
		return ""
	case r.high == math.MaxInt64:
		return low + " or more"
	case r.step > 0:
		return fmt.Sprintf("multiples of %d from %s to %s", r.step, low, high)
	case r.power:
		return fmt.Sprintf("powers of two from %s to %s", low, high)
	}
	return low + " to " + high
}

// checks reports whether a value can be out of the range.
func (r Range) checks() bool {
	return r.check != nil || len(r.sizes) > 0 || len(r.words) > 0 || r.low != 0 || r.high != 0
}

// refuse reports a value that is out of the range; of a list, each of its values.
func (r Range) refuse(key string, v reflect.Value) []error {
	switch {
	case r.orNone && v.IsZero():
	case len(r.sizes) > 0:
		if !v.IsNil() && !slices.Contains(r.sizes, v.Len()) {
			return []error{diag.Field(key, fmt.Sprintf("a list of %d", v.Len()), r.says)}
		}
	case v.Kind() == reflect.Slice:
		var errs []error
		for i := range v.Len() {
			errs = append(errs, r.refuse(fmt.Sprintf("%s[%d]", key, i), v.Index(i))...)
		}
		return errs
	case r.check != nil:
		if err := r.check(text(v)); err != nil {
			return []error{diag.Field(key, err.Error(), r.says)}
		}
	case len(r.words) > 0:
		return r.unknown(key, v)
	case v.CanFloat():
		high := float64(r.high)
		if r.high == math.MaxInt64 {
			high = math.MaxFloat64
		}
		if x := v.Float(); !(x >= float64(r.low) && x <= high) { // so that NaN is out of it
			return []error{diag.Field(key, text(v)+" is out of range", r.String())}
		}
	default:
		if n := v.Int(); n < r.low || n > r.high || r.step > 0 && n%r.step != 0 || r.power && n&(n-1) != 0 {
			return []error{diag.Field(key, text(v)+" is out of range", r.String())}
		}
	}
	return nil
}

// unknown reports a value that is none of the words.
func (r Range) unknown(key string, v reflect.Value) []error {
	t := text(v)
	if slices.Contains(r.words, t) {
		return nil
	}
	accepted := r.String()
	if r.Why != "" {
		accepted += " (" + r.Why + ")"
	}
	if near := diag.Nearest(t, r.words); near != "" {
		accepted += "; nearest: " + near
	}
	if v.CanInt() {
		return []error{diag.Field(key, fmt.Sprintf("%d is unknown", v.Int()), accepted)}
	}
	return []error{diag.Field(key, fmt.Sprintf("%q is unknown", t), accepted)}
}

// text is a value as a file has it.
func text(v reflect.Value) string {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if t, err := m.MarshalText(); err == nil {
			return string(t)
		}
	}
	if v.CanInt() {
		return strconv.FormatInt(v.Int(), 10)
	}
	return fmt.Sprint(v)
}
