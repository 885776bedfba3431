// Package vector models the vector unit: lanes that do everything that is no product, and weight gradients of depthwise convolutions where the scheduler wants them to.
//
// # What it is
//
// Lanes work in lockstep on one element each: L elements are a wave. A lane is a multiplier and an adder in series (which also compares,
// selects, converts and moves) whose result can be used pipeline_latency cycles after its operands, and registers
// for `strip` elements. It does one operation on every element of the strip before the next, so that an operation finds the
// result of the one before:
//
//	strip 3, pipeline_latency 2, a kind of 2 operations, three waves; a digit is a wave
//
//	cycle     0 1 2 3 4 5 6 7
//	first op  0 1 2                 issued; wave 0 is back in cycle 2
//	second op       0 1 2           so it does not wait
//	made                0 1 2       6 cycles of issue, 8 until all is made, 11 until it has left
//
//	the same with one wave: it is back in cycle 2, so cycle 1 is a stall
//
//	cycle     0 1 2 3 4
//	first op  0
//	second op     0
//	made              0             3 cycles of issue, 5 until it is made, 8 until it has left
//
// What enters passes one register more, and what leaves is rounded in two: three cycles (portLatency) in which a job is under way and for which no word waits.
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
//   - Work once a channel (a mean, a root, folds of sums) is in the program, but not counted: assumption, channels are long. Work once a row is: below.
//   - Nothing but the kind decides the cost; a maximum and an average pool cost the same.
//   - Every program's result is rounded to FP16 where it leaves, even if the next program of the output path takes it at once: nothing but that is fused.
//
// # Elements, columns and sums
//
// Elements come in the order of memory, in rows of C columns (channels, or what else is last): element e is in lane e mod L of wave e / L, and belongs to column
// e mod C. A sum over columns has 32 ways (package microcode), and a lane has places for constants and for sums (constants, sums). Columns lie in place, one row behind the other,
// if L divides 32*C, so that each sum stays in its lane, and if there is room: for 32*C / L sums, and for C / gcd(C, L) constants, of what the work has. With lanes that are a power of two up to 32 that is
// a matter of room alone. Other rows begin with a wave: W = ceil(C / L) waves each, with idle lanes in the last, 32*W sums and W constants. Where there is no room for these either, the work is cut: the
// first columns of all rows, as many as there is room for, then the next ones. Each piece is a job by itself, in place if it can be. Of a window's sums the feeder brings tap after tap of R results; each tap begins
// with a wave, and what has more waves than there are sums, or constants, is cut into pieces of as many waves each, or one more.
//
// So a sum comes round after T waves of its word: 32*C / L, 32*W, or ceil(R / L). Where that is sooner than the adder is done, the sequencer waits for the rest of the pipeline each time that sums come round
// and the same word goes on: within a strip, and from strip to strip if an element has no other word.
//
//	lanes 4, pipeline_latency 3, 2 results of 4 taps: T = 1; a digit is a tap, - a wait
//
//	cycle  0 1 2 3 4 5 6 7 8 9
//	       0 - - 1 - - 2 - - 3     two lanes, and two that are idle
//
// A job says how many columns it has, or taps; one that does not is in place. Words of a step do not say it, but of rows (package word). The closed form takes rows, and windows, that a tile cuts as shorter ones.
//
// A tile of a pass begins at a row that is a multiple of 32, and tiles come in ascending order, so that sums do not depend on tiles.
//
// # Rows
//
// Programs over rows (softmax, norms of rows, loss, the gradient check) do work once a row between their sweeps. A row begins with a wave, so of C elements it takes
// W = ceil(C / lanes) waves, and a strip holds k = max(1, strip / W) whole rows: a row longer than a strip is one by itself. Way j of a row's sum is in lane j mod lanes of
// its wave j / lanes: V = min(W, floor(256 / lanes)) waves of each row, one at least, have sums of their own. A column's sum over rows lies where its row's wave does, 32 of each.
//
// After a sweep, the totals that the work once a row reads are folded, in the lanes, by the adders that they have: on each level of halves, first of waves and then of lanes, wave after wave, of each
// total, of each row, a lane adds its own sum of a wave above, or that of a lane above it. A half is the largest power of two below what is left. So powers of two of lanes all make the same bits, that is by
// halves of ways, and other numbers of lanes their own. Then a scalar unit, one for all lanes, does the words once
// a row, each on all rows: a multiplier, an adder and comparator, a divider and a root, whose results come pipeline_latency, or divide_latency, cycles after their word. Lanes
// rest meanwhile: assumption, a second strip in other registers would fill that time and cost as many files again.
//
//	lanes 4, pipeline_latency 2, rows of 10: 3 waves, of which k = 2 are in a strip of 6; a digit is a row, - a wait
//
//	a total's 10 ways   level of 8: 2 ways, in the row's first wave      0 1
//	                    level of 4: a wave                               0 1
//	                    levels of 2 and 1: lanes                         0 1 0 1
//
// # Cycles
//
// Between two words on the elements of a strip, the sequencer waits as many cycles as the pipeline is longer than the strip's waves, so that the first wave is back. Around a
// level of a fold, and around words once a row, it waits as many as the pipeline is longer than what it does of one wave: a row each, or the totals of each. After a quotient
// or a root it waits for that, and until no shorter result can come with it.
//
// With count_rows off, the closed form takes rows as if they were elements alone, packed, and their folds and work once a row as done by the time that they are needed: other
// work would fill it. No model of registers is so.
//
// With w waves (ceil(elements / lanes), if rows and taps begin with none), q operations an element, a of them into sums over columns or windows, S = strip, P = pipeline_latency, D = divide_latency, [x] = max(0, x), and strips of s = S waves (the last one: the
// rest), or of s = k*W:
//
//	words on a strip           = q*s + (q-1) * [P - s]
//	a sum over a row           + k * (ceil(W / V) - 1) * [P - V]     when it comes round before the adder is done: W > V
//	a sum over columns         + [P - T] when it comes round: of a job a * (floor((w-1) / T) - floor((w-1) / lcm(T, s))) times, and floor((w-1) / T) if q = 1
//	fold of t totals, levels l = [P - k] + sum of t*k*ceil(ways added / lanes) + (l-1) * [P - t*k] + [P - k]
//	a word once a row          = k + [P - k], of a quotient or a root k + [D - min(k, P)]; after the last word of a strip nothing waits
//	issue                      = their sum
//	cycles                     = issue + P + 3
//
// q-1 is of each sweep. The next strip, and the next job, begin right after: they do not need what is still in the pipeline. A job that reads what the
// one before it wrote, and is shorter than the pipeline, must wait for its end; whoever starts it knows that. The closed form takes rows that a tile cuts as shorter ones.
//
// # Products
//
// Of a depthwise convolution's weight gradients each is a sum over positions of an input and a gradient of one channel: a multiply-add an element, two operands, one word
// (microcode.MulRepeats). The feeder takes inputs from the west buffer and gradients from the north buffer, as the array does; it goes position by position, at each tap
// by tap, and brings all channels of the tile at that tap, padding as zeros. So a position is a round over all sums: that of tap k and channel c lies in lane c mod L, and is read,
// added to and written every round. Each tap begins with a wave:
//
//	V = ceil(channels / lanes)     W = taps * V waves a round, and so many sums of a lane: more than they hold, or V more than constants, is refused (Holds)
//
//	lanes 4, pipeline_latency 6, 2 taps of 6 channels: V = 2, W = 4; a digit is a position, - a wait
//
//	cycle            0 1 2 3 4 5 6 7 8 9
//	tap 0            0 0     - - 1 1              4 channels, then 2 and two idle lanes
//	tap 1                0 0         1 1          the first sum of position 0 is back in cycle 6, so two cycles are stalls
//
// A sum has one way: it adds its positions in ascending order, from +0 or from where it was. That is the array's order, so the bits are the array's, whoever takes the
// product. A tile that is not the first of its reduction begins with a round that loads sums from the output buffer, and every tile ends with one that leaves them there,
// FP32: W waves each, at the place of a position. With n positions, and those rounds,
//
//	issue            = (n+2) * W + (n+1) * [P - W]            of n+1 rounds without loading
//	operations       = (n+2) * taps * channels                each moves a sum, or adds to it
//	idle lane-cycles = (n+2) * (W*L - taps*channels)
//	macs             = n * taps * channels
//
// A wave wants up to L inputs and L gradients a cycle; the words of neighbouring channels lie in banks side by side, so nothing meets there, and what the banks cannot give
// stretches the tile (package geometry, LanesFeed). Every multiply-add counts as a reading of both buffers. Lanes that have a product do passes after or between its tiles,
// never beside them. All of this is our assumption.
//
// # Groups
//
// Some work is done once a group of Row elements, which lie in one lane: G = ceil(elements / Row) groups are waves of groups, L side by side. A random number comes of generators beside the lanes, of
// which R (random) make one a cycle each, so that a wave waits until its lanes have theirs; nothing else is done meanwhile: assumption, a queue that fills while lanes work would hide it, and would have to know what follows. Number i of a sequence is SplitMix64's
// (package nm), its upper 23 bits. A multiply-add is a word on a wave. A quotient is the scalar unit's, one after the other.
//
//	issue = floor(G / L) * ceil(L / R) + ceil((G mod L) / R) of numbers, ceil(G / L) of multiply-adds, G of quotients
//	last results: pipeline_latency + 3 cycles later, divide_latency + 3 of quotients
//
//	lanes 8, R 3, 18 groups; a digit is a group's number modulo 10
//
//	cycle    0 1 2 3 4 5 6
//	lane 0   0     8     6     in each cycle the next three lanes have their numbers,
//	lane 3     3     1         in the third of a wave two
//	lane 6       6     4
//
// With R = 0 there are neither generators nor a way from lanes to the divider, and both are refused. A generator in Verilog is in testdata/random.v, held to the numbers; the unit in Verilog has no port for it.
//
// # Counts
//
//	operations       = elements*q, and ways - 1 of every fold; of groups one each, but of quotients none
//	idle lane-cycles = of the last wave of a job, or of each row, and of folds
//	stall cycles     = those of issue in which no lane works
//
// # Verilog
//
// RTL is this unit as hardware, equal to Simulate in every cycle and bit at its ports, in its sums and in its counters. It has every program of every kind (Runs), with these limits:
// lanes are 128 at most; a row is no longer than a strip (strip * lanes elements), its registers being those of the strip; divide_latency is no less than
// pipeline_latency, which is 5 or more; and what is over rows is not cut, so that its constants and sums have room, 1 and 32 for each wave of a row. BuildableRTL refuses what is beyond by key, Vectors a row by its job;
// Simulate takes them all. Products begin at +0, and their sums are read between jobs, like others: nothing loads sums there. Takes says it of a job; docs/rtl.md has what that leaves out of five networks.
// What it fixes:
//
//   - Edges. Everything happens at the rising edge of one clock. "Cycle t" at a port is the time that ends with edge t. Cycle 0 is the first in which a job's operands are
//     asked for: two cycles after its descriptor was taken by a unit that had nothing to do.
//   - Programs, and constants of columns, are written before a job that needs them; a job's descriptor says where they lie, and where its sums do. Columns' constants lie as elements
//     do: of C columns, place k of lane l is that of column (k*L + l) mod C, for C / gcd(C, L) places, or W where rows begin with a wave. A sum's first element makes it new, so nothing is cleared. Sums are read
//     between jobs, a place a cycle.
//   - Where each row of columns, or tap, begins with a wave (job_begins), the last wave of one is that in which places of constants come round, whether the program reads any or not: fewer lanes work. For how
//     long sums wait when they come round is made of their number as the job is taken.
//   - Tables of functions are written before a job that needs one, and a job's descriptor says which. A lane holds the coefficients of all of them, and reads two in a cycle.
//   - Jobs. One is offered (job_valid) until it is taken (job_ready), and does not change meanwhile. One waits inside while another is under way, and follows it without a bubble. job_ready is high
//     unless one waits and stays waiting: what waits is under way in the next cycle if none is, or if the one under way ends. Jobs of no element are not sent.
//   - Operands. in_ready asks for a wave in the first word of its elements, until it is there; in_valid offers it, and may take it back; a cycle without both is a hold, and may come anywhere. Operands are kept
//     for the words after it. Port 0 brings FP16, or FP32 as the output path has it; the others FP16. Whoever feeds it finds
//     elements in their buffers, and reads ahead: vector_fed does that for waves that lie one behind the other (package feed). Told of a job in the same cycle as the unit it has the first wave read latency cycles
//     late, and no other; told so much sooner, none.
//   - pipeline_latency is 5 or more: a register of the operands, those of the multiplier (Stages), of the adder, whose last one is the sums, and one of what is kept, raised or
//     not. A word's operands are read two cycles after it was issued; so a result is there for the word that is issued pipeline_latency cycles later.
//   - Results leave pipeline_latency + 3 cycles after their word, a quotient divide_latency + 3; there is no way to hold them, so their place is reserved before a job is sent.
//   - One multiplier and one adder do all words. What is passed is multiplied by one, and -0 is added to what is not a sum: neither changes a number. Two numbers are compared beside
//     the multiplier, and one of them is replaced by -0 before it is added to the other.
//   - Operands are wired to where programs have them (encode.go refuses others): first ones are ports 0 and 1 and registers, second ones ports, register 0, constants and coefficient
//     2, last ones ports 0 and 1, registers, sums, columns 0 and 1 of four, and coefficients 0 and 1. Factors may change places. Numbers are clamped at 0. What is raised goes to a register.
//   - Memories. A strip's ports, registers and splits are distributed RAM, 32 deep, for they are read in the middle of a cycle. Four block RAMs a lane, 512 x 32 bits each at 64
//     constants, 256 sums and 2 tables, 4,096 of each sum at 2,048, have what is deeper and whose place is known a cycle before: constants and coefficients of second operands; those of last ones, with what a
//     function is beyond its table; and both sums, behind which lie a row's sums, each in both, so that a fold reads two. In distributed RAM they took 1,119 LUTs a lane at 64 sums,
//     of which a batch norm of 2,048 channels wants 2,048 on 32 lanes. The row of a column's largest lies in the other sum, which no such program has.
//   - Rows. A wave brings scalars 2, 3 and 4 of its row, which a pass before made; what words once a row make leaves beside the lanes, in their order. Scalars 0 and 1 are the job's.
//   - Work once a column, and the fold of its ways, are the controller's: it reads sums and writes constants between jobs. They are not counted (above).
//   - Reset is synchronous and lasts five cycles at least, for what is behind the sums still leaves in the first of them; words, constants and sums are kept, and data is not reset. Counters have 48 bits and show what was done two cycles before.
package vector
