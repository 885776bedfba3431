package netlist

import "fmt"

// Counts are cells of a netlist by what they take of an FPGA.
type Counts struct {
	LUT      [7]int // by inputs, 1 to 6; [0]: inverters, which are absorbed by whatever follows
	Mux      int    // MUXF7 to MUXF9
	CarryBit int    // bits of carry chains: a CARRY4 has four
	FF       int
	Memory   int // LUTs as RAM or shift register
	DSP      int
	BRAM18   int // half block RAMs: a RAMB36 is two
	URAM     int
}

// LUTs are all that compute, inverters left out.
func (c Counts) LUTs() int {
	n := 0
	for _, l := range c.LUT[1:] {
		n += l
	}
	return n
}

// memories are LUTs of a cell of memory: what it stores and how many ports it has (UG574, table of distributed RAM). RAM32M and RAM64M are of
// four LUTs, RAM32M16 and RAM64M8 of the eight of a slice.
var memories = map[string]int{
	"RAM32X1S": 1, "RAM32X1D": 2, "RAM64X1S": 1, "RAM64X1D": 2, "RAM128X1S": 2, "RAM128X1D": 4, "RAM256X1S": 4, "RAM256X1D": 8, "RAM512X1S": 8,
	"RAM32M": 4, "RAM64M": 4, "RAM32M16": 8, "RAM64M8": 8, "RAM64X8SW": 8, "RAM32X16DR8": 8,
	"SRL16E": 1, "SRLC16E": 1, "SRLC32E": 1,
}

// Count counts the cells.
func (n *Netlist) Count() (Counts, error) {
	var c Counts
	for i := range n.Cells {
		cell := &n.Cells[i]
		switch k := kindOf(cell); k {
		case lut:
			c.LUT[inputsOf(cell.Type)]++
		case mux:
			c.Mux++
		case carry:
			c.CarryBit += carryBits(cell.Type)
		case flipflop:
			c.FF++
		case memory, shift:
			c.Memory += memories[cell.Type]
		case dsp:
			c.DSP++
		case block:
			c.BRAM18 += 1
			if cell.Type == "RAMB36E2" {
				c.BRAM18++
			}
		case ultra:
			c.URAM++
		case constants:
		case unknown:
			return c, fmt.Errorf("counting cells of %q: %q is a %q, which is not known", n.Name, cell.Name, cell.Type)
		}
	}
	return c, nil
}
