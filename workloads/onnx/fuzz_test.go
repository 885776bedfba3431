package onnx

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"satsim/workloads/onnx/internal/pb"
)

// FuzzRead changes bytes of small real files: whatever they say, reading, importing and listing weights end in a network or an error.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"sequence", "swiglu", "shuffle", "bert_stripped", "gpt", "made/one_sample", "made/two_stage", "made/einsum", "made/rotary_ids", "made/group_query", "made/position_layer", "made/token_twice", "made/blur"} {
		b, err := os.ReadFile("testdata/" + name + ".onnx")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(_ *testing.T, b []byte) { survive(b) })
}

func survive(b []byte) {
	m, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	_, _, _ = m.Weights()
	o := Options{Dims: map[string]int64{}}
	for _, name := range m.OpenExtents() {
		o.Dims[name] = 12
	}
	if i, err := m.Import(o); err == nil {
		_, _ = i.Graph.Step()
	}
}

// FuzzNodes changes the nodes of small real files, one field of one node at a time, so that what reaches the operators is well-formed.
func FuzzNodes(f *testing.F) {
	f.Add(uint8(0), uint16(3), uint8(0), int64(-1))
	f.Add(uint8(1), uint16(2), uint8(1), int64(1<<40))
	f.Add(uint8(2), uint16(7), uint8(2), int64(0))
	f.Add(uint8(3), uint16(9), uint8(3), int64(7))
	f.Add(uint8(4), uint16(12), uint8(4), int64(2))
	// Beside what activations may enter, operators that only fold.
	ops := strings.Fields("Constant Shape Size ConstantOfShape Range Tile ReduceProd ReduceSum ReduceMax ReduceMin Trilu CumSum ScatterND " +
		"ScatterElements Mod Equal Less LessOrEqual Greater GreaterOrEqual And Or Not Abs Sqrt Exp Log Reciprocal Floor Ceil Sin Cos")
	for _, op := range ops {
		if !known(op) {
			f.Fatal(op, "is not known")
		}
	}
	for op := range operators {
		ops = append(ops, op)
	}
	slices.Sort(ops)
	var seeds [][]byte
	for _, name := range []string{
		"sequence", "swiglu", "shuffle", "bert_stripped", "small_opset11", "vit_fixed", "made/one_sample", "made/two_stage", "made/einsum", "made/where_both",
		"made/gather_end", "made/rotary_ids", "made/embed_norm", "made/fused_matmul", "made/group_query", "made/transposed_odd", "made/qdq", "made/lrn",
	} {
		b, err := os.ReadFile("testdata/" + name + ".onnx")
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, b)
	}
	f.Fuzz(func(t *testing.T, file uint8, at uint16, what uint8, value int64) {
		var m pb.ModelProto
		if err := proto.Unmarshal(seeds[int(file)%len(seeds)], &m); err != nil {
			t.Fatal(err)
		}
		n := m.Graph.Node[int(at)%len(m.Graph.Node)]
		switch what % 7 {
		case 6: // an equation, a mode, an activation
			for _, a := range n.Attribute {
				if len(a.S) > 0 {
					a.S[int(uint64(value)%uint64(len(a.S)))] = "abc.->, \x00\xc3\xa9"[int(at)%11]
				}
			}
		case 0:
			n.Domain = ptr("")
			n.OpType = &ops[int(uint64(value)%uint64(len(ops)))]
		case 1:
			for _, a := range n.Attribute {
				a.I, a.Ints = &value, append(a.Ints, value)
			}
		case 2:
			for _, a := range n.Attribute {
				for i := range a.Ints {
					a.Ints[i] = value
				}
				if a.T != nil {
					a.T.RawData, a.T.Int64Data = nil, []int64{value}
				}
			}
		case 3:
			other := m.Graph.Node[int(uint64(value)%uint64(len(m.Graph.Node)))]
			n.Input = other.Input
		case 4:
			for _, w := range m.Graph.Initializer {
				if len(w.Dims) > 0 {
					w.Dims[int(at)%len(w.Dims)] = value
				}
			}
		default:
			for _, in := range m.Graph.Input {
				if d := in.GetType().GetTensorType().GetShape().GetDim(); len(d) > 0 {
					d[int(at)%len(d)].DimValue = &value
				}
			}
		}
		b, err := proto.Marshal(&m)
		if err != nil {
			t.Fatal(err)
		}
		survive(b)
	})
}
