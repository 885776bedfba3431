package network

import (
	"slices"

	"satsim/workloads"
)

// Op names an operator, in a step as well. The set is closed: an operator is here only with its FF, BP and WU costs.
type Op = workloads.Operator

// The operators. Each has one output, named as its node.
const (
	Conv          Op = "conv"
	Linear        Op = "linear"
	MatMul        Op = "matmul"
	Embedding     Op = "embedding"
	BatchNorm     Op = "batch_norm"
	LayerNorm     Op = "layer_norm"
	RMSNorm       Op = "rms_norm"
	GroupNorm     Op = "group_norm"
	ReLU          Op = "relu"
	ReLU6         Op = "relu6"
	GELU          Op = "gelu"
	SiLU          Op = "silu"
	Sigmoid       Op = "sigmoid"
	Tanh          Op = "tanh"
	Function      Op = "function"
	PReLU         Op = "prelu"
	Softmax       Op = "softmax"
	MaxPool       Op = "max_pool"
	AvgPool       Op = "avg_pool"
	GlobalAvgPool Op = "global_avg_pool"
	Resize        Op = "resize"
	Add           Op = "add"
	Mul           Op = "mul"
	Rotary        Op = "rotary"
	Concat        Op = "concat"
	Reshape       Op = "reshape"
	Transpose     Op = "transpose"
	Flatten       Op = "flatten"
	Slice         Op = "slice"
	Loss          Op = "loss"
)

// keep says what an operator needs again in the backward pass.
type keep int

const (
	keepsNothing keep = iota
	keepsInput        // the first one
	keepsOutput
	keepsFactors // of both inputs those that the other's gradient needs
	keepsMask    // one bit an element of the output
	keepsIndices // of a pool: which element of the window it was
)

// cost is the vector work on one element of the output, or of a pool's windows.
type cost struct {
	kind  workloads.PassKind
	times int64 // elements of that kind, where it is not 1
}

func (c cost) elements(n int64) int64 { return n * max(1, c.times) }

// operator is everything that the graph, its notation and the step know of an operator. Nothing outside of its row may ask for
// an operator by name: what is equal in every trait costs the same.
type operator struct {
	min, max int      // inputs; max 0: any number from min
	fields   []string // attributes
	shape    func(n Node, in []Shape) (Shape, error)

	parameters func(n Layer) int64                 // none: nil; those of a vector are counted whose ever it is
	weight     func(n Layer) workloads.WeightShape // the matrix or table among them
	vector     string                              // what its parameters that are no matrix are called
	statistics func(n Layer) int64                 // FP32 numbers that a norm keeps

	reads     bool // ids, which nothing else does: it looks rows of its weight up
	slides    bool // a window over height and width
	shares    bool // a linear layer may have its weight, too
	adds      bool // its weight's gradient adds to what the layers tied to it wrote
	ends      bool // the step's forward half
	activates bool // it is the non-linearity between layers
	rows      bool // its vector work goes over rows, the last axis
	part      bool // of its operand: the operand's array is larger

	view    func(n Layer) bool // it moves no data, if its attributes are such; nil: it does
	inPlace bool               // it may overwrite its operand
	fuses   bool               // it can run in the output path of whatever makes its last operand, and that of its output's gradient
	keeps   keep

	forward  func(b *builder, n Layer)
	backward func(b *builder, n Layer, g gradient)
	ff, bp   cost
}

