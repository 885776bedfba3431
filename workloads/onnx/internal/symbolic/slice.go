package symbolic

import (
	"errors"
	"fmt"

	"satsim/workloads/onnx/internal/file"
)

// Cut is one axis of a slice.
type Cut struct {
	Axis              int
	Start, Step, Size int64
}

// Cuts resolves a Slice; whole axes are left out.
func Cuts(n *file.Node, in []*Tensor) ([]Cut, error) {
	x := in[0].Shape
	var starts, ends, axes, steps *Literal
	if n.Has("starts") {
		starts, ends = wholeNumbers(n.Ints("starts")...), wholeNumbers(n.Ints("ends")...)
		if n.Has("axes") {
			axes = wholeNumbers(n.Ints("axes")...)
		}
	} else {
		for i, l := range []**Literal{&starts, &ends, &axes, &steps} {
			if i+1 < len(in) && in[i+1] != nil {
				if *l = in[i+1].Elements; *l == nil || (*l).float {
					return nil, errUnknownShape
				}
			}
		}
	}
	if starts == nil || ends == nil || len(starts.elems) != len(ends.elems) ||
		axes != nil && len(axes.elems) != len(starts.elems) || steps != nil && len(steps.elems) != len(starts.elems) {
		return nil, errors.New("its starts, ends, axes and steps do not fit each other")
	}
	var out []Cut
	for i := range starts.elems {
		c := Cut{Axis: i, Step: 1}
		if axes != nil {
			axis, err := Axis(axes.elems[i].i, len(x))
			if err != nil {
				return nil, err
			}
			c.Axis = axis
		}
		if c.Axis >= len(x) {
			return nil, fmt.Errorf("it cuts %d axes of %v", len(starts.elems), x)
		}
		if steps != nil {
			c.Step = steps.elems[i].i
		}
		whole, err := c.resolve(x[c.Axis], starts.elems[i], ends.elems[i])
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
func (c *Cut) resolve(e Extent, start, end number) (bool, error) {
	if c.Step == 0 {
		return false, errors.New("a step is 0")
	}
	if e.Batch || start.batch || end.batch {
		all := start.i == 0 && c.Step == 1 && (end.batch && end.i == e.N && e.Batch || end.i > MaxExtent)
		if !all {
			return false, ErrBatchAxis
		}
		return true, nil
	}
	at := func(v int64) int64 {
		if v < 0 {
			v += e.N
		}
		return v
	}
	if c.Step < 0 {
		first, stop := min(max(at(start.i), -1), e.N-1), min(max(at(end.i), -1), e.N-1)
		if end.i < -e.N {
			stop = -1
		}
		c.Start, c.Size = first, max(0, (first-stop-c.Step-1)/-c.Step)
		return false, nil
	}
	first, stop := min(max(at(start.i), 0), e.N), min(max(at(end.i), 0), e.N)
	c.Start, c.Size = first, max(0, (stop-first+c.Step-1)/c.Step)
	return c.Start == 0 && c.Step == 1 && c.Size == e.N, nil
}

func foldSlice(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	cuts, err := Cuts(n, in)
	if err != nil {
		return nil, nil, err
	}
	out := append(Shape{}, in[0].Shape...)
	for _, c := range cuts {
		out[c.Axis] = Fixed(c.Size)
	}
	return out, in[0].Elements.gather(out, func(at []int64) int64 {
		from := append([]int64{}, at...)
		for _, c := range cuts {
			from[c.Axis] = c.Start + at[c.Axis]*c.Step
		}
		return flat(in[0].Elements.dims, from)
	}), nil
}

// Parts resolves a Split: the axis and the size of each output.
func Parts(n *file.Node, in []*Tensor) (int, []int64, error) {
	axis, err := Axis(n.Int("axis", 0), in[0].rank())
	if err != nil {
		return 0, nil, err
	}
	e := in[0].Shape[axis]
	if e.Batch {
		return 0, nil, ErrBatchAxis
	}
	sizes, given, err := Numbers(n, "split", in, 1)
	if err != nil {
		return 0, nil, err
	}
	if !given {
		count := int64(len(n.Out))
		if count == 0 || e.N < count {
			return 0, nil, fmt.Errorf("%d outputs of an extent of %d", count, e.N)
		}
		each := (e.N + count - 1) / count
		for i := range count {
			sizes = append(sizes, min(each, e.N-i*each))
		}
	}
	var sum int64
	for _, s := range sizes {
		if s < 1 || s > e.N {
			return 0, nil, fmt.Errorf("sizes %v do not fit an extent of %d", sizes, e.N)
		}
		sum += s
	}
	if len(sizes) != len(n.Out) || sum != e.N {
		return 0, nil, fmt.Errorf("sizes %v do not fit an extent of %d and %d outputs", sizes, e.N, len(n.Out))
	}
	return axis, sizes, nil
}

func foldSplit(n *file.Node, in []*Tensor) ([]Tensor, error) {
	axis, sizes, err := Parts(n, in)
	if err != nil {
		return nil, err
	}
	var out []Tensor
	start := int64(0)
	for _, size := range sizes {
		s := append(Shape{}, in[0].Shape...)
		s[axis] = Fixed(size)
		first := start
		out = append(out, Tensor{s, in[0].Elements.gather(s, func(c []int64) int64 {
			from := append([]int64{}, c...)
			from[axis] += first
			return flat(in[0].Elements.dims, from)
		})})
		start += size
	}
	return out, nil
}
