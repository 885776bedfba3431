package onnx

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"satsim/workloads/onnx/internal/pb"
)

// TestParameters: initialisers of floating-point numbers and their second names, by hand; what the elements alone do not say is refused.
func TestParameters(t *testing.T) {
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
	fc := nodeOf("Gemm", "fc", []string{"x", "fc.weight"}, "y", intAttr("transB", 1))
	count := raw("count")
	count.DataType = ptr[int32](7)
	for name, c := range map[string]struct {
		file *pb.ModelProto
		want []string // names; "=" a second one, "'" turned
		err  string
	}{
		"as PyTorch has it": {file: fileOf(13, input, []*pb.TensorProto{raw("fc.weight", 5, 6), raw("fc.bias", 5)}, fc), want: []string{"fc.bias", "fc.weight"}},
		"whole numbers and scalars are none": {
			file: fileOf(13, input, []*pb.TensorProto{raw("fc.weight", 5, 6), raw("epsilon"), count}, fc), want: []string{"fc.weight"},
		},
		"second names": {
			file: fileOf(13, input, []*pb.TensorProto{raw("fc.weight", 5, 6), raw("a", 5)}, nodeOf("Identity", "", []string{"a"}, "b"),
				nodeOf("Identity", "", []string{"b"}, "c"), fc),
			want: []string{"a", "b=", "c=", "fc.weight"},
		},
		"square, [in, out]": {
			file: fileOf(13, input, []*pb.TensorProto{raw("fc.weight", 6, 6)}, nodeOf("MatMul", "fc", []string{"x", "fc.weight"}, "y")), want: []string{"fc.weight'"},
		},
		"a transpose of [out, in]": {
			file: fileOf(13, input, []*pb.TensorProto{raw("fc.weight", 6, 6)}, nodeOf("Transpose", "", []string{"fc.weight"}, "t", intsAttr("perm", 1, 0)),
				nodeOf("MatMul", "fc", []string{"x", "t"}, "y")),
			want: []string{"fc.weight"},
		},
		"a scaled weight": {
			file: fileOf(13, input, []*pb.TensorProto{raw("w", 6, 5), raw("s", 5)}, nodeOf("Mul", "", []string{"w", "s"}, "t"), nodeOf("MatMul", "fc", []string{"x", "t"}, "y")),
			err:  `weight "w" of fc: nodes multiply it before its layer`,
		},
		"a convolution, [kh, kw, in, out]": {
			file: fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 4, 9, 9)}, []*pb.TensorProto{raw("w", 3, 3, 4, 5)},
				nodeOf("Transpose", "", []string{"w"}, "t", intsAttr("perm", 3, 2, 0, 1)), nodeOf("Conv", "conv", []string{"x", "t"}, "y")),
			err: `weight "w" of conv: nodes move or cut its axes [3 3 4 5] before its layer`,
		},
		"no elements": {
			file: fileOf(13, input, []*pb.TensorProto{raw("fc.weight", 5, 6), weight("fc.bias", 5)}, fc),
			err:  `initialiser "fc.bias": the file has its shape but not its elements`,
		},
	} {
		b := encode(t, c.file)
		m, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(name, err)
		}
		list, err := m.Parameters()
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: error %v; want %s", name, err, c.err)
			}
			continue
		}
		var got []string
		for _, p := range list {
			text := p.Name
			if p.Alias {
				text += "="
			}
			if p.Turned {
				text += "'"
			}
			got = append(got, text)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}
