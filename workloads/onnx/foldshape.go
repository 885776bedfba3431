package onnx

import (
	"errors"
	"fmt"
	"slices"
)

var (
	errNotRepresented = errors.New("this operator has no counterpart in a network")
	errUnknownShape   = errors.New("its result's shape depends on numbers that are not known before the network runs")
)

// coordinates turns a row-major index into one index for each axis.
func coordinates(dims []int64, index int64) []int64 {
	c := make([]int64, len(dims))
	for i := len(dims) - 1; i >= 0; i-- {
		c[i] = index % dims[i]
		index /= dims[i]
	}
	return c
}

// flat is the inverse of coordinates.
func flat(dims, c []int64) int64 {
	var index int64
	for i, d := range dims {
		index = index*d + c[i]
	}
	return index
}

// broadcastAt is the element that stretches to coordinates of a larger shape.
func (l *literal) broadcastAt(c []int64) number {
	c = c[len(c)-len(l.dims):]
	own := make([]int64, len(c))
	for i, d := range l.dims {
		if d > 1 {
			own[i] = c[i]
		}
	}
	return l.elems[flat(l.dims, own)]
}

// as is the same elements in another shape.
func (l *literal) as(s shape) *literal {
	if l == nil {
		return nil
	}
	return &literal{dims: s.at(1), elems: l.elems, float: l.float}
}

// gather builds a literal of a shape whose element at c is element from(c) of l.
func (l *literal) gather(s shape, from func(c []int64) int64) *literal {
	if l == nil {
		return nil
	}
	elements, err := s.elements()
	if err != nil || elements.batch || elements.n > maxLiteral {
		return nil
	}
	out := &literal{dims: s.at(1), float: l.float}
	for i := range elements.n {
		out.elems = append(out.elems, l.elems[from(coordinates(out.dims, i))])
	}
	return out
}

// numbersOf reads whole numbers from an attribute or, in later operator sets, from an input.
func numbersOf(n *node, attr string, in []*value, i int) ([]int64, bool, error) {
	if n.has(attr) {
		return n.ints(attr), true, nil
	}
	if i >= len(in) || in[i] == nil {
		return nil, false, nil
	}
	v, ok := in[i].lit.ints()
	if !ok {
		return nil, false, fmt.Errorf("%s: %w", attr, errUnknownShape)
	}
	return v, true, nil
}

func permutation(n *node, rank int) ([]int, error) {
	var perm []int
	if !n.has("perm") {
		for i := range rank {
			perm = append(perm, rank-1-i)
		}
		return perm, nil
	}
	for _, p := range n.ints("perm") {
		at, err := axisOf(p, rank)
		if err != nil || slices.Contains(perm, at) {
			return nil, fmt.Errorf("perm %v is no order of %d axes", n.ints("perm"), rank)
		}
		perm = append(perm, at)
	}
	if len(perm) != rank {
		return nil, fmt.Errorf("perm %v is no order of %d axes", n.ints("perm"), rank)
	}
	return perm, nil
}

// reshaped is the output's shape of an operator that only renames elements.
func (im *importer) reshaped(n *node, in []*value) (shape, error) {
	x := in[0].shape
	switch n.op {
	case "Reshape":
		if len(in) < 2 || in[1] == nil {
			return nil, errors.New("it has no target")
		}
		target, ok := in[1].lit.shape()
		if !ok {
			return nil, errUnknownShape
		}
		return im.targetShape(in[0], target, n.int("allowzero", 0) != 0)
	case "Flatten":
		axis := n.int("axis", 1)
		if axis < 0 {
			axis += int64(len(x))
		}
		if axis < 0 || axis > int64(len(x)) {
			return nil, fmt.Errorf("axis is %d; the tensor has %d", axis, len(x))
		}
		before, err := x[:axis].elements()
		if err != nil {
			return nil, err
		}
		after, err := x[axis:].elements()
		return shape{before, after}, err
	}
	axes, given, err := numbersOf(n, "axes", in, 1)
	if err != nil {
		return nil, err
	}
	rank := len(x)
	if n.op == "Unsqueeze" {
		rank += len(axes)
	}
	at, err := axesOf(axes, rank)
	if err != nil {
		return nil, err
	}
	var out shape
	if n.op == "Squeeze" {
		for i, e := range x {
			switch {
			case !given && e.unit():
			case slices.Contains(at, i):
				if !e.unit() {
					return nil, fmt.Errorf("axis %d of %v is squeezed, but is not 1", i, x)
				}
			default:
				out = append(out, e)
			}
		}
		return out, nil
	}
	next := 0
	for i := range rank {
		if slices.Contains(at, i) || next >= len(x) {
			out = append(out, fixed(1))
			continue
		}
		out = append(out, x[next])
		next++
	}
	return out, nil
}

