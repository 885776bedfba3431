// Package weights prunes real weights: how much of their magnitude stays at N:M in the forward (FF) and the backward (BP) copy, how far the
// two masks agree, how many bytes the copies take, and the copies themselves.
//
// # A weight
//
// W[groups][taps x inputs x outputs], as in package workloads. The FF copy is pruned in groups of M along the inputs of one tap, the BP copy
// in groups of M along the outputs; a direction with fewer than M channels is dense. Elements are rounded to FP16 (nearest, ties to even;
// FP64 through FP32) before they are compared, as the hardware stores them.
//
// # Reading
//
// A Matrix reads panels: all taps and inputs of a few outputs. Memory is a panel, whatever the weight's size. Sources are the initialisers of
// ONNX files (in the file or beside it, through what stands between them and their layers), .npy files (NumPy's format 1.0 to 3.0, float16, float32,
// float64 and int8, either byte order, C or Fortran order; ONNX has INT4 as well, in blocks with a scale and a zero each), .npz archives and safetensors files. Arrays that are compressed, or stored one by one in
// protobuf's integers, are held in memory.
//
// # Arrays
//
// An Array is a whole array of a network that is trained, by PyTorch's name and axes: what training writes and begins with. Of an ONNX file it is an initialiser,
// also under the names that Identity nodes give it; a linear layer's weight that the graph takes as [inputs, outputs] is turned.
//
// # The packed copies
//
// A copy is a sequence of tiles (package nm), each padded to whole bursts: for each group, for each run of M outputs (the last one may be
// shorter), one tile. FF: runs are (output, tap) of inputs, outputs slowest. BP: runs are (tap, input) of those outputs, taps slowest.
//
// # Figures
//
// Kept magnitude is the sum of |w| over what stays, divided by the sum over all. Infinities and NaNs count in neither sum and are
// reported, and so are numbers that are not zero but are as FP16.
package weights
