package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// Unit is what a unit of the machine did in a part of a step.
type Unit struct {
	Unit   string      `json:"unit"`
	Busy   int64       `json:"busy_cycles"` // in which it could take nothing else
	Counts NamedCounts `json:"counts"`
}

// Buffer is what was read from an on-chip buffer and written into it. The accumulators of output tiles are buffers of the array too.
type Buffer struct {
	Buffer    string `json:"buffer"`
	ReadBits  int64  `json:"read_bits"`
	WriteBits int64  `json:"write_bits"`
}

// Wait is how long a lane waited for a unit.
type Wait struct {
	Unit   string `json:"unit"`
	Cycles int64  `json:"cycles"`
}

// Units are the units of a part of a step, in the machine's order. One that is not built is not there.
type Units []Unit

// Of finds a unit. One that is not there did nothing.
func (u Units) Of(name string) Unit {
	for i := range u {
		if u[i].Unit == name {
			return u[i]
		}
	}
	return Unit{Unit: name}
}

// NamedCounts are a unit's counts by name, in its own order: an object in JSON.
type NamedCounts []Count

// Count is how often a unit did something, or for how many cycles.
type Count struct {
	Name  string
	Count int64
}

// Of is the count of a name, 0 where there is none.
func (c NamedCounts) Of(name string) int64 {
	for i := range c {
		if c[i].Name == name {
			return c[i].Count
		}
	}
	return 0
}

// MarshalJSON implements json.Marshaler.
func (c NamedCounts) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i := range c {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, c[i].Name)
		b = append(b, ':')
		b = strconv.AppendInt(b, c[i].Count, 10)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *NamedCounts) UnmarshalJSON(text []byte) error {
	*c = nil
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t == nil {
		return err // null is no counts
	} else if t != json.Delim('{') {
		return fmt.Errorf("counts: found %v; an object of counts by name is accepted", t)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		k := Count{Name: name.(string)} // keys of objects are strings
		if err := d.Decode(&k.Count); err != nil {
			return fmt.Errorf("count %s: %w", k.Name, err)
		}
		*c = append(*c, k)
	}
	return nil
}
