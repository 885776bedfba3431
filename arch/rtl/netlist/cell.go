package netlist

import "strings"

// kind is what a cell is to paths.
type kind int

const (
	unknown kind = iota
	lut
	mux
	carry
	flipflop
	memory // LUTs as RAM
	shift  // LUTs as shift register
	dsp
	block
	ultra
	constants
)

func kindOf(c *Cell) kind {
	switch c.Type {
	case "LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6", "INV":
		return lut
	case "MUXF7", "MUXF8", "MUXF9":
		return mux
	case "CARRY4", "CARRY8":
		return carry
	case "FDRE", "FDSE", "FDCE", "FDPE":
		return flipflop
	case "SRL16E", "SRLC16E", "SRLC32E":
		return shift
	case "DSP48E2":
		return dsp
	case "RAMB18E2", "RAMB36E2":
		return block
	case "URAM288", "URAM288_BASE":
		return ultra
	case "GND", "VCC":
		return constants
	}
	if _, ok := memories[c.Type]; ok {
		return memory
	}
	return unknown
}

func inputsOf(lut string) int {
	if lut == "INV" {
		return 0
	}
	return int(lut[3] - '0')
}

func carryBits(cell string) int { return int(cell[5] - '0') }

// clock says whether a pin is a clock.
func clock(pin string) bool {
	switch pin {
	case "C", "CLK", "WCLK", "CLKARDCLK", "CLKBWRCLK":
		return true
	}
	return false
}

// launches says whether an output begins a path at the clock, and after which time.
func launches(c *Cell, k kind, t *Table) (int, bool) {
	switch k {
	case flipflop:
		return t.ClockToOut, true
	case memory, shift:
		return t.Memory, true
	case block:
		return t.BlockRAM, true
	case ultra:
		return t.UltraRAM, true
	case dsp:
		return t.ClockToOut, registered(c)
	case unknown, lut, mux, carry, constants:
	}
	return 0, false
}

// registered says whether a DSP slice has registers of its own. yosys packs none here; a netlist that has them is cut at the slice, for which stage it is does not matter
// as long as Multiply is below the clock.
func registered(c *Cell) bool {
	return c.set("PREG") || c.set("MREG") || c.set("AREG") && c.set("BREG")
}

// arc is the delay from bit i of an input to bit o of an output, if there is one.
func arc(c *Cell, k kind, in string, i int, out string, o int, t *Table) (int, bool) {
	switch k {
	case lut:
		return t.LUT, true
	case mux:
		return t.Mux, true
	case carry:
		if in == "CI" || in == "CYINIT" {
			return (o + 1) * t.Carry, true
		}
		// A bit's own DI reaches its carry, not its sum.
		if o < i || o == i && out == "O" && in == "DI" {
			return 0, false
		}
		return (o - i + 1) * t.Carry, true
	case memory:
		return t.LUT, reads(in, out)
	case shift:
		return t.LUT, strings.HasPrefix(in, "A") && !strings.HasPrefix(out, "Q15") && !strings.HasPrefix(out, "Q31")
	case dsp:
		return t.Multiply, !registered(c)
	case unknown, flipflop, block, ultra, constants:
	}
	return 0, false
}

// reads says whether an address reads an output: ADDRB reads DOB, DPRA3 reads DPO, A3 reads O or SPO.
func reads(in, out string) bool {
	switch {
	case strings.HasPrefix(in, "ADDR"):
		return strings.TrimPrefix(in, "ADDR") == strings.TrimPrefix(out, "DO")
	case strings.HasPrefix(in, "DPRA"):
		return out == "DPO"
	case strings.HasPrefix(in, "A"):
		return out == "O" || out == "SPO"
	}
	return false
}

// net is the delay of a net between two cells: nothing within a slice.
func net(from kind, to kind, pin string, t *Table) int {
	logic := from == lut || from == mux
	switch {
	case to == mux && pin != "S" && logic,
		to == carry && from == lut && (pin == "S" || pin == "DI"),
		to == carry && from == carry && pin == "CI",
		to == flipflop && pin == "D" && (logic || from == carry):
		return 0
	}
	return t.Net
}
