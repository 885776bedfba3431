package train

import (
	"hash/fnv"

	"satsim/internal/microcode"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/train/kernel"
)

// weightShape is W[Taps*In x Out], Groups times.
func weightShape(n network.Layer) workloads.WeightShape {
	in := n.In[0][len(n.In[0])-1]
	if n.Op == network.Linear {
		return workloads.WeightShape{Taps: 1, In: in, Out: n.Channels, Groups: 1}
	}
	return workloads.WeightShape{Taps: n.Kernel[0] * n.Kernel[1], In: in / n.Groups, Out: n.Channels / n.Groups, Groups: n.Groups}
}

// rowsAPart is how many output rows of a product a part of work has, at least: fixed, so that the order of sums is.
const rowsAPart = 128

// weighted is a convolution or a linear layer.
type weighted struct {
	layer   string
	x, y    *tensor
	w, bias *ParamArray // bias may be nil
	plain   bool        // every output reads one position: no windows to gather
	images  int         // or rows, when plain
	h, v    kernel.Axis
	phases  []phase
	pruned  []float32 // dY as BP sees it, when the recipe prunes it
	sampled []float32 // dY as WU sees it, likewise, or X
	kept    []float32 // X as FF sees it, likewise
	live    nm.Mask   // of it, what FF kept
	adapter *adapter  // nil: none
}

// phase is the input positions of one residue modulo the stride, and which positions of dY they gather.
type phase struct {
	h, v           kernel.Axis
	firstH, firstV int
}

// window is one dimension of a convolution: the axis of FF, and for each residue p of the input position the axis that BP
// gathers from dY and its taps. Output o reaches input i by tap k when o*stride + k*dilation - pad = i. Taps are walked from
// the last to the first, so that positions of dY ascend.
func window(in, out, kernelSize, stride, dilation, pad int) (ff kernel.Axis, bp []kernel.Axis, taps [][]int) {
	ff = kernel.Axis{Out: out, In: in, Stride: stride}
	for k := range kernelSize {
		ff.Offsets = append(ff.Offsets, k*dilation-pad)
	}
	for p := range stride {
		a := kernel.Axis{In: out, Stride: 1}
		var t []int
		if in > p {
			a.Out = (in-p-1)/stride + 1
		}
		for k := kernelSize - 1; k >= 0; k-- {
			if d := p + pad - k*dilation; d%stride == 0 {
				a.Offsets = append(a.Offsets, d/stride)
				t = append(t, k)
			}
		}
		bp, taps = append(bp, a), append(taps, t)
	}
	return ff, bp, taps
}

func newWeighted(n network.Layer, x, y *tensor, needsX bool) *weighted {
	o := &weighted{layer: n.Name, x: x, y: y}
	shape := weightShape(n)
	var order [][]int
	if n.Op == network.Linear {
		o.plain = true
	} else {
		h, bh, th := window(int(n.In[0][1]), int(n.Out[1]), int(n.Kernel[0]), int(n.Stride[0]), int(n.Dilation[0]), int(n.Pads[0]))
		v, bv, tv := window(int(n.In[0][2]), int(n.Out[2]), int(n.Kernel[1]), int(n.Stride[1]), int(n.Dilation[1]), int(n.Pads[1]))
		o.h, o.v, o.images = h, v, int(n.In[0][0])
		o.plain = shape.Taps == 1 && shape.Groups == 1 && n.Stride == [2]int64{1, 1} && n.Pads == [4]int64{}
		for ph := range bh {
			for pv := range bv {
				var taps []int
				for _, a := range th[ph] {
					for _, b := range tv[pv] {
						taps = append(taps, a*int(n.Kernel[1])+b)
					}
				}
				order = append(order, taps)
				o.phases = append(o.phases, phase{bh[ph], bv[pv], ph, pv})
			}
		}
	}
	if o.plain {
		o.images = x.rows()
		order = [][]int{{0}}
	}
	o.w = newParam(n.Name+".weight", int(shape.Elements()))
	o.w.matrix = newMatrix(shape, order, needsX)
	if o.w.conv = n.Op == network.Conv; o.w.conv {
		o.w.taps = n.Kernel[:]
	}
	if n.Bias {
		o.bias = newParam(n.Name+".bias", int(n.Channels))
	}
	return o
}

