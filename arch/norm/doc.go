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
//
// Factors are made where they are kept: a lane makes the scale and the shift of each place of its own table, so C channels are made as F = L * C / gcd(C, L) factors, which is C where L
// divides C, and more than once each elsewhere. Nothing moves between lanes. It takes two rounds of W = ceil(F / L) waves, and the second needs what the first made:
//
//	issue  = 2*W + max(0, pipeline_latency - W)
//	cycles = issue + pipeline_latency
//
// Tiles follow one another without a bubble, and factors follow tiles so; a tile behind factors begins when the last of these is in its table:
//
//	gap between factors and a tile = pipeline_latency
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
// fetched when the group begins, and read more than once where a channel is in several lanes; the first tile waits until scales and shifts are in their tables. The mask leaves through the vector unit's memory for results of passes,
// which no forward product uses otherwise, and is written when a tile is fetched for the first time; rows that two bands share are written twice, alike.
//
// # Counts
//
//	elements         = normalised, each time that it is fetched
//	factors          = scales and shifts made, one of each a place of a lane's table
//	operations       = elements + 2*factors
//	idle lane-cycles = L lanes over issue, stalls left out, less operations
//
// # Assumptions
//
// All of it is ours: public notes on SAT do not say where it normalises. A lane has a multiplier and an adder as a lane of the vector unit has. Nothing waits for
// the table of a group while the one before still reads it: groups end before the next begins.
//
// # Verilog
//
// RTL is this unit as hardware, equal to Simulate in every cycle and bit at its ports and where factors are written, and in its counters. What it fixes:
//
//   - Edges. Everything happens at the rising edge of one clock. What "cycle t" is at a port is the time that ends with edge t: an input is taken, and an
//     output may be read, at that edge. Cycle 0 is the first in which a job's waves are asked for, the cycle after the job was taken.
//   - Jobs. A descriptor is runs of waves, the lane with the first element, and in a run's last wave that behind the last one; the place in the tables of a run's first wave, which is its first
//     element's address divided by L, modulo C / gcd(C, L), and the last place, behind which comes 0; the clip. The sender has divided: the unit has no divider. All runs of a job begin alike; one that
//     begins at another lane or place is a job of its own, which costs nothing. Factors are a job of two runs of W waves from place 0 on, the scales' and the shifts'. A descriptor is offered
//     (job_valid) until it is taken (job_ready), and does not change meanwhile. job_ready is high while no job is under way, and in the cycle that takes the last wave of one: so a job that is
//     there then costs no cycle. Jobs of no wave are not sent.
//   - Waves. in_ready asks for a wave of all lanes until it is there, in_valid offers it, and may take it back. A cycle without both is a hold: nothing enters, and what has entered goes
//     on, so holds may come anywhere and only make the job longer. A lane's in_half is an element, gamma, or beta, its in_single one over the deviation, or the mean; lanes without an element take anything.
//     A buffer that answers 1 to 3 cycles after its address has to be read ahead: norm_fed does that (package feed). Told of a job in the same cycle as the unit it has the first wave
//     read latency + 1 cycles late, and no other; told so much sooner, none.
//   - A wave of shifts is asked for when its scales have left, pipeline_latency cycles after they were taken. The first wave of a tile behind factors is asked for in the cycle after the last of them has left.
//   - Results leave pipeline_latency cycles after their wave; there is no way to hold them, so their place is reserved before a job is sent. out_wave marks a wave of elements, by which
//     norm_fed gives it its address, out_masked one whose bits are to be written. Factors leave into the tables, and are read from there alone; the sender has no way to write them.
//   - Registers. pipeline_latency is split (Params.Stages): one behind the tables and the widening, the multiplier's, the adder's, and two that round, behind which what leaves is clipped; fewer where there are fewer in all. That
//     the exact model has the multiplier's half elsewhere is not seen at any port. Tables are distributed RAM, ceil(channels / L) places deep, and are not reset.
//   - Reset is synchronous, lasts pipeline_latency + 1 cycles at least, and empties all that says whether something is there; data is not reset, and what tables hold is not to be relied on.
//   - Counters have 48 bits and show what was taken two cycles before. issue is Cost.Issue, and the cycles with busy are Cost.Cycles, holds included.
//
// Parameters are lanes, channels, pipeline_latency, and how subnormal numbers are treated, as the array does; clips, runs and lanes of a tile are the job's. Where runs of a tile lie, and the padding around
// them, is the business of whoever sends jobs, as is that ports which bring more than L elements a cycle wait in turn: the unit takes a wave of L.
package norm
