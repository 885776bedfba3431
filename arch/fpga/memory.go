package fpga

import (
	"satsim/arch/buffer"
	"satsim/arch/memory"
)

// blockShapes are the words and bits of a 36 Kb block RAM with one write and one read port.
var blockShapes = [...]struct{ words, bits int64 }{{512, 72}, {1024, 36}, {2048, 18}, {4096, 9}, {8192, 4}, {16384, 2}, {32768, 1}}

// Blocks is how many block RAMs a memory of words x bits takes.
func Blocks(words, bits int64) int64 {
	best := int64(0)
	for _, s := range blockShapes {
		if n := ceil(words, s.words) * ceil(bits, s.bits); best == 0 || n < best {
			best = n
		}
	}
	return best
}

// Ultras is how many UltraRAMs a memory of words x bits takes.
func Ultras(words, bits int64) int64 { return ceil(words, 4096) * ceil(bits, 72) }

// bank is a buffer: its memory, and a multiplexer and address for each bank.
func banked(name string, s buffer.Geometry) Part {
	banks, bits := int64(s.Banks), int64(s.WordBits)
	words := ceil(int64(s.Capacity)*8, banks*bits)
	count, r := Ultras, URAM
	if s.Memory == buffer.BRAM {
		count, r = Blocks, BRAM
	}
	single, together := banks*count(words, bits), count(words, banks*bits)
	var u ResourceUse
	u[r] = Range{min(single, together), max(single, together)}
	// A bank's address, enables and write data register (assumption: 10 to 40 LUTs); rotation of the words between banks and lanes is a
	// barrel shifter of log4(banks) levels, a LUT a bit each, in one direction at the low end and in both at the high end.
	levels := ceil(bitsFor(banks), 2)
	rotate := banks * bits * levels
	u[LUT] = Range{10*banks + rotate, 40*banks + 2*rotate}
	u[FF] = Range{(bits + 16) * banks, 2*(bits+16)*banks + 2*rotate}
	return Part{Unit: "buffers", Name: name, Use: u}
}

func buffers(p buffer.Params) []Part {
	return []Part{
		banked("west", p.West), banked("north", p.North), banked("output", p.Output), banked("update", p.Update), banked("pass", p.Pass),
	}
}

// ports are the controllers and data movers of the off-chip memory.
func ports(p memory.Params) []Part {
	n := int64(p.Channels)
	var ctrl ResourceUse
	if p.Technology == memory.DDR4 {
		// Assumption: a controller for a 72-bit DIMM and its calibration, about what the vendor's (PG150) is known to take.
		ctrl = ResourceUse{LUT: Range{10000, 20000}, LUTMemory: Range{1000, 3000}, FF: Range{12000, 25000}, DSP: exactly(3), BRAM: Range{25, 30}}
	} else {
		// HBM2's controllers are hard; assumption: a register slice of its AXI port.
		ctrl = logic(Range{300, 1000}, Range{1000, 3000})
	}
	// A data mover each: two directions of the port's width registered and aligned to words of 16 bits at the high end, addresses of five
	// loops (assumption: 500 to 2,000 LUTs), a clock crossing of 32 words each way.
	width := int64(p.PortWidthBits)
	fifo := ResourceUse{LUT: exactly(2 * lutRAM(32, width)), LUTMemory: exactly(2 * lutRAM(32, width)), FF: exactly(2 * width)}
	mover := fifo.Plus(logic(Range{500, 2000 + 2*width*ceil(bitsFor(width/16), 2)}, Range{2*width + 500, 4*width + 2000}))
	return []Part{
		{Unit: "memory ports", Name: "controllers", Use: ctrl.Times(n)},
		{Unit: "memory ports", Name: "data movers", Use: mover.Times(n)},
	}
}
