package buffer

import (
	"fmt"

	"satsim/arch/word"
	"satsim/internal/param"
	"satsim/internal/quantity"
)

// Geometry is how large one buffer is, and what it is built of.
type Geometry struct {
	Capacity quantity.Bytes `yaml:"capacity"`
	Banks    int            `yaml:"banks"`     // that can be accessed side by side
	WordBits int            `yaml:"word_bits"` // of a bank's port
	Memory   RAM            `yaml:"memory"`    // bram or uram: what it is built of
}

// RAM is the kind of RAM a buffer is built of. Each has a read and a write port a bank in our use.
type RAM string

// The kinds of RAM.
const (
	BRAM RAM = "bram"
	URAM RAM = "uram"
)

// UnmarshalText reads bram or uram.
func (m *RAM) UnmarshalText(b []byte) error {
	switch v := RAM(b); v {
	case BRAM, URAM:
		*m = v
		return nil
	}
	return fmt.Errorf("%q is no kind of memory; bram and uram are accepted", b)
}

// Params are the buffers.
type Params struct {
	West   Geometry `yaml:"west"`
	North  Geometry `yaml:"north"`
	Output Geometry `yaml:"output"`
	Update Geometry `yaml:"update"`
	Pass   Geometry `yaml:"pass"`
}

// The smallest buffers on which every network runs whose convolutions of several taps have no more than so many values in the rows that a tap's row of outputs needs (rows of the
// kernel x padded width x channels), that width, and so many channels; others may need more: a row of outputs is never cut, nor are the channels of a tap.
const (
	Smallest       = 512 << 10 // bytes, of each buffer
	SmallestRows   = 1 << 17
	SmallestSorted = 1 << 15 // of those, where gradients are pruned: they take SORE's quarter of the north buffer
	// An output of the array takes two bytes, as many again where the output path keeps what it read (GELU, a batch norm behind), and an eighth for the mask of an activation; two
	// rows of 480 by 32 columns are 124 of the 128 KiB of the output path's quarter, and sums of batch norms have the rest.
	SmallestWidth    = 480
	SmallestChannels = 1024
)

// Declared are the parameters of every buffer, each once: what each is for, and what the default asks of it, on an XCVU9P (75.9 Mb of block RAM, 270 Mb of
// UltraRAM: Xilinx DS890) with room to spare.
func Declared() []param.Param {
	size := param.Choice("a size, of the RAM that the board has")
	var out []param.Param
	for _, b := range []struct {
		name, what, memory, capacity string
		wordBits                     int
		sized, width                 string
	}{
		{"west", "activations", "uram", "2MiB", 64, "two tiles of a few images", "4 operands a row of the array: M/N of 2:8"},
		{"north", "weights", "uram", "2MiB", 32, "as the west buffer", "a value and its index a column of the array"},
		{"output", "results and partial sums", "uram", "4MiB", 32, "FP32 sums of a weight gradient tile twice over", "an FP32 sum in and out a column of the array"},
		{"update", "master weights, state and copies under update", "uram", "2MiB", 64, "as the west buffer", "master weight and momentum"},
		{"pass", "element-wise passes, in and out", "bram", "1MiB", 64, "half of the west buffer: passes stream", "as the west buffer"},
	} {
		out = append(out, param.Under(b.name, []param.Param{
			param.Of("capacity", b.capacity, "bytes", param.Between(4<<10, 1<<40, "a tile of a few rows, 512KiB for any network of docs/schedules.md's limits; more than any chip has").In("4KiB", "1TiB"), "of the buffer of "+b.what, "assumption: "+b.sized).InDoubt(size),
			param.Of("banks", 32, "banks", param.Between(1, 4096, "what a chip can wire"), "that can be accessed side by side", "assumption: one a row, column or lane").InDoubt(size),
			param.Of("word_bits", b.wordBits, "bits", param.Multiples(16, 16, 1024, "whole FP16 values"), "of a bank's port", "assumption: "+b.width).InDoubt(size),
			param.Of("memory", b.memory, "word", param.OneOf("bram", "uram"), "what it is built of", "assumption: the large and deep ones of UltraRAM, that of passes, which is small, of block RAM").InDoubt(size),
		})...)
	}
	return out
}

// Validate names every key that is out of range.
func (p Params) Validate() error { return param.Validate(p, Declared()) }

// Place is the memory that a link's tiles are in. The zero Place is none: tokens, no data.
type Place uint8

// The places.
const (
	_ Place = iota
	InWest
	InNorth
	InOutput
	InUpdate
	InPass
	Places
)

// share is a link's place, and its part of it: parts of a buffer have fixed shares, so that no two lanes compete for space. A parameter of
// momentum has 8 bytes of master and state in and out, 2 of FP16 and at 2:8 about 1.5 of copies.
type share struct {
	place    Place
	num, den int64
}

func shareOf(b word.Buffer) share {
	switch b {
	case word.West:
		return share{InWest, 1, 1}
	case word.North:
		return share{InNorth, 3, 4}
	case word.DenseNorth: // read by SORE when weights are pruned at each fetch
		return share{InNorth, 1, 4}
	case word.Output:
		return share{InOutput, 3, 4}
	case word.OutPath:
		return share{InOutput, 1, 4}
	case word.State, word.StateOut:
		return share{InUpdate, 3, 8}
	case word.Updated, word.Copies:
		return share{InUpdate, 1, 8}
	case word.PassIn, word.PassOut:
		return share{InPass, 1, 2}
	case word.Pace, word.Factors:
		return share{den: 1}
	}
	return share{den: 1}
}

// PlaceOf is the memory that a link's tiles are in.
func PlaceOf(b word.Buffer) Place { return shareOf(b).place }

// ahead is how many tokens the array may be ahead of the passes beside it.
const ahead = 2

// Capacity of a link's buffer, in bytes, or tokens. A link that has no place has no room for data.
func (p Params) Capacity(b word.Buffer) int64 {
	if b == word.Pace {
		return ahead
	}
	if b == word.Factors {
		return 1
	}
	of := shareOf(b)
	return [Places]int64{
		InWest: int64(p.West.Capacity), InNorth: int64(p.North.Capacity), InOutput: int64(p.Output.Capacity), InUpdate: int64(p.Update.Capacity),
		InPass: int64(p.Pass.Capacity),
	}[of.place] * of.num / of.den
}
