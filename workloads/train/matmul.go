package train

import (
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// matmul is independent products a[m x k] * b[k x n] of equal batch extents; with turned, b is stored [n x k].
type matmul struct {
	a, b, y        *tensor
	count, m, n, k int
	turned         bool
}

// sameBatch reports whether all extents but the last two are equal.
func sameBatch(a, b network.Shape) bool {
	return len(a) == len(b) && slices.Equal(a[:len(a)-2], b[:len(b)-2])
}

func newMatMul(n network.Layer, a, b, y *tensor) *matmul {
	rank := len(a.shape)
	o := &matmul{a: a, b: b, y: y, m: int(a.shape[rank-2]), k: a.last(), n: y.last(), turned: n.TransposeB}
	o.count = len(y.val) / (o.m * o.n)
	return o
}

func (o *matmul) forward(e *engine) {
	e.pool.Run(o.count, func(i, worker int) {
		a, b, y := o.a.val[i*o.m*o.k:], o.b.val[i*o.k*o.n:], o.y.val[i*o.m*o.n:][:o.m*o.n]
		if o.turned {
			t := e.pool.Scratch(worker, o.k*o.n)
			kernel.Transpose(t, b, o.n, o.k, o.k)
			b = t
		}
		kernel.MulNN(o.m, o.n, o.k, a, o.k, b, o.n, false, y, o.n)
		e.format.Round(y)
	})
}

// backward: dA = dY B^T; dB = A^T dY, or its transpose dY^T A when B is stored transposed.
func (o *matmul) backward(e *engine) {
	e.give(o.a, func(da []float32) {
		e.pool.Run(o.count, func(i, worker int) {
			dy, b := o.y.grad[i*o.m*o.n:], o.b.val[i*o.k*o.n:]
			if !o.turned {
				t := e.pool.Scratch(worker, o.k*o.n)
				kernel.Transpose(t, b, o.k, o.n, o.n)
				b = t
			}
			kernel.MulNN(o.m, o.k, o.n, dy, o.n, b, o.k, false, da[i*o.m*o.k:], o.k)
		})
	})
	e.give(o.b, func(db []float32) {
		e.pool.Run(o.count, func(i, _ int) {
			dy, a, to := o.y.grad[i*o.m*o.n:], o.a.val[i*o.m*o.k:], db[i*o.k*o.n:]
			if o.turned {
				kernel.MulTN(o.n, o.k, o.m, dy, o.n, a, o.k, false, to, o.k)
			} else {
				kernel.MulTN(o.k, o.n, o.m, a, o.k, dy, o.n, false, to, o.n)
			}
		})
	})
}
