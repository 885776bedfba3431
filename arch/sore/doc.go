// Package sore models the sparse online reduction engine: lanes of top-N sorters that prune groups of M on the fly.
//
// # What it is
//
// A lane takes one element a cycle. It has pipeline_latency register stages, an insertion sorter of N registers (value,
// index), and an output bank of N registers. All lanes run in lockstep, so one counter of M slots serves them all:
//
//	element -> [stage] -> [stage] -> sorter: r0 >= r1 >= ... -> bank -> value and index, one a cycle, index ascending
//
// In its cycle an element is compared with all N registers at once. Those that it beats (they are empty, or strictly
// smaller by nm.Magnitude) move one place down, and it takes the highest of their places. Strictly: elements come in
// ascending index, so a tie stays with the lower index, as package nm asks. With the group's last slot the sorter's next
// contents go to the bank instead and the sorter becomes empty. In each of the next N cycles the bank emits the pair of the
// lowest index that is left. N <= M, so the bank is empty before the next group needs it.
//
// What SAT is known for is 32 lanes and M cycles a group (public notes on arXiv 2309.13015). The inside of a lane is our
// assumption.
//
// # Assumptions
//
//   - A short group of r < M channels takes M slots like any other: the slots past r are bubbles. One counter for all lanes is
//     worth more than the slots: runs shorter than M are dense and never come here, so at most every second group is short.
//     A short group also has N output slots, of which it uses min(N, r).
//   - Groups go to lanes in order: group g of a job is sorted by lane g%lanes in wave g/lanes, and a wave takes M cycles. A
//     job's last wave may leave lanes idle; the next job starts with a wave of its own.
//   - Where the operands come from (rows or columns of a block in the update buffer, a fetched tile) is the business of
//     whoever feeds the engine; it feeds up to one element a lane a cycle.
//   - With N = M nothing is pruned, and it costs what it costs: nobody should send it here.
//
// # Cycles
//
// Two waves of groups of M = 4, N = 2, pipeline_latency 1. Digits are slots, the cycle in which a slot is in that place:
//
//	cycle      0 1 2 3 4 5 6 7 8 9 10
//	input      0 1 2 3 0 1 2 3
//	stage        0 1 2 3 0 1 2 3        (its end: compared, inserted; after slot 3 to the bank)
//	output               a b     a b    (a, b: the kept pairs of the wave)
//
// With W = ceil(groups / lanes):
//
//	issue  = W*M
//	cycles = W*M + pipeline_latency + N
//
// Right after issue the next job may begin. Its first group reaches the bank M' cycles later, where M' is its own M; should
// that be before the bank has emitted the last group (M' < N), the controller waits:
//
//	gap between a job of N and one of M' = max(0, N - M')
//
// # Counts
//
//	elements         = Runs*Channels
//	kept             = Runs*Kept(Channels)
//	compares         = elements*N: an element meets N registers, empty or not; bubbles meet none
//	idle lane-cycles = issue*lanes - elements (bubbles, lanes without a group, gaps)
//
// How often a register moves depends on the data, so it is no count; energy is charged by compares.
//
// # Verilog
//
// RTL is this engine as hardware, equal to Simulate in every cycle and bit at its ports, and in its counters. What it fixes:
//
//   - Edges. Everything happens at the rising edge of one clock. What "cycle t" is at a port is the time that ends with edge t: an input is taken, and an
//     output may be read, at that edge. Cycle 0 is the first in which a job's slots are asked for, the cycle after the job was taken.
//   - Jobs. A descriptor is N, M and the number of waves, which the sender has divided: the engine has no divider. It is offered (job_valid) until it is
//     taken (job_ready), and does not change meanwhile. job_ready is high while no job is under way, and in the cycle that takes the last slot of one: so a job that is there then
//     costs no cycle. Jobs of no wave are not sent.
//   - Slots. in_ready asks for a slot of all lanes until it is there, in_valid offers it, and may take it back. A cycle without both is a hold: nothing enters, and what has entered goes
//     on, so holds may come anywhere and only make the job longer. The engine does not look ahead: a buffer that answers 1 to 3 cycles after its address has
//     to be read ahead: sore_fed does that (package feed). Told of a job in the same cycle as the engine it has the first slot read latency + 1 cycles late, and no other; told so much
//     sooner, none. A lane's in_element is 0 in short groups' last slots and in lanes without a
//     group; index and end of group are the engine's own counters.
//   - Results leave when they are due, the first pipeline_latency + 1 cycles after their group's last slot; there is no way to hold them, so their place is
//     reserved before a job is sent. out_first marks the first pair of each wave, by which sore_fed gives each pair its address.
//   - Registers. pipeline_latency of them stand between input and sorter, the last one with the magnitude beside the element, and may lie on a way across dies. Sorter
//     and bank are flip-flops: all of a sorter is read in every cycle.
//   - Reset is synchronous, lasts pipeline_latency + 1 cycles at least, and empties all that says whether something is there; data is not reset.
//   - Counters have 48 bits and show what happened two cycles before, three of more than 32 lanes, of which ones are counted in parts. issue is Cost.Issue, and the cycles with busy are Cost.Cycles, holds included.
//
// Parameters are lanes, max_n, max_m and pipeline_latency, within the limits of Declared; N and M are the job's.
package sore
