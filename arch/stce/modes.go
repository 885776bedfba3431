package stce

import (
	"fmt"
	"strings"
)

// Mode says which operand stays in the processing elements.
type Mode int

// OS keeps the outputs in the array, WS the weights.
const (
	OS Mode = iota
	WS
)

// Over says which dimension of the output is interleaved in one processing element.
type Over int

// OverF interleaves output channels, OverT output rows (positions or tokens).
const (
	OverF Over = iota
	OverT
)

// EdgeFolds says how a fold smaller than the array is timed.
type EdgeFolds int

// EdgeExact times the rows, columns and interleaved outputs in use; EdgeFull times the whole array.
const (
	EdgeExact EdgeFolds = iota
	EdgeFull
)

// Preload says when weights (WS) and start values (OS) of a fold may enter.
type Preload int

// PreloadShadow fills shadow registers while the fold before still runs; PreloadSerial lets nothing of a fold in before
// the results of the fold before are complete. PreloadChase fills the shadow registers of a row as soon as the row has begun the
// fold before, top row first, and begins a fold when its top row is filled.
const (
	PreloadShadow Preload = iota
	PreloadSerial
	PreloadChase
)

// Drain says how the results of an OS fold leave. WS results leave as they are formed, whatever Drain says.
type Drain int

// DrainOverlap moves results to drain registers, which shift out below the next fold; DrainSerial shifts the accumulators
// out before the next fold; DrainHidden lets results vanish for free.
const (
	DrainOverlap Drain = iota
	DrainSerial
	DrainHidden
)

// Sums says whether partial sums between the K folds of a WS tile are words of the output buffer.
type Sums int

// SumsCharged counts them as read and written; SumsFree does not.
const (
	SumsCharged Sums = iota
	SumsFree
)

// Adder says what the FP32 adder of a processing element is built of. It decides resources, never cycles or bits.
type Adder int

// AdderDSP is an operator of the vendor's in DSP slices; AdderLogic is fp32_add, in LUTs.
const (
	AdderDSP Adder = iota
	AdderLogic
)

func (m Mode) String() string      { return name(m, "os", "ws") }
func (o Over) String() string      { return name(o, "f", "t") }
func (e EdgeFolds) String() string { return name(e, "exact", "full") }
func (p Preload) String() string   { return name(p, "shadow", "serial", "chase") }
func (d Drain) String() string     { return name(d, "overlap", "serial", "hidden") }
func (s Sums) String() string      { return name(s, "charged", "free") }
func (a Adder) String() string     { return name(a, "dsp", "logic") }

// MarshalText prints the name.
func (m Mode) MarshalText() ([]byte, error)      { return []byte(m.String()), nil }
func (o Over) MarshalText() ([]byte, error)      { return []byte(o.String()), nil }
func (e EdgeFolds) MarshalText() ([]byte, error) { return []byte(e.String()), nil }
func (p Preload) MarshalText() ([]byte, error)   { return []byte(p.String()), nil }
func (d Drain) MarshalText() ([]byte, error)     { return []byte(d.String()), nil }
func (s Sums) MarshalText() ([]byte, error)      { return []byte(s.String()), nil }
func (a Adder) MarshalText() ([]byte, error)     { return []byte(a.String()), nil }

// UnmarshalText reads the name.
func (m *Mode) UnmarshalText(b []byte) error      { return parse(m, b, "os", "ws") }
func (o *Over) UnmarshalText(b []byte) error      { return parse(o, b, "f", "t") }
func (e *EdgeFolds) UnmarshalText(b []byte) error { return parse(e, b, "exact", "full") }
func (p *Preload) UnmarshalText(b []byte) error   { return parse(p, b, "shadow", "serial", "chase") }
func (d *Drain) UnmarshalText(b []byte) error     { return parse(d, b, "overlap", "serial", "hidden") }
func (s *Sums) UnmarshalText(b []byte) error      { return parse(s, b, "charged", "free") }
func (a *Adder) UnmarshalText(b []byte) error     { return parse(a, b, "dsp", "logic") }

func name[E ~int](e E, names ...string) string {
	if e < 0 || int(e) >= len(names) {
		return fmt.Sprintf("out of range (%d)", int(e))
	}
	return names[e]
}

func parse[E ~int](e *E, b []byte, names ...string) error {
	for i, n := range names {
		if string(b) == n {
			*e = E(i)
			return nil
		}
	}
	return fmt.Errorf("%q is unknown; %s is accepted", b, strings.Join(names, " or "))
}
