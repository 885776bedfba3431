package onnx

import (
	"maps"
	"math"
	"slices"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// view is an initialiser, or a part of it, as a node sees it: in other axes, and with its elements multiplied. Axis i has dims[i] elements that stand
// strides[i] apart in the file, from element start on.
type view struct {
	name          string
	dims, strides []int64
	start         int64
	part          bool // not all of it
	scales        []Scale
	rounded       bool // to whole numbers, by scales that will be taken back
}

// weightViews follows the initialisers that may be weights through the nodes that a frozen weight passes.
func (m *Model) weightViews() map[string]view {
	views := map[string]view{}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(m.tensors)), slices.Collect(maps.Keys(m.initializers))) {
		i := m.stored(name)
		dims := i.tensor.GetDims()
		strides, ok := rowMajor(dims)
		if ok && typeBits[i.tensor.GetDataType()] > 0 {
			views[name] = view{name: name, dims: dims, strides: strides}
		}
	}
	shapes := map[string][]int64{}
	lengths := map[string]*Scale{} // of weights along all but one axis, by which they may be divided
	for _, n := range m.nodes {
		if !file.IsStandard(n.Domain) || len(n.Out) == 0 {
			continue
		}
		v, ok := views[n.Input(0)]
		other := n.Input(1)
		if !ok && n.Op == "Mul" {
			v, ok = views[other]
			other = n.Input(0)
		}
		if !ok {
			continue
		}
		if n.Op == "ReduceL2" {
			if l := m.lengths(n, v); l != nil {
				lengths[n.Out[0]] = l
			}
			continue
		}
		if l := lengths[other]; l != nil && n.Op == "Div" { // a weight of which the length is normalised
			v.scales = append(slices.Clone(v.scales), *l)
			views[n.Out[0]] = v
			continue
		}
		if n.Op == "Shape" && len(n.Attrs) == 0 {
			shapes[n.Out[0]] = v.dims
			continue
		}
		if to := shapes[other]; to != nil && n.Op == "Reshape" { // to the shape of a weight
			if out, ok := v.reshaped(to); ok {
				views[n.Out[0]] = out
			}
			continue
		}
		if n.Op == "BatchNormalization" {
			if out, ok := m.standardised(n, v, views); ok {
				views[n.Out[0]] = out
			}
			continue
		}
		if n.Op == "Split" {
			maps.Copy(views, m.splits(n, v))
			continue
		}
		if out, ok := m.through(n, v, other); ok {
			views[n.Out[0]] = out
		}
	}
	// Whole numbers are no weights as they are.
	maps.DeleteFunc(views, func(_ string, v view) bool {
		return file.WholeType(m.stored(v.name).tensor.GetDataType()) != "" && !slices.ContainsFunc(v.scales, func(s Scale) bool { return s.Zeros != nil })
	})
	return views
}

func rowMajor(dims []int64) ([]int64, bool) {
	strides := make([]int64, len(dims))
	step := int64(1)
	for a := len(dims) - 1; a >= 0; a-- {
		if dims[a] < 1 || dims[a] > symbolic.MaxExtent/step {
			return nil, false
		}
		strides[a] = step
		step *= dims[a]
	}
	return strides, len(dims) > 0
}

// through is a view behind a node.
func (m *Model) through(n *file.Node, v view, other string) (view, bool) {
	switch n.Op {
	case "Identity", "Dropout":
		return v, true
	case "Cast":
		return v, file.IsFloat(int32(n.Int("to", 0)))
	case "Transpose":
		p, err := symbolic.Permutation(n, len(v.dims))
		if err != nil {
			return v, false
		}
		turned := v
		turned.dims, turned.strides = nil, nil
		for _, a := range p {
			turned.dims, turned.strides = append(turned.dims, v.dims[a]), append(turned.strides, v.strides[a])
		}
		return turned, true
	case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
		out, err := symbolic.Fold(n, m.beside(n, v), symbolic.FixedBatch{})
		if err != nil {
			return v, false
		}
		return v.reshaped(out[0].Shape.At(1))
	case "Slice":
		cuts, err := symbolic.Cuts(n, m.beside(n, v))
		for _, c := range cuts {
			v = v.cut(c.Axis, c.Start, c.Step, c.Size)
		}
		return v, err == nil && !slices.ContainsFunc(cuts, func(c symbolic.Cut) bool { return c.Step < 1 || c.Size < 1 })
	case "Gather":
		return m.chosen(n, v)
	case "Mul", "Div":
		return m.scaled(v, other, n.Op == "Div")
	case "QuantizeLinear":
		v.rounded = true
		return v, true
	case "DequantizeLinear":
		if v.rounded { // what is rounded stays nearly what it was
			v.rounded = false
			return v, true
		}
		return m.dequantized(n, v)
	}
	return v, false
}

