// Package stce models the systolic tensor engine: R rows by C columns of processing elements in lockstep, for dense and N:M
// sparse matrix products, output stationary (OS) or weight stationary (WS).
//
// It has four faces. Exact runs a tile register by register on real numbers and yields outputs, cycles and counts of
// actions. Fold and Tile are the closed form: the same cycles and counts as a pure function of sizes and parameters, in
// constant time. The component takes its latencies from the closed form. RTL is the array in Verilog. Random tests hold the closed
// form equal to the exact model in cycles and in every count, the outputs to a plain product, bit for bit, and the Verilog to the
// exact model in bits, counts, and what crosses every edge in every cycle.
//
// Where no source is named, what follows is our assumption; the public notes on the modelled system say no more than
// "systolic, N:M, OS and WS, interleaved".
//
// # Processing element
//
// One FP16 multiplier of mul_latency and one FP32 adder of add_latency cycles, both pipelined; two banks of group registers,
// one in use while the other fills; an M-to-1 selector; weight registers; accumulators. A group of M operands stays in a
// bank while its N kept weights, each with its place in the group, are used one a cycle. Dense is N = M = 1. N = M > 1 is the
// same product with the operands in groups, which lets WS hold N terms of the reduction in an element.
//
// A slot is a cycle in which the element multiplies and adds. A slot in cycle t has its sum readable in cycle
// t + mul_latency + add_latency. Slots are static: a sequencer at row 0, column 0 issues them, and they travel a column a cycle
// and a row in skew cycles. Nothing else decides what an element does.
//
//	           weights in OS, weights and partial sums in WS
//	              |        |        |
//	operands -> PE 0,0 - PE 0,1 - PE 0,2     w operands a cycle and row
//	              |        |        |
//	operands -> PE 1,0 - PE 1,1 - PE 1,2
//	              |        |        |
//	           results
//
// # Order of slots
//
// I interleaved outputs share an element: output channels (over F) or output rows (over T). A fold's outputs are dealt out in
// turn over the array's columns (F) or rows (T), so that a fold of X outputs on a side of S has I_e = ceil(X/S) a element, and
// uses min(X, S) columns or rows: fewest interleaved outputs, not fewest columns. Slots are n-major: for each kept weight, all
// I_e outputs in turn, which is a round. Two additions to one sum are at least a round apart, and a round has
//
//	P = max(I_e, add_latency)
//
// cycles; the P - I_e without a slot are the hazard, and interleaving is its cure.
//
// OS: element (r, c) keeps the sums of its outputs over the whole reduction, groups in ascending order. With S kept weights
// an output, if the west link keeps up, a fold issues for
//
//	(S-1)*P + I_e    cycles.
//
// A row is skew 1 behind the one above. A short last group of a tap, r < M channels, has min(N, r) weights and as many rounds.
//
// WS: row r keeps the weights of one group, R groups a fold; output rows stream by, I_e a batch over T, one a batch over F.
// An element adds its N products to the partial sum of the row above. Within a batch its additions to one sum are a round
// apart; the next batch adds to other sums, so it need not wait for the last round: a batch takes
//
//	(N-1)*P + I_e    cycles, I_e for N = 1,
//
// and B batches (B-1)*period + (N-1)*P + I_last. A row is
//
//	skew = (N-1)*P + add_latency
//
// behind the one above, which is when the sum of that row is readable. N is the most that any group of the fold keeps; a row
// with a short group leaves slots empty. All batches of a fold, the last and smaller one too, keep the P of its I_e.
//
// # Products side by side
//
// N:M does not ask why a column keeps what it keeps. Products that have their rows in common and channels of their own, as a grouped convolution's, are one
// product: a group is the channels of several of them at a tap, and a column keeps those of its own (diagonal). Of j depthwise channels column c keeps
// channel c, 1:j. Nothing is searched for, and what a column leaves is nobody's: useful MACs are those performed. The sums are those of each product
// alone, bit for bit, since its terms come in the same order. No element, link or register is another than for pruned weights.
//
// In OS over T, j columns of R rows with I outputs an element, a fold of taps groups follows the one before after
//
//	max(taps * max(P, ceil(I*j/w)), R*I)    cycles for R*I * j * taps MACs:
//
// hazards, the west link, or the drain, whichever is slowest. The link bounds it to R*w a cycle, that is 128 of the 32 x 32 elements of sat-generous, whose figures follow: 128 at j = 16, and 72,
// by the drain, at j = 8. A reduction over positions (dW: a row a tap, a group a position) has few outputs, and each position adds to the same sums:
// OS takes P = add_latency a position for taps*j MACs, 18 a cycle at j = 16 and 9 taps; WS, positions on rows and taps streamed by, takes
// mul_latency + R*add_latency until the first sum has come down and R for the next weights, for R*taps*j MACs: 15.8 with preload: shadow, 17.9 if weights chase the skew.
// Both wait, for the adder or the skew, with rows or columns to spare. So q blocks of j products may be one: rows of all their taps, columns of all their products, of which the array makes all q*q blocks
// of outputs and q, on the diagonal, are wanted. OS takes P a position for as many blocks as there are rows for, and interleaves their columns: 3 of 9 taps on 32 rows,
// 54 MACs a cycle. WS streams the taps of q blocks by while the next weights come down, I_e = q*j/C of a column:
//
//	max(q*taps * max(I_e, ceil(j/w)), mul_latency + R*add_latency + R*I_e)    cycles for q * R*taps*j MACs:
//
// 450 for ten blocks, 102 a cycle. In FF and BP blocks have groups of their own, and columns have zeros for those of other blocks: q times the slots for q times
// the columns, which costs nothing as long as a fold waits for the drain,
//
//	max(q*taps * max(P, ceil(I*j/w)), R*I)    cycles for R*I * q*j * taps MACs:
//
// three blocks of j = 8 take 216 of the 256 cycles. Neither needs groups of several operands: j = 1 is what a dense array can do, R MACs a cycle at most in every
// mode, since each operand of a row is one column's. Of WU, OS over T comes near: q = R*I/taps blocks, whose R*I rows share the P cycles of a position. Sums of one
// output that are added to in turn would do as much, but their bits would depend on I. What is not wanted takes its energy, its partial sums' words and its room in the output buffer like the rest: macs counts it,
// useful_macs of a word does not.
//
// # Places that outputs hold
//
// Where masks of weights never change, dW is wanted where they keep alone: N of M channels of X, for each column its own. A group is the M channels of X at a position; an element's output takes
// one place of every group, its own (held), and N columns side by side are those of one column of dW, with the same dY. So dW is an OS product of 1:M, over F or T,
//
//	K/M rows x N*F columns over T groups of M channels,
//
// in N/M of the dense product's slots, and X enters M operands a group of slots. A place comes in with its output's start value, on the same way, whether there is a start value or not; the first slot of an output takes it
// into a register of its own, so that the next fold's may come in. That is 2 * max_interleave places of log2(max_m) bits more in an element, which no resource estimate has yet.
//
// In Verilog places are a parameter (HELD, off if nothing is said; without it no module of an element, a row or a column is another one). A start value has its output's place beside it: where it moves a row
// south, so does the place, in the cycle and by the order that it has. A column reads places in the cycles in which it would read start values, each at the address of its output, from a memory of
// log2(max_m) bits beside the output buffer; of a tile without start values nothing of the output buffer is read (stce_place). The element (stce_held) has the place that came in, and the one that an output's
// first slot took, in files of max_interleave places each, and puts it into every slot in front of the weight, which it takes anew or as it was; with preload: serial nothing enters while slots are left, and one file is
// enough. Whether a tile's outputs hold places is in its mode (STCE_MODE), which goes along with orders and time like the rest, so that tiles that hold them and tiles that do not follow each other without a
// cycle between.
//
// # Timelines
//
// As Timeline.Write prints them: what the first element's cycle goes to, then for each element output row, output column and
// kept weight of its slot; - is a cycle of the fold without one. Multiplier 0, adder 2 cycles, one row, two columns, two terms;
// OS without interleaving, and over F with two outputs an element:
//
//	0 issue   | 0,0:0   .                 0 issue   | 0,0:0   .
//	1 hazard  | -       0,1:0             1 issue   | 0,2:0   0,1:0
//	2 issue   | 0,0:1   -                 2 issue   | 0,0:1   0,3:0
//	3 empty   | .       0,1:1             3 issue   | 0,2:1   0,1:1
//	4 empty   | .       .                 4 empty   | .       0,3:1
//	5 drain   | .       .                 5 empty   | .       .
//	                                      6 drain   | .       .
//
// OS 2:4 over F, adder 3, two outputs in one element, two groups, two operands a cycle on the link; the group's second word
// comes in cycle 1:
//
//	 0 link    | .            group 0 ..
//	 1 issue   | 0,0:0        group 0 complete; first kept weight of each output
//	 2 issue   | 0,1:0
//	 3 hazard  | -
//	 4 issue   | 0,0:1        second kept weight
//	 5 issue   | 0,1:1
//	 6 hazard  | -
//	 7 issue   | 0,0:2        group 1, which came in cycles 2 and 3
//	 8 issue   | 0,1:2
//	 9 hazard  | -
//	10 issue   | 0,0:3
//	11 issue   | 0,1:3
//	12 empty   | .
//	13 empty   | .            sum of output 0 leaves
//	14 drain   | .            sum of output 1 leaves
//
// WS dense, adder 1, two rows and columns, three output rows, two K folds:
//
//	 0 preload | .       .      | .       .        weights of row 1 enter
//	 1 preload | .       .      | .       .        weights of row 0
//	 2 issue   | 0,0:0   .      | .       .
//	 3 issue   | 1,0:0   0,1:0  | 0,0:1   .
//	 4 issue   | 2,0:0   1,1:0  | 1,0:1   0,1:1    first sum readable below: the next weights enter
//	 5 preload | .       2,1:0  | 2,0:1   1,1:1
//	 6 issue   | 0,0:2   .      | .       2,1:1    second K fold, from the sums of the first
//	 7 issue   | 1,0:2   0,1:2  | 0,0:3   .
//	 8 issue   | 2,0:2   1,1:2  | 1,0:3   0,1:3
//	 9 empty   | .       2,1:2  | 2,0:3   1,1:3
//	10 empty   | .       .      | .       2,1:3
//
// WS 2:4 over T, adder 3, two rows and one column; three output rows alone, and six of them three by three (after preload):
//
//	 4 issue   | 0,0:0  | .               4 issue   | 0,0:0  | .
//	 5 hazard  | -      | .               5 issue   | 1,0:0  | .
//	 6 hazard  | -      | .               6 issue   | 2,0:0  | .
//	 7 issue   | 0,0:1  | .               7 issue   | 0,0:1  | .
//	 8 issue   | 1,0:0  | .               8 issue   | 1,0:1  | .
//	 9 hazard  | -      | .               9 issue   | 2,0:1  | .
//	10 hazard  | -      | 0,0:2          10 issue   | 3,0:0  | 0,0:2
//	11 issue   | 1,0:1  | -              11 issue   | 4,0:0  | 1,0:2
//	12 issue   | 2,0:0  | -              12 issue   | 5,0:0  | 2,0:2
//	13 hazard  | -      | 0,0:3          13 issue   | 3,0:1  | 0,0:3
//	14 hazard  | -      | 1,0:2          14 issue   | 4,0:1  | 1,0:3
//	15 issue   | 2,0:1  | -              15 issue   | 5,0:1  | 2,0:3
//
// # West link
//
// A link moves w operands a cycle and hop; over T the groups of an element's outputs follow each other without a gap, so a
// group of m operands is L = ceil(m/w) words over F and ceil(I_e*m/w) over T. A word is written into the group registers of
// the element that it passes and goes on from there. The words of a group follow each other from the cycle after the first
// slot of the group before, when the other bank has become free; the group begins when its last word is there. So a group is
// followed by the next after
//
//	max(its slots and hazards, L of the next)    cycles,
//
// and what the second exceeds the first by is the stall of a narrow link. The first group of a tile is there after L-1
// cycles: cycle 0 is the first in which an operand is in the array.
//
// # Folds of a tile
//
// A tile is one product, or with overlap_products several of one shape, such as heads: their folds follow each other as those of two column folds do, and what
// is said here of a tile's beginning and end is said of the first and the last product. Without it each is a tile that finds the array drained.
//
// Column folds are a product's outer loop. Inside, OS has row folds (R rows, or R*I over T), each over the whole reduction; WS has K
// folds of R groups, K ascending, each over all output rows of the tile, whose FP32 sums go through the output buffer. Both
// add an output's products in ascending K, one FP32 addition each, so both give the same bits, whatever is interleaved.
//
// A tile finds the array drained, and ends when its last result is readable at the edge. Its first weights or start values enter from cycle 0 on,
// whatever preload says, and its first operands with them. Between two folds a and b, the first
// slot of b comes as soon as all of this holds, in cycles after the first slot of a (issued, rows, ... of a unless b is named):
//
//   - a has issued.
//   - The first group of b has come: its words start in the cycle after the first slot of a's last group. In WS they do not
//     start before a's first sum is readable below, and both this and the slots hold in every row: if b has less skew than a,
//     b waits (min(rows, b.rows) - 1) * (skew - b.skew) more.
//   - Weights and start values, preload: shadow. Weights (WS) enter one a cycle and column, those of the bottom row first, from
//     when a's first sum is readable below, mul_latency + rows*skew: then no row needs the other bank of weight registers any
//     more. Start values (OS, Resume) likewise, from the cycle after the first element took its first, mul_latency + 1. They
//     take rows * (weights or start values of an element) cycles.
//   - WS, the same column: a partial sum is taken in at least a cycle after it was readable below, for every output; and WS
//     always: the first result of b is readable below after the last of a.
//   - OS, drain: overlap. A complete sum goes to a drain register; the drain registers of a column move south a row a cycle, the
//     bottom row's first, from when its first sum is readable, one result a cycle without a gap. b must neither write a drain
//     register before it was read nor have results leave before those of a.
//   - OS, drain: serial. The accumulators themselves shift out: b starts when column 0 has drained.
//
// preload: serial has no shadow registers: nothing of b enters before all results of a are readable (and have left, for
// drain: serial). preload: chase lets weights (WS) enter those of the top row first, one a cycle and column without a gap, so that they chase
// the skew; start values enter as with shadow. A fold begins when its top row has its weights, if every row below will have them in time:
//
//   - weights of b enter row r when it has taken in a's first sum, mul_latency + 1 + r*skew or later, and the rows below a's when its first sum is readable
//     below: then no row needs the bank that they are written to. They do not start before those of a have entered, which is
//     (rows-1) * min(weights of an element, skew-1) after a's first slot at the latest.
//   - row r has its weights (r+1)*(weights of an element) + r after they began to enter, and its first slot comes r * b.skew after that of the top row.
//   - operands need not wait for a's first sum but in rows that a has not. Orders go down the rows one at a time: b's first operand and first slot come a's skew
//     after a's, in every row.
//
// drain: hidden lets results vanish: neither cycles nor hops. In WS sums leave as they are formed, whatever
// drain says. edge_folds: full times a fold as if it had all rows, columns and interleaved outputs (not more output rows in
// WS); what is missing is gated and costs nothing but time. partial_sums: free does not count the words of partial sums
// between K folds; when they can be taken in is the same.
//
// What lies between two folds depends on these two alone; Tile has at most four kinds of folds (full or at the edge, each way),
// so it counts pairs, and the one from a product to the next. Only the end of a tile asks more folds: one of more columns may be done after its successor.
//
// Every cycle of the first element is booked to one cause, so the causes add up to the cycles: issue, hazard, link, and
// between folds the first of these that holds b back: empty (pipeline and skew run empty), drain, order (b would overtake a),
// link, sum (partial sums), preload.
//
// # A head of attention
//
// The scores of a head of vit-cifar are 65 x 65 outputs over 64 terms. On 23 x 32 elements, mul_latency 2, add_latency 6, WS over F takes them in one column
// fold, three columns of outputs an element, and K folds of 23, 23 and 18 rows, each of 65 * 3 = 195 slots; a sum comes down in 2 + 6*rows:
//
//	             weights      fold 0 to 1           1 to 2             end                         alone   2 to the next head's 0     a head
//	shadow       3*23 = 69    2 + 138 + 69 = 209    195 + 30 = 225     2 + 108 + 194 + 31 = 335    838     195                        629
//	chase        3            195                   225                335                         758     195                        615
//
// The 30 are the order of results: a sum passes 18 rows 30 cycles sooner than 23. The values, 65 x 64 over 65 terms, are K folds of 23, 23 and 19 rows and 130 slots:
//
//	shadow       2*23 = 46    140 + 46 = 186        140 + 38 = 178     116 + 129 + 31 = 276        686     116 + 46 = 162             526
//	chase        2            138 + 1 = 139         130 + 24 = 154     276                         571     130                        423
//
// where 139 is the sum, which the next K fold takes in. A step has per head and layer two products like the scores and four like the values: 4,420 cycles with
// shadow, 3,800 with chase, 3,362 with overlap_products, 2,922 with both, for 6 * 65 * 65 * 64 MACs that 23 x 32 elements could do in 2,204. What is left between
// folds is waiting for sums and the order of results.
//
// Heads inside K folds are not built: the first K fold of every head, then the second of every head, and so on, so that no fold waits for a sum or for the order of
// results. A head would take 3 * 195 and 3 * 130, 2,730 cycles a head and layer instead of 2,922: 0.6 % of a step of vit-cifar. It is left because what a fold waits for
// is not said by it and the one before alone any more, which closed form, registers and sequencer stand on (the distance of two K folds of one head is that of all heads
// between), and because the sums of all heads would lie in the output buffer at once.
//
// # Edges of the array
//
// An edge fold uses the rows 0 to rows-1 and the columns 0 to cols-1; a multiplexer a row lets results leave below the last row
// in use. The output buffer has, for each column, one read and one write port of an FP32 word a cycle: partial sums and start
// values come in by the one, results go out by the other; the rates are 1/N of that in WS at most. A value written in a cycle
// can be read in the next.
//
// # Numbers
//
// The product of two FP16 values is exact in FP32. Sums are FP32, rounded to nearest even, from +0 or from a start value; a
// pruned place is skipped, not multiplied by zero. Results are rounded once, to FP16, unless the tile spills FP32. NaNs leave as
// 7e00 or 7fc00000. subnormals: flush turns subnormal FP16 operands, FP32 start values and FP16 results (after rounding) into
// zeros of their sign, as FPGA vendors' operators do; no other sum can be subnormal, since products are multiples of 2^-48.
//
// # In Verilog
//
// Modules of one file each lie in rtl: stce (the top: ports and counts), stce_registers, stce_sequencer, stce_loader, stce_array, stce_row, stce_hop,
// stce_uspe (the element), stce_held (one with places), stce_ram, stce_column (buffer ports), stce_place (those of places); operators are those of package fp. What follows is the contract between them and the
// model; a module's header has its ports.
//
// Cycle t. A register that the model can read in cycle t holds its value between the edge that begins t and the one that ends it. The array's edges are such
// registers, so at the ports: a word of the west, north or output buffer that the model has on an edge in t is on the port in t-1 and is taken by the edge
// that begins t; a result that the model has readable below in t is on the port (result) in t, and on the write port of the output buffer in t+3, rounded. tick
// is high in the model's cycles, 0 first; done in the one after the last, in which the last result is readable.
//
// Buffers are read in READ_LATENCY cycles, 1 to 3, by a registered address. The array hides it: its control runs READ_LATENCY+4 cycles ahead of its data, of
// which the buffer takes one more than its own, the orders and the slots one each. Sums that a K fold takes in the cycle after they were formed have not been
// through the buffer: a column passes the results of the last READ_LATENCY+4 cycles on past it.
//
// Tiles follow each other without a cycle between, as in the model: cycle 0 of a tile is the cycle after the last one of the tile before (that of its done), if it was
// started while that one ran. Its registers are written meanwhile, for what describes folds is kept twice, and a tile of the same folds as the one before needs only
// the others; one may be queued. The control, being ahead, goes on with its folds while results of the tile before are still formed and leave, so what depends on
// the tile goes along with the orders and with time: registers of the tile go down the rows and along the columns a hop a cycle, once ahead with the control, once
// with the data. This needs mul_latency + add_latency of 2 or more. Only the first tile after a pause takes READ_LATENCY+8 cycles from start to cycle 0, which
// the model does not have. A tile may resume the sums of the one before, which pass the buffer like those of a K fold; who says ready must only see to
// it that the last result of a tile of one output in one element has been formed.
//
// Holding. There is no clock enable, and nothing inside a fold waits. Between two folds the sequencer asks once, when the first operand, weight or start value of
// the next would enter, and holds that fold, with all that comes after it, until it is told that operands are resident and outputs have room. What is a fold's then comes
// so many cycles later; the fold before goes on meanwhile. Every distance between folds is a least one, so holding is always right.
//
// Reset is synchronous, and only control has one: the sequencer, the loader and the rows. It is held for ROWS + COLS + mul_latency + add_latency +
// 2*READ_LATENCY + 8 cycles, in which they fill the rest with nothing. Data is never reset; what is read has been written.
//
// A tile is described by registers (Registers; rtl/stce_fields.vh): of the tile; of at most four kinds of folds, {full or edge columns, full or edge rows or
// K}; and of what lies between two of them, {same column fold or next, from, to}, or from a product to the next: when operands enter, weights enter, the first slot comes, and what the cycles
// until then go to. So nothing divides or multiplies in hardware but the constant link_width, and nothing compares two folds. The sequencer finds folds two steps
// ahead, so that what is said of them comes out of memory and into registers first. A row
// runs its fold by itself from two orders, fill and begin, which say all that it needs and come down the rows a skew apart.
//
// Buffers hold what a lane takes, in order, so that addresses only count up and go back to where a column fold began: of a row, link words, first operand
// lowest, fold by fold of one column fold, which is read again for the others, product by product; of a column, weights in the order of slots (OS, read again for every row fold) or of
// entering (WS); of a column's outputs, those of a fold bottom row first (OS), or batch by batch (WS), a column fold after the other. An output is an FP32 word, or an FP16
// one in the lower half of its word.
//
// Between elements there are registers in every direction, and a hop is one cycle, so a die may end between any two columns, or rows. Only the multiplexer
// that lets results leave below the last row in use joins all rows of a column in one cycle, and so crosses where a die ends between rows: better between columns.
//
// Files of the element (group registers, weights, accumulators, start values, drain registers) are LUTRAM, read without a clock. At 4:8, depth 8 they hold 2*64*16 bits of groups, 2*32*19 of
// weights and 3*8*32 of sums, 4,032, where an element has some 500 flip-flops otherwise: 736 elements would have more than an XCVU9P. So flip-flops are no parameter here
// (fpga.group_storage estimates them, and satsim rtl refuses them). No cycle or bit depends on it: whoever has the room changes ram_style in stce_ram.
//
// drain: serial has drain registers too, since results begin to leave while the last sums form: it is another timing, not less hardware.
//
// mul_latency is the registers from the group registers to the product: behind the selector if there are two, the others in the multiplier. add_latency
// ends with the accumulator; from four on one is behind its read, the others are in the adder. In 0 and 1 they are one stage.
//
// Every path between registers is under 4.0 ns by package netlist's table, at 32 x 32, 8:16, depth 8 and a link of 4 (arch/rtl/synthesis).
// Depths hold that up to 64 kept weights an element (HeldWeights): max_interleave 8 at 8:16, 16 at 4:8, 32 at 2:8. Deeper ones, up to 128, are read through more multiplexers (8:16 at depth
// 16: 4.36 ns), and satsim rtl says so.
//
// Parameters are rows, cols, max_n, max_m, max_interleave, link_width, latencies, subnormals, preload, overlap_products, places that outputs hold, and the widths of addresses and counts. Data formats,
// the order of slots, one port a lane, and the four kinds of folds are fixed. Fields of a kind of fold are 16 bits: rows times outputs of an element
// and groups of a tap up to 65535; folds, visits and distances 32. link_width is a power of two: others would divide by a constant in every element, and satsim rtl refuses them. Addresses
// are 16 bits: a row or column has 65,536 words of its buffer at most, and more is refused. drain: hidden and partial_sums: free have no hardware. useful_macs, multiplies, adds, selector_uses and idle_pe_cycles are products of other counts, and have no counters.
package stce