// parts cuts images into parts of at least rowsAPart output rows.
func parts(images, rows int) (size, n int) {
	size = max(1, rowsAPart/max(rows, 1))
	return size, (images + size - 1) / size
}

func (o *weighted) forward(e *engine) {
	in, out, groups := int(o.w.In), int(o.w.Out), int(o.w.Groups)
	k, f, c := int(o.w.Taps)*in, out*groups, o.x.last()
	rows := 1
	if !o.plain {
		rows = o.h.Out * o.v.Out
	}
	input := o.prunedInput(e)
	size, n := parts(o.images, rows)
	e.pool.Run(n, func(part, worker int) {
		first := part * size
		images := min(size, o.images-first)
		y := o.y.val[first*rows*f : (first+images)*rows*f]
		for g := range groups {
			x, ld := input[first*c:], c
			if !o.plain {
				x, ld = e.pool.Scratch(worker, images*rows*k), k
				kernel.Gather(x, input, first, images, o.h, o.v, c, g*in, in)
			}
			kernel.MulNN(images*rows, out, k, x, ld, o.w.ff[g*k*out:], out, false, y[g*out:], f)
		}
		if o.adapter != nil { // its layer is plain
			o.adapter.add(e.format, o.x.val[first*c:], y, first, images)
		}
		switch {
		case o.bias != nil && e.lanes != nil:
			o.addBias(e, y)
		case o.bias != nil:
			addRow(y, o.bias.value)
		}
		e.format.Round(y)
	})
}

// addBias is what the output path does to rows of sums.
func (o *weighted) addBias(e *engine, y []float32) {
	s := fresh(microcode.Strip{N: len(o.bias.value), Column: [8][]float32{o.bias.value}})
	for r := range len(y) / s.N {
		s.take(r, y, [][]float32{y})
		e.lanes.Do(e.lanes.bias, e.lanes.bias.Sweeps[0], &s.Strip)
	}
}

// addRow adds a row to every row.
func addRow(y, row []float32) {
	for len(y) > 0 {
		for i, b := range row {
			y[i] += b
		}
		y = y[len(row):]
	}
}

func (o *weighted) backward(e *engine) {
	dy := o.y.grad
	if o.adapter != nil {
		o.adapter.backward(e, o.x.val, dy, o.x.needs)
	}
	e.give(o.x, func(dx []float32) {
		o.inputGradient(e, o.prunedGradient(e), dx)
		o.maskGradient(e, dx)
		if o.adapter != nil {
			e.each(len(dx), func(lo, hi int) { kernel.Add(dx[lo:hi], dx[lo:hi], o.adapter.gradient[lo:hi]) })
		}
	})
	if o.w.prune.exchanged {
		o.weightGradient(e, o.sampledPositions(e, o.prunedInput(e)), dy)
	} else {
		o.weightGradient(e, o.x.val, o.sampledPositions(e, dy))
	}
	if o.w.learned != nil {
		o.w.learned.differentiate(e)
	}
	if o.w.factors != nil {
		o.w.factors.differentiate()
	}
	if o.w.prune.alone {
		e.each(len(o.w.Gradient), func(lo, hi int) { kernel.Select(o.w.Gradient[lo:hi], o.w.Gradient[lo:hi], o.w.maskFF[lo:hi]) })
	}
	if o.bias != nil && e.lanes != nil {
		copy(o.bias.Gradient, e.totals(e.lanes.biasGrad, microcode.Strip{N: o.y.last()}, o.y.rows(), nil, nil, dy)[0])
	} else if o.bias != nil {
		f := o.y.last()
		sum := e.pool.Sum(o.y.rows(), rowsAPart, f, func(lo, hi int, sum []float64) {
			for r := lo; r < hi; r++ {
				for i, v := range dy[r*f : (r+1)*f] {
					sum[i] += float64(v)
				}
			}
		})
		store(o.bias.Gradient, sum)
	}
}