// operators has a row for each. To add one, add a row; what computes its values is package train's, what it is called in ONNX
// package onnx's.
//
// What is fused, and what works in place, is our assumption: norms, softmax and pools need a whole batch, row or window.
var operators = map[Op]*operator{
	Conv: {
		min: 1, max: 1, fields: []string{"channels", "kernel", "stride", "dilation", "pads", "groups", "bias", "weight", "vector"}, shape: convShape,
		parameters: weightAndBias, weight: convWeight, vector: "bias", slides: true, shares: true, keeps: keepsInput,
		forward: (*builder).forwardWeighted, backward: (*builder).backwardWeighted, ff: cost{kind: workloads.Bias}, bp: cost{kind: workloads.BiasGrad},
	},
	Linear: {
		min: 1, max: 1, fields: []string{"channels", "bias", "weight", "vector"}, shape: linearShape,
		parameters: weightAndBias, weight: linearWeight, vector: "bias", shares: true, keeps: keepsInput,
		forward: (*builder).forwardWeighted, backward: (*builder).backwardWeighted, ff: cost{kind: workloads.Bias}, bp: cost{kind: workloads.BiasGrad},
	},
	MatMul: {
		min: 2, max: 2, fields: []string{"transpose_b"}, shape: matmulShape, keeps: keepsFactors,
		forward: (*builder).forwardMatMul, backward: (*builder).backwardMatMul,
	},
	Embedding: {
		min: 1, max: 1, fields: []string{"rows", "channels"}, shape: lookupShape,
		parameters: weightAndBias, weight: tableWeight, reads: true, shares: true, adds: true, keeps: keepsInput,
		forward: (*builder).forwardLookup, backward: (*builder).backwardLookup,
		ff: cost{kind: workloads.Gather}, bp: cost{kind: workloads.ScatterAdd},
	},

	BatchNorm: {
		min: 1, max: 1, fields: []string{"vector"}, shape: channelShape, parameters: scaleAndShift, vector: "scale_shift", statistics: twoAChannel, keeps: keepsInput,
		forward: (*builder).forwardBatchNorm, backward: (*builder).backwardBatchNorm,
		ff: cost{kind: workloads.BatchNormApply}, bp: cost{kind: workloads.BatchNormGrad},
	},
	// Its statistics are of a sample's groups of channels; it sums and waits as a batch norm does (assumption: a sample does not stay on chip).
	GroupNorm: {
		min: 1, max: 1, fields: []string{"groups", "channels", "vector"}, shape: groupShape, parameters: groupScales, vector: "scale_shift", statistics: twoAGroup, keeps: keepsInput,
		forward: (*builder).forwardBatchNorm, backward: (*builder).backwardBatchNorm,
		ff: cost{kind: workloads.BatchNormApply}, bp: cost{kind: workloads.BatchNormGrad},
	},
	LayerNorm: {
		min: 1, max: 1, fields: []string{"bias", "vector"}, shape: sameShape, parameters: scaleAndBias, vector: "scale_shift", statistics: twoARow, rows: true,
		keeps: keepsInput, forward: (*builder).forwardRowNorm, backward: (*builder).backwardRowNorm,
		ff: cost{kind: workloads.LayerNorm}, bp: cost{kind: workloads.LayerNormGrad},
	},
	RMSNorm: {
		min: 1, max: 1, fields: []string{"vector"}, shape: sameShape, parameters: scaleAndBias, vector: "scale_shift", statistics: oneARow, rows: true,
		keeps: keepsInput, forward: (*builder).forwardRowNorm, backward: (*builder).backwardRowNorm,
		ff: cost{kind: workloads.RMSNorm}, bp: cost{kind: workloads.RMSNormGrad},
	},

	ReLU: {
		min: 1, max: 1, shape: sameShape, activates: true, inPlace: true, fuses: true, keeps: keepsMask,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Activate}, bp: cost{kind: workloads.ActivateGrad},
	},
	ReLU6: {
		min: 1, max: 1, shape: sameShape, activates: true, inPlace: true, fuses: true, keeps: keepsMask,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Activate}, bp: cost{kind: workloads.ActivateGrad},
	},
	GELU: {
		min: 1, max: 1, shape: sameShape, activates: true, fuses: true, keeps: keepsInput,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Transcend}, bp: cost{kind: workloads.TranscendGrad},
	},
	SiLU: {
		min: 1, max: 1, shape: sameShape, activates: true, fuses: true, keeps: keepsInput,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Transcend}, bp: cost{kind: workloads.TranscendGrad},
	},
	Sigmoid: {
		min: 1, max: 1, shape: sameShape, activates: true, inPlace: true, fuses: true, keeps: keepsOutput,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Transcend}, bp: cost{kind: workloads.TranscendGrad},
	},
	Tanh: {
		min: 1, max: 1, shape: sameShape, activates: true, inPlace: true, fuses: true, keeps: keepsOutput,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Transcend}, bp: cost{kind: workloads.TranscendGrad},
	},
	Function: { // any other of one number, by table
		min: 1, max: 1, shape: sameShape, activates: true, fuses: true, keeps: keepsInput,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Transcend}, bp: cost{kind: workloads.TranscendGrad},
	},
	PReLU: { // a slope a channel where x is below 0
		min: 1, max: 1, fields: []string{"vector"}, shape: sameShape, activates: true, parameters: aChannel, vector: "slope", fuses: true, keeps: keepsInput,
		forward: (*builder).forwardPReLU, backward: (*builder).backwardPReLU,
		ff: cost{kind: workloads.Activate}, bp: cost{kind: workloads.ActivateGrad},
	},
	Softmax: { // it needs whole rows
		min: 1, max: 1, fields: []string{"causal"}, shape: softmaxShape, inPlace: true, rows: true, keeps: keepsOutput,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{kind: workloads.Softmax}, bp: cost{kind: workloads.SoftmaxGrad},
	},
	Rotary: { // each element is x*cos + turned x*sin: two multiplications
		min: 1, max: 1, shape: pairShape, inPlace: true, fuses: true, // linear: its backward needs nothing of before
		forward: (*builder).forwardElementwise, backward: (*builder).backwardElementwise,
		ff: cost{workloads.Mul, 2}, bp: cost{workloads.Mul, 2},
	},
	Add: {
		min: 2, max: 2, shape: broadcastShape, inPlace: true, fuses: true,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardAdd,
		ff: cost{kind: workloads.Add}, bp: cost{kind: workloads.GradSum},
	},
	Mul: {
		min: 2, max: 2, shape: broadcastShape, fuses: true, keeps: keepsFactors,
		forward: (*builder).forwardElementwise, backward: (*builder).backwardMul,
		ff: cost{kind: workloads.Mul}, bp: cost{kind: workloads.MulGrad},
	},

	MaxPool: {
		min: 1, max: 1, fields: []string{"kernel", "stride", "pads"}, shape: poolShape, slides: true, keeps: keepsIndices,
		forward: (*builder).forwardPool, backward: (*builder).backwardPool, ff: cost{kind: workloads.Pool}, bp: cost{kind: workloads.PoolGrad},
	},
	AvgPool: {
		min: 1, max: 1, fields: []string{"kernel", "stride", "pads"}, shape: poolShape, slides: true,
		forward: (*builder).forwardPool, backward: (*builder).backwardPool, ff: cost{kind: workloads.Pool}, bp: cost{kind: workloads.PoolGrad},
	},
	GlobalAvgPool: {
		min: 1, max: 1, shape: globalShape,
		forward: (*builder).forwardPool, backward: (*builder).backwardPool, ff: cost{kind: workloads.Pool}, bp: cost{kind: workloads.PoolGrad},
	},

	// Each output is made of a window of inputs: 1 for the nearest, 2x2 between them, 4x4 for cubes.
	Resize: {
		min: 1, max: 1, fields: []string{"shape", "kernel"}, shape: resizeShape,
		forward: (*builder).forwardPool, backward: (*builder).backwardPool, ff: cost{kind: workloads.Pool}, bp: cost{kind: workloads.PoolGrad},
	},

	Concat: {
		min: 2, fields: []string{"axis"}, shape: concatShape,
		forward: (*builder).forwardCopy, backward: (*builder).backwardConcat, ff: cost{kind: workloads.Copy},
	},
	Reshape: {
		min: 1, max: 1, fields: []string{"shape"}, shape: reshapeShape, view: always,
		forward: (*builder).forwardCopy, backward: (*builder).backwardCopy,
	},
	Flatten: {
		min: 1, max: 1, shape: flatShape, view: always, forward: (*builder).forwardCopy, backward: (*builder).backwardCopy,
	},
	// A transpose that keeps the last axis leaves runs of it whole: whoever reads or writes the array uses strided addresses. One that
	// moves the last axis is a copy.
	Transpose: {
		min: 1, max: 1, fields: []string{"axes"}, shape: transposeShape, view: keepsLastAxis,
		forward: (*builder).forwardCopy, backward: (*builder).backwardCopy, ff: cost{kind: workloads.Copy}, bp: cost{kind: workloads.Copy},
	},
	Slice: {
		min: 1, max: 1, fields: []string{"axis", "start", "size"}, shape: sliceShape, view: always, part: true,
		forward: (*builder).forwardCopy, backward: (*builder).backwardSlice, bp: cost{kind: workloads.Copy},
	},
	// The loss and its gradient are one pass, which begins the backward half.
	Loss: {
		min: 1, max: 1, shape: lossShape, ends: true, rows: true,
		forward: func(*builder, Layer) {}, backward: (*builder).backwardLoss, bp: cost{kind: workloads.Loss},
	},
}

