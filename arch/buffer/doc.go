// Package buffer models the on-chip buffers: capacities and how they are divided among the links that carry tiles.
//
//	west    activations or gradients, row operands of the array
//	north   weights (or, in the weight update, gradients), column operands
//	output  accumulators' results: FP32 while a reduction is split, else rounded to FP16 on the way out
//	update  what WUVE and SORE work on: master weights, optimiser state, updated FP16 weights and their pruned copies
//	pass    element-wise passes of the vector unit, in and out
//
// A tile occupies its bytes from the moment its load starts until its last use ends. Double buffering is two tiles in a buffer.
package buffer
