package onnx

import (
	"slices"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"
)

// TestPatterns writes functions in the ways in which exporters and papers write them. The input x is batch x 5 x 8; c1, c2, ... are
// constants.
func TestPatterns(t *testing.T) {
	type step struct {
		op  string
		in  []string
		out string
	}
	mean := func(in, out string) step { return step{"ReduceMean", []string{in}, out} }
	op := func(op, a, b, out string) step { return step{op, []string{a, b}, out} }
	one := func(op, a, out string) step { return step{op, []string{a}, out} }
	constants := map[string]float32{
		"half": 0.5, "one": 1, "two": 2, "three": 3, "root2": 1.41421356, "inverse": 0.70710678, "cubic": 0.044715, "tanh": 0.7978845608,
		"sigmoid": 1.702, "eps": 1e-5, "minushalf": -0.5, "wrong": 0.4,
	}
	for name, c := range map[string]struct {
		steps []step
		want  []network.Op // before the loss
	}{
		"GELU by erf, halved last": {[]step{op("Div", "x", "root2", "a"), one("Erf", "a", "b"), op("Add", "b", "one", "c"), op("Mul", "x", "c", "d"), op("Mul", "d", "half", "y")},
			[]network.Op{network.GELU}},
		"GELU by erf, halved first": {[]step{op("Mul", "x", "half", "h"), op("Mul", "x", "inverse", "a"), one("Erf", "a", "b"), op("Add", "one", "b", "c"), op("Mul", "h", "c", "y")},
			[]network.Op{network.GELU}},
		"GELU by tanh, with a power": {[]step{op("Pow", "x", "three", "p"), op("Mul", "p", "cubic", "q"), op("Add", "x", "q", "s"), op("Mul", "s", "tanh", "u"), one("Tanh", "u", "v"),
			op("Add", "v", "one", "w"), op("Mul", "x", "half", "h"), op("Mul", "h", "w", "y")}, []network.Op{network.GELU}},
		"GELU by tanh, with products": {[]step{op("Mul", "x", "x", "xx"), op("Mul", "xx", "x", "p"), op("Mul", "cubic", "p", "q"), op("Add", "q", "x", "s"), op("Mul", "tanh", "s", "u"), one("Tanh", "u", "v"),
			op("Add", "one", "v", "w"), op("Mul", "half", "w", "h"), op("Mul", "x", "h", "y")}, []network.Op{network.GELU}},
		"GELU by a sigmoid": {[]step{op("Mul", "x", "sigmoid", "a"), one("Sigmoid", "a", "b"), op("Mul", "x", "b", "y")}, []network.Op{network.GELU}},
		"SiLU":              {[]step{one("Sigmoid", "x", "a"), op("Mul", "a", "x", "y")}, []network.Op{network.SiLU}},
		"layer norm, by Pow and Sqrt": {[]step{mean("x", "m"), op("Sub", "x", "m", "d"), op("Pow", "d", "two", "s"), mean("s", "v"), op("Add", "v", "eps", "w"), one("Sqrt", "w", "r"),
			op("Div", "d", "r", "n"), op("Mul", "n", "scale", "g"), op("Add", "g", "shift", "y")}, []network.Op{network.LayerNorm}},
		"layer norm, by products and Reciprocal": {[]step{mean("x", "m"), op("Sub", "x", "m", "d"), op("Mul", "d", "d", "s"), mean("s", "v"), op("Add", "eps", "v", "w"), one("Sqrt", "w", "q"),
			one("Reciprocal", "q", "r"), op("Mul", "d", "r", "n"), op("Mul", "scale", "n", "y")}, []network.Op{network.LayerNorm}},
		"layer norm, in another precision between": {[]step{one("Cast", "x", "X"), mean("X", "m"), op("Sub", "X", "m", "d"), op("Pow", "d", "two", "s"), mean("s", "v"), op("Add", "v", "eps", "w"), one("Sqrt", "w", "r"),
			op("Div", "d", "r", "n"), one("Cast", "n", "N"), op("Mul", "N", "scale", "g"), op("Add", "g", "shift", "y")}, []network.Op{network.LayerNorm}},
		"RMS norm": {[]step{op("Pow", "x", "two", "s"), mean("s", "v"), op("Add", "v", "eps", "w"), one("Sqrt", "w", "r"), op("Div", "x", "r", "n"), op("Mul", "scale", "n", "y")},
			[]network.Op{network.RMSNorm}},
		"RMS norm, by a negative power": {[]step{op("Mul", "x", "x", "s"), mean("s", "v"), op("Add", "v", "eps", "w"), op("Pow", "w", "minushalf", "r"), op("Mul", "x", "r", "n"), op("Mul", "n", "scale", "y")},
			[]network.Op{network.RMSNorm}},
		// What looks like a pattern but computes something else stays what it is.
		"a gate by another tensor": {[]step{one("Tanh", "x", "z"), one("Sigmoid", "x", "a"), op("Mul", "a", "z", "y")}, []network.Op{network.Tanh, network.Sigmoid, network.Mul}},
		"a sigmoid alone":          {[]step{one("Sigmoid", "x", "a"), op("Mul", "a", "half", "y")}, []network.Op{network.Sigmoid}},
		"SiLU by another factor":   {[]step{op("Mul", "x", "wrong", "w"), one("Sigmoid", "w", "a"), op("Mul", "a", "x", "y")}, []network.Op{network.Sigmoid, network.Mul}},
	} {
		var weights []*pb.TensorProto
		for n, v := range constants {
			weights = append(weights, scalarOf(n, v))
		}
		weights = append(weights, weight("scale", 8), weight("shift", 8))
		var nodes []*pb.NodeProto
		for _, s := range c.steps {
			n := nodeOf(s.op, "", s.in, s.out)
			if s.op == "ReduceMean" {
				n.Attribute = append(n.Attribute, intsAttr("axes", -1))
			}
			nodes = append(nodes, n)
		}
		i, err := importOf(t, fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 5, 8)}, weights, nodes...), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []network.Op
		for _, n := range i.Graph.Nodes[:len(i.Graph.Nodes)-1] {
			got = append(got, n.Op)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v; want %v", name, got, c.want)
		}
	}
}

