package onnx

import (
	"fmt"
	"math"
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// onItself are functions that a tensor of numbers leaves with the shape that it had.
var onItself = map[string]bool{
	"Relu": true, "LeakyRelu": true, "Sigmoid": true, "HardSigmoid": true, "HardSwish": true, "Tanh": true, "Gelu": true, "Softmax": true, "LogSoftmax": true,
	"Softplus": true, "Softsign": true, "Mish": true, "Elu": true, "Selu": true, "Celu": true, "Erf": true, opGelu: true, opSilu: true,
}

// branch is a node that no data enter and that a network has all the same: a function of what is learned, or a layer that reads numbers of the file, such as
// encodings of positions. Its input becomes a table, or an input without gradient.
func (im *importer) branch(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	for _, v := range in {
		if v != nil && v.kind == side || x.whole != "" {
			return nil, noData(in)
		}
	}
	learned := learnedFrom(in)
	switch {
	case n.Op == "BatchNormalization" && x.kind == parameter:
		return im.normalisedWeight(in)
	case !learned && onItself[n.Op]:
		return []*value{{kind: constant, shape: x.shape}}, nil
	case !learned || x.single():
		return nil, noData(in)
	}
	y, err := im.asData(x)
	if err != nil {
		return nil, err
	}
	return operators[n.Op](im, n, append([]*value{y}, in[1:]...))
}

// asData is a parameter or constant as a tensor that layers read.
func (im *importer) asData(x *value) (*value, error) {
	own := *x
	own.layout = batchFirst(x.shape, identity(x.rank()))
	if x.kind != parameter {
		im.plays(x, "not trained: what a layer reads in the place of data")
	}
	return im.table(&own, &own)
}

// learnedFrom reports whether something learned is among values.
func learnedFrom(in []*value) bool {
	for _, v := range in {
		if v != nil && v.kind == parameter {
			return true
		}
	}
	return false
}

// readsNumbers reports whether a product that no data enter is a layer all the same: a weight behind numbers of the file. Angles, positions by frequencies, are
// outer products of vectors, or a table before positions.
func readsNumbers(in []*value) bool {
	if len(in) != 2 || in[0] == nil || in[1] == nil || in[0].rank() < 3 || in[1].kind != parameter {
		return false
	}
	if in[0].kind == parameter {
		return true
	}
	w := in[1]
	all, err := w.shape.Elements()
	return in[0].kind == constant && w.rank() == 2 && err == nil && w.root != nil && all.N == w.root.elements && !w.shape[0].Unit()
}

// normalisedWeight is a weight whose every output is brought to a mean of 0 and a length before its layer takes it.
func (im *importer) normalisedWeight(in []*value) ([]*value, error) {
	im.leaveOut("weights are normalised before their layers take them, whose gains, a number an output, are counted neither as parameters nor as work (%d)")
	w := *in[0]
	w.lit = nil
	return []*value{&w}, nil
}

// standardised is a view of a weight behind a BatchNormalization over its second axis: less a mean, times a gain, which the file gives or the elements.
func (m *Model) standardised(n *file.Node, v view, views map[string]view) (view, bool) {
	if len(v.dims) < 2 || len(v.scales) > 0 || v.part || len(n.In) < 5 {
		return v, false
	}
	count := v.dims[1]
	numbers := func(name string) []float64 {
		own, ok := views[name]
		i := m.stored(own.name)
		if !ok || i == nil || len(own.dims) != 1 || own.dims[0] != count || own.part {
			return nil
		}
		out := m.head(own.name, count)
		for e := range out {
			for k := range own.scales {
				s := &own.scales[k]
				at := s.At(int64(e))
				if s.Zeros != nil {
					out[e] -= s.Zeros[at]
				}
				out[e] *= s.Values[at]
			}
		}
		return out
	}
	gain, shift := numbers(n.In[1]), numbers(n.In[2])
	if int64(len(gain)) != count || int64(len(shift)) != count {
		return v, false
	}
	s := Scale{Over: []Along{{v.strides[1], count, 1, 1}}, Values: make([]float64, count), Zeros: make([]float64, count)}
	mean, square := make([]float64, count), make([]float64, count)
	each := float64(1)
	for a, d := range v.dims {
		if a != 1 {
			each *= float64(d)
		}
	}
	if n.Int("training_mode", 0) == 0 && len(n.Out) < 2 {
		if mean, square = numbers(n.In[3]), numbers(n.In[4]); int64(len(mean)) != count || int64(len(square)) != count {
			return v, false
		}
	} else if !m.each(v.name, func(e int64, x float64) bool {
		mean[s.At(e)] += x / each
		square[s.At(e)] += x * x / each
		return true
	}) {
		return v, false
	} else {
		for k := range square {
			square[k] = max(0, square[k]-mean[k]*mean[k])
		}
	}
	for k := range gain {
		s.Values[k] = gain[k] / math.Sqrt(square[k]+n.Float("epsilon", 1e-5))
		if s.Values[k] == 0 || math.IsInf(s.Values[k], 0) || math.IsNaN(s.Values[k]) {
			return v, false
		}
		s.Zeros[k] = mean[k] - shift[k]/s.Values[k]
	}
	v.scales = []Scale{s}
	return v, true
}

// isBlur reports whether a convolution, whose weight has these extents, is a blur: of one or two axes, depthwise and not dilated, without biases, with kernels that are the same for every channel and add up
// to 1. They are numbers of the file against aliasing, which nobody trains. The numbers are asked for of a weight alone whose extents are such.
func isBlur(n *file.Node, w []int64, numbers func(taps, groups int64) []float64) bool {
	if len(w) != 3 && len(w) != 4 || len(n.In) > 2 && n.In[2] != "" || slices.ContainsFunc(n.Ints("dilations"), func(d int64) bool { return d > 1 }) {
		return false
	}
	groups, taps := n.Int("group", 1), int64(1)
	for _, d := range w[2:] {
		taps *= d
	}
	if groups < 2 || taps < 2 || w[0] != groups || w[1] != 1 {
		return false
	}
	kernels, sum := numbers(taps, groups), 0.0
	for i, v := range kernels {
		if v < 0 || v != kernels[int64(i)%taps] {
			return false
		}
		if int64(i) < taps {
			sum += v
		}
	}
	return len(kernels) > 0 && math.Abs(sum-1) <= 1e-3
}

// blurs reports whether a weight is a blur's, which is no layer's.
func (m *Model) blurs(n *file.Node, v view) bool {
	return n.Op == "Conv" && isBlur(n, v.dims, func(taps, groups int64) []float64 { return m.numbersOf(v.name, taps, groups) })
}

// numbersOf are those of the kernels of a depthwise weight, or of the one that it repeats, where the file has them.
func (m *Model) numbersOf(name string, taps, groups int64) []float64 {
	const most = 1 << 18
	i := m.stored(name)
	if i == nil {
		return nil
	}
	count := int64(1)
	for _, d := range i.tensor.GetDims() {
		count *= d
	}
	if count != taps && count != taps*groups || count > most {
		return nil
	}
	if k := m.head(name, count); int64(len(k)) == count {
		return k
	}
	return nil
}

// blur is an average pool for a convolution that is one (isBlur): it has the taps and no weight.
func (im *importer) blur(n *file.Node, x, w *value, win *window) ([]*value, error) {
	t, s, err := im.images(x)
	if err != nil {
		return nil, err
	}
	im.plays(w, "not trained: one blur for every channel, an average pool")
	y, err := im.emit(network.Node{Name: label(n, ""), Op: network.AvgPool, Inputs: []string{t}, Kernel: win.kernel, Stride: win.stride, Pads: win.pads},
		symbolic.Shape{s[0], win.out[0], win.out[1], s[3]})
	if err != nil {
		return nil, err
	}
	return im.fromImages(y, x.rank()-2)
}

// kernels are the numbers of a depthwise weight, or of the one that it repeats, where the file has them.
func (im *importer) kernels(w *value, taps, groups int64) []float64 {
	if k, ok := w.lit.Floats(); ok {
		return k
	}
	if w.root != nil {
		return im.model.numbersOf(w.root.name, taps, groups)
	}
	return im.model.numbersOf(w.name, taps, groups)
}

// everyNth cuts with a step. Whole rows of a step are a view with an axis of the step, of which one column is taken; what is left of a row stands beside them.
func (im *importer) everyNth(name string, v *value, c symbolic.Cut) (*value, error) {
	n := v.shape[c.Axis].N
	last := c.Start + (c.Size-1)*c.Step
	switch {
	case c.Size < 1 || last < 0 || last >= n:
		return nil, fmt.Errorf("it takes %d of %d along axis %d from %d by steps of %d", c.Size, n, c.Axis, c.Start, c.Step)
	case c.Step < 1: // backwards
		var index []int64
		for i := range c.Size {
			index = append(index, c.Start+i*c.Step)
		}
		return im.runs(name, v, c.Axis, index)
	case n%c.Step == 0 && c.Start < c.Step && c.Size == n/c.Step:
		return im.column(name, v, c.Axis, c.Step, c.Start)
	case c.Size == 1:
		return im.part(name, v, c.Axis, c.Start, 1)
	}
	rows, at := c.Size*c.Step, int64(0)
	first := c.Start
	if first+rows > n && last+1 >= rows { // rows that end with what is taken
		first, at = last+1-rows, c.Step-1
	}
	if first+rows <= n {
		whole, err := im.part(name+".rows", v, c.Axis, first, rows)
		if err != nil {
			return nil, err
		}
		return im.column(name, whole, c.Axis, c.Step, at)
	}
	most, err := im.everyNth(name+".most", v, symbolic.Cut{Axis: c.Axis, Start: c.Start, Step: c.Step, Size: c.Size - 1})
	if err != nil {
		return nil, err
	}
	end, err := im.part(name+".end", v, c.Axis, last, 1)
	if err != nil {
		return nil, err
	}
	return im.concatenated(name, []*value{most, end}, c.Axis)
}

// column takes one column of an axis that is cut into rows.
func (im *importer) column(name string, v *value, axis int, step, at int64) (*value, error) {
	size := v.shape[axis].N / step
	var split symbolic.Shape
	split = append(append(append(split, v.shape[:axis]...), symbolic.Fixed(size), symbolic.Fixed(step)), v.shape[axis+1:]...)
	rows, err := im.reshape(v, split, false)
	if err != nil {
		return nil, err
	}
	column, err := im.part(name, rows, axis+1, at, 1)
	if err != nil {
		return nil, err
	}
	out := append(symbolic.Shape{}, v.shape...)
	out[axis] = symbolic.Fixed(size)
	return im.reshape(column, out, false)
}
