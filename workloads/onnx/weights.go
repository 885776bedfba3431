package onnx

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"satsim/workloads"

	"satsim/workloads/onnx/internal/file"
)

// Weight is the matrix of a convolution or linear layer, and where its elements lie.
type Weight struct {
	Layer   string // as Import names it
	Shape   workloads.WeightShape
	Strides Strides
	Scales  []Scale // what the nodes between the initialiser and the layer make of its elements, in order
	Stored
}

// Stored is where the elements of an initialiser lie.
type Stored struct {
	Tensor string // the initialiser
	Type   string // one of typeNames; little-endian
	Varint bool   // elements are stored one by one, as protobuf's integers
	File   string // the file with the elements, beside the model; empty for the model itself
	Offset int64  // in bytes
	Length int64  // of what is stored, in bytes
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

// Scale is what becomes of element e of the initialiser: less Zeros[i], times Values[i], with i = At(e).
type Scale struct {
	Over          []Along
	Values, Zeros []float64 // Zeros: none, or as many as Values
}

// Along is an axis of the initialiser, whose Size indices stand Stride elements apart; Block of them have one value, and the next one stands Apart values on.
type Along struct{ Stride, Size, Block, Apart int64 }

// At is which value an element has.
func (s *Scale) At(e int64) int64 {
	var i int64
	for _, a := range s.Over {
		i += e / a.Stride % a.Size / a.Block * a.Apart
	}
	return i
}

var typeNames = map[int32]string{
	file.Float32: "float32", file.Float16: "float16", file.Float64: "float64", file.Bfloat16: "bfloat16", file.Int8: "int8", file.Uint8: "uint8",
	file.Float8E4M3FN: "float8e4m3fn", file.Float8E4M3FNUZ: "float8e4m3fnuz", file.Float8E5M2: "float8e5m2", file.Float8E5M2FNUZ: "float8e5m2fnuz",
	file.Int4: "int4", file.Uint4: "uint4",
}

var typeBits = map[int32]int64{
	file.Float32: 32, file.Float16: 16, file.Float64: 64, file.Bfloat16: 16, file.Int8: 8, file.Uint8: 8,
	file.Float8E4M3FN: 8, file.Float8E4M3FNUZ: 8, file.Float8E5M2: 8, file.Float8E5M2FNUZ: 8, file.Int4: 4, file.Uint4: 4,
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
			few := n.Op == microsoftDomain+".MatMulNBits" && i == 1
			if few {
				v, ok = m.inBlocks(n)
			}
			if !ok || seen[v.name] {
				continue
			}
			shape, strides, ok := weightOf(n, i, v)
			if !ok {
				continue
			}
			w := Weight{}
			var err error
			if w.Stored, err = m.locate(v.name); err != nil {
				return nil, n.Fail(fmt.Errorf("weight %q: %w", v.name, err))
			}
			seen[v.name] = true
			if few {
				w.Type = typeNames[file.Uint4]
			}
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
	switch n.Op {
	case "Conv", "ConvTranspose":
		groups := n.Int("group", 1)
		if i != 1 || len(v.dims) < 3 || len(v.dims) > 5 || len(v.dims) == 5 && (v.strides[3] != v.dims[4]*v.strides[4] || v.strides[2] != v.dims[3]*v.strides[3]) || groups < 1 || v.dims[0]%groups != 0 {
			return none, Strides{}, false
		}
		each := v.dims[0] / groups
		shape := workloads.WeightShape{Taps: 1, In: v.dims[1], Out: each, Groups: groups}
		strides := Strides{Group: each * v.strides[0], Tap: v.strides[len(v.dims)-1], In: v.strides[1], Out: v.strides[0]}
		if n.Op == "ConvTranspose" { // its inputs come first
			shape.In, shape.Out, strides.In, strides.Out = shape.Out, shape.In, strides.Out, strides.In
		}
		for _, d := range v.dims[2:] {
			shape.Taps *= d
		}
		if len(v.dims) == 4 && v.strides[2] != v.dims[3]*v.strides[3] {
			strides.Row, strides.Width = v.strides[2], v.dims[3]
		}
		return shape, strides, true
	case microsoftDomain + ".MatMulNBits":
		return workloads.WeightShape{Taps: 1, In: n.Int("K", 0), Out: v.dims[0], Groups: 1}, Strides{In: v.strides[1], Out: v.strides[0]}, i == 1
	case "Einsum":
		return einsumWeight(n, i, v)
	case "MatMul", "Gemm", microsoftDomain + ".FusedMatMul", microsoftDomain + ".TransposeMatMul", microsoftDomain + ".Attention":
		for len(v.dims) > 2 && v.dims[0] == 1 {
			v.dims, v.strides = v.dims[1:], v.strides[1:]
		}
		attention := n.Op == microsoftDomain+".Attention"
		if i > 1 || attention && i != 1 || len(v.dims) != 2 {
			return none, Strides{}, false
		}
		in, out := 0, 1
		turned := n.Op != "MatMul" && n.Int([]string{"transA", "transB"}[i], 0) != 0
		if turned != (i == 0) {
			in, out = out, in
		}
		return workloads.WeightShape{Taps: 1, In: v.dims[in], Out: v.dims[out], Groups: 1}, Strides{In: v.strides[in], Out: v.strides[out]}, true
	}
	return none, Strides{}, false
}

// einsumWeight is the matrix of an operand whose axes are summed, or not, in runs that stand evenly apart.
func einsumWeight(n *file.Node, i int, v view) (workloads.WeightShape, Strides, bool) {
	terms := strings.Split(strings.ReplaceAll(strings.SplitN(n.Text("equation"), "->", 2)[0], " ", ""), ",")
	shape, strides := workloads.WeightShape{Taps: 1, In: 1, Out: 1, Groups: 1}, Strides{In: 1, Out: 1}
	if len(terms) != 2 || i > 1 || len(terms[i]) != len(v.dims) || strings.Contains(terms[i], ".") {
		return shape, strides, false
	}
	for a := len(v.dims) - 1; a >= 0; a-- {
		size, step := &shape.Out, &strides.Out
		if strings.ContainsRune(terms[1-i], rune(terms[i][a])) {
			size, step = &shape.In, &strides.In
		}
		if *size == 1 {
			*step = v.strides[a]
		} else if v.strides[a] != *size**step {
			return shape, strides, false
		}
		*size *= v.dims[a]
	}
	return shape, strides, true
}

// locate finds the elements of an initialiser whose shape rowMajor accepts.
func (m *Model) locate(name string) (Stored, error) {
	i := m.stored(name)
	w := Stored{Tensor: name, Type: typeNames[i.tensor.GetDataType()], Offset: i.data.Offset, Length: i.data.Length}
	count := int64(1)
	for _, d := range i.tensor.GetDims() {
		count *= d
	}
	want := (count*typeBits[i.tensor.GetDataType()] + 7) / 8
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
