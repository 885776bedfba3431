package onnx

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// fold gives the outputs of a node that no activation enters: their shapes, and their elements where those are followed.
func (im *importer) fold(n *node, in []*value) ([]*value, error) {
	switch n.op {
	case "Split":
		return im.foldSplit(n, in)
	case "Identity", "Dropout", "Cast":
		v := *in[0]
		if n.op == "Cast" {
			v.lit = castLiteral(v.lit, isFloat(int32(n.int("to", 0))))
		}
		return []*value{&v}, nil
	}
	s, lit, err := im.foldOne(n, in)
	if err != nil {
		return nil, err
	}
	if lit != nil && len(lit.elems) > maxLiteral {
		lit = nil
	}
	v := &value{kind: constant, shape: s, lit: lit}
	if n.op != "Shape" && n.op != "Size" && n.op != "ConstantOfShape" {
		for _, x := range in {
			if x == nil {
				continue
			}
			if x.kind > v.kind {
				v.kind = x.kind
			}
			if x.root != nil && v.root == nil {
				v.root = x.root
			}
		}
	}
	if t := im.model.tensors[n.output()]; n.op == "Constant" && im.model.learned && t != nil && isFloat(t.tensor.GetDataType()) && !v.single() {
		all, err := v.shape.elements()
		if err != nil {
			return nil, err
		}
		v.kind, v.root = parameter, &root{name: n.output(), elements: all.n}
	}
	if v.kind != constant {
		v.lit = nil
	}
	return []*value{v}, nil
}

func (im *importer) foldOne(n *node, in []*value) (shape, *literal, error) {
	switch n.op {
	case "Constant":
		return constantOf(n)
	case "Shape", "Size":
		return shapeOf(n, in[0])
	case "ConstantOfShape":
		return im.constantOfShape(n, in[0])
	case "Range":
		return foldRange(in)
	case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
		s, err := im.reshaped(n, in)
		if err != nil {
			return nil, nil, err
		}
		return s, in[0].lit.as(s), nil
	case "Transpose":
		perm, err := permutation(n, in[0].rank())
		if err != nil {
			return nil, nil, err
		}
		s := in[0].shape.take(perm)
		return s, in[0].lit.gather(s, func(c []int64) int64 {
			from := make([]int64, len(c))
			for i, p := range perm {
				from[p] = c[i]
			}
			return flat(in[0].lit.dims, from)
		}), nil
	case "Trilu", "CumSum", "ScatterND", "ScatterElements":
		return in[0].shape, nil, nil
	case "Concat":
		return foldConcat(n, in)
	case "Gather":
		return foldGather(n, in)
	case "Slice":
		return im.foldSlice(n, in)
	case "Expand", "Tile":
		return im.foldExpand(n, in)
	case "ReduceProd", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean":
		return foldReduce(n, in)
	}
	if elementwise[n.op] {
		return foldElementwise(n, in)
	}
	return nil, nil, errNotRepresented
}

// elementwise lists the operators that work on each element and broadcast.
var elementwise = map[string]bool{
	"Add": true, "Sub": true, "Mul": true, "Div": true, "Pow": true, "Mod": true, "Min": true, "Max": true, "Sum": true,
	"Equal": true, "Less": true, "LessOrEqual": true, "Greater": true, "GreaterOrEqual": true, "And": true, "Or": true, "Not": true,
	"Where": true, "Neg": true, "Abs": true, "Sqrt": true, "Exp": true, "Log": true, "Reciprocal": true, "Floor": true, "Ceil": true,
	"Sin": true, "Cos": true, "Clip": true,
}

// twoNumbers computes on floating-point numbers, or on integers of which not both are multiples of the batch.
var twoNumbers = map[string]func(a, b number, float bool) (number, bool){
	"Add": func(a, b number, _ bool) (number, bool) {
		return number{i: a.i + b.i, f: a.f + b.f, batch: a.batch}, a.batch == b.batch
	},
	"Sub": func(a, b number, _ bool) (number, bool) {
		return number{i: a.i - b.i, f: a.f - b.f, batch: a.batch}, a.batch == b.batch
	},
	"Mul": func(a, b number, _ bool) (number, bool) {
		e, ok := extent{a.i, a.batch}.times(extent{b.i, b.batch})
		return number{i: e.n, f: a.f * b.f, batch: a.batch || b.batch}, ok && !(a.batch && b.batch)
	},
	"Div": func(a, b number, float bool) (number, bool) {
		if float {
			return number{f: a.f / b.f, batch: a.batch && !b.batch}, a.batch || !b.batch
		}
		if !a.batch && !b.batch && b.i != 0 {
			return number{i: a.i / b.i}, true
		}
		e, ok := extent{a.i, a.batch}.over(extent{b.i, b.batch})
		return number{i: e.n, batch: e.batch}, ok
	},
	"Mod": func(a, b number, float bool) (number, bool) {
		if float || a.batch || b.batch || b.i <= 0 {
			return number{}, false
		}
		return number{i: (a.i%b.i + b.i) % b.i}, true
	},
	"Equal": func(a, b number, float bool) (number, bool) {
		same := a.batch == b.batch && a.i == b.i && a.f == b.f
		if same {
			return number{i: 1}, true
		}
		// A multiple of the batch differs from what is no size.
		return number{}, a.batch == b.batch || a.batch && b.i < 1 || b.batch && a.i < 1
	},
}

