package symbolic

import (
	"slices"

	"satsim/workloads/onnx/internal/file"
)

// foldReduce follows shapes, and what sizes are computed with.
func foldReduce(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	x := in[0]
	out, err := reducedShape(n, in)
	if err != nil || x.Elements == nil || len(x.Elements.elems) == 0 {
		return out, nil, err
	}
	if n.Op == "ReduceProd" && !x.Elements.float && x.rank() == 1 { // of extents, one of which may be the batch
		all, err := x.Elements.product()
		if err != nil {
			return nil, nil, err
		}
		return out, &Literal{dims: out.At(1), elems: []number{all}}, nil
	}
	op := map[string]string{"ReduceMax": "Max", "ReduceMin": "Min", "ReduceSum": "Add", "ReduceProd": "Mul"}[n.Op]
	all, err := out.Elements()
	if op == "" || err != nil || all.N != 1 {
		return out, nil, err
	}
	acc := x.Elements.elems[0]
	for _, e := range x.Elements.elems[1:] {
		var ok bool
		if acc, ok = twoNumbers[op](acc, e, x.Elements.float); !ok {
			return out, nil, nil
		}
	}
	return out, &Literal{dims: out.At(1), elems: []number{acc}, float: x.Elements.float}, nil
}

func (l *Literal) product() (number, error) {
	s, _ := l.shape()
	e, err := s.Elements()
	return number{i: e.N, batch: e.Batch}, err
}

// foldArg is the place of the largest or smallest number along an axis.
func foldArg(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	axis, err := Axis(n.Int("axis", 0), in[0].rank())
	if err != nil {
		return nil, nil, err
	}
	out := append(Shape{}, in[0].Shape...)
	if n.Int("keepdims", 1) != 0 {
		out[axis] = Fixed(1)
		return out, nil, nil
	}
	return append(out[:axis], out[axis+1:]...), nil, nil
}

// ReducedAxes lists the axes that a reduction takes away, ascending.
func ReducedAxes(n *file.Node, in []*Tensor) ([]int, error) {
	axes, given, err := Numbers(n, "axes", in, 1)
	if err != nil {
		return nil, err
	}
	rank := in[0].rank()
	var all []int
	if !given || len(axes) == 0 {
		if n.Int("noop_with_empty_axes", 0) != 0 {
			return nil, nil
		}
		for i := range rank {
			all = append(all, i)
		}
		return all, nil
	}
	at, err := axesOf(axes, rank)
	slices.Sort(at)
	return slices.Compact(at), err
}

func reducedShape(n *file.Node, in []*Tensor) (Shape, error) {
	axes, err := ReducedAxes(n, in)
	if err != nil {
		return nil, err
	}
	keep := n.Int("keepdims", 1) != 0
	var out Shape
	for i, e := range in[0].Shape {
		switch {
		case !slices.Contains(axes, i):
			out = append(out, e)
		case keep:
			out = append(out, Fixed(1))
		}
	}
	return out, nil
}
