package train

import "satsim/workloads/network"

// Views (reshape, flatten) share their input's buffer and have no operator. What follows copies.

// strided copies between a tensor and a part of another, element by element of the output: out[i...] = in[offset + sum i*stride].
type strided struct {
	x, y    *tensor
	extents []int
	strides []int // in x
	offset  int
	whole   bool // every element of x is read
}

func newTranspose(n network.Layer, x, y *tensor) *strided {
	s := steps(x.shape)
	o := &strided{x: x, y: y, whole: true}
	for i, a := range n.Axes {
		o.extents, o.strides = append(o.extents, int(y.shape[i])), append(o.strides, s[a])
	}
	return o
}

func newSlice(n network.Layer, x, y *tensor) *strided {
	o := &strided{x: x, y: y, strides: steps(x.shape)}
	for _, d := range y.shape {
		o.extents = append(o.extents, int(d))
	}
	o.offset = int(n.Start) * o.strides[n.Axis]
	return o
}

// steps are the distances between neighbours along each axis.
func steps(s network.Shape) []int {
	out := make([]int, len(s))
	n := 1
	for i := len(s) - 1; i >= 0; i-- {
		out[i] = n
		n *= int(s[i])
	}
	return out
}

// walk calls run for each index of the first axis; it visits runs of the last axis: their place in y, in x, and x's step.
func (o *strided) walk(e *engine, run func(y, x, n, step int)) {
	inner := len(o.y.val) / o.extents[0]
	rank := len(o.extents)
	n, step := o.extents[rank-1], o.strides[rank-1]
	e.pool.Run(o.extents[0], func(first, _ int) {
		at := make([]int, rank)
		at[0] = first
		for y := first * inner; y < (first+1)*inner; y += n {
			x := o.offset
			for i, v := range at[:rank-1] {
				x += v * o.strides[i]
			}
			run(y, x, n, step)
			for i := rank - 2; i > 0; i-- {
				if at[i]++; at[i] < o.extents[i] {
					break
				}
				at[i] = 0
			}
		}
	})
}

func (o *strided) forward(e *engine) {
	o.walk(e, func(y, x, n, step int) {
		for i := range n {
			o.y.val[y+i] = o.x.val[x+i*step]
		}
	})
}

func (o *strided) backward(e *engine) {
	e.give(o.x, func(dx []float32) {
		if !o.whole {
			clear(dx)
		}
		o.walk(e, func(y, x, n, step int) {
			for i := range n {
				dx[x+i*step] = o.y.grad[y+i]
			}
		})
	})
}

// concat joins tensors along an axis.
type concat struct {
	xs    []*tensor
	y     *tensor
	outer int // extents before the axis
}

func newConcat(n network.Layer, xs []*tensor, y *tensor) *concat {
	o := &concat{xs: xs, y: y, outer: 1}
	for _, d := range y.shape[:n.Axis] {
		o.outer *= int(d)
	}
	return o
}

// parts calls visit with each input, its run, and where it lies in the runs of the output.
func (o *concat) parts(visit func(x *tensor, run, at, out int)) {
	out, at := len(o.y.val)/o.outer, 0
	for _, x := range o.xs {
		run := len(x.val) / o.outer
		visit(x, run, at, out)
		at += run
	}
}

func (o *concat) forward(*engine) {
	o.parts(func(x *tensor, run, at, out int) {
		for i := range o.outer {
			copy(o.y.val[i*out+at:][:run], x.val[i*run:])
		}
	})
}

func (o *concat) backward(e *engine) {
	o.parts(func(x *tensor, run, at, out int) {
		e.give(x, func(dx []float32) {
			for i := range o.outer {
				copy(dx[i*run:][:run], o.y.grad[i*out+at:])
			}
		})
	})
}

// embedding looks rows of a table up: those of a text's bytes, of positions, or the one row of a class token.
type embedding struct {
	y     *tensor
	table *ParamArray
	ids   []int32
}

func (o *embedding) forward(e *engine) {
	c := o.y.last()
	for i, id := range o.ids {
		copy(o.y.val[i*c:(i+1)*c], o.table.value[int(id)*c:])
	}
}

func (o *embedding) backward(*engine) {
	c := o.y.last()
	clear(o.table.Gradient)
	for i, id := range o.ids {
		row := o.table.Gradient[int(id)*c:][:c]
		for k, v := range o.y.grad[i*c : (i+1)*c] {
			row[k] += v
		}
	}
}
