// Package netlist reads what yosys' write_json writes of a design that is mapped to cells of the UltraScale+ family, counts the cells and finds the longest
// path between registers.
//
// yosys has no usable report of either: ltp runs through flip-flops, and sta has no arcs of CARRY4, MUXF7 to 9, DSP48E2 and RAM32M16. The walk has, from a table of
// delays (Table) in picoseconds. It knows no placement: every net that leaves a slice costs the same.
//
// # What a path costs
//
//   - A net into a LUT, a clock enable, a reset, a DSP or a memory costs Net. None costs what lies within a slice: a LUT or multiplexer in front of a MUXF7 to MUXF9, a
//     LUT in front of a carry, a carry's next, a LUT, multiplexer or carry in front of its flip-flop. So n LUTs between two flip-flops cost
//     ClockToOut + n*(Net + LUT), setup being zero.
//   - An inverter beside a LUT is taken in by it. Any other is a LUT.
//   - A carry chain costs Carry for each bit that it passes, its own included.
//   - A DSP slice without registers costs Multiply from any input to any output; with an output register it ends a path and begins one.
//   - LUTs as memory read like LUTs, and Memory after the clock; block RAM and UltraRAM begin a path at BlockRAM and UltraRAM.
//
// # Sources
//
// LUT, Net, ClockToOut, Mux and Carry: assumption, chosen on the safe side of a vendor's report for a part one speed grade slower (Vivado 2021.2 of an xczu3eg-1, before
// placement: github.com/gussmith23/lakeroad-evaluation, lpm.futil-ultrascale-timing-opt): 0.093 ns clock to output, 0.040 to 0.122 a LUT, 0.16 to 0.29 a net
// between LUTs, 0.058 from a LUT to its flip-flop, 0.15 to 0.19 from a LUT through the bits of a CARRY8, 0.030 for eight bits more. A test walks that very path: 3.967 ns there, 6.080 ns here.
// Multiply: AMD DS923 (Virtex UltraScale+), 544 MHz for a multiplication between two registers without MREG at grade -2 and 0.85 V: 1.84 ns, the clock to output and setup within it.
// BlockRAM: 0.830 ns from clock to output of a RAMB36E2 in a routed report of an UltraScale+ part (github.com, AutoSA designs), rounded up. Memory and UltraRAM: assumption, as BlockRAM.
package netlist
