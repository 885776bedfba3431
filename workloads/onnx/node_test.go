package onnx

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"
)

// TestNodes imports single operators from the ONNX project's own test data: the output must have the shape that the file declares, and the
// operator must be the network's counterpart.
func TestNodes(t *testing.T) {
	want := map[string]network.Op{
		"averagepool": network.AvgPool, "maxpool": network.MaxPool, "basic_conv": network.Conv, "conv": network.Conv, "gemm": network.Linear,
		"batchnorm": network.BatchNorm,
		"flatten":   network.Reshape, "softmax": "", "hardswish": network.Mul, "leakyrelu": network.ReLU,
		"concat": network.Concat, "split": network.Slice, "transpose": "", "matmul": network.MatMul,
		"layer_normalization": network.LayerNorm, "reduce_mean": network.GlobalAvgPool, "mul": network.Mul, "sub": network.Add,
	}
	files, err := filepath.Glob("testdata/node/*.onnx")
	if err != nil || len(files) < 35 {
		t.Fatal(len(files), "files", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".onnx")
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var file pb.ModelProto
			if err := proto.Unmarshal(b, &file); err != nil {
				t.Fatal(err)
			}
			m := load(t, path)
			batch := file.Graph.Input[0].Type.TensorType.Shape.Dim[0].GetDimValue()
			im := newImporter(m, Options{Losses: m.outputs[:1], Batch: batch})
			if err := im.build(); err != nil {
				t.Fatal(err)
			}
			var declared []int64
			for _, d := range file.Graph.Output[0].Type.TensorType.Shape.Dim {
				declared = append(declared, d.GetDimValue())
			}
			v := im.values[file.Graph.Output[0].GetName()]
			if got := v.shape.At(batch); !slices.Equal(got, declared) {
				t.Errorf("shape %v; the file declares %v", got, declared)
			}
			i, err := im.finish()
			if err != nil {
				t.Fatal(err)
			}
			var op network.Op
			longest := ""
			for prefix, o := range want {
				if strings.HasPrefix(name, prefix) && len(prefix) > len(longest) {
					op, longest = o, prefix
				}
			}
			if longest == "" {
				t.Fatal("no operator is expected")
			}
			layers, err := i.Graph.Layers()
			if err != nil {
				t.Fatal(err)
			}
			found := op == ""
			for _, l := range layers {
				found = found || l.Op == op
				if expected := im.shapes[l.Name].At(batch); !slices.Equal(expected, l.Out) {
					t.Errorf("%s: the importer expected %v, the network has %v", l.Name, expected, l.Out)
				}
			}
			if !found {
				t.Errorf("no %s among %v", op, i.Graph.Nodes)
			}
		})
	}
}

// TestPads works pads by hand. Input 7x7, 3x3 filter, stride 2.
func TestPads(t *testing.T) {
	for _, c := range []struct {
		attrs []*pb.AttributeProto
		pads  [4]int64
		out   int64
	}{
		{nil, [4]int64{}, 3}, // (7-3)/2+1
		{[]*pb.AttributeProto{intsAttr("pads", 0, 1, 1, 0)}, [4]int64{0, 1, 1, 0}, 3}, // (8-3)/2+1 = 3.5
		{[]*pb.AttributeProto{textAttr("auto_pad", "SAME_UPPER")}, [4]int64{1, 1, 1, 1}, 4},
		// An even total of pads; with a 4x4 filter the odd one goes to the end, or to the start.
		{[]*pb.AttributeProto{textAttr("auto_pad", "SAME_UPPER"), intsAttr("dilations", 2, 2)}, [4]int64{2, 2, 2, 2}, 4}, // span 5: 3*2+5-7 = 4
		{[]*pb.AttributeProto{textAttr("auto_pad", "VALID")}, [4]int64{}, 3},
	} {
		attrs := append(c.attrs, intsAttr("strides", 2, 2))
		i, err := importOf(t, fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 8, 7, 7)}, []*pb.TensorProto{weight("w", 4, 8, 3, 3)},
			nodeOf("Conv", "c", []string{"x", "w"}, "y", attrs...)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		layers, err := i.Graph.Layers()
		if err != nil {
			t.Fatal(err)
		}
		if l := layers[0]; l.Pads != c.pads || l.Out[1] != c.out {
			t.Errorf("%v: pads %v and height %d; want %v and %d", c.attrs, l.Pads, l.Out[1], c.pads, c.out)
		}
	}
	// An odd total: 8x8 input, 3x3 filter, stride 2: (4-1)*2+3-8 = 1.
	for auto, want := range map[string][4]int64{"SAME_UPPER": {0, 0, 1, 1}, "SAME_LOWER": {1, 1, 0, 0}} {
		i, err := importOf(t, fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 8, 8, 8)}, []*pb.TensorProto{weight("w", 4, 8, 3, 3)},
			nodeOf("Conv", "c", []string{"x", "w"}, "y", textAttr("auto_pad", auto), intsAttr("strides", 2, 2))), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := i.Graph.Nodes[0].Pads; got != want {
			t.Errorf("%s: pads %v; want %v", auto, got, want)
		}
	}
}

