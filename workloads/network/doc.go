// Package network is a network as a graph of named tensors and operators, its notation, and the training step that
// follows from it.
//
// # Tensors
//
// Shapes are outermost first and channels last: images x height x width x channels, or sequences x tokens x channels. The
// first extent of the first input is the batch. The operators are a closed set, a row each (operators.go); each has one output,
// which has the node's name. linear, the norms and softmax work on the last axis; add, mul and the batch of matmul broadcast as
// usual. global_avg_pool leaves images x 1 x 1 x channels. flatten keeps the first extent. Because channels are last, the
// weight of a linear layer behind a flatten has its rows in another order than a framework with channels first; its
// size is the same. A
// group_norm works on groups of channels of a sample. function is any function of one number that is looked up (exp, log, a root), prelu has a slope a channel,
// and resize makes images of another height and width (shape), each element of kernel inputs. rotary turns pairs of channels by fixed angles (two multiplications an element). A loss is the
// softmax cross-entropy over the last axis, its labels included. A network of several heads has a loss on each, and trains their sum: the gradients of
// what they share add up.
//
// # What moves no data
//
// reshape and flatten are free. A transpose that keeps the last axis last, and any slice, are strided views: runs of the
// last axis stay whole, and whoever writes or reads the array uses strided addresses. Other transposes (a channel
// shuffle) and concat are copy passes. The gradient of a concat is read in place. The gradient of a slice is in place
// when all consumers of the sliced tensor are disjoint slices along one axis (zero_fill for what they leave out), else
// it is copied into zeros.
//
// # Arrays
//
// Products and passes name arrays, not tensors: a view has its base's array, and an operator that works in place overwrites an
// operand that nobody else needs. An array is named after the last tensor made in it in place, else after the first. The gradient of x is "d(x)"; where x has several consumers, what they contribute
// is "d(x)/consumer" until a grad_sum joins it; the gradient of an add is the gradient of both operands. A weight is
// "layer.weight", its gradient "d(layer.weight)". "layer.bias", "layer.scale_shift", "layer.mask", "layer.indices" and
// "layer.stats" speak for themselves.
//
// # The step
//
// Forward runs in topological order, which is the order of the file as far as inputs allow; backward in reverse, BP
// before WU of each layer. The loss is one pass and begins the backward half. Work that can run in the output path of
// whatever makes its operand (batch norm's sums, bias, activations, residual adds, sums of gradients, sums for a bias)
// is Fused and stands in that maker's item; so views and most activations have no item of their own. An output path has room
// for one tensor that its passes write beside the result (GELU, whose input is kept) and four that they read; what asks for more is a pass of its own. What is fused is our
// assumption; norms, softmax and pools are passes of their own because they need a whole batch, row or window.
//
// MACs are counted by convention, border taps on padding included: FF and WU T*K*F; BP the rows of each phase times its
// taps, so that a stride-1 convolution that keeps its size has as many in BP as in FF, and so has one of stride s whose
// input extent is s times its output extent. With odd extents or without padding they differ.
//
// Phase p of a strided BP has index (row residue)*stride_w + (column residue). Residues are i mod stride of the input
// position; with padding the phase with most taps is not the first.
//
// Saved for backward is what an operator's row says it keeps (for a batch norm behind a convolution the input is the convolution's
// Y), the FP32 statistics of norms, and the ids of an embedding. Attention scores are dense: what a causal mask hides is computed
// all the same (assumption: the array has no way to skip a triangle). A softmax is causal or not for training alone: the pass costs the same.
//
// The gradient of an embedding is a dense table (assumption: an optimiser with state touches every row): zeros, then a
// scatter-add, then the update of all rows. A linear layer tied to it writes its dW first and the scatter adds to that. Biases, norms' scales and shifts, and slopes that
// layers share (vector) are updated where they are defined, after a pass for each sharer has added its gradient.
//
// # The notation
//
// A file of kind network has a name, a note that every report states ({name} stands for a parameter's value), the number of
// training samples (for the length of an epoch), and:
//
//	params: [{name: batch, value: 512}, {name: stem, value: imagenet, choices: [imagenet, cifar]}]
//	inputs: [{name: images, shape: [batch, 64, 64, 3]}]       # indices: true for what embeddings read
//	blocks:                                                   # lists of layers with parameters of their own
//	  - name: unit
//	    params: [{name: channels}, {name: stride, value: 1}]
//	    layers: [{name: conv, op: conv, channels: channels, kernel: 3, stride: stride, pads: 1}, {name: relu, op: relu}]
//	layers:
//	  - {name: stem, block: unit, args: [{name: channels, value: 64}, {name: stride, value: 1 + (stem == imagenet)}]}
//	  - {name: pool, op: max_pool, kernel: 2, stride: 2, when: stem == imagenet}
//	  - {name: body, block: unit, repeat: 3, args: [{name: channels, value: 64*(index + 1)}]}
//	  - {name: short, op: linear, input: pool, channels: 192}
//	  - {name: add, op: add, input: [body, short]}
//	  - {name: loss, op: loss}
//
// Every number is a whole number or an expression over parameters (see Expr), and, in a repeated layer, index. A layer
// reads the one before it unless it names its input: a layer of its own list, `in` (what its block was given), an input of
// the network, or any earlier node by its full name, such as body.0.conv. A block gives what its last layer gives. A layer
// whose `when` is 0 hands on its first input, under its own name. kernel, stride and dilation are one number or height
// and width; pads are one number, height and width, or top, left, bottom and right.
package network
