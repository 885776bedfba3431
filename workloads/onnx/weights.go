package onnx

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"satsim/workloads"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// Weight is the matrix of a convolution or linear layer, and where its elements lie.
type Weight struct {
	Layer   string // as Import names it
	Tensor  string // the initialiser
	Shape   workloads.WeightShape
	Strides Strides
	Type    string // "float16", "bfloat16", "float32" or "float64", little-endian
	File    string // the file with the elements, beside the model; empty for the model itself
	Offset  int64
}

// Strides are the distances, in elements, between neighbours of a weight: groups, taps, inputs, outputs.
type Strides struct {
	Group, Tap, In, Out int64
}

var typeNames = map[int32]string{
	file.Float32: "float32", file.Float16: "float16", file.Float64: "float64", file.Bfloat16: "bfloat16",
}

var typeBytes = map[int32]int64{file.Float32: 4, file.Float16: 2, file.Float64: 8, file.Bfloat16: 2}

// Weights lists the weights of convolutions and linear layers in the order of the nodes, each initialiser once.
func (m *Model) Weights() ([]Weight, error) {
	views := m.weightViews()
	taken := map[string]bool{}
	seen := map[string]bool{}
	var out []Weight
	for _, n := range m.nodes {
		if !file.IsStandard(n.Domain) {
			continue
		}
		for i, name := range n.In {
			v, ok := views[name]
			if !ok || seen[v.name] {
				continue
			}
			shape, strides, ok := weightOf(n, i, v)
			if !ok {
				continue
			}
			w, err := m.locate(v.name)
			if err != nil {
				return nil, n.Fail(fmt.Errorf("weight %q: %w", v.name, err))
			}
			seen[v.name] = true
			w.Shape, w.Strides = shape, strides
			base := clean(label(n, v.name))
			w.Layer = base
			for k := 2; taken[w.Layer]; k++ {
				w.Layer = fmt.Sprintf("%s_%d", base, k)
			}
			taken[w.Layer] = true
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no convolution and no linear layer has its weight among the file's initialisers and constants: was it exported without?")
	}
	return out, nil
}

// stored is an initialiser, or the tensor of a Constant node.
func (m *Model) stored(name string) *initializer {
	if i := m.initializers[name]; i != nil {
		return i
	}
	return m.tensors[name]
}

// view is an initialiser through transposes: axis i is axis perm[i] of the file.
type view struct {
	name string
	dims []int64 // of the file
	perm []int
}

func (m *Model) weightViews() map[string]view {
	views := map[string]view{}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(m.tensors)), slices.Collect(maps.Keys(m.initializers))) {
		i := m.stored(name)
		dims := i.tensor.GetDims()
		if file.IsFloat(i.tensor.GetDataType()) && len(dims) > 1 && !slices.ContainsFunc(dims, func(d int64) bool { return d < 1 || d > symbolic.MaxExtent }) {
			views[name] = view{name, dims, identity(len(dims))}
		}
	}
	for _, n := range m.nodes {
		v, ok := views[n.Input(0)]
		if !ok {
			continue
		}
		switch n.Op {
		case "Identity", "Cast":
			views[n.Output()] = v
		case "Transpose":
			p, err := symbolic.Permutation(n, len(v.dims))
			if err != nil {
				continue
			}
			turned := view{name: v.name, dims: v.dims}
			for _, a := range p {
				turned.perm = append(turned.perm, v.perm[a])
			}
			views[n.Output()] = turned
		}
	}
	return views
}

// weightOf is the matrix that input i of a node is, if it is one.
func weightOf(n *file.Node, i int, v view) (workloads.WeightShape, Strides, bool) {
	none := workloads.WeightShape{}
	stride := make([]int64, len(v.dims)) // of the file's axes
	step := int64(1)
	for a := len(v.dims) - 1; a >= 0; a-- {
		stride[a] = step
		if v.dims[a] > symbolic.MaxExtent/step {
			return none, Strides{}, false
		}
		step *= v.dims[a]
	}
	switch {
	case n.Op == "Conv" && i == 1 && slices.IsSorted(v.perm) && len(v.dims) > 2:
		groups := n.Int("group", 1)
		if groups < 1 || v.dims[0]%groups != 0 {
			return none, Strides{}, false
		}
		out := v.dims[0] / groups
		return workloads.WeightShape{Taps: stride[1], In: v.dims[1], Out: out, Groups: groups},
			Strides{Group: out * stride[0], Tap: 1, In: stride[1], Out: stride[0]}, true
	case (n.Op == "MatMul" || n.Op == "Gemm") && i < 2 && len(v.dims) == 2:
		in, out := v.perm[0], v.perm[1]
		turned := n.Op == "Gemm" && n.Int([]string{"transA", "transB"}[i], 0) != 0
		if turned != (i == 0) {
			in, out = out, in
		}
		return workloads.WeightShape{Taps: 1, In: v.dims[in], Out: v.dims[out], Groups: 1}, Strides{In: stride[in], Out: stride[out]}, true
	}
	return none, Strides{}, false
}

// locate finds an initialiser's elements.
func (m *Model) locate(name string) (Weight, error) {
	i := m.stored(name)
	w := Weight{Tensor: name, Type: typeNames[i.tensor.GetDataType()], Offset: i.data.Offset}
	count := int64(1)
	for _, d := range i.tensor.GetDims() {
		count *= d // checked by weightOf
	}
	want := count * typeBytes[i.tensor.GetDataType()]
	if i.tensor.GetDataLocation() == 1 {
		w.Offset = 0
		for _, e := range i.tensor.GetExternalData() {
			var err error
			switch e.GetKey() {
			case "location":
				w.File = e.GetValue()
			case "offset":
				if w.Offset, err = strconv.ParseInt(e.GetValue(), 10, 64); err == nil && w.Offset < 0 {
					err = errors.New("an offset is 0 or more")
				}
			case "length":
				var length int64
				if length, err = strconv.ParseInt(e.GetValue(), 10, 64); err == nil && length != want {
					err = fmt.Errorf("%d bytes; its shape takes %d", length, want)
				}
			}
			if err != nil {
				return w, fmt.Errorf("external data: %s %q: %w", e.GetKey(), e.GetValue(), err)
			}
		}
		if w.File == "" {
			return w, errors.New("its external data name no file")
		}
		return w, nil
	}
	switch {
	case i.data.Pieces == 0:
		return w, errors.New("the file has its shape but not its elements")
	case i.data.Pieces > 1, i.data.Field == int32Data:
		return w, errors.New("its elements are stored one by one; raw data are accepted")
	case i.data.Length != want:
		return w, fmt.Errorf("the file has %d bytes of it; its shape takes %d", i.data.Length, want)
	}
	return w, nil
}

// int32Data is the field of a tensor that holds 16-bit numbers as varints.
const int32Data = 5
