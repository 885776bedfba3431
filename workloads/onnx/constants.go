package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// fold gives the outputs of a node that no activation enters, or that asks for nothing but a shape.
func (im *importer) fold(n *file.Node, in []*value) ([]*value, error) {
	if !symbolic.Folds(n.Op) {
		return nil, errNotRepresented
	}
	folded, err := im.inferred(n, in)
	if err != nil {
		return nil, err
	}
	switch n.Op {
	case "Split", "Identity", "Dropout", "Cast":
		var out []*value
		for _, t := range folded {
			v := *in[0]
			v.shape, v.lit = t.Shape, t.Elements
			if n.Op == "Identity" && v.root != nil {
				other := *v.root
				other.alias = n.Output()
				v.root = &other
			}
			if n.Op == "Cast" {
				v.whole = file.WholeType(int32(n.Int("to", 0)))
			}
			out = append(out, &v)
		}
		return out, nil
	}
	v := &value{shape: folded[0].Shape, lit: folded[0].Elements}
	v.kind, v.root = madeFrom(n, in)
	if n.Op == "DequantizeLinear" && in[0].kind == constant && !v.single() { // a weight as whole numbers; its scales are none
		all, err := v.shape.Elements()
		if err != nil {
			return nil, err
		}
		v.kind, v.root = parameter, newRoot(in[0].name, v.shape, all.N)
	}
	if t := im.model.tensors[n.Output()]; n.Op == "Constant" && im.model.learned && !im.stripped && t != nil && file.IsFloat(t.tensor.GetDataType()) && !v.single() {
		all, err := v.shape.Elements()
		if err != nil {
			return nil, err
		}
		v.kind, v.root = parameter, newRoot(n.Output(), v.shape, all.N)
	}
	if v.kind == side {
		v.lit = nil
	}
	return []*value{v}, nil
}

// foldedProduct is a product that no data enter, of which the shape counts: angles are positions by frequencies.
func foldedProduct(n *file.Node, in []*value) ([]*value, error) {
	if len(in) != 2 || in[0] == nil || in[1] == nil {
		return nil, errors.New("it needs two operands")
	}
	a, b := in[0].shape, in[1].shape
	v := &value{}
	v.kind, v.root = madeFrom(n, in)
	if n.Op == "Einsum" {
		e, err := parseEquation(n.Text("equation"), []int{len(a), len(b)})
		if err != nil {
			return nil, err
		}
		for _, r := range e.out {
			for k, letters := range e.in {
				if at := slices.Index(letters, r); at >= 0 {
					v.shape = append(v.shape, in[k].shape[at])
					break
				}
			}
		}
		return []*value{v}, nil
	}
	if len(a) < 2 || len(b) < 2 || a[len(a)-1] != b[len(b)-2] {
		return nil, fmt.Errorf("shapes %v and %v do not fit each other", a, b)
	}
	batch, err := symbolic.Broadcast(a[:len(a)-2], b[:len(b)-2])
	if err != nil {
		return nil, err
	}
	v.shape = append(append(symbolic.Shape{}, batch...), a[len(a)-2], b[len(b)-1])
	return []*value{v}, nil
}

// madeFrom is the kind of what is computed from values, and where it comes from.
func madeFrom(n *file.Node, in []*value) (kind, *root) {
	k, r := constant, (*root)(nil)
	switch n.Op {
	case "Shape", "Size", "ConstantOfShape":
		return k, r
	case "Sin", "Cos", "Floor", "Ceil", "Mod", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Not", "Trilu", "CumSum", "Range", "NonZero", "ArgMax", "ArgMin", "EyeLike":
		// No gradient comes through, or nobody sends one: positions and masks.
		for _, x := range in {
			if x != nil && x.kind == side {
				return side, nil
			}
		}
		return k, r
	}
	for _, x := range in {
		if x == nil {
			continue
		}
		k = max(k, x.kind)
		if x.root != nil && (r == nil || x.root.elements > r.elements) {
			r = x.root
		}
	}
	return k, r
}

// inferred gives the outputs of a node as far as they follow from shapes and constants.
func (im *importer) inferred(n *file.Node, in []*value) ([]symbolic.Tensor, error) {
	b := symbolic.FixedBatch{Size: im.hint, Outside: 1}
	if len(in) > 0 && in[0] != nil {
		b.Outside = im.outside(in[0])
	}
	return symbolic.Fold(n, tensors(in), b)
}

// outputShape is the shape of a node's only output.
func (im *importer) outputShape(n *file.Node, in []*value) (symbolic.Shape, error) {
	out, err := im.inferred(n, in)
	if err != nil {
		return nil, err
	}
	return out[0].Shape, nil
}

// tensors is what is known of values before the network runs.
func tensors(in []*value) []*symbolic.Tensor {
	out := make([]*symbolic.Tensor, len(in))
	for i, v := range in {
		if v != nil {
			out[i] = &symbolic.Tensor{Shape: v.shape, Elements: v.lit}
		}
	}
	return out
}

// outside is the factor that the axis with the batch has outside the batch: 7 where 7 rows of batch x 3 were joined.
func (im *importer) outside(v *value) int64 { return max(1, im.outer[v.tensor]) }
