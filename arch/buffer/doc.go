// Package buffer models the on-chip buffers: how they are divided among the links that carry tiles, how they are banked, and what
// the array waits for when they cannot keep up.
//
//	west    activations or gradients, row operands of the array
//	north   weights (or, in the weight update, gradients), column operands
//	output  accumulators' results: FP32 while a reduction is split, else rounded to FP16 on the way out
//	update  what WUVE and SORE work on: master weights, optimiser state, updated FP16 weights and their pruned copies
//	pass    element-wise passes of the vector unit, in and out
//
// A tile occupies its bytes from the moment its load starts until its last use ends. Double buffering is two tiles in a buffer; a tile
// that does not fit is refused before anything runs.
//
// Rates. A buffer has banks of words; each port of a bank serves one word a cycle. The array's demand follows from its mode (package
// stce's table), in bits a cycle over all rows or columns, R rows, C columns, N:M with indices of b bits, interleave I:
//
//	          west                 north           output, read and write each
//	OS, F     16 R M/(N I)         (16+b) C        -
//	OS, T     16 R M/N             (16+b) C/I      -
//	WS, F     16 R M/(N I)         -               32 C/N   while a reduction has several K folds
//	WS, T     16 R M/N             -               32 C/N
//
// N:M is the array's: of joined products it is C:jC or 1:j (package geometry), and indices are read with the values.
//
// A west link moves at most w operands a cycle, so where M/(N I), or M/N, is more, a group lasts as long as it is on the link, and all rates are lower by as
// much: the wait for the link is in the array's closed form, and is not counted again. So are OS starts and drains, and WS preloads, which are bursts of at
// most a fold's registers. When the demand is larger than what the banks give, the array's steps stretch by demand/supply: an integer ratio.
//
// Banking. X and dY are stored once (NHWC) but read in two ways: FF and BP read one (tap, channel) of R neighbouring output positions
// a step, WU reads R neighbouring (tap, channel) of one position. The DMA places the word with channels c..c+w-1 of input position
// (x, y) in
//
//	bank = (x' + y' OW + c/w) mod banks,   x = s x' + px, y = s y' + py
//
// with s the stride, OW the output's width (positions are placed per image one after the other). Rows o..o+R-1 read at any tap the
// positions of consecutive x' + y' OW, so with R banks or more FF and BP have no conflict. In WU the words of a tap are consecutive
// banks; rows that span several taps may meet in a bank: Conflicts counts how often, and the steps stretch where that is more cycles
// than the operands of a step last (N I over F, N over T). A word that several rows want is read once. (In WS the array's rows
// carry the reduction, so the two patterns change places.) The worst set of rows of a product is charged for all: assumption.
//
// Exact is the same, bank by bank and cycle by cycle.
package buffer