// Ops lists the operators in alphabetical order.
func Ops() []Op {
	var out []Op
	for op := range operators {
		out = append(out, op)
	}
	slices.Sort(out)
	return out
}

func always(Layer) bool { return true }

func keepsLastAxis(n Layer) bool { return n.Axes[len(n.Axes)-1] == int64(len(n.Axes)-1) }

// isView reports whether a node moves no data.
func (n Layer) isView() bool { return n.row.view != nil && n.row.view(n) }

// Numbers of parameters.

func weightAndBias(n Layer) int64 {
	p := n.row.weight(n).Elements()
	if n.Weight != "" {
		p = 0
	}
	if n.Bias {
		p += n.Channels
	}
	return p
}

// vectorElements is the size of a node's parameter that is no matrix, its own or another's.
func vectorElements(n Layer) int64 {
	switch {
	case n.row.vector == "":
		return 0
	case n.row.weight == nil:
		return n.row.parameters(n)
	case n.Bias:
		return n.Channels
	}
	return 0
}

func scaleAndShift(n Layer) int64 { return 2 * n.Out.last() }

func groupScales(n Layer) int64 {
	if n.Channels != 0 {
		return 2 * n.Channels
	}
	return scaleAndShift(n)
}

func aChannel(n Layer) int64 { return n.Out.last() }

