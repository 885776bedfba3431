// Package least bounds what a training step takes on a machine from below, before anything is scheduled: what no choice of tiles, orders and modes can
// beat. A bound is a few additions and divisions a word group, so that spaces of a million designs can be ruled out by it (package explore).
//
// The machine runs word groups one after the other, and each waits for the end of the one before. So
//
//	cycles of a step >= sum over its groups of (reconfigure + max over units of the unit's least work in the group)
//
// The groups are those of the plan, with the passes that run beside a product in that product's group: the maximum is taken over a group, not over
// a layer, whose passes may run beside another layer's product. What a unit does at the least:
//
// Array. A product has T rows, F columns and K kept terms an output. Every element multiplies once a cycle. Output stationary, elements hold outputs
// for K slots, R rows and C columns of them; weight stationary, they hold kept terms, which T rows pass, N slots a group of M:
//
//	OS  >= ceil(T/R) ceil(F/C) K h           WS  >= T ceil(F/C) max(ceil(K/R), ceil(groups/R))
//
// Tiles cut T, F and K to pieces, and the pieces' quotients, each rounded up, add up to no less; a group that is cut keeps no less. h >= 1 is the wait for the
// adder in OS: with I outputs an element, a fold of S terms issues for (S-1) max(I, add_latency) + I cycles (package stce), which is at least S I h with
//
//	h = ((S-1) max(1, add_latency/I) + 1) / S
//
// and h falls with I and rises with S: I is no more than max_interleave, nor than what there are outputs for; S no less than what a tile of one channel has,
// its taps, or in WU a row of positions. Joined products (dataflow.join_groups) are products like others; the least of all joins counts.
//
// Vector unit: operations of all its elements over the lanes. A product that it may take (dataflow.vector_updates) is either the array's, or as many operations more as it has
// MACs. WUVE: parameters over the lanes. SORE: elements over the lanes, each at least once.
//
// Memory. Every operand once, in its stored format, and what the output path and passes read and write; bytes become bursts, and bursts take the busiest
// channel and the port no less time than the fast model's service of whole bursts. That rounds each request's service to a unit of its clock: the worst
// rounding of any request is taken off. The writes that may still be queued at the end are taken off as well. On the detailed memory model, which may be faster than the fast one, memory
// bounds nothing.
//
// Where a normaliser is built (norm.lanes) the scheduler may take passes away, so none of them counts.
//
// What it leaves out, and so where it lies below what is simulated: filling and draining, edges of tiles, operands fetched again, buffers that are full, units
// that wait for each other. How far below, for shipped networks, docs/explore.md says.
package least
