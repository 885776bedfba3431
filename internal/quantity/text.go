package quantity

import (
	"fmt"
	"math"
	"strings"
)

// MarshalText prints the frequency with its unit.
func (f Frequency) MarshalText() ([]byte, error) { return get(float64(f), f.String()) }

// MarshalText prints the number of bytes with its unit.
func (b Bytes) MarshalText() ([]byte, error) { return get(float64(b), b.String()) }

// MarshalText prints the bandwidth with its unit.
func (b Bandwidth) MarshalText() ([]byte, error) { return get(float64(b), b.String()) }

// MarshalText prints the time with its unit.
func (t Time) MarshalText() ([]byte, error) { return get(float64(t), t.String()) }

// MarshalText prints the energy with its unit.
func (e Energy) MarshalText() ([]byte, error) { return get(float64(e), e.String()) }

// MarshalText prints the power with its unit.
func (p Power) MarshalText() ([]byte, error) { return get(float64(p), p.String()) }

// UnmarshalText reads a frequency.
func (f *Frequency) UnmarshalText(b []byte) error { return set(f, b, ParseFrequency) }

// UnmarshalText reads a number of bytes.
func (b *Bytes) UnmarshalText(t []byte) error { return set(b, t, ParseBytes) }

// UnmarshalText reads a bandwidth.
func (b *Bandwidth) UnmarshalText(t []byte) error { return set(b, t, ParseBandwidth) }

// UnmarshalText reads a time.
func (t *Time) UnmarshalText(b []byte) error { return set(t, b, ParseTime) }

// UnmarshalText reads an energy.
func (e *Energy) UnmarshalText(b []byte) error { return set(e, b, ParseEnergy) }

// UnmarshalText reads a power.
func (p *Power) UnmarshalText(b []byte) error { return set(p, b, ParsePower) }

// get refuses what would not read back.
func get(v float64, text string) ([]byte, error) {
	if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Errorf("%s is no finite quantity of 0 or more", text)
	}
	return []byte(text), nil
}

// set leaves the old value in place if the text is wrong.
func set[T any](to *T, text []byte, parse func(string) (T, error)) error {
	v, err := parse(string(text))
	if err != nil {
		return err
	}
	*to = v
	return nil
}

// form is a noun and the pattern of a quantity's text.
func (k kind) form() (noun, pattern string) {
	_, noun, _ = strings.Cut(k.noun, " ") // its article
	return noun, `[0-9]+(\.[0-9]+)? ?(` + strings.ReplaceAll(k.names(), ", ", "|") + `)`
}

// Form says what its text is.
func (Frequency) Form() (noun, pattern string) { return frequency.form() }

// Form says what its text is.
func (Bytes) Form() (noun, pattern string) { return size.form() }

// Form says what its text is.
func (Energy) Form() (noun, pattern string) { return energy.form() }

// Form says what its text is.
func (Power) Form() (noun, pattern string) { return power.form() }
