package symbolic

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/onnx/internal/file"
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
func (l *Literal) broadcastAt(c []int64) number {
	c = c[len(c)-len(l.dims):]
	own := make([]int64, len(c))
	for i, d := range l.dims {
		if d > 1 {
			own[i] = c[i]
		}
	}
	return l.elems[flat(l.dims, own)]
}

// As is the same elements in another shape.
func (l *Literal) As(s Shape) *Literal {
	if l == nil {
		return nil
	}
	return &Literal{dims: s.At(1), elems: l.elems, float: l.float}
}

// gather builds a literal of a shape whose element at c is element from(c) of l.
func (l *Literal) gather(s Shape, from func(c []int64) int64) *Literal {
	if l == nil {
		return nil
	}
	elements, err := s.Elements()
	if err != nil || elements.Batch || elements.N > maxLiteral {
		return nil
	}
	out := &Literal{dims: s.At(1), float: l.float}
	for i := range elements.N {
		out.elems = append(out.elems, l.elems[from(coordinates(out.dims, i))])
	}
	return out
}

// Numbers reads whole numbers from an attribute or, in later operator sets, from an input.
func Numbers(n *file.Node, attr string, in []*Tensor, i int) ([]int64, bool, error) {
	if n.Has(attr) {
		return n.Ints(attr), true, nil
	}
	if i >= len(in) || in[i] == nil {
		return nil, false, nil
	}
	v, ok := in[i].Elements.Ints()
	if !ok {
		return nil, false, fmt.Errorf("%s: %w", attr, errUnknownShape)
	}
	return v, true, nil
}

func Permutation(n *file.Node, rank int) ([]int, error) {
	var perm []int
	if !n.Has("perm") {
		for i := range rank {
			perm = append(perm, rank-1-i)
		}
		return perm, nil
	}
	for _, p := range n.Ints("perm") {
		at, err := Axis(p, rank)
		if err != nil || slices.Contains(perm, at) {
			return nil, fmt.Errorf("perm %v is no order of %d axes", n.Ints("perm"), rank)
		}
		perm = append(perm, at)
	}
	if len(perm) != rank {
		return nil, fmt.Errorf("perm %v is no order of %d axes", n.Ints("perm"), rank)
	}
	return perm, nil
}

func foldTranspose(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	perm, err := Permutation(n, in[0].rank())
	if err != nil {
		return nil, nil, err
	}
	s := in[0].Shape.Take(perm)
	return s, in[0].Elements.gather(s, func(c []int64) int64 {
		from := make([]int64, len(c))
		for i, p := range perm {
			from[p] = c[i]
		}
		return flat(in[0].Elements.dims, from)
	}), nil
}

// foldView is an operator that only renames elements.
func foldView(n *file.Node, in []*Tensor, b FixedBatch) (Shape, *Literal, error) {
	s, err := reshaped(n, in, b)
	if err != nil {
		return nil, nil, err
	}
	return s, in[0].Elements.As(s), nil
}

