// Package onnx reads ONNX files into the networks of package network, and finds the weights in them.
//
// # Reading
//
// There are three rooms. Package internal/file reads a file, without the elements of its weights, which may be missing or lie in other files.
// Package internal/symbolic infers shapes and folds constants. This package maps nodes to the operators of a network: it decides which tensors
// are data, parameters, constants or ids, in which order their axes stand in the graph, and which operator each node becomes.
//
// # Extents
//
// The first extent of the first input is the batch, whether the file names it, leaves it open or fixes it. It stays a symbol
// through shape inference, the folding of constants and the targets of reshapes, so that any batch can be set later. Where a
// file fixes the batch, a reshape whose target was computed by the exporter is read so that the batch stays the outermost
// factor of the axis that holds it. Every other extent must be known: named ones are given with Options.Dims. All shapes are
// inferred; the file's value_info is not read.
//
// A file may take one sample, without an axis for a batch: its data meet numbers only until an axis of one element is put before theirs, as in detectors.
// Then the batch is put before them. What a node does to axes is read so; operators that need a batch they do not have are refused.
//
// # Layout
//
// ONNX puts channels first, network.Graph last. Each tensor carries the order of its axes in the graph, and a transpose only
// renames axes. A transpose is written into the graph where an operator needs another order: convolutions, pools and batch norms need
// channels last; linear layers, layer norms and softmax their axis last; matmul its two factors last (the second may be
// transposed). Transposes and reshapes that move nothing come out free. An input of images arrives in the order
// that its first layer wants. A flatten of channels-last data is free when only linear layers follow, whose rows then have another order.
//
// # What is not there
//
//   - Identity, Cast, Dropout: free (assumption: a dropout's mask is made in the output path; exporters leave it out as well).
//
//   - A multiplication, division, addition or subtraction of a constant with one element folds into a neighbour, and so does Neg.
//     Clip, HardSigmoid and HardSwish are ReLU6 (and a product) but for such constants; a bound on one side is a ReLU.
//
//   - A constant or a mask computed from integer inputs that is added to scores before a softmax, or chosen by Where: hidden scores
//     are computed all the same, as in package network. Elsewhere such numbers are inputs without gradient: a Where multiplies its branches by a mask and adds
//     them (assumption: nothing chooses in one pass), and a choice by ids is a slice of as many.
//
//   - A cache of keys and values that comes from outside: training sees all tokens at once.
//
//   - A softmax behind which nothing follows is part of the loss, which is put on the first output.
//
//   - What no gradient comes through (TopK, NonMaxSuppression, NonZero of data, RoiAlign) is cut, and so is what follows a loss that the file has.
//     Losses are on what the layers before a cut give: what decodes it (anchors, exponentials) belongs to inference. Layers behind are named.
//
//   - QuantizeLinear and DequantizeLinear: the network is trained in floating point.
//
// # What is made of several operators
//
// A transposed convolution is a convolution for each phase of its stride, whose results a copy lays side by side: the products are as many as it has. LRN is a
// square, a pool along channels, a function and a product; a division a function and a product; attention its products and softmax. Expand and Tile
// copy by a resize of one element, Tile also all samples. An Einsum of two operands is a product, with its axes brought together and apart. A sum of x by cosines and of x in another order
// by sines is rotary. Functions of one number that have no operator are a function by table.
//
// A window over time, height and width is one of frames where it is 1 in time, one over time where it is 1 in space; else frames are laid side by side as channels by a
// copy, and one of frames reads them (assumption: patches are gathered over two axes alone). The larger of two tensors is a ReLU of their difference and an addition.
// Zeros around height and width are taken in by convolutions and pools; elsewhere, and for other pads, padding is a copy.
//
// # Initialisers that are no weight
//
// What an initialiser is for decides, and Import.Roles says it:
//
//   - It scales or shifts data that have met nothing learned yet (mean, deviation, positions added to data): not trained, left to the loader.
//   - A table whose row 0 is made of exact zeros and ones as sines and cosines of position 0 are: not trained, an input without gradient.
//   - Zeros and large negative numbers added to scores, in fused attention as well, or zeros and ones that multiply them: a mask, left out. Zeros and ones elsewhere
//     are a mask that is given: not trained, an input without gradient.
//   - One number a channel behind a norm folds into that norm's own; an addition behind a product is its bias. A scale and then a shift behind a
//     convolution are a batch norm whose statistics were multiplied in, and train as one.
//   - Anything else (learned positions, class tokens, relative positions, scales of layers) is a learned table with one row for each of its
//     vectors: an embedding.
//
// What no data enter is a branch of its own, once a step: a layer that reads numbers of the file (encodings of positions), a function of something learned (a
// gate). A weight that is normalised before its layer is that weight; its gains are left out and said. A depthwise convolution with one kernel for every channel that adds up to 1 is a blur against
// aliasing, which nobody trains: an average pool.
//
// A constant is an input without gradient, and so is what a function without a gradient makes of an initialiser. In a file without
// initialisers that are matrices, Constant nodes are the initialisers, unless weights are among its inputs.
//
// Patterns are recognised by what they compute: a subgraph with one input is evaluated on a few numbers and compared with GELU (by
// erf, by tanh, by a sigmoid), SiLU, and the cores of layer norm and RMS norm.
package onnx
