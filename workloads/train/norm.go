package train

import (
	"math"

	"satsim/internal/microcode"
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// Constants of the norms.
const (
	epsilon     = 1e-5 // PyTorch's default of BatchNorm2d and LayerNorm
	runningRate = 0.1  // PyTorch's BatchNorm2d momentum
)

// batchNorm normalises each channel over all rows of the batch.
type batchNorm struct {
	x, y         *tensor
	scale, shift *ParamArray
	mean, rstd   []float32 // of the batch
	runningMean  []float32
	runningVar   []float32
	programs     batchPrograms
}

func newBatchNorm(n network.Layer, x, y *tensor) *batchNorm {
	c := x.last()
	o := &batchNorm{
		x: x, y: y, scale: newParam(n.Name+".scale", c), shift: newParam(n.Name+".shift", c),
		mean: make([]float32, c), rstd: make([]float32, c), runningMean: make([]float32, c), runningVar: make([]float32, c),
		programs: newBatchPrograms(),
	}
	for i := range c {
		o.scale.Master[i], o.runningVar[i] = 1, 1
	}
	return o
}

func (o *batchNorm) forward(e *engine) {
	c, rows := o.x.last(), o.x.rows()
	switch {
	case e.training && e.lanes != nil:
		o.measureLane(e, c, rows)
	case e.training:
		o.measure(e, c, rows)
	default:
		copy(o.mean, o.runningMean)
		for i, v := range o.runningVar {
			o.rstd[i] = float32(1 / math.Sqrt(float64(v)+epsilon))
		}
	}
	if e.lanes != nil {
		o.applyLane(e, c, rows)
		return
	}
	n := o.norm()
	e.pool.Each(rows, rowsAPart, func(lo, hi int) {
		n.Apply(o.y.val[lo*c:hi*c], o.x.val[lo*c:hi*c])
		e.format.Round(o.y.val[lo*c : hi*c])
	})
}

// norm is what normalises a row.
func (o *batchNorm) norm() kernel.Norm {
	return kernel.Norm{Mean: o.mean, Rstd: o.rstd, Scale: o.scale.value, Shift: o.shift.value}
}

// measure finds the batch's statistics: the mean first, then the squares about it.
func (o *batchNorm) measure(e *engine, c, rows int) {
	sum := e.pool.Sum(rows, rowsAPart, c, func(lo, hi int, sum []float64) { kernel.SumColumns(sum, o.x.val[lo*c:hi*c]) })
	for i, s := range sum {
		o.mean[i] = float32(s / float64(rows))
	}
	squares := e.pool.Sum(rows, rowsAPart, c, func(lo, hi int, sum []float64) { kernel.SumSquares(sum, o.x.val[lo*c:hi*c], o.mean) })
	for i, s := range squares {
		v := s / float64(rows)
		o.rstd[i] = float32(1 / math.Sqrt(v+epsilon))
		o.note(i, s/float64(max(rows-1, 1)))
	}
}

// note keeps the running statistics of a channel.
func (o *batchNorm) note(i int, unbiased float64) {
	o.runningMean[i] = float32((1-runningRate)*float64(o.runningMean[i])) + float32(runningRate*float64(o.mean[i]))
	o.runningVar[i] = float32((1-runningRate)*float64(o.runningVar[i])) + float32(runningRate*unbiased)
}

// backward: with xhat the normalised input, dx = scale * rstd * (dy - mean(dy) - xhat * mean(dy * xhat)).
func (o *batchNorm) backward(e *engine) {
	c, rows := o.x.last(), o.x.rows()
	if e.lanes != nil {
		o.backwardLane(e, c, rows)
		return
	}
	dy, n := o.y.grad, o.norm()
	sum := e.pool.Sum(rows, rowsAPart, 2*c, func(lo, hi int, sum []float64) { n.SumGradients(sum, dy[lo*c:hi*c], o.x.val[lo*c:hi*c]) })
	store(o.shift.Gradient, sum[:c])
	store(o.scale.Gradient, sum[c:])
	mean := make([]float32, 2*c)
	factor := make([]float32, c)
	for i := range mean {
		mean[i] = float32(sum[i] / float64(rows))
	}
	for i := range factor {
		factor[i] = o.scale.value[i] * o.rstd[i]
	}
	e.give(o.x, func(dx []float32) {
		e.pool.Each(rows, rowsAPart, func(lo, hi int) {
			n.Gradient(dx[lo*c:hi*c], dy[lo*c:hi*c], o.x.val[lo*c:hi*c], factor, mean[:c], mean[c:])
		})
	})
}

// layerNorm normalises each row.
type layerNorm struct {
	x, y         *tensor
	scale, shift *ParamArray // shift may be nil
	mean, rstd   []float32

	forth, back *microcode.Program
}

func newLayerNorm(n network.Layer, x, y *tensor) *layerNorm {
	o := &layerNorm{x: x, y: y, scale: newParam(n.Name+".scale", x.last()), mean: make([]float32, x.rows()), rstd: make([]float32, x.rows())}
	for i := range o.scale.Master {
		o.scale.Master[i] = 1
	}
	if n.Bias {
		o.shift = newParam(n.Name+".shift", x.last())
	}
	o.forth, o.back = microcode.LayerNorm(n.Bias), microcode.LayerNormGrad()
	return o
}

func (o *layerNorm) forward(e *engine) {
	if e.lanes != nil {
		o.forwardLane(e)
		return
	}
	c := o.x.last()
	e.pool.Each(o.x.rows(), rowsAPart, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			x, y := o.x.val[r*c:(r+1)*c], o.y.val[r*c:(r+1)*c]
			var sum, squares float64
			for _, v := range x {
				sum += float64(v)
			}
			m := float32(sum / float64(c))
			for _, v := range x {
				d := float64(v - m)
				squares += float64(d * d)
			}
			s := float32(1 / math.Sqrt(squares/float64(c)+epsilon))
			o.mean[r], o.rstd[r] = m, s
			for i, v := range x {
				y[i] = float32((v-m)*s) * o.scale.value[i]
			}
			if o.shift != nil {
				addRow(y, o.shift.value)
			}
			e.format.Round(y)
		}
	})
}

