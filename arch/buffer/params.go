package buffer

import (
	"errors"
	"fmt"

	"satsim/arch/word"
	"satsim/internal/quantity"
)

// Params are the capacities of the buffers.
type Params struct {
	West   quantity.Bytes `yaml:"west"`
	North  quantity.Bytes `yaml:"north"`
	Output quantity.Bytes `yaml:"output"`
	Update quantity.Bytes `yaml:"update"`
	Pass   quantity.Bytes `yaml:"pass"`
}

// Default fits an XCVU9P (75.9 Mb of block RAM, 270 Mb of UltraRAM: Xilinx DS890) with room to spare; the split is an assumption.
func Default() Params {
	return Params{West: 2 << 20, North: 2 << 20, Output: 4 << 20, Update: 2 << 20, Pass: 1 << 20}
}

const smallest, largest = 4 << 10, 1 << 40

// Validate names every capacity that is out of range.
func (p Params) Validate() error {
	var errs []error
	for _, b := range []struct {
		key string
		v   quantity.Bytes
	}{{"west", p.West}, {"north", p.North}, {"output", p.Output}, {"update", p.Update}, {"pass", p.Pass}} {
		if b.v < smallest || b.v > largest {
			errs = append(errs, fmt.Errorf("%s: %d bytes is out of range; 4KiB to 1TiB are accepted", b.key, int64(b.v)))
		}
	}
	return errors.Join(errs...)
}

// Capacity of a link's buffer in bytes. Parts of a buffer have fixed shares, so that no two lanes compete for space:
// a parameter of momentum has 8 bytes of master and state in and out, 2 of FP16 and at 2:8 about 1.5 of copies.
func (p Params) Capacity(b word.Buffer) int64 {
	switch b {
	case word.West:
		return int64(p.West)
	case word.North:
		return int64(p.North) * 3 / 4
	case word.DenseNorth: // read by SORE when weights are pruned at each fetch
		return int64(p.North) / 4
	case word.Output:
		return int64(p.Output) * 3 / 4
	case word.OutPath:
		return int64(p.Output) / 4
	case word.State, word.StateOut:
		return int64(p.Update) * 3 / 8
	case word.Updated, word.Copies:
		return int64(p.Update) / 8
	case word.Pace: // tokens, no data: the array may be this far ahead of the passes beside it
		return 2
	default:
		return int64(p.Pass) / 2
	}
}
