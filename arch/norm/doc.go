// Package norm models the normaliser: multiply-adds between the memory's ports and the west buffer, by which a layer reads what the one before it wrote
// without its batch norm, and has it normalised and clipped as it enters.
//
// # What it is
//
// Batch norm in training is two passes: sums, which are taken in the output path of the convolution before, and y = x*scale + shift with the scale and
// shift of x's channel, which can begin when all sums are there. The second pass reads what was just written, and writes it again. Where every consumer is a
// product of a layer that takes it from the west, the pass can be left out, and its multiply-add done wherever x is fetched:
//
//	memory -> port -> [widen] -> (*) scale -> (+) shift -> [round] -> [clip] -> west buffer
//	                                                                     '----> a bit an element: the mask that the backward pass reads
//
// The array behind the west buffer sees what it saw before, so its closed form is as it was. What stays in memory is x, which batch norm's backward pass reads anyway.
//
// # Bits
//
// What enters the buffer is, bit for bit, what the passes of the vector unit would have written (package internal/microcode: batch_norm_apply, then relu or
// relu6): x is widened to FP32, multiplied by an FP32 scale and added to an FP32 shift, each rounded on its own, rounded to FP16 once, and then clipped.
// The bit is that of the clip: 0 < y, or 0 < y < 6. Where nothing is clipped there is none.
//
// Scale and shift are made of the statistics and parameters of the channel, by the same lanes, in two rounds of one multiply-add each:
//
//	scale = rstd*gamma + (-0)            shift = mean*(-scale) + beta
//
// which are the bits of the vector unit's three words: adding -0 changes nothing, and neither does it where the sign turns.
//
// Padding is no operand: the array's edge puts zeros where a patch lies outside (package buffer), behind this unit. So a padded position is 0, as it is when
// the pass wrote what is read, and never the shift.
//
// # Lanes
//
// L lanes stand beside the ports: where these bring more than L operands a cycle they wait. Element a of the tensor, from its beginning, goes to lane a mod L,
// so a lane meets C / gcd(C, L) of C channels, and has their scales and shifts in a table of its own: place k of lane l is channel (k*L + l) mod C. A layer whose
// channels need more places than `channels` gives keeps its pass. A tile is runs of r elements that begin at lane b; with lanes that the run does not reach idle,
//
//	issue  = runs * ceil((b + r) / L)
//	cycles = issue + pipeline_latency
//
// A run begins at a multiple of the channels that a tile takes, wherever the tile is; all are charged as if they began at the last lane that this allows.
// Making scales and shifts of F channels takes two rounds of W = ceil(F / L) waves, and the second needs what the first made:
//
//	issue  = 2*W + max(0, pipeline_latency - W)
//	cycles = issue + pipeline_latency
//
// Four lanes, pipeline_latency 2, two runs of six elements that begin at lane 1; a digit is the wave's first element:
//
//	cycle   0 1 2 3 4 5
//	in      0 3 6 9
//	out         0 3 6 9      lane 0 of waves 0 and 2 is idle, and lane 3 of 1 and 3: 12 operations of 16
//
// # In a word group
//
// A transfer passes the unit on its way, so it takes a tile's issue at least (word.Work.Pace), and the pipeline longer (Late). The lane `normalise` counts beside
// it, as SORE's at the array's edge does: nothing waits for it, and it may be a few tiles ahead of the transfer. Statistics and parameters, 12 bytes a channel, are
// fetched when the group begins; the first tile waits until scales and shifts are in their tables. The mask leaves through the vector unit's memory for results of passes,
// which no forward product uses otherwise, and is written when a tile is fetched for the first time; rows that two bands share are written twice, alike.
//
// # Counts
//
//	elements         = normalised, each time that it is fetched
//	factors          = channels whose scale and shift were made
//	operations       = elements + 2*factors
//	idle lane-cycles = L lanes over issue, stalls left out, less operations
//
// # Assumptions
//
// All of it is ours: public notes on SAT do not say where it normalises. A lane has the operators of a lane of the vector unit, and its latency. Nothing waits for
// the table of a group while the one before still reads it: groups end before the next begins.
package norm
