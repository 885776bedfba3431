package network

import "satsim/workloads"

// factors are the extents of a matmul: count independent products of rows x reduction with reduction x cols. A batch
// extent along which the second operand is broadcast joins the rows, one along which the first is broadcast joins the
// columns: the operand is shared instead of multiplied anew.
type factors struct {
	count, rows, cols, reduction int64
	transposeB                   bool
}

func (b *builder) matmul(n Layer) factors {
	rank := max(len(n.In[0]), len(n.In[1]))
	x, y := pad(n.In[0], rank), pad(n.In[1], rank)
	f := factors{count: 1, rows: x[rank-2], cols: n.Out.last(), reduction: x[rank-1], transposeB: n.TransposeB}
	for i := range rank - 2 {
		switch {
		case x[i] == y[i]:
			f.count *= x[i]
		case y[i] == 1:
			f.rows *= x[i]
		default:
			f.cols *= y[i]
		}
	}
	return f
}

func (f factors) product(rows, cols, reduction int64, west, north, out workloads.Tensor) workloads.Product {
	return workloads.Product{
		Count: f.count, Rows: rows, Cols: cols, Taps: 1, Channels: reduction, West: west, North: north, Out: out,
		Patches: rowsOf(f.count, rows, reduction),
	}
}

// forward is Y = A B.
func (f factors) forward(a, b, y workloads.Tensor) workloads.Product {
	return f.product(f.rows, f.cols, f.reduction, a, b, y)
}

// backwardA is dA = dY B^T.
func (f factors) backwardA(dy, b, da workloads.Tensor) workloads.Product {
	return f.product(f.rows, f.reduction, f.cols, dy, b, da)
}

// backwardB is dB = A^T dY, or its transpose dY^T A when B is stored transposed. Both walk positions, as a WU does.
func (f factors) backwardB(a, dy, db workloads.Tensor) workloads.Product {
	if f.transposeB {
		return f.product(f.cols, f.reduction, f.rows, dy, a, db)
	}
	return f.product(f.reduction, f.cols, f.rows, a, dy, db)
}