func store(dst []float32, sum []float64) {
	for i, v := range sum {
		dst[i] = float32(v)
	}
}

// prunedGradient is dY as BP reads it.
func (o *weighted) prunedGradient(e *engine) []float32 {
	r := o.w.prune.gradients
	if r.IsDense() {
		return o.y.grad
	}
	if o.pruned == nil {
		o.pruned = make([]float32, len(o.y.grad))
	}
	out := int(o.w.Out)
	e.pool.Each(len(o.pruned)/out, kernel.Chunk/16, func(lo, hi int) {
		kernel.PruneRows(r, o.pruned[lo*out:hi*out], o.y.grad[lo*out:hi*out], hi-lo, out)
	})
	return o.pruned
}

// prunedInput is X as FF reads it.
func (o *weighted) prunedInput(e *engine) []float32 {
	r := o.w.prune.inputs
	if r.IsDense() {
		return o.x.val
	}
	if o.kept == nil {
		o.kept, o.live = make([]float32, len(o.x.val)), make(nm.Mask, len(o.x.val))
	}
	in := int(o.w.In)
	e.pool.Each(len(o.kept)/in, kernel.Chunk/16, func(lo, hi int) {
		kernel.MaskRows(r, o.x.val[lo*in:hi*in], hi-lo, in, o.live[lo*in:hi*in])
		kernel.Select(o.kept[lo*in:hi*in], o.x.val[lo*in:hi*in], o.live[lo*in:hi*in])
	})
	return o.kept
}

// maskGradient makes the gradient of what FF pruned zero.
func (o *weighted) maskGradient(e *engine, dx []float32) {
	if o.w.prune.inputs.IsDense() {
		return
	}
	e.each(len(dx), func(lo, hi int) { kernel.Select(dx[lo:hi], dx[lo:hi], o.live[lo:hi]) })
}

// sampledPositions is what WU reads of a matrix: pruned in groups of M positions of each channel.
func (o *weighted) sampledPositions(e *engine, from []float32) []float32 {
	r := o.w.prune.positions
	if r.IsDense() {
		return from
	}
	if len(o.sampled) != len(from) {
		o.sampled = make([]float32, len(from))
	}
	rows := o.y.rows()
	f := len(from) / rows
	if o.w.prune.drawn {
		o.draw(e, r, rows, f)
		return o.sampled
	}
	e.pool.Each((rows+r.M-1)/r.M, max(1, rowsAPart/r.M), func(lo, hi int) {
		kernel.PruneColumns(r, o.sampled, from, rows, f, lo, hi, o.w.prune.apart)
	})
	return o.sampled
}

// draw makes the unbiased estimate of dY, in groups of M positions of each channel, rounded as it is stored. The random number of a group is that of its place, whoever asks when: element
// (group of positions, channel) of the sequence of step and layer, its upper bits.
func (o *weighted) draw(e *engine, r nm.Ratio, rows, f int) {
	layer := fnv.New64a()
	layer.Write([]byte(o.layer))
	key := nm.Random(e.draws, layer.Sum64())
	groups := (rows + r.M - 1) / r.M
	e.pool.Each(groups, max(1, rowsAPart/r.M), func(lo, hi int) {
		group, out := make([]float32, r.M), make([]float32, r.M)
		for g := lo; g < hi; g++ {
			first, step, n := kernel.Positions(r, rows, g, o.w.prune.apart)
			for c := range f {
				at, step := first*f+c, step*f
				for i := range n {
					group[i] = o.y.grad[at+i*step]
				}
				if u := uint16(nm.Random(key, uint64(g*f+c)) >> 48); o.w.prune.uniform {
					r.DrawUniform(out[:n], group[:n], u)
				} else {
					r.Draw(out[:n], group[:n], u)
				}
				e.format.Round(out[:n])
				for i := range n {
					o.sampled[at+i*step] = out[i]
				}
			}
		}
	})
}

