package rtl

import (
	"math"
	"math/rand/v2"

	"github.com/x448/float16"

	"satsim/arch/stce"
)

// Numbers of FP16 that are special each by itself: zeros, subnormals and the smallest normal ones; and those whose products and sums are: 1, -1, the next above 1, 2^-11, 2^-12 and
// zero tie where sums are rounded, to FP16 (1 + 2^-11) and to FP32 (1 + 2^-24).
var (
	tinyHalves  = [...]uint16{0, 0x8000, 1, 0x8001, 0x200, 0x3ff, 0x83ff, 0x400, 0x8400, 0x401}
	tiedHalves  = [...]uint16{0x3c00, 0xbc00, 0x3c01, 0x1000, 0x9000, 0x0c00, 0x8c00, 0}
	wildHalves  = [...]uint16{0x7c00, 0xfc00, 0x7e00, 0xfd01, 0x7bff} // infinities, NaNs, the largest
	startSingle = [...]uint32{0, 0x80000000, 1, 0x80000001, 0x7fffff, 0x800000, 0x3f800000, 0x3f801000, 0x3f803000, 0xbf801000, 0x33800000, 0x38000000, 0x7f7fffff}
	wildSingle  = [...]uint32{0x7f800000, 0xff800000, 0x7fc00000, 0xff800001}
)

// specialOperands puts special numbers into a tile's. A third of the rows and of the columns has them among others, a third only numbers that tie, a third only tiny ones, so
// that there are products of each with each. Of infinities and NaNs there is one of each in the west, as each spoils a row of outputs, and in the start values.
func specialOperands(r *rand.Rand, t stce.Tile, in *stce.Operands) {
	specialLanes(r, in.West, t.Terms())
	specialLanes(r, in.North, t.Kept())
	for _, v := range wildHalves {
		in.West[r.IntN(len(in.West))] = float16.Frombits(v)
	}
	for i := range in.Start {
		if r.IntN(2) == 0 {
			in.Start[i] = math.Float32frombits(startSingle[r.IntN(len(startSingle))])
		}
	}
	if len(in.Start) > 0 {
		in.Start[r.IntN(len(in.Start))] = math.Float32frombits(wildSingle[r.IntN(len(wildSingle))])
	}
}

// specialLanes does so with the numbers of rows, or columns, which are so long each.
func specialLanes(r *rand.Rand, all []float16.Float16, long int64) {
	for i := range all {
		switch lane := int64(i) / long; {
		case lane%3 == 1:
			all[i] = float16.Frombits(tiedHalves[r.IntN(len(tiedHalves))])
		case lane%3 == 2 || r.IntN(4) == 0:
			all[i] = float16.Frombits(tinyHalves[r.IntN(len(tinyHalves))])
		}
	}
}
