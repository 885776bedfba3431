// Package vector models the vector unit: lanes that do everything that is no product.
//
// # What it is
//
// Lanes work in lockstep on one element each: L elements are a wave. A lane has one pipelined FP32 multiply-add (which also adds,
// multiplies, compares, selects, converts and moves) whose result comes pipeline_latency cycles after its operands, and registers
// for `strip` elements. It does one operation on every element of the strip before the next, so that an operation finds the
// result of the one before:
//
//	strip 3, pipeline_latency 2, a kind of 2 operations, three waves; a digit is a wave
//
//	cycle     0 1 2 3 4 5 6 7
//	first op  0 1 2                 issued; wave 0 is back in cycle 2
//	second op       0 1 2           so it does not wait
//	out                 0 1 2       6 cycles of issue, 8 in all
//
//	the same with one wave: it is back in cycle 2, so cycle 1 is a stall
//
//	cycle     0 1 2 3 4
//	first op  0
//	second op     0
//	out               0             3 cycles of issue, 5 in all
//
// All of this is our assumption: public notes on SAT do not describe such a unit, yet every training step needs one.
//
// # Operations of an element
//
// Ops has one number a kind, derived in the comment beside it from the formula that the kind computes. The rules:
//
//   - A lane-cycle is one multiply-add, or one part of it, or one compare, select, conversion or move.
//   - FP16 becomes FP32 in the read port, and FP32 becomes FP16 in the write port: no lane-cycle.
//   - Work once a channel or once a row (a mean, a root, a reciprocal, a logarithm) is not counted: assumption, rows and channels
//     are long. Sums are kept in a lane, one for each place of the strip, and folded at the end: not counted either.
//   - exp is 2^x with the integer part in the exponent and the fraction in a table of quadratics. GELU, SiLU, sigmoid, tanh and
//     their derivatives are a table of quadratics of their own. Assumption: 64 segments, which is finer than FP16 sees.
//   - Nothing but the kind decides the cost; a maximum and an average pool cost the same.
//
// # Cycles
//
// With W = ceil(elements / lanes) waves, q operations an element, S = strip, and strips of s = S waves (the last one: the rest):
//
//	issue of a strip of s waves = q*s + (q-1) * max(0, pipeline_latency - s)     the wait for wave 0 to come back
//	issue                       = their sum
//	cycles                      = issue + pipeline_latency
//
// The next strip, and the next job, begin right after: they do not need what is still in the pipeline. A job that reads what the
// one before it wrote, and is shorter than the pipeline, must wait for its end; whoever starts it knows that.
//
// # Counts
//
//	operations       = elements*q
//	idle lane-cycles = (W*lanes - elements)*q, of the last wave
//	stall cycles     = issue - W*q
package vector
