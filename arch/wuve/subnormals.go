package wuve

import "fmt"

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
