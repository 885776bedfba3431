package onnx

import (
	"math"
	"os"
	"strings"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
)

// What no data enter, and what timm's networks have besides. The images' network is that of TestRolesOfConstants: a convolution (13824 MACs, 216 weights, no BP)
// and a linear layer (32 MACs a stage, 36 parameters); a linear layer of 8 to 8 has 64 MACs a token and 64 weights, and no BP on data.
func TestBranchesWithoutData(t *testing.T) {
	const conv, fc, linear = 64 * 8 * 27, 32, 6 * 64
	for name, c := range map[string]struct {
		want made
		has  map[network.Op]int
		note string
	}{
		"normalised_weight": {want: made{conv + fc, fc, conv + fc, 216 + 36, nil}, note: "weights are normalised before their layers take them"},
		// 4x4 positions behind a stride of 2: a pad of 1 behind.
		"same_pads": {want: made{16*8*27 + fc, fc, 16*8*27 + fc, 216 + 36, nil}, has: map[network.Op]int{network.Conv: 1, network.Concat: 0}},
		// 64 positions of 4 to 8 channels, once a step and not once a sample; angles need no gradient.
		"position_layer": {want: made{conv + 64*32 + fc, fc, conv + 64*32 + fc, 216 + 32 + 36, []Role{
			{"waves", "not trained: what a layer reads in the place of data"},
		}}, has: map[network.Op]int{network.Conv: 2}},
		"learned_gate": {want: made{linear, 0, linear, 64 + 6, []Role{{"gate", "learned: a table gate"}}}, has: map[network.Op]int{network.Sigmoid: 1, network.Embedding: 1}},
		// The token of the second layer is the learned one, so that it has BP.
		"token_twice":         {want: made{linear + 64, 64, linear + 64, 128 + 8, []Role{{"token", "learned: a table token"}}}, has: map[network.Op]int{network.Embedding: 1}},
		"mean_of_heads":       {want: made{conv + 2*fc, 2 * fc, conv + 2*fc, 216 + 64, nil}, has: map[network.Op]int{network.GlobalAvgPool: 2}},
		"eye":                 {want: made{linear, 0, linear, 64, nil}, has: map[network.Op]int{network.Mul: 1}},
		"tile_batch":          {want: made{linear, 0, linear, 64, nil}, has: map[network.Op]int{network.Resize: 1, network.GlobalAvgPool: 1}},
		"part_rows":           {want: made{14 * 64, 0, 14 * 64, 64, nil}, has: map[network.Op]int{network.Slice: 3 + 2 + 7, network.Concat: 3}}, // 4 of 7, 3 of 7, all backwards
		"blur":                {want: made{conv + fc, fc, conv + fc, 216 + 36, []Role{{"filter", "not trained: one blur for every channel, an average pool"}}}, has: map[network.Op]int{network.AvgPool: 1, network.Conv: 1}},
		"scales_of_constants": {want: made{conv + fc, fc, conv + fc, 216 + 36, nil}, has: map[network.Op]int{network.Resize: 1}},
	} {
		i := c.want.check(t, name, Options{})
		counts := map[network.Op]int{}
		for _, n := range i.Graph.Nodes {
			counts[n.Op]++
		}
		for op, want := range c.has {
			if counts[op] != want {
				t.Errorf("%s: %d nodes %s; want %d", name, counts[op], op, want)
			}
		}
		if !strings.Contains(i.Graph.Note, c.note) {
			t.Errorf("%s: %q; want %q", name, i.Graph.Note, c.note)
		}
	}
}

// A layer of positions is computed once a step, whatever the batch: 2048 MACs of 13824 a sample.
func TestPositionsAreEncodedOnceAStep(t *testing.T) {
	i, err := load(t, "testdata/made/position_layer.onnx").Import(Options{Batch: 5})
	if err != nil {
		t.Fatal(err)
	}
	if macs, _ := counted(t, i.Graph); macs[0] != 5*(64*8*27+32)+64*32 {
		t.Errorf("%d MACs of FF at batch 5; by hand %d", macs[0], 5*(64*8*27+32)+64*32)
	}
}

