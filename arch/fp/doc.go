// Package fp is the arithmetic of the units: floating-point operators in Go, bit for bit, and in Verilog, to the bit and the cycle.
//
// # Numbers
//
//   - FP16 and FP32 are those of IEEE 754. An FP16 product is exact in FP32. All else is rounded to FP32 or FP16 on its own, to nearest, ties to even, and never
//     fused. Infinities and signed zeros are as IEEE 754 has them: x - x is +0, and what is half a step beyond the largest number is infinite.
//   - NaN has one form, 7fc00000, in FP16 7e00: operators make no other, whatever came in. A pipeline in Go need not mend NaNs on the way as long as it does so
//     where they leave.
//   - subnormals: ieee keeps them. flush makes zeros of their sign out of subnormal operands, and out of results that are subnormal after rounding; rounding is
//     that of IEEE 754, at the step of the subnormal numbers, so what rounds up to the smallest normal number stays. It is what FPGA vendors' operators do.
//
// # Verilog
//
// Sources are modules of one file each, Verilog-2005, for synthesis and simulation alike:
//
//	fp16_mul      FP16 x FP16 = FP32     the multiplier of a processing element
//	fp32_add      FP32 + FP32            its adder, and that of all other lanes; a difference turns the sign of b
//	fp32_mul      FP32 x FP32            lanes of WUVE, the vector unit and the normaliser
//	fp32_div      FP32 / FP32            WUVE, and the vector unit's work once a row
//	fp32_sqrt     root of FP32           likewise
//	fp32_to_fp16  rounds
//	fp16_to_fp32  widens
//
// A module has no state but its pipeline: operands of cycle t, held before the rising edge that ends it, give y in cycle t + LATENCY. It takes operands in every
// cycle, has no enable and no reset; a bit beside it that says which cycles count is its user's (fp_delay). Parameters:
//
//	LATENCY   registers on the way, from 0. They stand at cuts inside, part of the logic being as long as another: with more registers than cuts some stand
//	          side by side, for a tool that retimes.
//	FLUSH     0: ieee, 1: flush
//	OPEN      1: the last part ends at y, without a register: LATENCY registers make LATENCY+1 parts, and whoever takes y holds it. 0: y is a register.
//
// Latencies in architectures count to the same clock. What is read before an operator or written behind it in the same cycle belongs to the same part: the array's
// add_latency of l is an adder of LATENCY l-1, OPEN, and the accumulator; from l = 4 on one of them is behind the accumulator's read, and the adder has l-2.
//
// The netlist walk of arch/rtl/netlist has, for fp32_add with FLUSH and OPEN: at LATENCY 3 no way longer than 3.9 ns, at LATENCY 4 than 3.1 ns.
//
// # A vendor's adder
//
// stce.add_in: dsp, as by default, counts the array's adders as a vendor's operator in DSP slices. The Verilog has fp32_add, of LUTs. What takes its place, in the
// one instance of an element (adder in arch/stce/rtl/stce_uspe.v), is a module with the ports of fp32_add:
//
//	clk    the one clock, rising edge
//	a      the product, or -0 in a slot that multiplies nothing
//	b      what it is added to: the sum so far, the row's above, a start value, or +0
//	y      the sum, 32 bits, LATENCY cycles after a and b
//
// There is no valid, ready, enable or reset: an operator with handshakes has its valid tied to 1 and never waits, a pair comes in each cycle, and nothing takes an
// answer back. An enable or a reset that an operator has is tied off: the array's reset is held until all that is under way has gone by.
//
//   - LATENCY is that of its instance: ADD_LATENCY less what the element has outside. Outside are the accumulator, which is written by the edge that ends the cycle in which y is there, and from ADD_LATENCY
//     4 on the register of a and b behind the accumulator's read (FETCHED). So it is ADD_LATENCY-1 up to 3, ADD_LATENCY-2 from 4 on: 4 for the default's stce.add_latency
//     of 6. The operator is to be generated with this number, no more. A faster one has registers added in front of it, or behind; a slower one of k cycles, k of 2 or more, wants
//     stce.add_latency: k+2, with which the model, its cycles and its figures are other ones, too.
//   - OPEN is 1 there: y may come from logic, the accumulator being its register. An operator whose y is a register of its own is as good; that register is one of LATENCY.
//   - Rounding: to nearest, ties to even, once. An operator within a unit in the last place is another one, and so is one that is fused with the product.
//   - NaN: 7fc00000 for each NaN operand and for infinities of two signs, as fp32_add gives it; some operators give ffc00000, or an operand's payload. A NaN inside the array stays one whatever
//     its form, so it is enough to mend it where results leave. FP16 results are mended (fp32_to_fp16 gives 7e00 for each NaN); FP32 ones, of tiles that spill, and the port result are not.
//   - Zeros: x - x is +0, -0 + -0 is -0, and +0 + -0 is +0: a slot that multiplies nothing adds -0, which has to leave each sum as it is.
//   - Subnormals: with FLUSH 1 subnormal operands are zeros of their sign, and so are subnormal results; whether that is found before or after rounding is the same for sums, which are
//     exact there. AMD's and Intel's operators are documented to take subnormal operands as zeros. With FLUSH 0 (stce.subnormals: ieee) an operator has to keep them.
//   - Infinities: a sum of half a step beyond the largest number or more is infinite, not the largest number.
//
// fp32_add.v stays for lanes of WUVE, the vector unit and the normaliser: they ask for other latencies, and their estimates are of LUTs whatever add_in says. So the array's instance is renamed, not the file changed.
// testdata/operators.v holds any module with these ports to the bits of this package, and the bench of a bundle (make sim) the array with it. Neither was done: nobody has simulated or
// synthesized a vendor's adder here, and no vendor's tool has read this Verilog. Its LUTs and slices are published figures (arch/fpga).
package fp
