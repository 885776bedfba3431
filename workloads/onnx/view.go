package onnx

import (
	"maps"
	"slices"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// view is an initialiser as a node sees it: in other axes, and with its elements multiplied. Axis i has dims[i] elements that stand strides[i] apart in
// the file.
type view struct {
	name          string
	dims, strides []int64
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
		if ok && typeBytes[i.tensor.GetDataType()] > 0 {
			views[name] = view{name: name, dims: dims, strides: strides}
		}
	}
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
	return strides, len(dims) > 1
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
		turned := view{name: v.name, scales: v.scales, rounded: v.rounded}
		for _, a := range p {
			turned.dims, turned.strides = append(turned.dims, v.dims[a]), append(turned.strides, v.strides[a])
		}
		return turned, true
	case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
		in := []*symbolic.Tensor{{Shape: symbolic.FixedShape(v.dims)}}
		if i := m.stored(other); i != nil {
			in = append(in, &symbolic.Tensor{Shape: symbolic.FixedShape(i.tensor.GetDims()), Elements: symbolic.Decode(i.tensor)})
		}
		out, err := symbolic.Fold(n, in, symbolic.FixedBatch{})
		if err != nil {
			return v, false
		}
		return v.reshaped(out[0].Shape.At(1))
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

// reshaped splits and joins axes, where neighbours of the joined ones stay evenly apart.
func (v view) reshaped(dims []int64) (view, bool) {
	out := view{name: v.name, scales: v.scales, rounded: v.rounded, dims: dims}
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
	if int64(len(values)) != count {
		return v, false
	}
	if divides {
		for k := range values {
			values[k] = 1 / values[k]
		}
	}
	v.scales = append(slices.Clone(v.scales), Scale{Step: step, Values: values})
	return v, true
}

// dequantized makes numbers of whole ones.
func (m *Model) dequantized(n *file.Node, v view) (view, bool) {
	axis, err := symbolic.Axis(n.Int("axis", 1), len(v.dims))
	i := m.stored(n.Input(1))
	if err != nil || i == nil || n.Int("block_size", 0) != 0 {
		return v, false
	}
	s := Scale{Step: v.strides[axis]}
	count := int64(1)
	if len(i.tensor.GetDims()) > 0 && i.tensor.GetDims()[0] > 1 {
		count = v.dims[axis]
	}
	s.Values = m.head(n.Input(1), count)
	s.Zeros = make([]float64, count)
	if z := m.stored(n.Input(2)); z != nil {
		s.Zeros = m.head(n.Input(2), count)
	}
	if int64(len(s.Values)) != count || int64(len(s.Zeros)) != count {
		return v, false
	}
	v.scales = append(slices.Clone(v.scales), s)
	return v, true
}
