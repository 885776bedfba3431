package quantity

// MarshalText prints the frequency with its unit.
func (f Frequency) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// MarshalText prints the number of bytes with its unit.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// MarshalText prints the bandwidth with its unit.
func (b Bandwidth) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// MarshalText prints the time with its unit.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalText prints the energy with its unit.
func (e Energy) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// MarshalText prints the power with its unit.
func (p Power) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

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

// set leaves the old value in place if the text is wrong.
func set[T any](to *T, text []byte, parse func(string) (T, error)) error {
	v, err := parse(string(text))
	if err != nil {
		return err
	}
	*to = v
	return nil
}
