// Package diff says what differs between two runs, and where the difference comes from: in what was asked for, key by key; in the figures; and, for cycles,
// joules and resources, in parts that add up to the whole of it, to the last unit.
//
// # Parts
//
// Cycles are those of word groups. A group's cycles go to its layer and stage, and there to what the array's lane did in them or waited for: record.Lane, whose
// causes add up to the group's cycles. A group without a word for the array (a pass, an update) is the time in which something else ran alone.
// Joules are by layer, stage and unit, in whole nanojoules; what rounding leaves is a part of its own. Resources are by unit, at both ends of their estimates.
//
// Parts of the two runs are put side by side by their names. What only one has stands against nothing, so that runs of different networks, machines and recipes
// can be compared as well; whether that means something is for the reader to say.
package diff
