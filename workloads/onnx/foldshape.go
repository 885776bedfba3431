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

// cut is one axis of a slice.
type cut struct {
	axis              int
	start, step, size int64
}

// cuts resolves a Slice; whole axes are left out.
func (im *importer) cuts(n *node, in []*value) ([]cut, error) {
	x := in[0].shape
	var starts, ends, axes, steps *literal
	if n.has("starts") {
		starts, ends = wholeNumbers(n.ints("starts")...), wholeNumbers(n.ints("ends")...)
		if n.has("axes") {
			axes = wholeNumbers(n.ints("axes")...)
		}
	} else {
		for i, l := range []**literal{&starts, &ends, &axes, &steps} {
			if i+1 < len(in) && in[i+1] != nil {
				if *l = in[i+1].lit; *l == nil || (*l).float {
					return nil, errUnknownShape
				}
			}
		}
	}
	if starts == nil || ends == nil || len(starts.elems) != len(ends.elems) ||
		axes != nil && len(axes.elems) != len(starts.elems) || steps != nil && len(steps.elems) != len(starts.elems) {
		return nil, errors.New("its starts, ends, axes and steps do not fit each other")
	}
	var out []cut
	for i := range starts.elems {
		c := cut{axis: i, step: 1}
		if axes != nil {
			axis, err := axisOf(axes.elems[i].i, len(x))
			if err != nil {
				return nil, err
			}
			c.axis = axis
		}
		if c.axis >= len(x) {
			return nil, fmt.Errorf("it cuts %d axes of %v", len(starts.elems), x)
		}
		if steps != nil {
			c.step = steps.elems[i].i
		}
		whole, err := c.resolve(x[c.axis], starts.elems[i], ends.elems[i])
		if err != nil {
			return nil, err
		}
		if !whole {
			out = append(out, c)
		}
	}
	return out, nil
}

// resolve clamps a cut to its extent, and reports whether it takes all of it.
func (c *cut) resolve(e extent, start, end number) (bool, error) {
	if c.step == 0 {
		return false, errors.New("a step is 0")
	}
	if e.batch || start.batch || end.batch {
		all := start.i == 0 && c.step == 1 && (end.batch && end.i == e.n && e.batch || end.i > maxExtent)
		if !all {
			return false, errBatchAxis
		}
		return true, nil
	}
	at := func(v int64) int64 {
		if v < 0 {
			v += e.n
		}
		return v
	}
	if c.step < 0 {
		first, stop := min(max(at(start.i), -1), e.n-1), min(max(at(end.i), -1), e.n-1)
		if end.i < -e.n {
			stop = -1
		}
		c.start, c.size = first, max(0, (first-stop-c.step-1)/-c.step)
		return false, nil
	}
	first, stop := min(max(at(start.i), 0), e.n), min(max(at(end.i), 0), e.n)
	c.start, c.size = first, max(0, (stop-first+c.step-1)/c.step)
	return c.start == 0 && c.step == 1 && c.size == e.n, nil
}

func (im *importer) foldSlice(n *node, in []*value) (shape, *literal, error) {
	cuts, err := im.cuts(n, in)
	if err != nil {
		return nil, nil, err
	}
	out := append(shape{}, in[0].shape...)
	for _, c := range cuts {
		out[c.axis] = fixed(c.size)
	}
	return out, in[0].lit.gather(out, func(at []int64) int64 {
		from := append([]int64{}, at...)
		for _, c := range cuts {
			from[c.axis] = c.start + at[c.axis]*c.step
		}
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

// parts resolves a Split: the axis and the size of each output.
func (im *importer) parts(n *node, in []*value) (int, []int64, error) {
	axis, err := axisOf(n.int("axis", 0), in[0].rank())
	if err != nil {
		return 0, nil, err
	}
	e := in[0].shape[axis]
	if e.batch {
		return 0, nil, errBatchAxis
	}
	sizes, given, err := numbersOf(n, "split", in, 1)
	if err != nil {
		return 0, nil, err
	}
	if !given {
		count := int64(len(n.out))
		if count == 0 || e.n < count {
			return 0, nil, fmt.Errorf("%d outputs of an extent of %d", count, e.n)
		}
		each := (e.n + count - 1) / count
		for i := range count {
			sizes = append(sizes, min(each, e.n-i*each))
		}
	}
	var sum int64
	for _, s := range sizes {
		if s < 1 || s > e.n {
			return 0, nil, fmt.Errorf("sizes %v do not fit an extent of %d", sizes, e.n)
		}
		sum += s
	}
	if len(sizes) != len(n.out) || sum != e.n {
		return 0, nil, fmt.Errorf("sizes %v do not fit an extent of %d and %d outputs", sizes, e.n, len(n.out))
	}
	return axis, sizes, nil
}

func (im *importer) foldSplit(n *node, in []*value) ([]*value, error) {
	axis, sizes, err := im.parts(n, in)
	if err != nil {
		return nil, err
	}
	var out []*value
	start := int64(0)
	for _, size := range sizes {
		v := *in[0]
		v.shape = append(shape{}, v.shape...)
		v.shape[axis] = fixed(size)
		first := start
		v.lit = v.lit.gather(v.shape, func(c []int64) int64 {
			from := append([]int64{}, c...)
			from[axis] += first
			return flat(in[0].lit.dims, from)
		})
		out = append(out, &v)
		start += size
	}
	return out, nil
}