// backward: with g = dy * scale, dx = rstd * (g - mean(g) - xhat * mean(g * xhat)) in each row.
func (o *layerNorm) backward(e *engine) {
	if e.lanes != nil {
		o.backwardLane(e)
		return
	}
	c := o.x.last()
	dy := o.y.grad
	sum := e.pool.Sum(o.x.rows(), rowsAPart, 2*c, func(lo, hi int, sum []float64) {
		for r := lo; r < hi; r++ {
			x, g := o.x.val[r*c:(r+1)*c], dy[r*c:(r+1)*c]
			for i, v := range g {
				sum[i] += float64(v)
				sum[c+i] += float64(float64(v) * float64((x[i]-o.mean[r])*o.rstd[r]))
			}
		}
	})
	if o.shift != nil {
		store(o.shift.Gradient, sum[:c])
	}
	store(o.scale.Gradient, sum[c:])
	e.give(o.x, func(dx []float32) {
		e.pool.Each(o.x.rows(), rowsAPart, func(lo, hi int) {
			for r := lo; r < hi; r++ {
				x, d := o.x.val[r*c:(r+1)*c], dx[r*c:(r+1)*c]
				var g1, g2 float64
				for i, v := range dy[r*c : (r+1)*c] {
					d[i] = v * o.scale.value[i]
					g1 += float64(d[i])
					g2 += float64(float64(d[i]) * float64((x[i]-o.mean[r])*o.rstd[r]))
				}
				a, b := float32(g1/float64(c)), float32(g2/float64(c))
				for i, g := range d {
					xhat := (x[i] - o.mean[r]) * o.rstd[r]
					d[i] = o.rstd[r] * (g - a - float32(xhat*b))
				}
			}
		})
	})
}
