package train

import (
	"math"

	"satsim/internal/microcode"
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// activation is an element-wise function; its derivative is kept from the forward pass.
type activation struct {
	x, y  *tensor
	apply func(y, slope, x []float32)
	slope []float32

	// As the vector unit has it.
	forth, back *microcode.Program
	passes      []bool // the bits of a clipped function
	ofResult    bool   // the derivative is made of y
}

func newActivation(op network.Op, x, y *tensor, apply func(y, slope, x []float32)) *activation {
	o := &activation{x: x, y: y, apply: apply, slope: make([]float32, len(x.val)), back: microcode.ActivationGrad()}
	switch op {
	case network.ReLU:
		o.forth = microcode.ReLU()
	case network.ReLU6:
		o.forth = microcode.ReLU6()
	case network.GELU:
		o.forth, o.back = microcode.GELU(), microcode.GELUGrad()
	case network.SiLU:
		o.forth, o.back = microcode.SiLU(), microcode.SiLUGrad()
	case network.Sigmoid:
		o.forth, o.back, o.ofResult = microcode.Sigmoid(), microcode.SigmoidGrad(), true
	case network.Tanh:
		o.forth, o.back, o.ofResult = microcode.Tanh(), microcode.TanhGrad(), true
	}
	if o.forth.Table == nil {
		o.passes = make([]bool, len(x.val))
	}
	return o
}

// activationOf is an operator's function on slices, nil for one that is no activation. GELU is the exact one, x times the
// normal distribution function.
func activationOf(op network.Op) func(y, slope, x []float32) {
	switch op {
	case network.ReLU:
		return kernel.Rectify
	case network.ReLU6:
		return func(y, slope, x []float32) {
			for i, v := range x {
				y[i], slope[i] = min(max(v, 0), 6), 0
				if v > 0 && v < 6 {
					slope[i] = 1
				}
			}
		}
	case network.GELU:
		return wide(func(x float64) (float64, float64) {
			cdf := 0.5 * math.Erfc(-x/math.Sqrt2)
			return x * cdf, cdf + float64(x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi))
		})
	case network.SiLU:
		return wide(func(x float64) (float64, float64) {
			s := 1 / (1 + math.Exp(-x))
			return x * s, s + float64(x*s*(1-s))
		})
	case network.Sigmoid:
		return wide(func(x float64) (float64, float64) {
			s := 1 / (1 + math.Exp(-x))
			return s, s * (1 - s)
		})
	case network.Tanh:
		return wide(func(x float64) (float64, float64) {
			t := math.Tanh(x)
			return t, 1 - float64(t*t)
		})
	}
	return nil
}

// wide applies a function and its derivative in FP64.
func wide(f func(float64) (y, slope float64)) func(y, slope, x []float32) {
	return func(y, slope, x []float32) {
		for i, v := range x {
			a, b := f(float64(v))
			y[i], slope[i] = float32(a), float32(b)
		}
	}
}

func (o *activation) forward(e *engine) {
	if e.lanes != nil {
		e.elements(o.forth, o.y.val, nil, o.passes, o.x.val)
		e.round(o.y.val)
		return
	}
	e.each(len(o.x.val), func(lo, hi int) {
		o.apply(o.y.val[lo:hi], o.slope[lo:hi], o.x.val[lo:hi])
		e.format.Round(o.y.val[lo:hi])
	})
}

func (o *activation) backward(e *engine) {
	e.give(o.x, func(dx []float32) {
		switch {
		case e.lanes != nil && o.passes != nil:
			e.elements(o.back, dx, o.passes, nil, o.y.grad)
			return
		case e.lanes != nil && o.ofResult:
			e.elements(o.back, dx, nil, nil, o.y.val, o.y.grad)
			return
		case e.lanes != nil:
			e.elements(o.back, dx, nil, nil, o.x.val, o.y.grad)
			return
		}
		e.each(len(dx), func(lo, hi int) {
			kernel.Multiply(dx[lo:hi], o.y.grad[lo:hi], o.slope[lo:hi])
		})
	})
}

// softmax over the last axis.
type softmax struct {
	x, y        *tensor
	forth, back *microcode.Program
	hidden      []float32 // of a causal one: what the vector unit reads; nil: x
}

func newSoftmax(n network.Layer, x, y *tensor) *softmax {
	o := &softmax{x: x, y: y, forth: microcode.Softmax(), back: microcode.SoftmaxGrad()}
	if n.Causal {
		o.hidden = make([]float32, len(x.val))
	}
	return o
}

// lowest is the smallest FP16 number: what the vector unit reads in the place of a hidden score. Its exponential is 0.
const lowest = -65504

// seen is how many columns of a row count.
func (o *softmax) seen(row int) int {
	c := o.x.last()
	if o.hidden == nil {
		return c
	}
	return row%c + 1
}

