// Package machine takes a training step through one accelerator. Its stages are a list, Stages, and everything that simulates goes
// through it: run, sweeps, ablations, co-design, whole trainings.
//
//	plan      the recipe's pruned operands; word groups with their output paths, passes and updates; the footprint against the board
//	schedule  words chosen, refined or given
//	simulate  every group; equal groups once
//	collect   conservation checked, figures added up
//
// A Machine remembers the outcomes of word groups: a group's outcome is a function of the spec and its words, so equal groups of all
// steps that go through one machine are simulated once. On the detailed memory model it is also one of the groups before it in its step, each of
// which begins on a memory as it was built: nothing is remembered, and a step's outcome is a function of the spec and its words.
package machine
