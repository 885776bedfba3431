// Package trace writes down what a simulation does.
//
// # Requests
//
// Requests writes every transfer between the accelerator and off-chip memory as CSV, compressed with gzip, for other DRAM simulators: the
// core cycle at which it reaches the memory's port, counted from the beginning of the step, address, bytes, R or W, operand, layer and
// stage. A tile that is not contiguous has a line for each contiguous run, all of one cycle. Equal runs write equal bytes.
//
// Addresses are those of a placement made for this purpose, since timing in the fast memory model reads none:
//
//   - One flat space over all channels; a simulator stripes it (the board's granule is memory.interleave, round robin).
//   - A tensor gets its place when a word first names it, behind all before it, at a multiple of 4 KiB. Nothing is freed, so the space may
//     be larger than the footprint of a step.
//   - Activations and gradients are NHWC: a tile's runs are where its positions and channels are. Attention operands are one product after
//     the other.
//   - Weights, FP32 gradients, master weights and state lie in the order in which tiles are consumed or made; each tile has as much
//     room as the largest. A weight's copies (dense, FF, BP) lie one behind the other; the update writes them through from the first byte.
//   - Passes of their own, and what an output path reads and writes beside the product, have regions of their own, through which they go from
//     the first byte to the last: they are not mapped to the tensors that they touch.
package trace
