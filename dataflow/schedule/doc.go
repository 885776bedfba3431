// Package schedule chooses the words of every product of a plan: offline scheduling.
//
// The legal space of a product: the unit (the array; the lanes of the vector unit, if the plan allows it and they have a program for the product, in one configuration) x
// products joined (none; geometry.Shape.Joins if the plan allows it) x array configuration (geometry.Arrays) x tile sizes (geometry.Shape.Space) x loop orders
// (geometry.Orders), each operand kept as far out as its tile does not change. A tile that is fetched more than once needs room for
// two.
//
// The cost of a choice is predicted (package estimate), not simulated:
//
//	latency = max(array, memory, vector, SORE, WUVE) + first fetch + what follows the array's last tile
//
// where array is the sum of the tiles' closed forms, memory the time for which a channel or its port is taken, and the others what they
// issue. On the lanes array is 0, and vector the product's tiles with all passes beside it, since they wait for each other. A weight's update is part of its product; passes
// that run beside one on the array are not: the lanes are never the quicker where those passes alone take longer than the array. Among equals the one that moves fewer bytes wins, then
// the one whose array is busy for less time, then the first in the order of enumeration, so that the schedule is a function of its
// inputs.
//
// Objectives: latency, bytes, or a function of the counts (Searcher.Weigh), such as energy by a table. Of such a function nothing is
// assumed, so all of the space is tried, unless there is one that bounds it from below (Searcher.Floor; energy has one): then tilings come in the order of their
// floors, and the search ends at the first whose floor is above the best. The product of energy and latency is minimised group by group, which need not minimise it for
// the step. For latency and bytes, the array's time does not depend on the order of loops, nor the traffic on the array's
// configuration, so the search takes the best of each for a tiling: the optimum over the whole space all the same, as the test against
// brute force shows. Tilings come in the order of a bound of the array's time (geometry.Grid: slots, fill and drain of all folds), and by latency the search ends
// at the first whose bound is above the best; a tiling's traffic, and the array's time tile by tile, are asked for only before that.
//
// Off (Fixed): one rule for all: output stationary, rows outermost, the tiles that are left when what does not fit its buffer is lowered
// to powers of two, loop by loop, and the deepest interleave that a tile's columns (over F) or its rows (over T) fill.
package schedule
