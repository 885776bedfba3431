package nm

import (
	"fmt"
	"math/bits"
)

// valueBits is the width of an FP16 value.
const valueBits = 16

// IndexBits is the width of a stored index: ceil(log2 M), and none where nothing is pruned.
func (r Ratio) IndexBits() int {
	if r.IsDense() {
		return 0
	}
	return bits.Len(uint(r.M - 1))
}

// Tile is a packed piece of a matrix: Runs runs of Channels consecutive channels each.
type Tile struct {
	Ratio    Ratio
	Runs     int
	Channels int
}

// Kept is the number of elements that are stored.
func (t Tile) Kept() int64 { return int64(t.Runs) * int64(t.Ratio.Kept(t.Channels)) }

// Bits of the stored elements, without padding.
func (t Tile) Bits() int64 { return t.Kept() * Packed(t.Ratio).StoredBits() }

// Bytes of the tile in memory, padded to whole bursts of burst bytes.
func (t Tile) Bytes(burst int) int64 {
	unit := int64(burst) * 8
	return (t.Bits() + unit - 1) / unit * int64(burst)
}

// Compressed is what stays of a tile: group after group, in ascending order of index inside a group.
type Compressed struct {
	Values  []uint16
	Indices []uint8 // inside the group
}

// groups calls f for each group with its number of channels.
func (t Tile) groups(f func(channels int) error) error {
	for run := range t.Runs {
		for c := 0; c < t.Channels; c += t.Ratio.M {
			if err := f(min(t.Ratio.M, t.Channels-c)); err != nil {
				return fmt.Errorf("run %d, group %d: %w", run, c/t.Ratio.M, err)
			}
		}
	}
	return nil
}

// Compress prunes Runs*Channels dense elements.
func (t Tile) Compress(dense []uint16) (Compressed, error) {
	if len(dense) != t.Runs*t.Channels {
		return Compressed{}, fmt.Errorf("compressing %d elements as %d runs of %d channels", len(dense), t.Runs, t.Channels)
	}
	c := Compressed{Values: make([]uint16, 0, t.Kept()), Indices: make([]uint8, 0, t.Kept())}
	err := t.groups(func(channels int) error {
		kept := t.Ratio.Keep(dense[:channels])
		for i, v := range dense[:channels] {
			if kept>>i&1 == 1 {
				c.Values = append(c.Values, v)
				c.Indices = append(c.Indices, uint8(i))
			}
		}
		dense = dense[channels:]
		return nil
	})
	return c, err
}

// check says whether c is what Compress could have made of some tile t.
func (t Tile) check(c Compressed) error {
	if n := int(t.Kept()); len(c.Values) != n || len(c.Indices) != n {
		return fmt.Errorf("%d values and %d indices; %d of each belong to %d runs of %d channels at %v",
			len(c.Values), len(c.Indices), n, t.Runs, t.Channels, t.Ratio)
	}
	indices := c.Indices
	return t.groups(func(channels int) error {
		k := min(t.Ratio.N, channels)
		last := -1
		for _, i := range indices[:k] {
			if int(i) <= last {
				return fmt.Errorf("index %d follows %d; indices ascend", i, last)
			}
			if int(i) >= channels {
				return fmt.Errorf("index %d in a group of %d", i, channels)
			}
			last = int(i)
		}
		indices = indices[k:]
		return nil
	})
}

// Expand puts zeros back where elements were pruned.
func (t Tile) Expand(c Compressed) ([]uint16, error) {
	if err := t.check(c); err != nil {
		return nil, fmt.Errorf("expanding: %w", err)
	}
	dense := make([]uint16, t.Runs*t.Channels)
	at, from := 0, 0
	err := t.groups(func(channels int) error {
		for range min(t.Ratio.N, channels) {
			dense[at+int(c.Indices[from])] = c.Values[from]
			from++
		}
		at += channels
		return nil
	})
	return dense, err
}
