package explain

import (
	"satsim/arch/buffer"
	"satsim/internal/config"
	"satsim/internal/quantity"
)

// Buffer is an on-chip buffer: whether a larger one would help, and how large it had to be.
type Buffer struct {
	Buffer   string `json:"buffer"`
	Bytes    int64  `json:"bytes"`
	Wanted   int64  `json:"wanted_bytes"` // the smallest of the tried sizes of which no larger one saves more; as it is: it is large enough
	Cycles   int64  `json:"cycles"`       // with that
	TooSmall int64  `json:"too_small_by_bytes"`
}

// largest is how many times its size a buffer is tried at.
const largest = 16

// buffers tries each at twice its size, four times, and so on.
func (t *trier) buffers() ([]Buffer, error) {
	p := &t.models.Spec.Buffers
	var out []Buffer
	for _, b := range []struct {
		name string
		of   *buffer.Geometry
	}{{"west", &p.West}, {"north", &p.North}, {"output", &p.Output}, {"update", &p.Update}, {"pass", &p.Pass}} {
		found := Buffer{Buffer: b.name, Bytes: int64(b.of.Capacity), Wanted: int64(b.of.Capacity), Cycles: t.base.cycles}
		for times := int64(2); times <= largest; times *= 2 {
			size := quantity.Bytes(times * found.Bytes)
			o, ok, err := t.with(config.Override{Path: "buffers." + b.name + ".capacity", Value: size.String(), Origin: "a change"})
			if err != nil {
				return nil, err
			}
			if ok && o.cycles < found.Cycles {
				found.Cycles, found.Wanted = o.cycles, int64(size)
			}
		}
		found.TooSmall = found.Wanted - found.Bytes
		out = append(out, found)
	}
	return out, nil
}
