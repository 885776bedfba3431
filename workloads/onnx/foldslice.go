package onnx

import (
	"errors"
	"fmt"
)

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
