// Package estimate predicts what a choice takes without building its words: bytes, room in buffers, cycles of every unit, and what units do. It asks
// the legs of the product's route (package route) for each class of tiles (package geometry), and remembers what tiles cost, so that a search can
// ask for every tiling, order and configuration of the array. That it equals the words is a property test of package dataflow.
//
// It has a room of its own, beside the search: what a choice costs and which choices are tried change for different reasons, and each is of a size.
// What words amount to once they are built is package predict's.
package estimate
