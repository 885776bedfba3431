package train

import (
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// buffer is the values of a tensor and the gradient by them. Views share it.
type buffer struct {
	val, grad []float32
	filled    bool // the gradient holds a contribution of this step
}

// tensor is a buffer in a shape.
type tensor struct {
	*buffer
	shape network.Shape
	needs bool // a parameter lies upstream
}

func newTensor(shape network.Shape, needs bool) *tensor {
	t := &tensor{buffer: &buffer{val: make([]float32, shape.Elements())}, shape: shape, needs: needs}
	if needs {
		t.grad = make([]float32, len(t.val))
	}
	return t
}

// last is the extent that moves fastest, rows how many of them there are.
func (t *tensor) last() int { return int(t.shape[len(t.shape)-1]) }
func (t *tensor) rows() int { return len(t.val) / t.last() }

// operator is a node of the graph with its tensors. forward makes its output from its inputs; backward gives its inputs'
// gradients, and its parameters theirs, from its output's gradient.
type operator interface {
	forward(e *engine)
	backward(e *engine)
}

// engine is what operators share.
type engine struct {
	pool     *kernel.Pool
	format   kernel.Format
	lanes    *lanes // nil: passes are computed in Go's order and FP64, as fp32 has them
	training bool   // batch norms use the batch's statistics and note them
	scratch  []float32
	draws    uint64 // names the random numbers of the step
}

// each runs element-wise work in parts of a fixed size.
func (e *engine) each(n int, work func(lo, hi int)) { e.pool.Each(n, kernel.Chunk, work) }

// round stores a tensor.
func (e *engine) round(x []float32) { e.each(len(x), func(lo, hi int) { e.format.Round(x[lo:hi]) }) }

// give adds a contribution to a tensor's gradient, rounded by itself, as is their sum. write fills its whole argument.
func (e *engine) give(t *tensor, write func(dst []float32)) {
	if !t.needs {
		return
	}
	dst := t.grad
	if t.filled {
		if len(e.scratch) < len(dst) {
			e.scratch = make([]float32, len(dst))
		}
		dst = e.scratch[:len(dst)]
	}
	write(dst)
	if t.filled && e.lanes != nil {
		e.round(dst)
		e.elements(e.lanes.gradSum, t.grad, nil, nil, t.grad, dst)
		e.round(t.grad)
		return
	}
	e.each(len(dst), func(lo, hi int) {
		e.format.Round(dst[lo:hi])
		if t.filled {
			kernel.Add(t.grad[lo:hi], t.grad[lo:hi], dst[lo:hi])
			e.format.Round(t.grad[lo:hi])
		}
	})
	t.filled = true
}