// beside is a view and what is known of a node's further inputs.
func (m *Model) beside(n *file.Node, v view) []*symbolic.Tensor {
	in := make([]*symbolic.Tensor, len(n.In))
	for k, name := range n.In {
		if i := m.stored(name); k > 0 && i != nil {
			in[k] = &symbolic.Tensor{Shape: symbolic.FixedShape(i.tensor.GetDims()), Elements: symbolic.Decode(i.tensor)}
		} else if k > 0 && name != "" {
			in[k] = &symbolic.Tensor{}
		}
	}
	in[0] = &symbolic.Tensor{Shape: symbolic.FixedShape(v.dims)}
	return in
}

// cut is every step-th index of an axis, from one on.
func (v view) cut(axis int, start, step, size int64) view {
	v.dims, v.strides = slices.Clone(v.dims), slices.Clone(v.strides)
	v.start += start * v.strides[axis]
	v.strides[axis] *= step
	v.dims[axis], v.part = size, true
	return v
}

// splits are the parts that a Split gives.
func (m *Model) splits(n *file.Node, v view) map[string]view {
	out := map[string]view{}
	axis, sizes, err := symbolic.Parts(n, m.beside(n, v))
	if err != nil {
		return nil
	}
	start := int64(0)
	for k, size := range sizes {
		out[n.Out[k]] = v
		if len(sizes) > 1 {
			out[n.Out[k]] = v.cut(axis, start, 1, size)
		}
		start += size
	}
	return out
}

// chosen is what a Gather takes of a view: one index, or several that are evenly apart.
func (m *Model) chosen(n *file.Node, v view) (view, bool) {
	in := m.beside(n, v)
	axis, err := symbolic.Axis(n.Int("axis", 0), len(v.dims))
	if err != nil || len(in) < 2 || in[1] == nil {
		return v, false
	}
	index, ok := in[1].Elements.Ints()
	if !ok || len(index) == 0 || len(in[1].Shape) > 1 {
		return v, false
	}
	index = slices.Clone(index)
	for k := range index {
		if index[k] < 0 {
			index[k] += v.dims[axis]
		}
		if index[k] < 0 || index[k] >= v.dims[axis] {
			return v, false
		}
	}
	step := int64(1)
	if len(index) > 1 {
		step = index[1] - index[0]
	}
	for k := range index {
		if step < 1 || index[k] != index[0]+int64(k)*step {
			return v, false
		}
	}
	v = v.cut(axis, index[0], step, int64(len(index)))
	if len(in[1].Shape) == 0 {
		v.dims, v.strides = slices.Delete(v.dims, axis, axis+1), slices.Delete(v.strides, axis, axis+1)
	}
	return v, len(v.dims) > 0
}

// reshaped splits and joins axes, where neighbours of the joined ones stay evenly apart.
func (v view) reshaped(dims []int64) (view, bool) {
	out := v
	out.dims = dims
	blocks, err := symbolic.Align(symbolic.FixedShape(v.dims), symbolic.FixedShape(dims), 1)
	if err != nil {
		return out, false
	}
	out.strides = make([]int64, len(dims))
	for a := range out.strides {
		out.strides[a] = 1 // of one element
	}
	for _, b := range blocks {
		for k := 1; k < len(b.From); k++ {
			if v.strides[b.From[k-1]] != v.strides[b.From[k]]*v.dims[b.From[k]] {
				return out, false
			}
		}
		step := v.strides[b.From[len(b.From)-1]]
		for k := len(b.To) - 1; k >= 0; k-- {
			out.strides[b.To[k]] = step
			step *= dims[b.To[k]]
		}
	}
	return out, true
}

// scaled multiplies by numbers of the file: one, or one for each index of an axis.
func (m *Model) scaled(v view, name string, divides bool) (view, bool) {
	i := m.stored(name)
	if i == nil {
		return v, false
	}
	dims := i.tensor.GetDims()
	step, count := int64(1), int64(1)
	for a, d := range dims {
		at := len(v.dims) - len(dims) + a
		switch {
		case d == 1:
		case at < 0 || count > 1 || d != v.dims[at]:
			return v, false
		default:
			step, count = v.strides[at], d
		}
	}
	values := m.head(name, count)
	if int64(len(values)) != count || count > 1 && v.part { // elements know their place in the whole initialiser
		return v, false
	}
	if divides {
		for k := range values {
			values[k] = 1 / values[k]
		}
	}
	v.scales = append(slices.Clone(v.scales), Scale{Over: []Along{{step, count, 1, 1}}, Values: values})
	return v, true
}

