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
// Latencies in architectures count to the same clock. What is read before an operator or written behind it in the same cycle belongs to the same part: a unit's
// add_latency of l is an adder of LATENCY l-1, OPEN, and the accumulator.
//
// The netlist walk of arch/rtl/netlist has, for fp32_add with FLUSH and OPEN: at LATENCY 3 no way longer than 3.9 ns, at LATENCY 4 than 3.1 ns.
package fp
