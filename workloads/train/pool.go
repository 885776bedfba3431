package train

import (
	"satsim/internal/microcode"
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// maxPool takes the largest of a window, the first of equals; padding never wins.
type maxPool struct {
	x, y *tensor
	h, v kernel.Axis
	from []int32 // which element of the image won

	program *microcode.Program
}

// avgPool is the mean of a window over its taps, padding not counted, or of a whole image.
type avgPool struct {
	x, y *tensor
	h, v kernel.Axis

	forth, back *microcode.Program
}

func newAvgPool(x, y *tensor, h, v kernel.Axis) *avgPool {
	return &avgPool{x, y, h, v, microcode.AvgPool(), microcode.AvgPoolGrad()}
}

// windows are the taps of an output as a strip sees them, for one output after another.
func windows(c int) (s microcode.Strip, inverses []float32) {
	s = microcode.Strip{N: c}
	inverses = make([]float32, c)
	s.Column[0] = inverses
	return s, inverses
}

func poolAxes(n network.Layer) (h, v kernel.Axis) {
	h, _, _ = window(int(n.In[0][1]), int(n.Out[1]), int(n.Kernel[0]), int(n.Stride[0]), 1, int(n.Pads[0]))
	v, _, _ = window(int(n.In[0][2]), int(n.Out[2]), int(n.Kernel[1]), int(n.Stride[1]), 1, int(n.Pads[1]))
	return h, v
}

// taps calls visit with the position in the image of every tap of an output that is no padding.
func taps(h, v kernel.Axis, oh, ow int, visit func(at int)) {
	for _, fh := range h.Offsets {
		y := oh*h.Stride + fh
		if y < 0 || y >= h.In {
			continue
		}
		for _, fv := range v.Offsets {
			if x := ow*v.Stride + fv; x >= 0 && x < v.In {
				visit(y*v.In + x)
			}
		}
	}
}

func (o *maxPool) forward(e *engine) {
	c, in, out := o.x.last(), o.h.In*o.v.In*o.x.last(), o.h.Out*o.v.Out
	e.pool.Run(int(o.x.shape[0]), func(img, _ int) {
		x := o.x.val[img*in : (img+1)*in]
		for p := range out {
			y := o.y.val[(img*out+p)*c:][:c]
			from := o.from[(img*out+p)*c:][:c]
			if e.lanes != nil {
				o.window(e, x, y, from, p)
				continue
			}
			first := true
			taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
				for i, v := range x[at*c : (at+1)*c] {
					if first || v > y[i] {
						y[i], from[i] = v, int32(at*c+i)
					}
				}
				first = false
			})
		}
	})
}

// window is output p of an image as the vector unit makes it.
func (o *maxPool) window(e *engine, x, y []float32, from []int32, p int) {
	s := microcode.Strip{N: len(y), Sum: [4][]float32{o.program.Totals[0].Begin(1, len(y))}, First: [4][]int32{from}}
	first := true
	taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
		s.Port[0], s.At = x[at*s.N:(at+1)*s.N], int32(at)
		if first {
			for i := range from {
				from[i] = s.At
			}
			first = false
		}
		e.lanes.Do(o.program, o.program.Sweeps[0], &s)
	})
	copy(y, s.Sum[0])
	for i := range from {
		from[i] = from[i]*int32(s.N) + int32(i)
	}
}

// backward adds to the winners: microcode.MaxPoolGrad, whose other taps add zeros.
func (o *maxPool) backward(e *engine) {
	c, in, out := o.x.last(), o.h.In*o.v.In*o.x.last(), o.h.Out*o.v.Out
	e.give(o.x, func(dx []float32) {
		e.pool.Run(int(o.x.shape[0]), func(img, _ int) {
			d := dx[img*in : (img+1)*in]
			clear(d)
			for i := img * out * c; i < (img+1)*out*c; i++ {
				d[o.from[i]] += o.y.grad[i]
			}
		})
	})
}

func (o *avgPool) forward(e *engine) {
	c, in, out := o.x.last(), o.h.In*o.v.In*o.x.last(), o.h.Out*o.v.Out
	e.pool.Run(int(o.x.shape[0]), func(img, _ int) {
		x := o.x.val[img*in : (img+1)*in]
		for p := range out {
			y := o.y.val[(img*out+p)*c:][:c]
			clear(y)
			if e.lanes != nil {
				o.window(e, x, y, p)
				continue
			}
			n := 0
			taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
				n++
				for i, v := range x[at*c : (at+1)*c] {
					y[i] += v
				}
			})
			for i := range y {
				y[i] /= float32(n)
			}
			e.format.Round(y)
		}
	})
}

// window is output p of an image as the vector unit makes it; y holds zeros.
func (o *avgPool) window(e *engine, x, y []float32, p int) {
	s, inverses := windows(len(y))
	s.Sum[0], s.Column[1] = y, y
	n := 0
	taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
		n++
		s.Port[0] = x[at*s.N : (at+1)*s.N]
		e.lanes.Do(o.forth, o.forth.Sweeps[0], &s)
	})
	for i := range inverses {
		inverses[i] = inverse(n)
	}
	e.lanes.Do(o.forth, o.forth.After, &s)
	e.format.Round(y)
}

// spread gives the taps of output p their share of its gradient.
func (o *avgPool) spread(e *engine, d, dy []float32, p, n int) {
	s, inverses := windows(len(dy))
	for i := range inverses {
		inverses[i] = inverse(n)
	}
	s.Port[0] = dy
	taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
		s.Sum[0] = d[at*s.N : (at+1)*s.N]
		e.lanes.Do(o.back, o.back.Sweeps[0], &s)
	})
}

func (o *avgPool) backward(e *engine) {
	c, in, out := o.x.last(), o.h.In*o.v.In*o.x.last(), o.h.Out*o.v.Out
	e.give(o.x, func(dx []float32) {
		e.pool.Run(int(o.x.shape[0]), func(img, _ int) {
			d := dx[img*in : (img+1)*in]
			clear(d)
			for p := range out {
				dy := o.y.grad[(img*out+p)*c:][:c]
				n := 0
				taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(int) { n++ })
				if e.lanes != nil {
					o.spread(e, d, dy, p, n)
					continue
				}
				taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
					for i, v := range dy {
						d[at*c+i] += v / float32(n)
					}
				})
			}
		})
	})
}
