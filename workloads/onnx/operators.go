package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// operators are those that activations may enter.
var operators = map[string]func(im *importer, n *file.Node, in []*value) ([]*value, error){
	"Identity": (*importer).alias, "Cast": (*importer).alias, "Dropout": (*importer).dropout, "Neg": (*importer).negated,
	"QuantizeLinear": (*importer).quantised, "DequantizeLinear": (*importer).quantised,

	"Conv": (*importer).conv, "Gemm": (*importer).gemm, "MatMul": (*importer).matmul, "Gather": (*importer).gather,

	"BatchNormalization": (*importer).batchNorm, "LayerNormalization": (*importer).layerNorm,
	opLayerNorm: (*importer).layerNorm, opRMSNorm: (*importer).layerNorm,

	"Relu": unaryAs(network.ReLU), "LeakyRelu": (*importer).leakyRelu, "Clip": (*importer).clip, "Sigmoid": unaryAs(network.Sigmoid),
	"Tanh": unaryAs(network.Tanh), "Gelu": unaryAs(network.GELU), "HardSigmoid": (*importer).hardSigmoid,
	"HardSwish": (*importer).hardSwish, "Softmax": (*importer).softmax, "LogSoftmax": (*importer).softmax, opGelu: unaryAs(network.GELU), opSilu: unaryAs(network.SiLU),

	"MaxPool": (*importer).pool, "AveragePool": (*importer).pool, "GlobalAveragePool": (*importer).globalPool,
	"GlobalMaxPool": (*importer).globalPool, "ReduceMean": (*importer).reduceMean, "Pad": (*importer).pad,

	"Add": (*importer).arithmetic, "Sub": (*importer).arithmetic, "Mul": (*importer).arithmetic, "Div": (*importer).arithmetic,
	"Sum": (*importer).sum, "Max": (*importer).bound, "Min": (*importer).bound, "Pow": (*importer).power, "Where": (*importer).where,

	"Sqrt": unaryAs(network.Function), "Exp": unaryAs(network.Function), "Log": unaryAs(network.Function), "Softplus": unaryAs(network.Function),
	"Softsign": unaryAs(network.Function), "Mish": unaryAs(network.Function), "Elu": unaryAs(network.Function), "Selu": unaryAs(network.Function),
	"Celu": unaryAs(network.Function), "Erf": unaryAs(network.Function), "Reciprocal": unaryAs(network.Function), "Abs": unaryAs(network.Function),
	"Sin": unaryAs(network.Function), "Cos": unaryAs(network.Function), "ThresholdedRelu": unaryAs(network.ReLU), "Swish": unaryAs(network.SiLU),
	"PRelu": (*importer).prelu,

	"GridSample": (*importer).gridSample,
	"Resize":     (*importer).resize, "Upsample": (*importer).resize, "ConvTranspose": (*importer).convTranspose, "DepthToSpace": (*importer).blocks,
	"SpaceToDepth": (*importer).blocks, "GroupNormalization": (*importer).groupNorm, "InstanceNormalization": (*importer).groupNorm,
	"LRN": (*importer).localResponse, "RMSNormalization": (*importer).rmsNorm, "SimplifiedLayerNormalization": (*importer).rmsNorm,
	"ReduceSum": (*importer).reduceMean, "ReduceMax": (*importer).reduceMax, "ReduceL2": (*importer).reduceL2, "Tile": (*importer).tile,
	"Attention": (*importer).attention,

	"com.microsoft.Gelu": (*importer).biasedGelu, "com.microsoft.FastGelu": (*importer).biasedGelu, "com.microsoft.QuickGelu": (*importer).biasedGelu,
	"com.microsoft.BiasGelu": (*importer).biasedGelu, "com.microsoft.SimplifiedLayerNormalization": (*importer).rmsNorm,
	"com.microsoft.SkipLayerNormalization": (*importer).skipNorm, "com.microsoft.SkipSimplifiedLayerNormalization": (*importer).skipNorm,
	"com.microsoft.FusedMatMul": (*importer).fusedMatmul, "com.microsoft.TransposeMatMul": (*importer).fusedMatmul, "com.microsoft.MatMulNBits": (*importer).fewBits,
	"com.microsoft.RotaryEmbedding": (*importer).rotary, "RotaryEmbedding": (*importer).rotary, "com.microsoft.GroupQueryAttention": (*importer).groupQuery,
	"com.microsoft.EmbedLayerNormalization": (*importer).embedNorm, "Einsum": (*importer).einsum, "GatherND": (*importer).gatherND,
	"GatherElements":          (*importer).gatherElements,
	"com.microsoft.Attention": (*importer).packedAttention, "com.microsoft.MultiHeadAttention": (*importer).multiHead,

	"Reshape": (*importer).reshapeNode, "Flatten": (*importer).reshapeNode, "Squeeze": (*importer).reshapeNode,
	"Unsqueeze": (*importer).reshapeNode, "Expand": (*importer).expand, "Transpose": (*importer).transpose,
	"Concat": (*importer).concat, "Slice": (*importer).slice, "Split": (*importer).split,
}

