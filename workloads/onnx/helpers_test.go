package onnx

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"

	"satsim/workloads/onnx/internal/pb"

	"satsim/workloads/onnx/internal/file"
)

// Files built here are encoded by the protobuf library, not by satsim's own code.

func ptr[T any](v T) *T { return &v }

func nodeOf(op, name string, in []string, out string, attrs ...*pb.AttributeProto) *pb.NodeProto {
	return &pb.NodeProto{OpType: &op, Name: &name, Input: in, Output: []string{out}, Attribute: attrs}
}

func intAttr(name string, v int64) *pb.AttributeProto { return &pb.AttributeProto{Name: &name, I: &v} }

func intsAttr(name string, v ...int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, Ints: v}
}

func textAttr(name, v string) *pb.AttributeProto {
	return &pb.AttributeProto{Name: &name, S: []byte(v)}
}

// weight is an initialiser whose elements are missing.
func weight(name string, dims ...int64) *pb.TensorProto {
	return &pb.TensorProto{Name: &name, Dims: dims, DataType: ptr[int32](file.Float32)}
}

func scalarOf(name string, v float32) *pb.TensorProto {
	return &pb.TensorProto{Name: &name, DataType: ptr[int32](file.Float32), FloatData: []float32{v}}
}

func listOf(name string, v ...int64) *pb.TensorProto {
	return &pb.TensorProto{Name: &name, Dims: []int64{int64(len(v))}, DataType: ptr[int32](file.Int64), Int64Data: v}
}

// inputOf is a float input; an extent of 0 is left open.
func inputOf(name string, dims ...int64) *pb.ValueInfoProto {
	return typedInput(name, file.Float32, dims...)
}

func typedInput(name string, kind int32, dims ...int64) *pb.ValueInfoProto {
	s := &pb.TensorShapeProto{}
	for _, d := range dims {
		dim := &pb.TensorShapeProto_Dimension{}
		if d > 0 {
			dim.DimValue = &d
		}
		s.Dim = append(s.Dim, dim)
	}
	return &pb.ValueInfoProto{Name: &name, Type: &pb.TypeProto{TensorType: &pb.TypeProto_Tensor{ElemType: &kind, Shape: s}}}
}

// fileOf is a model whose output is that of its last node.
func fileOf(opset int64, inputs []*pb.ValueInfoProto, weights []*pb.TensorProto, nodes ...*pb.NodeProto) *pb.ModelProto {
	out := nodes[len(nodes)-1].GetOutput()[0]
	return &pb.ModelProto{
		IrVersion: ptr[int64](8), OpsetImport: []*pb.OperatorSetIdProto{{Version: &opset}},
		Graph: &pb.GraphProto{Node: nodes, Initializer: weights, Input: inputs, Output: []*pb.ValueInfoProto{{Name: &out}}},
	}
}

func encode(t testing.TB, m *pb.ModelProto) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func importOf(t testing.TB, m *pb.ModelProto, o Options) (*Import, error) {
	t.Helper()
	b := encode(t, m)
	r, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	return r.Import(o)
}
