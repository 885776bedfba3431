// Package explain says why a part of a training step takes as long as it does: what was chosen and what else could have been, what bounds it, and what would help.
//
// # What is measured, and of what
//
// Everything is simulated, nothing is guessed. A layer's stage is simulated alone, as satsim run --layer has it: passes that the whole step hides beside it, or it beside
// others, are not there. The runners-up of the search are given their words and simulated. What would help is found by changing one parameter at a time and simulating
// the part again, schedule included: numbers are halved and doubled within their range, switches and words take every other value. Left out are the clock (which changes
// what a cycle is), what the vector unit's operations cost (an assumption, no design), and values that no hardware has: drains and partial sums at no cost.
//
// # Bounds
//
// The roofline has two: performed MACs over the processing elements, a MAC a cycle each, and off-chip bytes over what the ports carry. What a better machine could save is what a part
// takes beyond the larger one: the same array and the same ports, with everything else for nothing. It is no promise that such a machine exists.
package explain