// arity is how many of its inputs an operator cannot do without.
func arity(op string) int {
	switch op {
	case "Constant":
		return 0
	case "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Conv", "Gemm",
		"MatMul", "Gather", "Expand", "Tile", "ConvTranspose", "PRelu", "com.microsoft.Attention", "com.microsoft.SkipLayerNormalization",
		"com.microsoft.SkipSimplifiedLayerNormalization", "com.microsoft.FusedMatMul", "com.microsoft.TransposeMatMul",
		"com.microsoft.MatMulNBits", "GatherND", "GatherElements", "GridSample":
		return 2
	case "Where", "Range", "Attention":
		return 3
	case "com.microsoft.EmbedLayerNormalization":
		return 1
	}
	return 1
}

// anyInput reports whether activations may enter an operator elsewhere than by its first input.
func anyInput(op string) bool {
	switch op {
	case "Add", "Sub", "Mul", "Div", "MatMul", "Gemm", "Concat", "Sum", "Where", "Max", "Min", "Einsum",
		"com.microsoft.FusedMatMul", "com.microsoft.TransposeMatMul":
		return true
	}
	return false
}

// unaryAs is an activation function.
func unaryAs(op network.Op) func(im *importer, n *file.Node, in []*value) ([]*value, error) {
	return func(im *importer, n *file.Node, in []*value) ([]*value, error) { return im.unary(n, in[0], op) }
}

func (im *importer) unary(n *file.Node, x *value, op network.Op) ([]*value, error) {
	t, err := im.plain(x)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: op, Inputs: []string{t}}, im.shapes[t])
	return like(x, y), err
}

func (im *importer) alias(_ *file.Node, in []*value) ([]*value, error) { return same(in[0]), nil }

// quantised leaves out that numbers are rounded to whole ones and made numbers again: the network is trained in floating point.
func (im *importer) quantised(_ *file.Node, in []*value) ([]*value, error) {
	im.leaveOut("quantisation is left out: the network is trained in floating point (%d nodes)")
	return same(in[0]), nil
}

func (im *importer) dropout(n *file.Node, in []*value) ([]*value, error) {
	im.leaveOut("dropouts cost nothing (%d)")
	return same(in[0]), nil
}

// folded says that a constant joins a neighbour.
const folded = "multiplications, additions and the like of a constant fold into their neighbours (%d)"

func (im *importer) negated(_ *file.Node, in []*value) ([]*value, error) {
	im.leaveOut(folded)
	return same(in[0]), nil
}

func (im *importer) leakyRelu(n *file.Node, in []*value) ([]*value, error) {
	im.leaveOut("leaky ReLUs count as ReLU: one comparison forward, one bit backward (%d)")
	return im.unary(n, in[0], network.ReLU)
}

// clip is a ReLU if it has one bound and a ReLU6 if it has two: other bounds are constants that fold into neighbours.
func (im *importer) clip(n *file.Node, in []*value) ([]*value, error) {
	bounds := 0
	for i, attr := range []string{"min", "max"} {
		v, given := 0.0, false
		if n.Has(attr) {
			v, given = n.Float(attr, 0), true
		} else if i+1 < len(in) && in[i+1] != nil {
			var ok bool
			if v, ok = in[i+1].scalar(); !ok && in[i+1].kind != constant {
				return nil, fmt.Errorf("its bound %q is no constant", n.In[i+1])
			}
			given = true
		}
		// Exporters write a missing bound as the largest number there is.
		if given && v > -1e38 && v < 1e38 {
			bounds++
		}
	}
	if m := im.maker(in[0].tensor); bounds > 0 && m != nil && m.Op == network.ReLU && im.readOnce(in[0].tensor) {
		m.Op = network.ReLU6 // one operator in two nodes
		return same(in[0]), nil
	}
	switch bounds {
	case 0:
		return same(in[0]), nil
	case 1:
		return im.unary(n, in[0], network.ReLU)
	}
	return im.unary(n, in[0], network.ReLU6)
}

// bound is a Clip from one side, by one number, or the larger or smaller of two tensors: a is b and what is left of a - b behind a ReLU.
func (im *importer) bound(n *file.Node, in []*value) ([]*value, error) {
	if len(in) == 1 {
		return same(in[0]), nil
	}
	if len(in) != 2 || in[1] == nil {
		return nil, errors.New("the larger or smaller of two tensors is accepted, two at a time")
	}
	x, limit := in[0], in[1]
	if x.kind != activation {
		x, limit = limit, x
	}
	if limit.kind != activation && limit.single() && limit.rank() <= x.rank() {
		return im.unary(n, x, network.ReLU)
	}
	if limit.kind != activation {
		var err error
		if limit, err = im.table(limit, x); err != nil {
			return nil, err
		}
	}
	base := label(n, "")
	over, err := im.join(&file.Node{Name: base + ".difference"}, network.Add, x, limit)
	if err != nil {
		return nil, err
	}
	if over, err = im.unary(&file.Node{Name: base + ".over"}, over[0], network.ReLU); err != nil {
		return nil, err
	}
	return im.join(n, network.Add, over[0], limit)
}