// inputGradient is BP: gathered from dY, a phase at a time, reduced over (tap, F).
func (o *weighted) inputGradient(e *engine, dy, dx []float32) {
	in, out, groups := int(o.w.In), int(o.w.Out), int(o.w.Groups)
	c, f := in*groups, out*groups
	if o.plain {
		size, n := parts(o.images, 1)
		e.pool.Run(n, func(part, _ int) {
			lo, hi := part*size, min((part+1)*size, o.images)
			kernel.MulNN(hi-lo, in, out, dy[lo*f:], f, o.w.turned[0], in, false, dx[lo*c:hi*c], c)
		})
		return
	}
	image := o.h.In * o.v.In
	for i, p := range o.phases {
		rows, k := p.h.Out*p.v.Out, len(o.w.phases[i])*out
		size, n := parts(o.images, rows)
		e.pool.Run(n, func(part, worker int) {
			first := part * size
			images := min(size, o.images-first)
			mem := e.pool.Scratch(worker, images*rows*(k+c))
			patches, y := mem[:images*rows*k], mem[images*rows*k:]
			for g := range groups {
				if k == 0 {
					clear(y)
					continue
				}
				kernel.Gather(patches, dy, first, images, p.h, p.v, f, g*out, out)
				kernel.MulNN(images*rows, in, k, patches, k, o.w.turned[i][g*k*in:], in, false, y[g*in:], c)
			}
			for img := range images {
				to := dx[(first+img)*image*c:]
				for q := range p.h.Out {
					for r := range p.v.Out {
						at := ((p.firstH+q*o.h.Stride)*o.v.In + p.firstV + r*o.v.Stride) * c
						copy(to[at:at+c], y[((img*p.h.Out+q)*p.v.Out+r)*c:])
					}
				}
			}
		})
	}
}

// channelsAPart is how many rows of dW a part has, at most.
const channelsAPart = 32

// plainGradient is WU's product of matrices of so many rows: over all of them in ascending order, parts along K.
func plainGradient(e *engine, x, dy, dw []float32, rows, in, out int) {
	e.pool.Run((in+channelsAPart-1)/channelsAPart, func(part, _ int) {
		from := part * channelsAPart
		count := min(channelsAPart, in-from)
		kernel.MulTN(count, out, rows, x[from:], in, dy, out, false, dw[from*out:(from+count)*out], out)
	})
}

// weightGradient is WU's product: over all positions in ascending order, parts along K.
func (o *weighted) weightGradient(e *engine, input, dy []float32) {
	if o.plain {
		plainGradient(e, input, dy, o.w.Gradient, o.images, int(o.w.In), int(o.w.Out))
		return
	}
	in, out, groups, taps := int(o.w.In), int(o.w.Out), int(o.w.Groups), int(o.w.Taps)
	c, f := o.x.last(), out*groups
	blocks := (in + channelsAPart - 1) / channelsAPart
	e.pool.Run(groups*taps*blocks, func(part, worker int) {
		from := part % blocks * channelsAPart
		tap, g := part/blocks%taps, part/blocks/taps
		count := min(channelsAPart, in-from)
		dw := o.w.Gradient[((g*taps+tap)*in+from)*out:][:count*out]
		h, v := o.h, o.v
		h.Offsets, v.Offsets = h.Offsets[tap/len(v.Offsets):][:1], v.Offsets[tap%len(v.Offsets):][:1]
		rows := h.Out * v.Out
		size, n := parts(o.images, rows)
		x := e.pool.Scratch(worker, size*rows*count)
		for i := range n {
			images := min(size, o.images-i*size)
			kernel.Gather(x, input, i*size, images, h, v, c, g*in+from, count)
			kernel.MulTN(count, out, images*rows, x, count, dy[i*size*rows*f+g*out:], f, i > 0, dw, out)
		}
	})
}
