package fp

import (
	"fmt"
	"math"

	"github.com/x448/float16"
)

// Subnormals says what an operator does with numbers below the normal range.
type Subnormals int

// The two behaviours.
const (
	IEEE  Subnormals = iota // gradual underflow
	Flush                   // operands and results that are subnormal become zeros of their sign
)

// String is the name in configuration files.
func (s Subnormals) String() string {
	switch s {
	case IEEE:
		return "ieee"
	case Flush:
		return "flush"
	}
	return fmt.Sprintf("out of range (%d)", int(s))
}

// MarshalText is the name in configuration files.
func (s Subnormals) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads ieee or flush.
func (s *Subnormals) UnmarshalText(b []byte) error {
	switch string(b) {
	case "ieee":
		*s = IEEE
	case "flush":
		*s = Flush
	default:
		return fmt.Errorf("%q is no treatment of subnormals; ieee, flush are accepted", b)
	}
	return nil
}

const (
	nan     = 0x7fc00000
	halfNaN = 0x7e00
)

// Canonical is an FP32 number whose NaN has the one form.
func Canonical(x float32) float32 {
	if x != x {
		return math.Float32frombits(nan)
	}
	return x
}

// Flushed is what an operator sees of an FP32 operand.
func (s Subnormals) Flushed(x float32) float32 {
	if b := math.Float32bits(x); s == Flush && b&0x7f800000 == 0 {
		return math.Float32frombits(b & 0x80000000)
	}
	return x
}

// Settle is what both an operand on its way in and a result on its way out go through.
func (s Subnormals) Settle(x float32) float32 { return Canonical(s.Flushed(x)) }

// Mul is x * y.
func (s Subnormals) Mul(x, y float32) float32 { return s.Settle(float32(s.Settle(x) * s.Settle(y))) }

// Add is x + y.
func (s Subnormals) Add(x, y float32) float32 { return s.Settle(float32(s.Settle(x) + s.Settle(y))) }

// Div is x / y.
func (s Subnormals) Div(x, y float32) float32 { return s.Settle(float32(s.Settle(x) / s.Settle(y))) }

// Sqrt rounds FP64's root once more, which cannot go wrong: 53 bits are more than twice 24 and two.
func (s Subnormals) Sqrt(x float32) float32 {
	return s.Settle(float32(math.Sqrt(float64(s.Settle(x)))))
}

// Half is the nearest FP16 number, as it leaves.
func (s Subnormals) Half(x float32) float16.Float16 {
	if x != x {
		return halfNaN
	}
	h := float16.Fromfloat32(x)
	if s == Flush && h&0x7c00 == 0 {
		h &= 0x8000
	}
	return h
}

// Single is what an operator sees of an FP16 operand.
func (s Subnormals) Single(h float16.Float16) float32 {
	if s == Flush && h&0x7c00 == 0 {
		h &= 0x8000
	}
	return h.Float32()
}