// dequantized makes numbers of whole ones: by one scale, one for each index of an axis, or one for each block of an axis.
func (m *Model) dequantized(n *file.Node, v view) (view, bool) {
	axis, err := symbolic.Axis(n.Int("axis", 1), len(v.dims))
	i := m.stored(n.Input(1))
	block := n.Int("block_size", 0)
	if err != nil || i == nil || block < 0 || len(v.scales) > 0 || v.part {
		return v, false
	}
	dims := i.tensor.GetDims()
	s, count := Scale{}, int64(1)
	switch {
	case block > 0:
		if len(dims) != len(v.dims) {
			return v, false
		}
		for a := len(dims) - 1; a >= 0; a-- {
			each := int64(1)
			if a == axis {
				each = block
			}
			if dims[a] != (v.dims[a]+each-1)/each {
				return v, false
			}
			s.Over = append(s.Over, Along{v.strides[a], v.dims[a], each, count})
			count *= dims[a]
		}
	case len(dims) > 0 && dims[0] > 1:
		count = v.dims[axis]
		s.Over = []Along{{v.strides[axis], count, 1, 1}}
	}
	return m.withZeros(v, s, n.Input(1), n.Input(2), count)
}

// withZeros reads a scale's numbers and puts it behind a view.
func (m *Model) withZeros(v view, s Scale, scale, zero string, count int64) (view, bool) {
	s.Values, s.Zeros = m.head(scale, count), make([]float64, count)
	if m.stored(zero) != nil {
		s.Zeros = m.head(zero, count)
	}
	if int64(len(s.Values)) != count || int64(len(s.Zeros)) != count {
		return v, false
	}
	v.scales = append(slices.Clone(v.scales), s)
	return v, true
}

// inBlocks is the weight of ONNX Runtime's MatMulNBits: outputs of blocks of inputs, four bits each, with a scale for each block. A zero is 8 where none is given;
// two stand in a byte, and each output's begin with a byte of their own.
func (m *Model) inBlocks(n *file.Node) (view, bool) {
	i := m.stored(n.Input(1))
	k, f, block := n.Int("K", 0), n.Int("N", 0), n.Int("block_size", 0)
	if i == nil || n.Int("bits", 4) != 4 || k < 1 || f < 1 || block < 2 || block%2 != 0 || n.Input(4) != "" || k > symbolic.MaxExtent/f || block > symbolic.MaxExtent/f {
		return view{}, false
	}
	blocks := (k + block - 1) / block
	v := view{name: n.Input(1), dims: []int64{f, blocks * block}, strides: []int64{blocks * block, 1}}
	if dims := i.tensor.GetDims(); i.tensor.GetDataType() != file.Uint8 || len(dims) != 3 || !slices.Equal(dims, []int64{f, blocks, block / 2}) {
		return view{}, false
	}
	s := Scale{Over: []Along{{block, f * blocks, 1, 1}}, Values: m.head(n.Input(2), f*blocks), Zeros: slices.Repeat([]float64{8}, int(f*blocks))}
	if z := n.Input(3); z != "" {
		stored := m.stored(z)
		each := (blocks + 1) / 2
		bytes := m.head(z, f*each)
		if stored == nil || stored.tensor.GetDataType() != file.Uint8 || int64(len(bytes)) != f*each {
			return view{}, false
		}
		for at := range s.Zeros {
			b := int(bytes[int64(at)/blocks*each+int64(at)%blocks/2])
			s.Zeros[at] = float64(b >> (4 * (int64(at) % blocks % 2)) & 15)
		}
	}
	v.scales = []Scale{s}
	return v, int64(len(s.Values)) == f*blocks
}

// lengths are the inverse lengths of an initialiser along all but one of its axes.
func (m *Model) lengths(n *file.Node, v view) *Scale {
	var in []*symbolic.Tensor
	for _, name := range n.In {
		t := &symbolic.Tensor{Shape: symbolic.FixedShape(v.dims)}
		if len(in) > 0 {
			if axes := m.stored(name); axes != nil {
				t = &symbolic.Tensor{Shape: symbolic.FixedShape(axes.tensor.GetDims()), Elements: symbolic.Decode(axes.tensor)}
			}
		}
		in = append(in, t)
	}
	axes, err := symbolic.ReducedAxes(n, in)
	if err != nil || len(axes) != len(v.dims)-1 || n.Int("keepdims", 1) == 0 || len(v.scales) > 0 || v.part {
		return nil
	}
	kept := 0
	for slices.Contains(axes, kept) {
		kept++
	}
	s := &Scale{Over: []Along{{v.strides[kept], v.dims[kept], 1, 1}}, Values: make([]float64, v.dims[kept])}
	all := m.each(v.name, func(i int64, x float64) bool {
		s.Values[s.At(i)] += x * x
		return true
	})
	if !all {
		return nil
	}
	for k, x := range s.Values {
		s.Values[k] = 1 / math.Sqrt(x)
	}
	return s
}