// prune sees a normalised weight as the layer does: each of 8 outputs less the mean of its 27 numbers, over the root of their variance and 1e-5, times half its gain.
func TestNormalisedWeightsAreSeen(t *testing.T) {
	path := "testdata/made/normalised_weight.onnx"
	m := load(t, path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	floats := func(name string, count int) []float64 {
		s, err := m.locate(name)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float64, count)
		for i := range out {
			b := text[s.Offset+4*int64(i):]
			out[i] = float64(math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24))
		}
		return out
	}
	w, gain := floats("stem.weight", 216), floats("gain", 8)
	list, _, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || len(list[0].Scales) != 1 || list[0].Layer != "stem" {
		t.Fatalf("weights %+v; want stem with a scale, and fc", list)
	}
	s := &list[0].Scales[0]
	for o := range 8 {
		mean, variance := 0.0, 0.0
		for _, x := range w[27*o : 27*o+27] {
			mean += x / 27
		}
		for _, x := range w[27*o : 27*o+27] {
			variance += (x - mean) * (x - mean) / 27
		}
		for k := range 27 {
			e := int64(27*o + k)
			got := (w[e] - s.Zeros[s.At(e)]) * s.Values[s.At(e)]
			want := (w[e] - mean) / math.Sqrt(variance+1e-5) * gain[o] / 2
			if math.Abs(got-want) > 1e-6 {
				t.Fatalf("element %d is %g; by hand %g", e, got, want)
			}
		}
	}
}

// What a file joins has one rank, or is refused, along an axis that only the larger one has as well.
func TestJoinedRanksDiffer(t *testing.T) {
	m := fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 3, 8, 8)}, []*pb.TensorProto{weight("w", 4, 3, 1, 1), listOf("axes", 4)},
		nodeOf("Conv", "conv", []string{"x", "w"}, "y"), nodeOf("Unsqueeze", "unsqueeze", []string{"y", "axes"}, "z"),
		nodeOf("Concat", "concat", []string{"y", "z"}, "out", intAttr("axis", 4)))
	if _, err := importOf(t, m, Options{}); err == nil || !strings.Contains(err.Error(), "do not fit each other") {
		t.Errorf("%v", err)
	}
}

// A blur is depthwise, of one or two axes, undilated and without biases, with one kernel for every channel, which adds up to 1. Import and list of weights ask the same.
func TestBlurs(t *testing.T) {
	node := func(groups int64, dilations ...int64) *file.Node {
		return &file.Node{Op: "Conv", In: []string{"x", "w"}, Attrs: map[string]*pb.AttributeProto{"group": {I: &groups}, "dilations": {Ints: dilations}}}
	}
	biased := node(2)
	biased.In = append(biased.In, "b")
	without := node(2)
	without.In = append(without.In, "")
	for name, c := range map[string]struct {
		n       *file.Node
		w       []int64
		kernels []float64
		want    bool
	}{
		"two axes":            {node(2, 1, 1), []int64{2, 1, 1, 2}, []float64{0.5, 0.5, 0.5, 0.5}, true},
		"one axis":            {node(2), []int64{2, 1, 2}, []float64{0.25, 0.75, 0.25, 0.75}, true},
		"one for all":         {without, []int64{2, 1, 2}, []float64{0.25, 0.75}, true},
		"three axes":          {node(2), []int64{2, 1, 1, 1, 2}, []float64{0.5, 0.5}, false},
		"biases":              {biased, []int64{2, 1, 2}, []float64{0.5, 0.5}, false},
		"dilated":             {node(2, 1, 2), []int64{2, 1, 1, 2}, []float64{0.5, 0.5}, false},
		"one group":           {node(1), []int64{1, 1, 2}, []float64{0.5, 0.5}, false},
		"two outputs each":    {node(2), []int64{4, 1, 2}, []float64{0.5, 0.5}, false},
		"two inputs each":     {node(2), []int64{2, 2, 2}, []float64{0.5, 0.5}, false},
		"one tap":             {node(2), []int64{2, 1, 1, 1}, []float64{1, 1}, false},
		"a kernel of its own": {node(2), []int64{2, 1, 2}, []float64{0.5, 0.5, 0.25, 0.75}, false},
		"below zero":          {node(2), []int64{2, 1, 2}, []float64{-0.5, 1.5}, false},
		"half":                {node(2), []int64{2, 1, 2}, []float64{0.25, 0.25}, false},
		"no numbers":          {node(2), []int64{2, 1, 2}, nil, false},
	} {
		if got := isBlur(c.n, c.w, func(_, _ int64) []float64 { return c.kernels }); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