// TestNormAxes: a pattern that normalises another axis than the last brings it there; one over two axes is refused.
func TestNormAxes(t *testing.T) {
	norm := func(axes ...int64) *pb.ModelProto {
		weights := []*pb.TensorProto{scalarOf("two", 2), scalarOf("eps", 1e-5)}
		return fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 6, 8)}, weights,
			nodeOf("ReduceMean", "m", []string{"x"}, "m", intsAttr("axes", axes...)), nodeOf("Sub", "", []string{"x", "m"}, "d"),
			nodeOf("Pow", "", []string{"d", "two"}, "s"), nodeOf("ReduceMean", "", []string{"s"}, "v", intsAttr("axes", axes...)),
			nodeOf("Add", "", []string{"v", "eps"}, "w"), nodeOf("Sqrt", "", []string{"w"}, "r"), nodeOf("Div", "", []string{"d", "r"}, "y"))
	}
	i, err := importOf(t, norm(1), Options{Batch: 2})
	if err != nil {
		t.Fatal(err)
	}
	layers, err := i.Graph.Layers()
	if err != nil {
		t.Fatal(err)
	}
	if l := layers[1]; l.Op != network.LayerNorm || !slices.Equal(l.Out, network.Shape{2, 8, 6}) {
		t.Errorf("%s %v; want a layer norm of rows of 6", l.Op, l.Out)
	}
	if _, err := importOf(t, norm(1, 2), Options{}); err == nil {
		t.Error("a norm over two axes together is accepted")
	}
}
