package symbolic

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/onnx/internal/file"
)

func constantOf(n *file.Node, _ []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	switch {
	case n.Has("value"):
		t := n.Attrs["value"].GetT()
		for _, d := range t.GetDims() {
			if d < 0 || d > MaxExtent {
				return nil, nil, fmt.Errorf("its value has an extent of %d", d)
			}
		}
		return FixedShape(t.GetDims()), Decode(t), nil
	case n.Has("value_int"):
		return nil, &Literal{elems: []number{{i: n.Int("value_int", 0)}}}, nil
	case n.Has("value_float"):
		return nil, &Literal{elems: []number{{f: n.Float("value_float", 0)}}, float: true}, nil
	case n.Has("value_ints"):
		l := wholeNumbers(n.Ints("value_ints")...)
		return FixedShape(l.dims), l, nil
	case n.Has("value_floats"):
		l := &Literal{float: true}
		for _, f := range n.Attrs["value_floats"].GetFloats() {
			l.elems = append(l.elems, number{f: float64(f)})
		}
		l.dims = []int64{int64(len(l.elems))}
		return FixedShape(l.dims), l, nil
	}
	return nil, nil, errors.New("it has no value that is a tensor of numbers")
}

func sizeOf(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	e, err := in[0].Shape.Elements()
	return nil, &Literal{elems: []number{{i: e.N, batch: e.Batch}}}, err
}

func shapeOf(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	x := in[0]
	clamp := func(v int64) int {
		if v < 0 {
			v += int64(x.rank())
		}
		return int(min(max(v, 0), int64(x.rank())))
	}
	from, to := clamp(n.Int("start", 0)), clamp(n.Int("end", int64(x.rank())))
	l := literalOf(x.Shape[from:max(from, to)])
	return FixedShape(l.dims), l, nil
}

func constantOfShape(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	target, ok := in[0].Elements.shape()
	if !ok {
		return nil, nil, errUnknownShape
	}
	for _, e := range target {
		if e.N < 0 {
			return nil, nil, fmt.Errorf("%v is no shape", target)
		}
	}
	elements, err := target.Elements()
	if err != nil || elements.Batch || elements.N > maxLiteral {
		return target, nil, err
	}
	fill := &Literal{elems: []number{{}}, float: true}
	if n.Has("value") {
		if fill = Decode(n.Attrs["value"].GetT()); fill == nil || len(fill.elems) != 1 {
			return target, nil, nil
		}
	}
	return target, &Literal{dims: target.At(1), elems: slices.Repeat(fill.elems, int(elements.N)), float: fill.float}, nil
}

// foldNonZero lists the coordinates of numbers that are not 0: exporters count so.
func foldNonZero(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	x := in[0]
	if x.Elements == nil || len(x.Shape) == 0 {
		return nil, nil, errUnknownShape
	}
	var at [][]int64
	for i, e := range x.Elements.elems {
		if e.batch {
			return nil, nil, errUnknownShape
		}
		if e.i != 0 || e.f != 0 {
			at = append(at, coordinates(x.Elements.dims, int64(i)))
		}
	}
	l := &Literal{dims: []int64{int64(x.rank()), int64(len(at))}}
	for axis := range x.rank() {
		for _, c := range at {
			l.elems = append(l.elems, number{i: c[axis]})
		}
	}
	return FixedShape(l.dims), l, nil
}

func foldRange(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	var v [3]number
	for i, x := range in[:3] {
		if x.Elements == nil || len(x.Elements.elems) != 1 || x.Elements.float {
			return nil, nil, errUnknownShape
		}
		v[i] = x.Elements.elems[0]
	}
	start, limit, step := v[0], v[1], v[2]
	if limit.batch && !start.batch && start.i == 0 && !step.batch && step.i == 1 {
		return Shape{{limit.i, true}}, nil, nil
	}
	if start.batch || limit.batch || step.batch || step.i == 0 {
		return nil, nil, errUnknownShape
	}
	count := max(0, (limit.i-start.i+step.i-sign(step.i))/step.i)
	if count > MaxExtent {
		return nil, nil, errUnknownShape
	}
	s := FixedShape([]int64{count})
	if count > maxLiteral {
		return s, nil, nil
	}
	l := &Literal{dims: []int64{count}}
	for i := range count {
		l.elems = append(l.elems, number{i: start.i + i*step.i})
	}
	return s, l, nil
}

func sign(v int64) int64 {
	if v < 0 {
		return -1
	}
	return 1
}
