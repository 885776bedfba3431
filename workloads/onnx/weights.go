package onnx

import (
	"errors"
	"fmt"
	"strconv"

	"satsim/workloads"

	"satsim/workloads/onnx/internal/file"
)

// Weight is the matrix of a convolution or linear layer, and where its elements lie.
type Weight struct {
	Layer   string // as Import names it
	Tensor  string // the initialiser
	Shape   workloads.WeightShape
	Strides Strides
	Scales  []Scale // what the nodes between the initialiser and the layer make of its elements, in order
	Type    string  // one of typeNames; little-endian
	Varint  bool    // elements are stored one by one, as protobuf's integers
	File    string  // the file with the elements, beside the model; empty for the model itself
	Offset  int64
	Length  int64 // of what is stored
}

// Strides are the distances, in elements, between neighbours of a weight: groups, taps, inputs, outputs. Where Width is not 0, taps stand in rows of
// that many, whose distance is Row.
type Strides struct {
	Group, Tap, In, Out int64
	Row, Width          int64
}

// At is where a tap begins.
func (s Strides) At(tap int64) int64 {
	if s.Width == 0 {
		return tap * s.Tap
	}
	return tap/s.Width*s.Row + tap%s.Width*s.Tap
}

// Scale is what becomes of element e of the initialiser: less Zeros[i], times Values[i], with i = e/Step mod the number of values.
type Scale struct {
	Step          int64
	Values, Zeros []float64 // Zeros: none, or as many as Values
}

var typeNames = map[int32]string{
	file.Float32: "float32", file.Float16: "float16", file.Float64: "float64", file.Bfloat16: "bfloat16", file.Int8: "int8", file.Uint8: "uint8",
	file.Float8E4M3FN: "float8e4m3fn", file.Float8E4M3FNUZ: "float8e4m3fnuz", file.Float8E5M2: "float8e5m2", file.Float8E5M2FNUZ: "float8e5m2fnuz",
}

var typeBytes = map[int32]int64{
	file.Float32: 4, file.Float16: 2, file.Float64: 8, file.Bfloat16: 2, file.Int8: 1, file.Uint8: 1,
	file.Float8E4M3FN: 1, file.Float8E4M3FNUZ: 1, file.Float8E5M2: 1, file.Float8E5M2FNUZ: 1,
}

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
			w.Shape, w.Strides, w.Scales = shape, strides, v.scales
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

// weightOf is the matrix that input i of a node is, if it is one.
func weightOf(n *file.Node, i int, v view) (workloads.WeightShape, Strides, bool) {
	none := workloads.WeightShape{}
	switch {
	case n.Op == "Conv" && i == 1 && len(v.dims) > 2:
		groups := n.Int("group", 1)
		if groups < 1 || v.dims[0]%groups != 0 {
			return none, Strides{}, false
		}
		out := v.dims[0] / groups
		shape := workloads.WeightShape{Taps: 1, In: v.dims[1], Out: out, Groups: groups}
		strides := Strides{Group: out * v.strides[0], Tap: v.strides[len(v.dims)-1], In: v.strides[1], Out: v.strides[0]}
		for _, d := range v.dims[2:] {
			shape.Taps *= d
		}
		if len(v.dims) == 4 && v.strides[2] != v.dims[3]*v.strides[3] {
			strides.Row, strides.Width = v.strides[2], v.dims[3]
		}
		return shape, strides, len(v.dims) < 5
	case (n.Op == "MatMul" || n.Op == "Gemm") && i < 2:
		for len(v.dims) > 2 && v.dims[0] == 1 {
			v.dims, v.strides = v.dims[1:], v.strides[1:]
		}
		if len(v.dims) != 2 {
			return none, Strides{}, false
		}
		in, out := 0, 1
		turned := n.Op == "Gemm" && n.Int([]string{"transA", "transB"}[i], 0) != 0
		if turned != (i == 0) {
			in, out = out, in
		}
		return workloads.WeightShape{Taps: 1, In: v.dims[in], Out: v.dims[out], Groups: 1}, Strides{In: v.strides[in], Out: v.strides[out]}, true
	}
	return none, Strides{}, false
}

// locate finds an initialiser's elements.
func (m *Model) locate(name string) (Weight, error) {
	i := m.stored(name)
	w := Weight{Tensor: name, Type: typeNames[i.tensor.GetDataType()], Offset: i.data.Offset, Length: i.data.Length}
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
	case i.data.Pieces > 1:
		return w, errors.New("its elements are stored in pieces; one run of them is accepted")
	case i.data.Field == int32Data:
		w.Varint = true
		return w, nil
	case i.data.Length != want:
		return w, fmt.Errorf("the file has %d bytes of it; its shape takes %d", i.data.Length, want)
	}
	return w, nil
}

// int32Data is the field of a tensor that holds 16-bit numbers as varints.
const int32Data = 5
