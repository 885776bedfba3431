// Package microcode is what the vector unit computes: passes as short programs, to the bit. The unit's exact model and training in the machine's
// numerics run the same programs with the same interpreter, so the bits of one are those of the other.
//
// # A word
//
// A word is one operation of a lane on one element: an operator, up to three operands, a destination.
//
//	a, b, c   port(k)      element of operand tensor k, FP16 there, FP32 from the read port on (the output path brings FP32 sums)
//	          register(k)  what an earlier word made of this element
//	          sum(k)       the accumulator that this element belongs to
//	          column(k)    constant of the element's column (its channel)
//	          scalar(k)    constant of its row, or of the whole pass
//	          literal      in the word itself
//	          entry(k)     coefficient k of the segment of a function's table that the last split found
//	          each may have its sign turned or taken off, or be +0 where the element's bit is clear
//	operator  move         a
//	          add          a + c
//	          multiply     a * b
//	          mul_add      a * b + c: the product is rounded, then the sum, as a multiplier and an adder in series do; never fused
//	          larger       a where a > c, else c; the bit is a > c
//	          clamp        a where b < a < c, else b where a <= b or a is no number, else c; the bit is b < a < c
//	          split        the place of a in the table; the result is how far a is into its segment
//	          pick         a where the last split was inside the table, else what the function is beyond that end: a constant, or b
//	          divide, root a / b, the root of a: only in work once a column or row
//	to        register(k), sum(k), column(k), scalar(k), or out(k): FP16 where it leaves
//	bit       the operator's bit leaves beside it
//	raise     the result's exponent is raised by the whole part of the last split; what has no normal number left is +0
//
// All arithmetic is FP32, rounded to nearest, ties to even, as package arch/fp has it; with flush, subnormal operands and results are zeros of their sign.
//
// # The graph of a lane
//
// There is one, so it gives latency and area alike, and every word takes it:
//
//	ports, registers, sums, constants -> sign, gate -> [multiplier] -> [adder, compare, select] -> raise -> register, sum, FP16 -> port
//
// A word that has no product passes the multiplier by, one that has no sum the adder, in the same time: latency = multiplier + adder, and a new word is
// issued every cycle. Words of one element that need each other's results are that latency apart. Passes are programs of these words only:
// what an element of a pass takes is the number of its words.
//
// # A program
//
// A pass is a matrix of rows and columns: a row is a position, or a token; a column is a channel, or what else is next to it in memory. A program has
//
//	before    words once a column, before the first element
//	sweeps    words an element; every sweep goes over a row, all of it before the next sweep. Registers are kept from sweep to sweep
//	between   words once a row, after each sweep
//	after     words once a column, after the last element
//
// Ways of a sum. No adder is fast enough to add an element every cycle to the same number, so a sum has several accumulators, and adding them up is a
// fold. How many there are is fixed for each program, so it does not depend on lanes, latency, tiles or threads:
//
//	over columns   way j of a channel adds rows j, j+32, j+64, ... one after another, then the 32 ways are folded
//	over rows      way j of a row adds its elements j, j+256, ... one after another, then the 256 ways are folded
//	window         one way: the taps of a window, the copies of a repeated operand, the tokens of a table's row, in ascending order
//
// An accumulator begins at +0 (a largest one at -infinity). A fold of ways is by halves: of n ways, with h the largest power of two below n, way j takes way j+h
// for all j < n-h; then the same with h ways, down to one. A way without an element changes nothing.
//
//	six numbers in ways of 4:   way 0: x0 + x4   way 1: x1 + x5   way 2: x2   way 3: x3      (each from +0)
//	fold                        ((x0+x4) + x2) + ((x1+x5) + x3)
//
// # Assumptions
//
// Functions (2^x, GELU, ...) are tables of 64 quadratics through both ends and the middle of each segment, with coefficients rounded to FP32. A quotient by a number of
// elements is a product with its reciprocal, rounded once.
package microcode
