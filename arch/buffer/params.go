package buffer

import (
	"errors"
	"fmt"

	"satsim/arch/word"
	"satsim/internal/quantity"
)

// Shape is one buffer.
type Shape struct {
	Capacity quantity.Bytes `yaml:"capacity"`
	Banks    int            `yaml:"banks"`     // that can be accessed side by side
	WordBits int            `yaml:"word_bits"` // of a bank's port
	Memory   Memory         `yaml:"memory"`    // bram or uram: what it is built of
}

// Memory is the kind of RAM a buffer is built of. Each has a read and a write port a bank in our use.
type Memory string

// The kinds of RAM.
const (
	BRAM Memory = "bram"
	URAM Memory = "uram"
)

// UnmarshalText reads bram or uram.
func (m *Memory) UnmarshalText(b []byte) error {
	switch v := Memory(b); v {
	case BRAM, URAM:
		*m = v
		return nil
	}
	return fmt.Errorf("%q is no kind of memory; bram and uram are accepted", b)
}

// Params are the buffers.
type Params struct {
	West   Shape `yaml:"west"`
	North  Shape `yaml:"north"`
	Output Shape `yaml:"output"`
	Update Shape `yaml:"update"`
	Pass   Shape `yaml:"pass"`
}

// Default fits an XCVU9P (75.9 Mb of block RAM, 270 Mb of UltraRAM: Xilinx DS890) with room to spare; capacities are assumptions.
// Widths are what a 32 x 32 array asks for: west 4 operands a row (M/N of 2:8), north a value and its index a column, output an FP32
// sum in and out a column.
func Default() Params {
	return Params{
		West:   Shape{2 << 20, 32, 64, URAM},
		North:  Shape{2 << 20, 32, 32, URAM},
		Output: Shape{4 << 20, 32, 32, URAM},
		Update: Shape{2 << 20, 32, 64, URAM},
		Pass:   Shape{1 << 20, 32, 64, BRAM},
	}
}

const smallest, largest = 4 << 10, 1 << 40

// Validate names every key that is out of range.
func (s Shape) Validate() error {
	var errs []error
	if s.Capacity < smallest || s.Capacity > largest {
		errs = append(errs, fmt.Errorf("capacity: %d bytes is out of range; 4KiB to 1TiB are accepted", int64(s.Capacity)))
	}
	if s.Banks < 1 || s.Banks > 4096 {
		errs = append(errs, fmt.Errorf("banks: %d is out of range; 1 to 4096 are accepted", s.Banks))
	}
	if s.WordBits < 16 || s.WordBits > 1024 || s.WordBits%16 != 0 {
		errs = append(errs, fmt.Errorf("word_bits: %d is out of range; multiples of 16 from 16 to 1024 are accepted", s.WordBits))
	}
	if s.Memory != BRAM && s.Memory != URAM {
		errs = append(errs, fmt.Errorf("memory: %q is no kind of memory; bram and uram are accepted", s.Memory))
	}
	return errors.Join(errs...)
}

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
	case word.Pace:
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
	of := shareOf(b)
	return [Places]int64{
		InWest: int64(p.West.Capacity), InNorth: int64(p.North.Capacity), InOutput: int64(p.Output.Capacity), InUpdate: int64(p.Update.Capacity),
		InPass: int64(p.Pass.Capacity),
	}[of.place] * of.num / of.den
}
