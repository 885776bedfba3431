// Package route tells the ways of tiles through the machine, each once. A leg is a lane between buffers and what it does to a tile's bytes. A route is
// the list of legs from memory and back: of a product (Of, AtArray), of an update and of a chain of passes (Legs). Words are its legs at their
// levels (package dataflow), and a search asks the same legs what they move and what room they take, and their units for how long (package
// estimate). Where pruned weights are not stored pruned, North says where they become so.
package route
