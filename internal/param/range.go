package param

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Range is what a parameter accepts. The zero Range is all of its type.
type Range struct {
	low, high, step int64
	power           bool // of two
	lowText         string
	highText        string
	words           []string
	says            string
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

// Says is a range in words, which the unit itself checks.
func Says(text string) Range { return Range{says: text} }

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

// refuses says what is wrong with a value, or nothing.
func (r Range) refuses(v reflect.Value) string {
	switch {
	case len(r.words) > 0:
		switch t := text(v); {
		case slices.Contains(r.words, t):
		case v.CanInt():
			return fmt.Sprintf("%d is unknown", v.Int())
		default:
			return fmt.Sprintf("%q is unknown", t)
		}
	case r.low == 0 && r.high == 0:
	default:
		n := v.Int()
		if n < r.low || n > r.high || r.step > 0 && n%r.step != 0 || r.power && n&(n-1) != 0 {
			return text(v) + " is out of range"
		}
	}
	return ""
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
