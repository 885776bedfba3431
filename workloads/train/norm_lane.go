package train

import "satsim/internal/microcode"

// batchPrograms are a batch norm as the vector unit has it.
type batchPrograms struct {
	stats, apply, reduce, grad *microcode.Program
}

func newBatchPrograms() batchPrograms {
	return batchPrograms{microcode.BatchNormStats(), microcode.BatchNormApply(), microcode.BatchNormReduce(), microcode.BatchNormGrad()}
}

// measureLane finds the batch's statistics: sum and sum of squares in one pass.
func (o *batchNorm) measureLane(e *engine, c, rows int) {
	p := o.programs.stats
	s := e.columns(p, c, nil, inverse(rows), epsilon)
	s.Sum = e.totals(p, s, rows, nil, nil, o.x.val)
	e.lanes.Do(p, p.After, &s)
	copy(o.mean, s.Column[0])
	copy(o.rstd, s.Column[1])
	for i, v := range s.Column[2] {
		o.note(i, float64(v)*float64(rows)/float64(max(rows-1, 1)))
	}
}

func (o *batchNorm) applyLane(e *engine, c, rows int) {
	p := o.programs.apply
	s := e.columns(p, c, map[int][]float32{0: o.mean, 1: o.rstd, 2: o.scale.value, 3: o.shift.value})
	e.over(p, s, rows, o.y.val, o.x.val)
	e.round(o.y.val)
}

func (o *batchNorm) backwardLane(e *engine, c, rows int) {
	p, dy := o.programs.reduce, o.y.grad
	of := map[int][]float32{0: o.mean, 1: o.rstd, 2: o.scale.value}
	sums := e.totals(p, e.columns(p, c, of), rows, nil, nil, o.x.val, dy)
	copy(o.shift.Gradient, sums[0])
	copy(o.scale.Gradient, sums[1])
	of[6], of[7] = sums[0], sums[1]
	e.give(o.x, func(dx []float32) {
		p := o.programs.grad
		e.over(p, e.columns(p, c, of, inverse(rows)), rows, dx, o.x.val, dy)
	})
}

// forwardLane is rows of a layer norm; the statistics stay for the backward pass.
func (o *layerNorm) forwardLane(e *engine) {
	c := o.x.last()
	s := microcode.Strip{N: c, Column: [8][]float32{o.scale.value}, Scalar: [8]float32{inverse(c), epsilon}}
	if o.shift != nil {
		s.Column[1] = o.shift.value
	}
	e.pool.Each(o.x.rows(), rowsAPart, func(lo, hi int) {
		own := fresh(s)
		for r := lo; r < hi; r++ {
			own.take(r, o.y.val, [][]float32{o.x.val})
			e.lanes.Row(o.forth, &own.Strip)
			o.mean[r], o.rstd[r] = own.Scalar[2], own.Scalar[3]
		}
		e.format.Round(o.y.val[lo*c : hi*c])
	})
}

func (o *layerNorm) backwardLane(e *engine) {
	run := func(dx []float32) {
		c := o.x.last()
		s := microcode.Strip{N: c, Column: [8][]float32{o.scale.value}, Scalar: [8]float32{inverse(c)}}
		sums := e.totals(o.back, s, o.x.rows(), dx, func(r int, s *microcode.Strip) {
			s.Scalar[2], s.Scalar[3], s.Scalar[4] = o.mean[r], o.rstd[r], o.mean[r]*o.rstd[r]
		}, o.x.val, o.y.grad)
		if o.shift != nil {
			copy(o.shift.Gradient, sums[2])
		}
		copy(o.scale.Gradient, sums[3])
	}
	if o.x.needs {
		e.give(o.x, run)
	} else {
		run(make([]float32, len(o.x.val)))
	}
}
