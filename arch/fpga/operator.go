package fpga

// operator is a floating-point operator: LUTs and DSPs, flip-flops a pipeline stage, and the length of its path in picoseconds.
type operator struct {
	name         string
	lut, ff, dsp Range
	shortest, ps int64 // of the path
}

// The operators of the units. Letters are the sources of package doc.
var (
	// [R] 33 LUT, [H] 34; high: the exact FP32 result's exponent and flushed subnormals (assumption). FF: [H] 64 in 3 stages are 21.
	// DSP: [D] 1, [H] 2.
	mul16 = operator{name: "FP16 multiply", lut: Range{33, 100}, ff: Range{10, 22}, dsp: Range{1, 2}, shortest: 8000, ps: 12000}
	// Assumption: 11 partial products of 11 bits in adders of a LUT a bit, less what compressors save, and exponent and packing.
	mul16Logic = operator{name: "FP16 multiply in logic", lut: Range{120, 220}, ff: Range{20, 40}, shortest: 9000, ps: 14000}
	// [H] 390; low: assumption, twice the FP16 adder after routing [R], for twice the mantissa. FF: [H] 205 in 4 stages are 51.
	add32 = operator{name: "FP32 add", lut: Range{200, 390}, ff: Range{25, 51}, dsp: exactly(2), shortest: 14000, ps: 22000}
	// Assumption: the shifts of add32 and what its DSPs did, 27 bits of adder and a leading-zero count.
	add32Logic = operator{name: "FP32 add in logic", lut: Range{330, 550}, ff: Range{32, 60}, shortest: 15000, ps: 23000}
	// [H] 321 LUT, 143 FF in 3 stages, 3 DSP; low: [D] two slices, and LUTs as in the FP16 multiplier after routing, for twice the
	// mantissa (assumption).
	mul32 = operator{name: "FP32 multiply", lut: Range{80, 321}, ff: Range{20, 48}, dsp: Range{2, 3}, shortest: 10000, ps: 15000}
	// A multiply-add of the vector unit is a mul32 and an add32 one after the other.
	fma32 = operator{name: "FP32 multiply-add", shortest: 24000, ps: 37000}
	// Assumption: 26 rows of 26 bits, a LUT a bit, and exponent and rounding; the FP16 divider [R] has 280 LUT for 13 rows of 13.
	div32 = operator{name: "FP32 divide", lut: Range{750, 1300}, ff: Range{45, 75}, shortest: 45000, ps: 65000}
	// Assumption: half a divider, as rows grow from 2 to 26 bits; the FP16 root [R] has 127 LUT against the divider's 280.
	sqrt32 = operator{name: "FP32 square root", lut: Range{400, 700}, ff: Range{30, 50}, shortest: 45000, ps: 65000}
	// Assumption: a shift, a rounding add and selection of special cases.
	narrow = operator{name: "FP32 to FP16", lut: Range{50, 130}, ff: Range{16, 32}, shortest: 4000, ps: 7000}
	// [R] 15; high: assumption.
	widen = operator{name: "FP16 to FP32", lut: Range{15, 40}, ff: Range{16, 32}, shortest: 2000, ps: 4000}
)

// at is the operator with so many stages.
func (o operator) at(latency int) ResourceUse {
	return ResourceUse{LUT: o.lut, FF: o.ff.times(int64(latency)), DSP: o.dsp}
}

// logic is a use of LUTs and flip-flops.
func logic(lut, ff Range) ResourceUse { return ResourceUse{LUT: lut, FF: ff} }
