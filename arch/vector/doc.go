// Package vector models the vector unit: lanes that do everything that is no product.
//
// # What it is
//
// Lanes work in lockstep on one element each: L elements are a wave. A lane is a multiplier and an adder in series (which also compares,
// selects, converts and moves) whose result comes pipeline_latency cycles after its operands, and registers
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
// What a lane does is a program of package internal/microcode, which says to the bit what a word reads, computes and writes, and in which order sums are
// taken; a kind of work has one program, or several of as many words (Programs). An operation is a word, and Ops has the number of words of each kind, whose
// derivation stands beside it. Training in the machine's numerics runs the same programs.
//
//   - FP16 becomes FP32 in the read port, and FP32 becomes FP16 in the write port: no lane-cycle.
//   - Work once a channel or once a row (a mean, a root, a reciprocal, folds of sums) is in the program, but not counted: assumption, rows and channels
//     are long.
//   - Nothing but the kind decides the cost; a maximum and an average pool cost the same.
//   - Every program's result is rounded to FP16 where it leaves, even if the next program of the output path takes it at once: nothing but that is fused.
//
// # Elements, columns and sums
//
// Elements come in the order of memory, in rows of C columns (channels, or what else is last): element e is in lane e mod L of wave e / L, and belongs to column
// e mod C. A sum over columns has 32 ways (package microcode), so it lies in accumulator (e / L) mod (32*C / L) of its lane: if L divides 32*C, a sum
// stays in its lane, and if 32*C / L is no less than pipeline_latency, no word waits for a sum. For a window, the feeder brings tap after tap of C outputs,
// and the same holds with one way. The exact model refuses what is narrower; the closed form takes it as if it were not.
//
// A tile of a pass begins at a row that is a multiple of 32, and tiles come in ascending order, so that sums do not depend on tiles.
//
// Programs over rows (softmax, norms of rows, loss) begin a sweep with what the sweep before made of the row. Their strips hold whole rows, and the exact model
// takes the fold of a row as done by then: assumption, a second strip's words fill that time. Rows that do not fill a strip, and rows longer
// than it, are charged as if they did: the exact model refuses them, and there is no Verilog of these programs for the same reason.
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
