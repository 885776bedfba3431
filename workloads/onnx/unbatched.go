package onnx

import (
	"fmt"
	"maps"
	"slices"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
	"satsim/workloads/onnx/internal/symbolic"
)

// noBatch is what Options.BatchAxis says of a file that takes one sample without an axis for it.
const noBatch = "none"

// elementwise are operators that work on each number, whatever axes there are before theirs.
var elementwise = map[string]bool{
	"Identity": true, "Cast": true, "Dropout": true, "Neg": true, "QuantizeLinear": true, "DequantizeLinear": true, "Relu": true, "LeakyRelu": true,
	"Clip": true, "Sigmoid": true, "Tanh": true, "Gelu": true, "HardSigmoid": true, "HardSwish": true, "Add": true, "Sub": true, "Mul": true, "Div": true,
	"Pow": true, "Sqrt": true, "Exp": true, "Log": true, "Abs": true, opGelu: true, opSilu: true,
}

// gainsBatch reports whether a node puts an axis of one element before its input's.
func (im *importer) gainsBatch(n *file.Node) bool {
	if n.Op != "Unsqueeze" {
		return false
	}
	axes := n.Ints("axes")
	if w := im.model.stored(n.Input(1)); w != nil {
		axes, _ = symbolic.Decode(w.tensor).Ints()
	}
	return slices.Contains(axes, 0)
}

// withoutBatch reports whether data of an input meet numbers only until an axis of one element is put before theirs: the file takes one sample.
func (im *importer) withoutBatch(name string) bool {
	for range 16 {
		i := slices.IndexFunc(im.readers[name], func(n *file.Node) bool { return n.Op != "Shape" })
		if i < 0 {
			return false
		}
		n := im.readers[name][i]
		switch {
		case im.gainsBatch(n):
			return true
		case !elementwise[n.Op] && n.Op != "Pad" && n.Op != "Transpose":
			return false
		}
		name = n.Output()
	}
	return false
}

// with is a node with other attributes, which go before inputs that say the same.
func with(n *file.Node, attrs ...*pb.AttributeProto) *file.Node {
	out := *n
	out.Attrs = maps.Clone(n.Attrs)
	if out.Attrs == nil {
		out.Attrs = map[string]*pb.AttributeProto{}
	}
	for _, a := range attrs {
		out.Attrs[a.GetName()] = a
	}
	return &out
}

func numbersOf(name string, values []int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, Ints: values}
}

func numberOf(name string, v int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, I: &v}
}

// sample takes a node of a file without a batch axis, which its data have here all the same, as the first: they are bare where the file does not know
// it. It gives the node as it is with the batch, and whether its outputs are bare.
func (im *importer) sample(n *file.Node, in []*value) (*file.Node, []*value, bool, error) {
	bare := false
	for _, x := range in {
		bare = bare || x != nil && x.bare
	}
	if len(in) == 0 || in[0] == nil {
		return n, in, false, nil
	}
	if !bare {
		n, bare = im.losesBatch(n, in)
		return n, in, bare, nil
	}
	for _, x := range in {
		if x != nil && x.kind == activation && !x.bare {
			return nil, nil, false, fmt.Errorf("its input %q has an axis for the batch, another one has none", x.name)
		}
	}
	x := in[0]
	if elementwise[n.Op] || n.Op == "MatMul" {
		// Numbers of the file may bring an axis of one element of their own.
		longer := slices.ContainsFunc(in, func(p *value) bool { return p != nil && p.kind != activation && p.rank() >= x.rank() && x.bare })
		return n, in, !longer, nil
	}
	if !x.bare {
		return nil, nil, false, errUnbatched
	}
	inside := *x
	inside.shape = x.shape[1:]
	own := append([]*value{&inside}, in[1:]...)
	next := func(axes []int) []int64 {
		out := []int64{}
		for _, a := range axes {
			out = append(out, int64(a)+1)
		}
		return out
	}
	switch n.Op {
	case "Shape", "Size":
		return n, own, false, nil
	case "Unsqueeze", "Squeeze", "Reshape", "Flatten":
		target, err := im.outputShape(n, own)
		if err != nil {
			return nil, nil, false, err
		}
		gains := len(target) > inside.rank() && target[0].Unit()
		if gains {
			target = target[1:]
		}
		same := &file.Node{Name: n.Name, Op: "Identity", Opset: n.Opset, Out: n.Out}
		if target.Equal(inside.shape) { // padded or not
			return same, []*value{x}, !gains, nil
		}
		y, err := im.reshape(x, append(symbolic.Shape{x.shape[0]}, target...), im.onlyLinear(n.Output()))
		return same, []*value{y}, !gains, err
	case "Transpose":
		perm, err := symbolic.Permutation(n, inside.rank())
		return with(n, numbersOf("perm", append([]int64{0}, next(perm)...))), in, true, err
	case "Pad":
		pads, _, err := symbolic.Numbers(n, "pads", tensors(own), 1)
		if err != nil || len(pads) != 2*inside.rank() || len(in) > 3 && in[3] != nil {
			return nil, nil, false, fmt.Errorf("pads %v do not fit %v", pads, inside.shape)
		}
		half := len(pads) / 2
		return with(n, numbersOf("pads", slices.Concat([]int64{0}, pads[:half], []int64{0}, pads[half:]))), in, true, nil
	case "Gather", "Concat", "Split":
		axis, err := symbolic.Axis(n.Int("axis", 0), inside.rank())
		return with(n, numberOf("axis", int64(axis)+1)), in, true, err
	}
	return nil, nil, false, errUnbatched
}

var errUnbatched = fmt.Errorf("its data have no axis for the batch, and it is none of the operators that work on each number; export it with one")

// losesBatch takes what takes one of a batch of one, in a file without a batch axis of its own, for what it is: nothing.
func (im *importer) losesBatch(n *file.Node, in []*value) (*file.Node, bool) {
	x := in[0]
	if x.kind != activation || x.rank() < 2 || x.shape[0] != (symbolic.Extent{N: 1, Batch: true}) {
		return n, false
	}
	nothing := &file.Node{Name: n.Name, Op: "Identity", Opset: n.Opset, In: n.In[:1], Out: n.Out}
	switch n.Op {
	case "Gather":
		index, ok := in[1].lit.Ints()
		if ok && in[1].rank() == 0 && n.Int("axis", 0) == 0 && (index[0] == 0 || index[0] == -1) {
			return nothing, true
		}
	case "Split":
		if n.Int("axis", 0) == 0 && len(n.Out) == 1 {
			return nothing, false
		}
	case "Squeeze":
		axes, given, err := symbolic.Numbers(n, "axes", tensors(in), 1)
		if err == nil && given && slices.Equal(axes, []int64{0}) {
			return nothing, true
		}
	}
	return n, false
}
