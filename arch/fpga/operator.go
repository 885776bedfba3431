package fpga

import "satsim/arch/fp"

// operator is a floating-point operator: LUTs, of those the ones that are shift registers, and DSPs; flip-flops a pipeline stage, and of them those of which a DSP
// slice has its own; and the length of its path in picoseconds.
type operator struct {
	name             string
	lut, memory, dsp Range
	ff               Range
	packed           int64
	deep, left       int64 // beyond so many stages the registers of so many bits may become shift registers
	shortest, ps     int64 // of the path
}

// The operators of the units. Measured ones are those of arch/fp/rtl (package arch/rtl/synthesis, testdata/grid.csv); letters are the sources of package doc.
var (
	mul16     = operator{name: "FP16 multiply", lut: cells(57, 62), ff: Range{28, 37}, packed: 22, deep: 4, left: 32, dsp: exactly(1), shortest: 4400, ps: 8000}
	mul16IEEE = operator{name: "FP16 multiply", lut: cells(126, 165), memory: Range{0, 12}, ff: Range{25, 37}, packed: 22, deep: 4, left: 32, dsp: exactly(1), shortest: 4400, ps: 8000}
	// Assumption: 11 partial products of 11 bits in adders of a LUT a bit, less what compressors save, and exponent and packing.
	mul16Logic     = operator{name: "FP16 multiply in logic", lut: Range{120, 220}, ff: Range{28, 40}, deep: 4, left: 32, shortest: 9000, ps: 14000}
	mul16LogicIEEE = operator{name: "FP16 multiply in logic", lut: Range{180, 330}, memory: Range{0, 12}, ff: Range{28, 40}, deep: 4, left: 32, shortest: 9000, ps: 14000} // as mul16IEEE is above mul16
	// In DSP slices, published: [H] 390; low: assumption, twice the FP16 adder after routing [R], for twice the mantissa. FF: [H] 205 in 4 stages are 51.
	add32     = operator{name: "FP32 add", lut: Range{200, 390}, ff: Range{25, 51}, dsp: exactly(2), shortest: 14000, ps: 22000}
	mul32     = operator{name: "FP32 multiply", lut: cells(122, 154), memory: Range{0, 1}, ff: Range{38, 53}, packed: 29, deep: 5, left: 32, dsp: exactly(2), shortest: 10000, ps: 15000}
	mul32IEEE = operator{name: "FP32 multiply", lut: cells(600, 680), memory: Range{0, 1}, ff: Range{38, 55}, packed: 29, deep: 5, left: 32, dsp: exactly(2), shortest: 10000, ps: 15000}
	// A multiply-add of the vector unit is a mul32 and an adder one after the other.
	fma32      = operator{name: "FP32 multiply-add", shortest: 24000, ps: 37000}
	div32      = operator{name: "FP32 divide", lut: cells(1270, 1300), memory: Range{31, 38}, ff: Range{44, 48}, shortest: 45000, ps: 65000}
	div32IEEE  = operator{name: "FP32 divide", lut: cells(1750, 1900), memory: Range{31, 38}, ff: Range{44, 48}, shortest: 45000, ps: 65000}
	sqrt32     = operator{name: "FP32 square root", lut: cells(675, 705), memory: Range{15, 33}, ff: Range{35, 41}, shortest: 45000, ps: 65000}
	sqrt32IEEE = operator{name: "FP32 square root", lut: cells(970, 1030), memory: Range{15, 33}, ff: Range{35, 41}, shortest: 45000, ps: 65000}
	narrow     = operator{name: "FP32 to FP16", lut: cells(62, 106), ff: Range{16, 18}, shortest: 4000, ps: 7000}
	widen      = operator{name: "FP16 to FP32", lut: cells(26, 27), ff: Range{16, 19}, shortest: 2000, ps: 4000}
)

// adders in logic by registers: from so many on, up to the next. Flip-flops: measured up to 48 a stage; high: as those of an adder in DSP slices, of which none is saved.
type adders []struct {
	from int
	operator
}

func inLogic(lut, memory, ff Range) operator {
	return operator{name: "FP32 add in logic", lut: lut, memory: memory, ff: ff, shortest: 15000, ps: 23000}
}

// The adder by itself, and within a processing element, whose other logic yosys makes together with it. Cut seldom, either takes more.
var (
	addsAlone = adders{
		{0, inLogic(cells(410, 800), Range{0, 2}, Range{34, 53})},
		{4, inLogic(cells(376, 441), Range{0, 10}, Range{36, 51})},
		{5, inLogic(cells(376, 430), Range{0, 10}, Range{36, 51})},
		{6, inLogic(cells(419, 460), Range{10, 16}, Range{36, 51})},
	}
	addsInElement = adders{
		{0, inLogic(cells(410, 800), Range{0, 2}, Range{34, 53})},
		{4, inLogic(cells(405, 432), Range{1, 13}, Range{36, 51})},
		{7, inLogic(cells(440, 464), Range{1, 13}, Range{36, 51})},
	}
)

// of is the adder of so many registers.
func (a adders) of(latency int) operator {
	for len(a) > 1 && a[1].from <= latency {
		a = a[1:]
	}
	return a[0].operator
}

// kept is an operator, or the one that keeps subnormal numbers.
func kept(s fp.Subnormals, flush, ieee operator) operator {
	if s == fp.IEEE {
		return ieee
	}
	return flush
}

// at is the operator with so many stages.
func (o operator) at(latency int) ResourceUse {
	n := int64(latency)
	ff := Range{max(o.ff.Low*n-o.packed*min(n, inSlice), 0), o.ff.High * n}
	memory := o.memory
	if o.left > 0 && n > o.deep {
		memory.High += o.left
	}
	return ResourceUse{LUT: o.lut.plus(memory), LUTMemory: memory, FF: ff, DSP: o.dsp}
}

// logic is a use of LUTs and flip-flops.
func logic(lut, ff Range) ResourceUse { return ResourceUse{LUT: lut, FF: ff} }