func scaleAndBias(n Layer) int64 {
	if n.Bias {
		return 2 * n.Out.last()
	}
	return n.Out.last()
}

// Numbers of statistics: the mean and the inverse deviation of a channel or row, or the inverse alone.

func twoAChannel(n Layer) int64 { return 2 * n.Out.last() }

func twoARow(n Layer) int64 { return 2 * n.Out.Elements() / n.Out.last() }

func oneARow(n Layer) int64 { return n.Out.Elements() / n.Out.last() }

func twoAGroup(n Layer) int64 { return 2 * n.Out[0] * n.Groups }

// Shapes of weights.

func convWeight(n Layer) workloads.WeightShape {
	in := n.In[0].last()
	return workloads.WeightShape{
		Taps: n.Kernel[0] * n.Kernel[1], In: in / n.Groups, Out: n.Channels / n.Groups, Groups: n.Groups,
	}
}

func linearWeight(n Layer) workloads.WeightShape {
	return workloads.WeightShape{Taps: 1, In: n.In[0].last(), Out: n.Channels, Groups: 1}
}

// tableWeight is that of a linear layer from an embedding's channels to its rows, which may share it.
func tableWeight(n Layer) workloads.WeightShape {
	return workloads.WeightShape{Taps: 1, In: n.Channels, Out: n.Rows, Groups: 1}
}