// reshaped is the output's shape of an operator that only renames elements.
func reshaped(n *file.Node, in []*Tensor, b FixedBatch) (Shape, error) {
	x := in[0].Shape
	switch n.Op {
	case "Reshape":
		if len(in) < 2 || in[1] == nil {
			return nil, errors.New("it has no target")
		}
		target, ok := in[1].Elements.shape()
		if !ok {
			return nil, errUnknownShape
		}
		return targetShape(x, target, b, n.Int("allowzero", 0) != 0)
	case "Flatten":
		axis := n.Int("axis", 1)
		if axis < 0 {
			axis += int64(len(x))
		}
		if axis < 0 || axis > int64(len(x)) {
			return nil, fmt.Errorf("axis is %d; the tensor has %d", axis, len(x))
		}
		before, err := x[:axis].Elements()
		if err != nil {
			return nil, err
		}
		after, err := x[axis:].Elements()
		return Shape{before, after}, err
	}
	axes, given, err := Numbers(n, "axes", in, 1)
	if err != nil {
		return nil, err
	}
	rank := len(x)
	if n.Op == "Unsqueeze" {
		rank += len(axes)
	}
	at, err := axesOf(axes, rank)
	if err != nil {
		return nil, err
	}
	var out Shape
	if n.Op == "Squeeze" {
		for i, e := range x {
			switch {
			case !given && e.Unit():
			case slices.Contains(at, i):
				if !e.Unit() {
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
			out = append(out, Fixed(1))
			continue
		}
		out = append(out, x[next])
		next++
	}
	return out, nil
}

func foldConcat(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	axis, err := Axis(n.Int("axis", 0), in[0].rank())
	if err != nil {
		return nil, nil, err
	}
	out := append(Shape{}, in[0].Shape...)
	whole := in[0].Elements != nil && len(out) == 1
	for _, x := range in[1:] {
		if x == nil || x.rank() != len(out) {
			return nil, nil, errors.New("its inputs have different ranks")
		}
		for i, e := range x.Shape {
			if i != axis && e != out[i] {
				return nil, nil, fmt.Errorf("shapes %v and %v differ elsewhere than at axis %d", in[0].Shape, x.Shape, axis)
			}
		}
		whole = whole && x.Elements != nil && x.Elements.float == in[0].Elements.float
		if out[axis].Batch || x.Shape[axis].Batch {
			return nil, nil, ErrBatchAxis
		}
		out[axis].N += x.Shape[axis].N
	}
	if !whole {
		return out, nil, nil
	}
	l := &Literal{dims: []int64{out[0].N}, float: in[0].Elements.float}
	for _, x := range in {
		l.elems = append(l.elems, x.Elements.elems...)
	}
	return out, l, nil
}

func foldGather(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	axis, err := Axis(n.Int("axis", 0), in[0].rank())
	if err != nil {
		return nil, nil, err
	}
	x, ids := in[0].Shape, in[1].Shape
	out := slices.Concat(x[:axis], ids, x[axis+1:])
	index, ok := in[1].Elements.Ints()
	if !ok || x[axis].Batch {
		return out, nil, nil
	}
	for i := range index {
		if index[i] < 0 {
			index[i] += x[axis].N
		}
		if index[i] < 0 || index[i] >= x[axis].N {
			return nil, nil, fmt.Errorf("index %d of axis %d does not fit %v", index[i], axis, x)
		}
	}
	return out, in[0].Elements.gather(out, func(c []int64) int64 {
		inner := c[axis : axis+len(ids)]
		from := slices.Concat(c[:axis], []int64{index[flat(in[1].Elements.dims, inner)]}, c[axis+len(ids):])
		return flat(in[0].Elements.dims, from)
	}), nil
}

// foldExpand stretches extents of 1 to a target.
func foldExpand(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	target, ok := in[1].Elements.shape()
	if !ok {
		return nil, nil, errUnknownShape
	}
	for _, e := range target {
		if e.N < 0 {
			return nil, nil, fmt.Errorf("%v is no shape", target)
		}
	}
	out, err := Broadcast(append(Shape{}, in[0].Shape...), target)
	if err != nil {
		return nil, nil, err
	}
	return out, in[0].Elements.gather(out, func(c []int64) int64 {
		c = c[len(c)-len(in[0].Elements.dims):]
		from := make([]int64, len(c))
		for i, d := range in[0].Elements.dims {
			if d > 1 {
				from[i] = c[i]
			}
		}
		return flat(in[0].Elements.dims, from)
	}), nil
}

// foldTile multiplies extents by repeats.
func foldTile(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	repeats, ok := in[1].Elements.shape()
	if !ok {
		return nil, nil, errUnknownShape
	}
	out := append(Shape{}, in[0].Shape...)
	if len(repeats) != len(out) {
		return nil, nil, fmt.Errorf("%d repeats for %d axes", len(repeats), len(out))
	}
	for i := range out {
		if out[i], ok = out[i].Times(repeats[i]); !ok || out[i].N < 0 {
			return nil, nil, errUnknownShape
		}
	}
	return out, nil, nil
}