// TestLaterOperatorSets: what changed in operator sets 17 to 21.
func TestLaterOperatorSets(t *testing.T) {
	tokens := []*pb.ValueInfoProto{inputOf("x", 0, 5, 8)}
	for name, c := range map[string]struct {
		file *pb.ModelProto
		want []network.Op
	}{
		"17: layer norm": {
			fileOf(17, tokens, []*pb.TensorProto{weight("n.weight", 8), weight("n.bias", 8)},
				nodeOf("LayerNormalization", "", []string{"x", "n.weight", "n.bias"}, "y")),
			[]network.Op{network.LayerNorm, network.Loss},
		},
		"18: axes as an input, outputs as a number": {
			fileOf(18, tokens, []*pb.TensorProto{listOf("axes", 1)},
				&pb.NodeProto{OpType: ptr("Split"), Input: []string{"x"}, Output: []string{"a", "b"}, Attribute: []*pb.AttributeProto{intAttr("num_outputs", 2), intAttr("axis", 2)}},
				nodeOf("Mul", "", []string{"a", "b"}, "m"), nodeOf("ReduceMean", "", []string{"m", "axes"}, "y", intAttr("keepdims", 0))),
			[]network.Op{network.Slice, network.Slice, network.Mul, network.Reshape, network.GlobalAvgPool, network.Reshape, network.Loss},
		},
		"13: bounds on one side": {
			fileOf(13, tokens, []*pb.TensorProto{scalarOf("zero", 0)}, nodeOf("Max", "", []string{"zero", "x"}, "y")),
			[]network.Op{network.ReLU, network.Loss},
		},
		"20: gelu": {
			fileOf(20, tokens, []*pb.TensorProto{weight("w", 8, 16)}, nodeOf("MatMul", "", []string{"x", "w"}, "m"), nodeOf("Gelu", "", []string{"m"}, "y")),
			[]network.Op{network.Linear, network.GELU, network.Loss},
		},
		"21: reshape": {
			fileOf(21, tokens, []*pb.TensorProto{listOf("to", 0, 0, 2, -1)}, nodeOf("Reshape", "", []string{"x", "to"}, "r"),
				nodeOf("Transpose", "", []string{"r"}, "y", intsAttr("perm", 0, 2, 1, 3))),
			[]network.Op{network.Reshape, network.Loss},
		},
	} {
		i, err := importOf(t, c.file, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []network.Op
		for _, n := range i.Graph.Nodes {
			got = append(got, n.Op)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v; want %v", name, got, c.want)
		}
	}
	for opset, want := range map[int64]string{5: "operator set 5", 27: "operator set 27"} {
		_, err := importOf(t, fileOf(opset, tokens, nil, nodeOf("Relu", "", []string{"x"}, "y")), Options{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "6 to 26") {
			t.Errorf("operator set %d: %v", opset, err)
		}
	}
}

// TestErrorsNameNodes: what has no counterpart is refused, with the node's name and operator.
func TestErrorsNameNodes(t *testing.T) {
	images := []*pb.ValueInfoProto{inputOf("x", 0, 8, 7, 7)}
	for want, file := range map[string]*pb.ModelProto{
		`node "y" (LSTM)`:                                    fileOf(13, images, nil, nodeOf("LSTM", "", []string{"x"}, "y")),
		`node "a" (com.microsoft.NhwcConv)`:                  fileOf(13, images, nil, &pb.NodeProto{OpType: ptr("NhwcConv"), Name: ptr("a"), Domain: ptr("com.microsoft"), Input: []string{"x"}, Output: []string{"y"}}),
		`node "c" (Conv): its weight has shape [4, 7, 3, 3]`: fileOf(13, images, []*pb.TensorProto{weight("w", 4, 7, 3, 3)}, nodeOf("Conv", "c", []string{"x", "w"}, "y")),
		`node "d" (MaxPool): its window is dilated`:          fileOf(13, images, nil, nodeOf("MaxPool", "d", []string{"x"}, "y", intsAttr("kernel_shape", 3, 3), intsAttr("dilations", 2, 2))),
		`node "n" (BatchNormalization): it normalises each`:  fileOf(7, images, []*pb.TensorProto{weight("w", 8)}, nodeOf("BatchNormalization", "n", []string{"x", "w", "w", "w", "w"}, "y", intAttr("spatial", 0))),
		`node "r" (Relu): input "nothing"`:                   fileOf(13, images, nil, nodeOf("Conv", "", []string{"x", "x"}, "z"), nodeOf("Relu", "r", []string{"nothing"}, "m"), nodeOf("Add", "", []string{"m", "x"}, "y")),
		`node "p" (Pad): pads [1 0 0 0 0 0 0 0] do not fit`:  fileOf(13, images, []*pb.TensorProto{listOf("pads", 1, 0, 0, 0, 0, 0, 0, 0)}, nodeOf("Pad", "p", []string{"x", "pads"}, "y")),
		`node "s" (Slice): it works along the batch`:         fileOf(9, images, nil, nodeOf("Slice", "s", []string{"x"}, "y", intsAttr("starts", 0), intsAttr("ends", 1))),
		`input "x": the file leaves extent 1 (x.1) open`:     fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 0, 7, 7)}, nil, nodeOf("Relu", "", []string{"x"}, "y")),
		`names no standard operator set; 6 to 26`:            {Graph: &pb.GraphProto{Node: []*pb.NodeProto{nodeOf("Relu", "", []string{"x"}, "y")}}},
		`no node makes the output "elsewhere"`:               {OpsetImport: []*pb.OperatorSetIdProto{{Version: ptr[int64](13)}}, Graph: &pb.GraphProto{Node: []*pb.NodeProto{nodeOf("Relu", "", []string{"x"}, "y")}, Input: images, Output: []*pb.ValueInfoProto{{Name: ptr("elsewhere")}}}},
	} {
		if _, err := importOf(t, file, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want %s", err, want)
		}
	}
	// Unknown operators are named together.
	_, err := importOf(t, fileOf(13, images, nil, nodeOf("GRU", "a", []string{"x"}, "m"), nodeOf("LSTM", "b", []string{"m"}, "y")), Options{})
	if err == nil || !strings.Contains(err.Error(), `"a" (GRU)`) || !strings.Contains(err.Error(), `"b" (LSTM)`) {
		t.Errorf("error %v; want both nodes", err)
	}
}
