// Package verilog runs the free tools of Verilog: Icarus Verilog and Verilator simulate, Verilator lints, yosys synthesizes. It knows nothing of the model.
//
// A Design is sources, a top module and values for its parameters. A Simulator builds it into a Program, in a folder of its own, and a Program runs, as often as
// asked, beside the files that it reads. Builds remembers what was built, for Verilator takes minutes for what it then runs in seconds. All of it stops with its context,
// and a tool that is not installed is named with how to install it (Missing).
//
// Benches drive inputs from clocked blocks by nonblocking assignments: what a bench assigns by blocking ones at an edge may reach a design in another
// cycle in one simulator than in the other.
package verilog