// hardSigmoid is clip(a x + b, 0, 1), a ReLU6 but for constants.
func (im *importer) hardSigmoid(n *file.Node, in []*value) ([]*value, error) {
	im.leaveOut(folded)
	return im.unary(n, in[0], network.ReLU6)
}

// hardSwish is x ReLU6(x + 3) / 6.
func (im *importer) hardSwish(n *file.Node, in []*value) ([]*value, error) {
	im.leaveOut(folded)
	gate, err := im.unary(&file.Node{Name: label(n, "") + ".gate"}, in[0], network.ReLU6)
	if err != nil {
		return nil, err
	}
	return im.join(n, network.Mul, in[0], gate[0])
}

// softmax brings its axis last. Before operator set 13 all axes from its own on were one.
func (im *importer) softmax(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	otherwise := int64(-1)
	if n.Opset < 13 {
		otherwise = 1
	}
	axis, err := symbolic.Axis(n.Int("axis", otherwise), x.rank())
	if err != nil {
		return nil, err
	}
	if n.Opset < 13 && slices.ContainsFunc(x.shape[axis+1:], func(e symbolic.Extent) bool { return !e.Unit() }) {
		return im.joinedSoftmax(n, x, axis)
	}
	layout := last(x.layout, axis)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.Softmax, Inputs: []string{t}}, im.shapes[t])
	return []*value{{kind: activation, shape: x.shape, tensor: y, layout: layout}}, err
}

// joinedSoftmax is a softmax over all axes from one on, as one row.
func (im *importer) joinedSoftmax(n *file.Node, x *value, axis int) ([]*value, error) {
	row, err := x.shape[axis:].Elements()
	if err != nil {
		return nil, err
	}
	if row.Batch {
		return nil, symbolic.ErrBatchAxis
	}
	rows, err := im.reshape(x, append(append(symbolic.Shape{}, x.shape[:axis]...), row), false)
	if err != nil {
		return nil, err
	}
	t, err := im.ordered(rows, identity(rows.rank()))
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.Softmax, Inputs: []string{t}}, im.shapes[t])
	if err != nil {
		return nil, err
	}
	back, err := im.reshape(&value{kind: activation, shape: rows.shape, tensor: y, layout: identity(rows.rank())}, x.shape, false)
	return []*value{back}, err
}

func (im *importer) batchNorm(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	if x.rank() < 2 {
		return nil, fmt.Errorf("its input %v has no channels", x.shape)
	}
	if n.Int("spatial", 1) == 0 {
		return nil, errors.New("it normalises each position by itself (spatial is 0)")
	}
	layout := last(x.layout, 1)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: label(n, n.Input(1)), Op: network.BatchNorm, Inputs: []string{t}}, im.shapes[t])
	im.keeps(y, in[1:min(3, len(in))]...) // mean and deviation are not learned
	return []*value{{kind: activation, shape: x.shape, tensor: y, layout: layout}}, err
}

// layerNorm is the operator, or the core of a layer or RMS norm from a pattern, whose scale and shift are yet to come.
func (im *importer) layerNorm(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	op := network.Node{Name: label(n, n.Input(1)), Op: network.LayerNorm, Bias: len(in) > 2 && in[2] != nil}
	axis := n.Int("axis", -1)
	pattern := n.Op != "LayerNormalization"
	if pattern {
		axes, err := symbolic.ReducedAxes(n, tensors(in))
		if err != nil {
			return nil, err
		}
		if len(axes) != 1 {
			return nil, fmt.Errorf("it normalises axes %v together", axes)
		}
		axis = int64(axes[0])
		op.Name, op.Bias = label(n, ""), false
		if n.Op == opRMSNorm {
			op.Op = network.RMSNorm
		}
	}
	at, err := symbolic.Axis(axis, x.rank())
	if err != nil {
		return nil, err
	}
	if !pattern && at != x.rank()-1 {
		return nil, fmt.Errorf("it normalises axes %d to %d together", at, x.rank()-1)
	}
	layout := last(x.layout, at)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	op.Inputs = []string{t}
	y, err := im.emit(op, im.shapes[t])
	im.norms[y] = pattern
	if !pattern {
		im.keeps(y, in[1:]...)
	}
	return []*value{{kind: activation, shape: x.shape, tensor: y, layout: layout}}, err
}
