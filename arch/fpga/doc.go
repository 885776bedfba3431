// Package fpga estimates what the units take of an FPGA of the UltraScale+ family: LUTs, LUTs used as memory, flip-flops, DSP
// slices, block RAMs and UltraRAMs, each as an interval, before placement and routing.
//
// # What is counted
//
// Every unit is charged at the maxima that it is built for (rows, cols, max_n, max_m, max_interleave, latencies, link width, lanes,
// buffer shapes), whatever a recipe uses of it. An interval's ends belong together: at the low end every part is as small as the
// sources have it, at the high end as large. Not counted: a host shell (PCIe, its DMA), debug logic. Nothing is said about timing
// beyond Clock, and nothing at all about crossing dies.
//
// # What is measured
//
// The array, SORE, WUVE, the vector unit and the normaliser, with the readers and writers that feed and drain all but the array, are what yosys makes of their Verilog, module by module (package arch/rtl/synthesis, testdata/grid.csv, with its command beside it), and a formula
// for each module that holds every point of that table (a test). Its low ends are corrected for what a vendor's tool does and yosys does not (measured.go: LUTs in pairs, LUTs
// of one input, registers within DSP slices); its high ends are as counted. What has no Verilog (buffers, memory ports, controller) is by the
// sources below.
//
// Readers hide the cycles in which a buffer answers, of which no architecture says how many: an interval is over one to three. What of a word of WUVE no lane reads, or gives, with the optimiser that
// it is built for, may be left out at the low end. WUVE's reader and writers, the normaliser's, and the vector unit's writers, have one word a row, which their modules tie (start_words of wuve_fed, norm_fed and
// vector_fed is 1): in one netlist the two registers of two bits that count words may fold away, but the grid has modules alone, so these four flip-flops a port are in the low end, too.
//
// # Sources
//
//   - [R] Utilisation after routing of the vendor's floating-point operators (Floating-Point Operator 7.1) on an XCZU7EV-2, Vivado 2022.2, as
//     published with "generic-accelerator-artifact" (github.com/NicolasDerumigny, baselines/center-reduced-max-sharing, utilisation by
//     hierarchy): FP16 add, latency 1: 98 LUT, 2 DSP.
//   - [H] Estimates of the vendor's synthesis library: FP32 add, latency 4: 390 LUT, 205 FF, 2 DSP (Vitis HLS 2023.2, 7 series:
//     github.com/xiongxiongz/hls_cluster_nms); FP16 add: 113 LUT, 94 FF, 2 DSP (Vitis HLS 2022.2, UltraScale+, the artifact of [R]).
//   - [P] Xilinx PG060, Floating-Point Operator: usage of DSP slices is a choice (none, medium, full, max); latencies up to 12 (FP32
//     add in logic; 11 with DSPs), 9 (FP32 multiply), 28 (FP32 divide, root). Its resource figures are web tables that were not at hand.
//   - [M] Xilinx UG573, UltraScale memory resources: block RAM of 36 Kb as 512x72, 1Kx36, 2Kx18, 4Kx9, 8Kx4, 16Kx2, 32Kx1 (one write, one read
//     port); UltraRAM of 288 Kb as 4Kx72 only.
//   - [C] Xilinx UG574, UltraScale CLB: a LUT is any function of 6 inputs, so a multiplexer 4:1; F7, F8, F9 join up to 8 LUTs to 32:1 without
//     more LUTs; 8 LUTs are a RAM of 32x14 or 64x7 bits with one write and one read port; a LUT is a shift register of 32 bits with a
//     read address.
//   - [D] Xilinx UG579, DSP48E2: multiplies 27x18, so the 11x11 of FP16 takes one slice, the 24x24 of FP32 two; registers of its own for operands, product and output.
//
// What none of them states is an assumption, written as such beside the number. Assumptions are ranges of a factor of two or so.
//
// # A processing element
//
//	part            bits                        built as
//	multiplier      FP16 x FP16, exact          1 DSP
//	adder           FP32                        stce.add_in: dsp: 2 DSP, published ([R], [H], [P]); logic: LUTs, measured
//	group storage   2 I M operands of 16        one bank an operand of the link word, one read a cycle
//	weights         2 I N of 16 + index         one write, one read a cycle
//	accumulators    I of 32, I that leave, and I that start (preload: shadow)
//	links           16 w west, 16 + index north, 32 south, orders
//
// With M = 1 there is no selector, and the group storage is the 2 I operands that interleaving over T keeps: the dense-only array. A link as wide as no power of two is charged as
// if choosing among its operands took no division.
//
// # What fits
//
// A design fits if the high end of every estimate is within a limit, which is less than the board has: four fifths, for a design that fills its LUTs does not route at the clock
// that it was made for (limits.go has the reasons and sources). It does not fit if a low end is beyond its limit; between the two, nothing is decided.
//
// # Buffers
//
// A bank of W bits and D words takes ceil(W/72) ceil(D/4096) UltraRAMs, or of block RAM the shape that takes fewest. The low end packs all
// banks side by side into words of 72 bits, the high end gives every bank its own.
//
// # Clock
//
// A pipelined operator of latency L on its path of T ns closes no clock faster than L/T. T (assumption, from the latencies that [H] picks: 4
// at 7.3 ns for the FP32 adder on a 7-series part of the slowest grade, half of that on UltraScale+): FP16 multiply 4.4 to 8 ns (measured: two stages of 4.0 ns by the netlist's delays, of which a vendor's report has two thirds; one of 6.7),
// FP32 add 14 to 22, FP32 multiply 10 to 15, divide and root 45 to 65, convert 4 to 7. Clock reports who cannot follow even at the
// low end, and who cannot at the high end.
//
// # The dense-only baseline
//
// DenseOnly finds the most processing elements without selectors, indices and SORE that fit into what an accelerator takes, at
// one end of the estimates, whatever its own adders are built of: as few of the baseline's multipliers and adders are of logic [P] as the DSP slices ask for, to spend
// the LUTs that it saves.
package fpga
