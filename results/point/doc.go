// Package point runs one point: an architecture, a network and a recipe, from model files to a record. What run, sweeps and
// ablations share is the list of stages in Simulate:
//
//	step      the network's training step, with the recipe's pruned operands
//	plan      word groups with their output paths, passes and updates
//	capacity  the step's footprint against the board
//	schedule  words chosen, or given
//	run       every group simulated; equal groups once
//	collect   conservation checked, figures added up
package point
