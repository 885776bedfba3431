package wuve

import (
	"fmt"
	"math"

	"github.com/x448/float16"
)

// Subnormals says what an operator does with numbers below the normal range.
type Subnormals int

// The two behaviours.
const (
	Flush Subnormals = iota // operands and results that are subnormal become zeros of their sign
	IEEE                    // gradual underflow
)

// String is the name in configuration files.
func (s Subnormals) String() string {
	if s == IEEE {
		return "ieee"
	}
	return "flush"
}

// MarshalText is the name in configuration files.
func (s Subnormals) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads ieee or flush.
func (s *Subnormals) UnmarshalText(b []byte) error {
	switch string(b) {
	case "flush":
		*s = Flush
	case "ieee":
		*s = IEEE
	default:
		return fmt.Errorf("%q is no treatment of subnormals; ieee, flush are accepted", b)
	}
	return nil
}

const (
	canonicalNaN     = 0x7fc00000
	canonicalHalfNaN = 0x7e00
)

// settle is what both an operand on its way in and a result on its way out go through.
func (s Subnormals) settle(x float32) float32 {
	b := math.Float32bits(x)
	if s == Flush && b&0x7f800000 == 0 {
		return math.Float32frombits(b & 0x80000000)
	}
	if x != x {
		return math.Float32frombits(canonicalNaN)
	}
	return x
}

func (s Subnormals) mul(x, y float32) float32 { return s.settle(float32(s.settle(x) * s.settle(y))) }
func (s Subnormals) add(x, y float32) float32 { return s.settle(float32(s.settle(x) + s.settle(y))) }
func (s Subnormals) div(x, y float32) float32 { return s.settle(float32(s.settle(x) / s.settle(y))) }

// sqrt rounds FP64's root once more, which cannot go wrong: 53 bits are more than twice 24 and two.
func (s Subnormals) sqrt(x float32) float32 {
	return s.settle(float32(math.Sqrt(float64(s.settle(x)))))
}

// Half converts to the bits of FP16, to nearest, ties to even.
func (s Subnormals) Half(x float32) uint16 {
	if x != x {
		return canonicalHalfNaN
	}
	h := float16.Fromfloat32(x).Bits()
	if s == Flush && h&0x7c00 == 0 {
		return h & 0x8000
	}
	return h
}