// softmaxRow writes the softmax of x.
func softmaxRow(y, x []float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum float64
	for i, v := range x {
		p := math.Exp(float64(v - top))
		sum += p
		y[i] = float32(p)
	}
	f := float32(1 / sum)
	for i := range y {
		y[i] *= f
	}
}

func (o *softmax) forward(e *engine) {
	c := o.x.last()
	if e.lanes != nil {
		x := o.x.val
		if o.hidden != nil {
			x = o.hidden
			e.pool.Each(o.x.rows(), rowsAPart, func(lo, hi int) {
				for r := lo; r < hi; r++ {
					n := copy(x[r*c:r*c+o.seen(r)], o.x.val[r*c:])
					for i := range x[r*c+n : (r+1)*c] {
						x[r*c+n+i] = lowest
					}
				}
			})
		}
		e.over(o.forth, microcode.Strip{N: c}, o.x.rows(), o.y.val, x)
		e.round(o.y.val)
		return
	}
	e.pool.Each(o.x.rows(), rowsAPart, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			n := o.seen(r)
			softmaxRow(o.y.val[r*c:r*c+n], o.x.val[r*c:r*c+n])
			clear(o.y.val[r*c+n : (r+1)*c])
		}
		e.format.Round(o.y.val[lo*c : hi*c])
	})
}

// backward: dx = y * (dy - sum(dy * y)).
func (o *softmax) backward(e *engine) {
	c := o.x.last()
	e.give(o.x, func(dx []float32) {
		if e.lanes != nil {
			e.over(o.back, microcode.Strip{N: c}, o.x.rows(), dx, o.y.val, o.y.grad)
			return
		}
		e.pool.Each(o.x.rows(), rowsAPart, func(lo, hi int) {
			for r := lo; r < hi; r++ {
				y, dy := o.y.val[r*c:(r+1)*c], o.y.grad[r*c:(r+1)*c]
				var sum float64
				for i, v := range y {
					sum += float64(v) * float64(dy[i])
				}
				for i, v := range y {
					dx[r*c+i] = v * (dy[i] - float32(sum))
				}
			}
		})
	})
}

// combine is add or mul. An operand that is smaller is repeated: its extents equal the last ones of the other, but for
// ones before them.
type combine struct {
	a, b, y *tensor
	product bool
	program *microcode.Program
}

func newCombine(a, b, y *tensor, product bool) *combine {
	o := &combine{a, b, y, product, microcode.AddTensors()}
	if product {
		o.program = microcode.MulTensors()
	}
	return o
}

// repeats reports whether an operand of shape s repeats over shape out.
func repeats(s, out network.Shape) bool {
	for len(s) > 0 && s[0] == 1 {
		s = s[1:]
	}
	if len(s) > len(out) {
		return false
	}
	out = out[len(out)-len(s):]
	for i, d := range s {
		if d != out[i] {
			return false
		}
	}
	return true
}

func (o *combine) forward(e *engine) {
	if e.lanes != nil && len(o.a.val) == len(o.b.val) {
		e.elements(o.program, o.y.val, nil, nil, o.a.val, o.b.val)
		e.round(o.y.val)
		return
	}
	e.each(len(o.y.val), func(lo, hi int) {
		na, nb := len(o.a.val), len(o.b.val)
		if na == nb {
			o.alike(o.y.val[lo:hi], o.a.val[lo:hi], o.b.val[lo:hi])
			e.format.Round(o.y.val[lo:hi])
			return
		}
		for i := lo; i < hi; i++ {
			if a, b := o.a.val[i%na], o.b.val[i%nb]; o.product {
				o.y.val[i] = a * b
			} else {
				o.y.val[i] = a + b
			}
		}
		e.format.Round(o.y.val[lo:hi])
	})
}

// alike combines as many elements as there are of either.
func (o *combine) alike(y, a, b []float32) {
	if o.product {
		kernel.Multiply(y, a, b)
	} else {
		kernel.Add(y, a, b)
	}
}

func (o *combine) backward(e *engine) {
	e.give(o.a, func(dst []float32) { o.gradient(e, dst, o.b.val) })
	e.give(o.b, func(dst []float32) { o.gradient(e, dst, o.a.val) })
}

// gradient sums over the repetitions of the operand, in ascending order: microcode.Repeats and MulRepeats, to the bit.
func (o *combine) gradient(e *engine, dst, other []float32) {
	dy := o.y.grad
	e.each(len(dst), func(lo, hi int) {
		if len(dst) == len(dy) && !o.product {
			for i, v := range dy[lo:hi] {
				dst[lo+i] = 0 + v // of -0, as of a sum
			}
			return
		}
		for i := lo; i < hi; i++ {
			var sum float32
			for k := i; k < len(dy); k += len(dst) {
				if o.product {
					sum += float32(dy[k] * other[k%len(other)])
				} else {
					sum += dy[k]
				}
			}
			dst[i] = sum
		}
	})
}
