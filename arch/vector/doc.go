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
//
// # Verilog
//
// RTL is this unit as hardware, equal to Simulate in every cycle and bit at its ports, in its sums and in its counters. What it has are the programs that Runs takes: those
// of one sweep that sum over columns or windows at most (batch norm, activations, pools, add, mul, bias, moves, and their gradients).
// Softmax, norms of rows, the loss and the gradient check are refused by name. What it fixes:
//
//   - Edges. Everything happens at the rising edge of one clock. "Cycle t" at a port is the time that ends with edge t. Cycle 0 is the first in which a job's operands are
//     asked for: two cycles after its descriptor was taken by a unit that had nothing to do.
//   - Programs, and constants of columns, are written before a job that needs them; a job's descriptor says where they lie, and where its sums do. Columns' constants lie as elements
//     do: of C columns, place k of lane l is that of column (k*L + l) mod C, for C / gcd(C, L) places. A sum's first element makes it new, so nothing is cleared.
//   - Tables of functions are written before a job that needs one, and a job's descriptor says which. A lane holds the coefficients of all of them, and reads two in a cycle.
//   - Jobs. One waits inside while another is under way, and follows it without a bubble. Jobs of no element are not sent.
//   - Operands. in_ready asks for a wave in the first word of its elements, in_valid offers it; a cycle without both is a hold, and may come anywhere. Operands are kept
//     for the words after it. Port 0 brings FP16, or FP32 as the output path has it; the others FP16.
//   - Words that follow one another on a wave wait until the result is back: pipeline_latency cycles, of which half, rounded down, are the multiplier's registers, and the rest the
//     adder's, whose last one is the register file, the sums or the output port. FP16 is rounded behind that register.
//   - Results leave pipeline_latency cycles after their word; there is no way to hold them, so their place is reserved before a job is sent.
//   - Work once a column, and the fold of ways, are the controller's: it reads sums and writes constants between jobs. They are not counted (above).
//   - Reset is synchronous and lasts two cycles at least; data is not reset. Counters have 48 bits and show what was done two cycles before.
package vector
