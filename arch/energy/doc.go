// Package energy turns action counts into joules with bounds: counts x table.
//
// # Counts
//
// Everything that costs energy is an Action with an integer count: operations, words that move, bits of a buffer or of the DRAM, and cycles of
// whatever takes power as long as it is there. Counts of parts add up exactly to those of the whole; joules are made from counts at the
// end, action by action in the order of the list, so that equal counts give equal joules to the last bit.
//
//	unit     counted                                                              assumption
//	stce     multiplies, adds, selections, words over links, registers written    an operand hop is an operand that arrives at a PE and is written
//	                                                                              to its group; an addition reads and writes one accumulator
//	sore     comparisons, pairs that leave
//	wuve     multiplies, adds, divides, roots, conversions
//	vector   lane-operations
//	buffers  bits read and written, by buffer                                     links that share a memory (north and dense north) count for it
//	dram     activates (thousandths: an estimate of the fast model), bits moved   whole bursts, useful or not
//	clock    flip-flop cycles: flip-flops of the design x cycles                  the middle of the estimate of package fpga
//	idle     PE-cycles and lane-cycles without an action, over the whole time
//	power    cycles, or channel-cycles, of what draws power: energy = count x watts / clock
//
// So with no power and no idle energy in the table, and equal counts, energy does not depend on the clock.
//
// # Table
//
// A table has an entry an action: value, low and high, the unit that they are for (and of how many of it), technology, source, and the name
// of a correlation group. Actions without an entry cost nothing, and every report names them.
//
// # Bounds
//
// The entries of one group move together: all at their low, all at their value or all at their high. Entries without a group move alone. Groups
// move independently, each anywhere on the way from low through value to high.
//
//	joules  a sum of increasing functions: lowest with all groups low, highest with all high
//	ratio   E(a)/E(b) with the same table on both sides. Along one group's way, all others fixed, numerator and denominator are linear
//	        between low, value and high, and a quotient of two linear functions is monotonic. So the extremes lie where every group is at
//	        its low, value or high. Ratio finds them among all 3^groups corners by Dinkelbach's iteration: r is the maximum of A/B if
//	        and only if the maximum of A - rB is 0, and that is a maximum group by group.
//
// A ratio whose interval holds 1 decides nothing; its verdict is "undecided".
package energy