func foldElementwise(n *node, in []*value) (shape, *literal, error) {
	s := in[0].shape
	for _, x := range in[1:] {
		if x == nil {
			continue
		}
		var err error
		if s, err = broadcast(s, x.shape); err != nil {
			return nil, nil, err
		}
	}
	for _, x := range in {
		if x == nil || x.lit == nil {
			return s, nil, nil
		}
	}
	elements, err := s.elements()
	if err != nil || elements.batch || elements.n > maxLiteral {
		return s, nil, err
	}
	out := &literal{dims: in[0].lit.dims, float: in[0].lit.float}
	out.dims = nil
	for _, e := range s {
		out.dims = append(out.dims, e.n)
	}
	f, isBinary := twoNumbers[n.op]
	for i := range elements.n {
		c := coordinates(out.dims, i)
		args := make([]number, len(in))
		for k, x := range in {
			args[k] = x.lit.broadcastAt(c)
		}
		var v number
		ok := true
		switch {
		case isBinary && len(args) == 2:
			v, ok = f(args[0], args[1], out.float)
		case n.op == "Where" && len(args) == 3:
			out.float = in[1].lit.float
			v = args[2]
			if args[0].i != 0 {
				v = args[1]
			}
		case len(args) == 1:
			v, ok = unary(n.op, args[0], out.float)
		default:
			ok = false
		}
		if !ok {
			return s, nil, nil
		}
		out.elems = append(out.elems, v)
	}
	if n.op == "Equal" {
		out.float = false
	}
	return s, out, nil
}

func unary(op string, a number, float bool) (number, bool) {
	if a.batch {
		return a, op == "Floor" || op == "Ceil"
	}
	switch {
	case op == "Neg":
		return number{i: -a.i, f: -a.f}, true
	case op == "Not":
		return number{i: 1 - a.i}, true
	case op == "Sqrt" && float:
		return number{f: math.Sqrt(a.f)}, true
	case op == "Floor" && float:
		return number{f: math.Floor(a.f)}, true
	case op == "Ceil" && float:
		return number{f: math.Ceil(a.f)}, true
	}
	return a, false
}

func castLiteral(l *literal, float bool) *literal {
	if l == nil || l.float == float {
		return l
	}
	out := &literal{dims: l.dims, float: float}
	for _, e := range l.elems {
		if float {
			e.f, e.i = float64(e.i), 0
		} else {
			if math.Abs(e.f) > maxExtent {
				return nil
			}
			e.i, e.f = int64(e.f), 0
		}
		out.elems = append(out.elems, e)
	}
	return out
}

func constantOf(n *node) (shape, *literal, error) {
	switch {
	case n.has("value"):
		t := n.attrs["value"].GetT()
		for _, d := range t.GetDims() {
			if d < 0 || d > maxExtent {
				return nil, nil, fmt.Errorf("its value has an extent of %d", d)
			}
		}
		return fixedShape(t.GetDims()), decodeTensor(t), nil
	case n.has("value_int"):
		return nil, &literal{elems: []number{{i: n.int("value_int", 0)}}}, nil
	case n.has("value_float"):
		return nil, &literal{elems: []number{{f: n.float("value_float", 0)}}, float: true}, nil
	case n.has("value_ints"):
		l := wholeNumbers(n.ints("value_ints")...)
		return fixedShape(l.dims), l, nil
	case n.has("value_floats"):
		l := &literal{float: true}
		for _, f := range n.attrs["value_floats"].GetFloats() {
			l.elems = append(l.elems, number{f: float64(f)})
		}
		l.dims = []int64{int64(len(l.elems))}
		return fixedShape(l.dims), l, nil
	}
	return nil, nil, errors.New("it has no value that is a tensor of numbers")
}

func shapeOf(n *node, x *value) (shape, *literal, error) {
	if n.op == "Size" {
		e, err := x.shape.elements()
		return nil, &literal{elems: []number{{i: e.n, batch: e.batch}}}, err
	}
	clamp := func(v int64) int {
		if v < 0 {
			v += int64(x.rank())
		}
		return int(min(max(v, 0), int64(x.rank())))
	}
	from, to := clamp(n.int("start", 0)), clamp(n.int("end", int64(x.rank())))
	l := literalOf(x.shape[from:max(from, to)])
	return fixedShape(l.dims), l, nil
}

func (im *importer) constantOfShape(n *node, x *value) (shape, *literal, error) {
	target, ok := x.lit.shape()
	if !ok {
		return nil, nil, errUnknownShape
	}
	for _, e := range target {
		if e.n < 0 {
			return nil, nil, fmt.Errorf("%v is no shape", target)
		}
	}
	elements, err := target.elements()
	if err != nil || elements.batch || elements.n > maxLiteral {
		return target, nil, err
	}
	fill := &literal{elems: []number{{}}, float: true}
	if n.has("value") {
		if fill = decodeTensor(n.attrs["value"].GetT()); fill == nil || len(fill.elems) != 1 {
			return target, nil, nil
		}
	}
	return target, &literal{dims: target.at(1), elems: slices.Repeat(fill.elems, int(elements.n)), float: fill.float}, nil
}

func foldRange(in []*value) (shape, *literal, error) {
	var v [3]number
	for i, x := range in[:3] {
		if x.lit == nil || len(x.lit.elems) != 1 || x.lit.float {
			return nil, nil, errUnknownShape
		}
		v[i] = x.lit.elems[0]
	}
	start, limit, step := v[0], v[1], v[2]
	if limit.batch && !start.batch && start.i == 0 && !step.batch && step.i == 1 {
		return shape{{limit.i, true}}, nil, nil
	}
	if start.batch || limit.batch || step.batch || step.i == 0 {
		return nil, nil, errUnknownShape
	}
	count := max(0, (limit.i-start.i+step.i-sign(step.i))/step.i)
	if count > maxExtent {
		return nil, nil, errUnknownShape
	}
	s := fixedShape([]int64{count})
	if count > maxLiteral {
		return s, nil, nil
	}
	l := &literal{dims: []int64{count}}
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
