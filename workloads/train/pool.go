package train

import (
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// maxPool takes the largest of a window, the first of equals; padding never wins.
type maxPool struct {
	x, y *tensor
	h, v kernel.Axis
	from []int32 // which element of the image won
}

// avgPool is the mean of a window over its taps, padding not counted, or of a whole image.
type avgPool struct {
	x, y *tensor
	h, v kernel.Axis
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
				taps(o.h, o.v, p/o.v.Out, p%o.v.Out, func(at int) {
					for i, v := range dy {
						d[at*c+i] += v / float32(n)
					}
				})
			}
		})
	})
}
