// Package rtl is the way from an architecture to Verilog: a bundle of files with everything that a hardware engineer starts from.
//
// A Bundle holds the units' sources (each unit's own room has them, in its folder rtl), a header of parameters and a register map, a top level, self-checking benches
// with random vectors that the exact models made, a Makefile, a FuseSoC core, a skeleton of constraints, and a README of the interfaces with timing diagrams. It is a
// function of the architecture, the seed and the sizes of the benches: the same bytes every time. Diagrams are of ports as a simulator recorded them: of an example, kept in folder waves, or, with Draw, of the
// bundle's own benches.
//
// Check runs the benches in whichever simulators are installed and says that they are equal, or where they first differ. Why says which rule of the array's contract
// fixes what happens in a cycle of a bench, WhyUnit which one of another unit's.
//
// Units are smaller in their benches than in the architecture, in rows, columns and lanes, with all else equal: a 32 x 32 array is not simulated in reasonable time, and
// the sources are the same.
package rtl
