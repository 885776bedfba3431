// Package word is the hardware's instruction set: the words that the controller runs and the units obey.
//
// A Group is what the machine runs between two drains: the array's configuration and a few streams. A Stream is a loop nest:
// ordered loops (outermost first), and ops. An Op belongs to one lane of one unit and sits at a level of the nest: at level
// d it fires once for every iteration of the d outer loops. Nothing is listed tile by tile; the controller expands the
// nest while it runs.
//
// Between lanes, tiles travel through links (the machine's buffers). An op takes inputs from links and gives outputs to
// links. Each end has a level of its own, l <= d: the tile is acquired (or its space reserved) at the first of the iterations
// of loops l..d-1 and released (or sent) at the last. So an operand that stays on chip while inner loops run is an input whose
// level is smaller than its op's: that is all there is to residency.
//
// What an op does in an iteration is its Work: bytes for the memory, rows, columns and reduction for the array, elements for
// the others. Edge tiles differ, and so do the first and last parts of a split reduction: an op has a short list of Variants,
// chosen by which of its loops are at their first or last trip (Class). The first match counts.
//
// Iterate is the reference expansion: the sequence of (op, class) of a stream. The controller must issue exactly this, and the
// planner's totals must equal a count over it.
package word
