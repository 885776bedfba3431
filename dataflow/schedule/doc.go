// Package schedule chooses the words of every product of a plan: offline scheduling.
//
// The legal space of a product: array configuration (dataflow.Arrays) x tile sizes (dataflow.Shape.Tilings) x loop orders
// (dataflow.Orders), each operand kept as far out as its tile does not change. A tile that is fetched more than once needs room for
// two.
//
// The cost of a choice is predicted, not simulated:
//
//	latency = max(array, memory, vector) + first fetch + last store
//
// where array is the sum of the tiles' closed forms, memory the time that the channels are busy, vector the output path's work.
// Among equals the first in the order of enumeration wins, so that the schedule is a function of its inputs.
//
// The array's time does not depend on the order of loops, nor the traffic on the array's configuration, so the search takes the best of
// each for a tiling: the optimum over the whole space all the same, as the test against brute force shows.
//
// Off (Fixed): one rule for all: output stationary, the deepest interleave over F that the columns fill, rows outermost, the largest
// tiles that fit when each dimension is halved in turn.
package schedule