func foldConcat(n *node, in []*value) (shape, *literal, error) {
	axis, err := axisOf(n.int("axis", 0), in[0].rank())
	if err != nil {
		return nil, nil, err
	}
	out := append(shape{}, in[0].shape...)
	whole := in[0].lit != nil && len(out) == 1
	for _, x := range in[1:] {
		if x == nil || x.rank() != len(out) {
			return nil, nil, errors.New("its inputs have different ranks")
		}
		for i, e := range x.shape {
			if i != axis && e != out[i] {
				return nil, nil, fmt.Errorf("shapes %v and %v differ elsewhere than at axis %d", in[0].shape, x.shape, axis)
			}
		}
		whole = whole && x.lit != nil && x.lit.float == in[0].lit.float
		if out[axis].batch || x.shape[axis].batch {
			return nil, nil, errBatchAxis
		}
		out[axis].n += x.shape[axis].n
	}
	if !whole {
		return out, nil, nil
	}
	l := &literal{dims: []int64{out[0].n}, float: in[0].lit.float}
	for _, x := range in {
		l.elems = append(l.elems, x.lit.elems...)
	}
	return out, l, nil
}

func foldGather(n *node, in []*value) (shape, *literal, error) {
	axis, err := axisOf(n.int("axis", 0), in[0].rank())
	if err != nil {
		return nil, nil, err
	}
	x, ids := in[0].shape, in[1].shape
	out := slices.Concat(x[:axis], ids, x[axis+1:])
	index, ok := in[1].lit.ints()
	if !ok || x[axis].batch {
		return out, nil, nil
	}
	for i := range index {
		if index[i] < 0 {
			index[i] += x[axis].n
		}
		if index[i] < 0 || index[i] >= x[axis].n {
			return nil, nil, fmt.Errorf("index %d of axis %d does not fit %v", index[i], axis, x)
		}
	}
	return out, in[0].lit.gather(out, func(c []int64) int64 {
		inner := c[axis : axis+len(ids)]
		from := slices.Concat(c[:axis], []int64{index[flat(in[1].lit.dims, inner)]}, c[axis+len(ids):])
		return flat(in[0].lit.dims, from)
	}), nil
}

func (im *importer) foldExpand(n *node, in []*value) (shape, *literal, error) {
	target, ok := in[1].lit.shape()
	if !ok {
		return nil, nil, errUnknownShape
	}
	out := append(shape{}, in[0].shape...)
	if n.op == "Tile" {
		if len(target) != len(out) {
			return nil, nil, fmt.Errorf("%d repeats for %d axes", len(target), len(out))
		}
		for i := range out {
			if out[i], ok = out[i].times(target[i]); !ok || out[i].n < 0 {
				return nil, nil, errUnknownShape
			}
		}
		return out, nil, nil
	}
	for _, e := range target {
		if e.n < 0 {
			return nil, nil, fmt.Errorf("%v is no shape", target)
		}
	}
	out, err := broadcast(out, target)
	if err != nil {
		return nil, nil, err
	}
	return out, in[0].lit.gather(out, func(c []int64) int64 {
		c = c[len(c)-len(in[0].lit.dims):]
		from := make([]int64, len(c))
		for i, d := range in[0].lit.dims {
			if d > 1 {
				from[i] = c[i]
			}
		}
		return flat(in[0].lit.dims, from)
	}), nil
}

// foldReduce follows shapes, and the product of a list, which is a number of elements.
func foldReduce(n *node, in []*value) (shape, *literal, error) {
	x := in[0]
	out, err := reducedShape(n, in)
	if err != nil || n.op != "ReduceProd" || x.lit == nil || x.lit.float || x.rank() != 1 {
		return out, nil, err
	}
	all, err := x.lit.product()
	if err != nil {
		return nil, nil, err
	}
	return out, &literal{dims: out.at(1), elems: []number{all}}, nil
}

func (l *literal) product() (number, error) {
	s, _ := l.shape()
	e, err := s.elements()
	return number{i: e.n, batch: e.batch}, err
}

// reducedAxes lists the axes that a reduction takes away, ascending.
func reducedAxes(n *node, in []*value) ([]int, error) {
	axes, given, err := numbersOf(n, "axes", in, 1)
	if err != nil {
		return nil, err
	}
	rank := in[0].rank()
	if !given || len(axes) == 0 {
		if n.int("noop_with_empty_axes", 0) != 0 {
			return nil, nil
		}
		return identity(rank), nil
	}
	at, err := axesOf(axes, rank)
	slices.Sort(at)
	return slices.Compact(at), err
}

func reducedShape(n *node, in []*value) (shape, error) {
	axes, err := reducedAxes(n, in)
	if err != nil {
		return nil, err
	}
	keep := n.int("keepdims", 1) != 0
	var out shape
	for i, e := range in[0].shape {
		switch {
		case !slices.Contains(axes, i):
			out = append(out, e)
		case keep:
			out = append(out, fixed(1))
		}
	}
	return out, nil
}
