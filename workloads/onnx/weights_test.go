package onnx

import (
	"bytes"
	"strings"
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"
)

// TestWeightsBelongToLayers: every weight that is listed is a layer of the imported network, by name and shape, and none is missing.
func TestWeightsBelongToLayers(t *testing.T) {
	for _, name := range []string{"small_opset7", "small_opset16", "small_fixed", "vit_fixed", "bert", "bert_fixed", "swiglu"} {
		m := load(t, "testdata/"+name+".onnx")
		list, _, err := m.Weights()
		if err != nil {
			t.Fatal(err)
		}
		i, err := m.Import(Options{Dims: map[string]int64{"sequence": 12}})
		if err != nil {
			t.Fatal(err)
		}
		step, err := i.Graph.Step()
		if err != nil {
			t.Fatal(err)
		}
		shapes := map[string]workloads.WeightShape{}
		for _, it := range step.Items {
			if it.Stage == workloads.FF && (it.Op == network.Conv || it.Op == network.Linear) {
				shapes[it.Layer] = it.Weight
			}
		}
		for _, w := range list {
			if shapes[w.Layer] != w.Shape {
				t.Errorf("%s: weight %s of layer %s is %+v; the network has %+v", name, w.Tensor, w.Layer, w.Shape, shapes[w.Layer])
			}
			delete(shapes, w.Layer)
		}
		if len(shapes) > 0 {
			t.Errorf("%s: no weights of %v", name, shapes)
		}
	}
}

// TestStrides: where neighbours lie, by hand, for weights on either side and behind transposes.
func TestStrides(t *testing.T) {
	raw := func(name string, dims ...int64) *pb.TensorProto {
		w := weight(name, dims...)
		n := int64(4)
		for _, d := range dims {
			n *= d
		}
		w.RawData = make([]byte, n)
		return w
	}
	input := []*pb.ValueInfoProto{inputOf("x", 0, 6)}
	for name, c := range map[string]struct {
		file *pb.ModelProto
		want Weight
	}{
		"MatMul, [in, out]": {
			fileOf(13, input, []*pb.TensorProto{raw("w", 6, 5)}, nodeOf("MatMul", "m", []string{"x", "w"}, "y")),
			Weight{Shape: workloads.WeightShape{Taps: 1, In: 6, Out: 5, Groups: 1}, Strides: Strides{In: 5, Out: 1}},
		},
		"MatMul by a transpose, [out, in]": {
			fileOf(13, input, []*pb.TensorProto{raw("w", 5, 6)}, nodeOf("Transpose", "", []string{"w"}, "t", intsAttr("perm", 1, 0)),
				nodeOf("Identity", "", []string{"t"}, "u"), nodeOf("MatMul", "m", []string{"x", "u"}, "y")),
			Weight{Shape: workloads.WeightShape{Taps: 1, In: 6, Out: 5, Groups: 1}, Strides: Strides{In: 1, Out: 6}},
		},
		"Gemm, [out, in]": {
			fileOf(13, input, []*pb.TensorProto{raw("w", 5, 6)}, nodeOf("Gemm", "m", []string{"x", "w"}, "y", intAttr("transB", 1))),
			Weight{Shape: workloads.WeightShape{Taps: 1, In: 6, Out: 5, Groups: 1}, Strides: Strides{In: 1, Out: 6}},
		},
		"a weight on the left, [out, in]": {
			fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 6, 7)}, []*pb.TensorProto{raw("w", 5, 6)}, nodeOf("MatMul", "m", []string{"w", "x"}, "y")),
			Weight{Shape: workloads.WeightShape{Taps: 1, In: 6, Out: 5, Groups: 1}, Strides: Strides{In: 1, Out: 6}},
		},
		"convolution of 2 groups, [out, in, height, width]": {
			fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 8, 9, 9)}, []*pb.TensorProto{raw("w", 6, 4, 3, 2)},
				nodeOf("Conv", "m", []string{"x", "w"}, "y", intAttr("group", 2))),
			Weight{Shape: workloads.WeightShape{Taps: 6, In: 4, Out: 3, Groups: 2}, Strides: Strides{Group: 72, Tap: 1, In: 6, Out: 24}},
		},
	} {
		b := encode(t, c.file)
		m, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := m.Weights()
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %v %v", name, list, err)
		}
		if w := list[0]; w.Shape != c.want.Shape || w.Strides != c.want.Strides || w.Layer != "m" || w.Type != "float32" {
			t.Errorf("%s: %+v; want %+v", name, w, c.want)
		}
		if _, err := m.Import(Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMissingWeights: a layer whose elements are not in the file is named.
func TestMissingWeights(t *testing.T) {
	input := []*pb.ValueInfoProto{inputOf("x", 0, 6)}
	short := weight("w", 6, 5)
	short.RawData = make([]byte, 40)
	outside := weight("w", 6, 5)
	outside.DataLocation = ptr[int32](1)
	negative := weight("w", 6, 5)
	negative.DataLocation = ptr[int32](1)
	negative.ExternalData = []*pb.StringStringEntryProto{{Key: ptr("location"), Value: ptr("data")}, {Key: ptr("offset"), Value: ptr("-8")}}
	for want, w := range map[string]*pb.TensorProto{
		`external data: offset "-8": an offset is 0 or more`:                         negative,
		`node "m" (MatMul): weight "w": the file has its shape but not its elements`: weight("w", 6, 5),
		`the file has 40 bytes of it; its shape takes 120`:                           short,
		`its external data name no file`:                                             outside,
	} {
		b := encode(t, fileOf(13, input, []*pb.TensorProto{w}, nodeOf("MatMul", "m", []string{"x", "w"}, "y")))
		m, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Weights(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want %s", err, want)
		}
	}
}

// TestConstantsAsWeights: a file without initialisers, as paddle2onnx writes it, has its weights in Constant nodes: they are learned, and
// found in the file.
func TestConstantsAsWeights(t *testing.T) {
	constantNode := func(name string, t *pb.TensorProto) *pb.NodeProto {
		return nodeOf("Constant", "", nil, name, &pb.AttributeProto{Name: ptr("value"), T: t})
	}
	w := weight("", 6, 500)
	w.RawData = bytes.Repeat([]byte("weights!"), 1500)
	bias := weight("", 500)
	bias.RawData = make([]byte, 2000)
	file := fileOf(9, []*pb.ValueInfoProto{inputOf("x", 0, 3, 6)}, nil, constantNode("half", scalarOf("", 0.5)), constantNode("b", bias), constantNode("w", w),
		nodeOf("Mul", "", []string{"x", "half"}, "h"), nodeOf("MatMul", "", []string{"h", "w"}, "m"), nodeOf("Add", "", []string{"m", "b"}, "y"))
	b := encode(t, file)
	m, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	i, err := m.Import(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, parameters := stepMACs(t, i.Graph); parameters != 6*500+500 {
		t.Errorf("%d parameters; want 3500", parameters)
	}
	list, _, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || !bytes.HasPrefix(b[list[0].Offset:], []byte("weights!weights!")) {
		t.Errorf("weights %+v", list)
	}
}
