package onnx

import (
	"errors"
	"fmt"
	"slices"
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
	Start   int64   // the element of the initialiser that is its first
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
	Count  int64  // of its elements
}

// LeftOut is a layer whose weight is made of the file's numbers by nodes that are not followed.
type LeftOut struct {
	Layer string // as Import names it, where its weight has no name of its own
	Why   string
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

// Weights lists the weights of convolutions and linear layers in the order of the nodes, each initialiser once and each part of one for each layer that
// takes it, and the layers that are left out.
func (m *Model) Weights() ([]Weight, []LeftOut, error) {
	views := m.weightViews()
	fixed := m.fixed()
	taken := map[string]bool{}
	seen := map[string]bool{}
	var out []Weight
	var left []LeftOut
	for _, n := range m.nodes {
		if !file.IsStandard(n.Domain) {
			continue
		}
		for i, name := range n.In {
			if !m.takesWeight(n, i, fixed) {
				continue
			}
			v, ok := views[name]
			few := n.Op == microsoftDomain+".MatMulNBits"
			if few {
				v, ok = m.inBlocks(n)
			}
			if ok && (seen[v.name] && !v.part || m.blurs(n, v)) {
				continue
			}
			var shape workloads.WeightShape
			var strides Strides
			if ok {
				shape, strides, ok = weightOf(n, i, v)
			}
			if !ok {
				left = append(left, LeftOut{clean(label(n, name)), unfollowed(m, m.nodes, name, views)})
				continue
			}
			w := Weight{}
			var err error
			if w.Stored, err = m.locate(v.name); err != nil {
				return nil, nil, n.Fail(fmt.Errorf("weight %q: %w", v.name, err))
			}
			seen[v.name] = seen[v.name] || !v.part
			if few {
				w.Type, w.Count = typeNames[file.Uint4], 2*w.Count
			}
			w.Shape, w.Strides, w.Start, w.Scales = shape, strides, v.start, v.scales
			base := clean(label(n, v.name))
			w.Layer = base
			for k := 2; taken[w.Layer]; k++ {
				w.Layer = fmt.Sprintf("%s_%d", base, k)
			}
			taken[w.Layer] = true
			out = append(out, w)
		}
	}
	switch {
	case len(out) > 0:
		return out, left, nil
	case len(left) > 0:
		return nil, nil, fmt.Errorf("none of %d layers has a weight that is followed to the file's numbers: %s: %s", len(left), left[0].Layer, left[0].Why)
	}
	return nil, nil, errors.New("no convolution and no linear layer has its weight among the file's initialisers and constants: was it exported without?")
}

// fixed are the tensors that are made of initialisers and constants alone.
func (m *Model) fixed() map[string]bool {
	out := map[string]bool{}
	for name := range m.initializers {
		out[name] = true
	}
	for _, n := range m.nodes { // makers come before readers
		made := n.Op == "Constant" || len(n.In) > 0
		for _, in := range n.In {
			made = made && (in == "" || out[in])
		}
		for _, o := range n.Out {
			out[o] = out[o] || made
		}
	}
	return out
}

// takesWeight reports whether input i of a node is the weight of a layer: numbers of the file, which meet something else.
func (m *Model) takesWeight(n *file.Node, i int, fixed map[string]bool) bool {
	if !fixed[n.Input(i)] {
		return false
	}
	switch n.Op {
	case "Conv", "ConvTranspose", microsoftDomain + ".MatMulNBits", microsoftDomain + ".Attention":
		return i == 1
	case "MatMul", microsoftDomain + ".FusedMatMul", microsoftDomain + ".TransposeMatMul", "Gemm":
		if i == 1 && fixed[n.Input(0)] { // a layer that reads numbers of the file, of which Import makes one where they are no matrix
			first := m.stored(n.Input(0))
			return n.Op == "MatMul" && first != nil && len(first.tensor.GetDims()) > 2
		}
		return i < 2 && !fixed[n.Input(1-i)]
	case "Einsum":
		if len(n.In) != 2 || fixed[n.Input(1-i)] {
			return false
		}
		first, second, _ := strings.Cut(strings.SplitN(n.Text("equation"), "->", 2)[0], ",")
		return len(strings.TrimSpace([]string{first, second}[i])) > 1 // one letter is a factor or a sum
	}
	return false
}

// unfollowed says why a tensor that nodes make of the file's numbers is no view of an initialiser that a layer can have.
func unfollowed(m *Model, nodes []*file.Node, name string, views map[string]view) string {
	if v, ok := views[name]; ok {
		return fmt.Sprintf("%q as %v of %q is no matrix whose neighbours stand evenly apart", name, v.dims, v.name)
	}
	if m.stored(name) != nil {
		return fmt.Sprintf("%q holds numbers of a type that is not read as a weight, or none", name)
	}
	i := slices.IndexFunc(nodes, func(n *file.Node) bool { return slices.Contains(n.Out, name) })
	if i < 0 {
		return fmt.Sprintf("%q is made by no node before it", name)
	}
	for _, in := range nodes[i].In {
		if in != "" && m.stored(in) == nil && views[in].name == "" {
			return unfollowed(m, nodes[:i], in, views)
		}
	}
	return fmt.Sprintf("%s makes %q of %s, which is not followed", nodes[i].Op, name, strings.Join(nodes[i].In, ", "))
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
		if len(v.dims) < 3 || len(v.dims) > 5 || len(v.dims) == 5 && (v.strides[3] != v.dims[4]*v.strides[4] || v.strides[2] != v.dims[3]*v.strides[3]) || groups < 1 || v.dims[0]%groups != 0 {
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
		return workloads.WeightShape{Taps: 1, In: n.Int("K", 0), Out: v.dims[0], Groups: 1}, Strides{In: v.strides[1], Out: v.strides[0]}, true
	case "Einsum":
		return einsumWeight(n, i, v)
	case "MatMul", "Gemm", microsoftDomain + ".FusedMatMul", microsoftDomain + ".TransposeMatMul", microsoftDomain + ".Attention":
		for len(v.dims) > 2 && v.dims[0] == 1 {
			v.dims, v.strides = v.dims[1:], v.strides[1:]
		}
		if i > 1 || len(v.dims) != 2 {
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
	w.Count = count
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
