package network_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
)

// Every operator behind a 1x1 convolution from 2x4x4x8 (256 elements) to as much, its own output scored by a loss. The work that
// it adds to the step is listed by hand: "stage kind elements", with + if fused and ! if behind a barrier, or "stage product
// count x rows x cols x reduction"; updates as "WU update parameters".
func TestEveryOperator(t *testing.T) {
	window := network.Node{Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}}
	with := func(n network.Node, op network.Op) network.Node { n.Op = op; return n }
	cases := []struct {
		node network.Node
		want []string
	}{
		// 9 taps of 8 channels on 32 positions.
		{network.Node{Op: network.Conv, Channels: 4, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}, Bias: true}, []string{
			"FF product 1x32x4x72", "FF +bias 128", "BP product 1x32x8x36", "WU product 1x72x4x32", "WU +bias_grad 128",
			"WU update 288", "WU update 4",
		}},
		{network.Node{Op: network.Linear, Channels: 4, Bias: true}, []string{
			"FF product 1x32x4x8", "FF +bias 128", "BP product 1x32x8x4", "WU product 1x8x4x32", "WU +bias_grad 128",
			"WU update 32", "WU update 4",
		}},
		// 2x4 products of 4x8 by 8x4 with the tensor itself: dA = dY B is 4x8 over 4, dB = dY^T A is 4x8 over 4.
		{network.Node{Op: network.MatMul, Inputs: []string{"x", "x"}, TransposeB: true}, []string{
			"FF product 8x4x4x8", "BP product 8x4x8x4", "BP product 8x4x8x4", "BP +grad_sum 256",
		}},
		{network.Node{Op: network.Embedding, Inputs: []string{"ids"}, Rows: 10, Channels: 8}, []string{
			"FF gather 256", "WU zero_fill 80", "WU scatter_add 256", "WU update 80",
		}},
		{network.Node{Op: network.BatchNorm}, []string{
			"FF +batch_norm_stats 256", "FF !batch_norm_apply 256", "BP batch_norm_reduce 256", "BP !batch_norm_grad 256", "WU update 16",
		}},
		{network.Node{Op: network.GroupNorm, Groups: 4, Channels: 4}, []string{ // a scale and a shift a group
			"FF +batch_norm_stats 256", "FF !batch_norm_apply 256", "BP batch_norm_reduce 256", "BP !batch_norm_grad 256", "WU update 8",
		}},
		{network.Node{Op: network.LayerNorm, Bias: true}, []string{"FF layer_norm 256", "BP layer_norm_grad 256", "WU update 16"}},
		{network.Node{Op: network.RMSNorm}, []string{"FF rms_norm 256", "BP rms_norm_grad 256", "WU update 8"}},
		{network.Node{Op: network.ReLU}, []string{"FF +activation 256", "BP +activation_grad 256"}},
		{network.Node{Op: network.ReLU6}, []string{"FF +activation 256", "BP +activation_grad 256"}},
		{network.Node{Op: network.GELU}, []string{"FF +transcendental 256", "BP +transcendental_grad 256"}},
		{network.Node{Op: network.SiLU}, []string{"FF +transcendental 256", "BP +transcendental_grad 256"}},
		{network.Node{Op: network.Sigmoid}, []string{"FF +transcendental 256", "BP +transcendental_grad 256"}},
		{network.Node{Op: network.Tanh}, []string{"FF +transcendental 256", "BP +transcendental_grad 256"}},
		{network.Node{Op: network.Function}, []string{"FF +transcendental 256", "BP +transcendental_grad 256"}},
		// A slope for each of 8 channels.
		{network.Node{Op: network.PReLU}, []string{"FF +activation 256", "BP +activation_grad 256", "WU bias_grad 512", "WU update 8"}},
		{network.Node{Op: network.GroupNorm, Groups: 4}, []string{
			"FF +batch_norm_stats 256", "FF !batch_norm_apply 256", "BP batch_norm_reduce 256", "BP !batch_norm_grad 256", "WU update 16",
		}},
		// 2x8x6x8 = 768 outputs of 2x2 inputs.
		{network.Node{Op: network.Resize, Shape: []int64{8, 6}, Kernel: [2]int64{2, 2}}, []string{"FF pool 3072", "BP pool_grad 3072"}},
		{network.Node{Op: network.Softmax}, []string{"FF softmax 256", "BP softmax_grad 256"}},
		// 256 outputs of 9 elements.
		{with(window, network.MaxPool), []string{"FF pool 2304", "BP pool_grad 2304"}},
		{with(window, network.AvgPool), []string{"FF pool 2304", "BP pool_grad 2304"}},
		{network.Node{Op: network.GlobalAvgPool}, []string{"FF pool 256", "BP pool_grad 256"}},
		// Both operands are the same tensor, so its gradient is twice the output's.
		{network.Node{Op: network.Add, Inputs: []string{"x", "x"}}, []string{"FF +add 256", "BP +grad_sum 256"}},
		{network.Node{Op: network.Mul, Inputs: []string{"x", "x"}}, []string{"FF +mul 256", "BP +mul_grad 256", "BP +grad_sum 256"}},
		{network.Node{Op: network.Rotary}, []string{"FF +mul 512", "BP +mul 512"}},
		// The gradient of both parts is read where it is; their sum cannot be made with either.
		{network.Node{Op: network.Concat, Inputs: []string{"x", "x"}, Axis: 3}, []string{"FF copy 512", "BP grad_sum 256"}},
		{network.Node{Op: network.Reshape, Shape: []int64{2, 16, -1}}, nil},
		{network.Node{Op: network.Flatten}, nil},
		{network.Node{Op: network.Transpose, Axes: []int64{0, 2, 1, 3}}, nil},
		{network.Node{Op: network.Slice, Axis: 1, Start: 1, Size: 3}, []string{"BP zero_fill 64"}},
		{network.Node{Op: network.Transpose, Axes: []int64{0, 1, 3, 2}}, []string{"FF copy 256", "BP copy 256"}},
	}
	seen := []network.Op{network.Loss} // 256 logits: in every case
	for _, c := range cases {
		seen = append(seen, c.node.Op)
		t.Run(string(c.node.Op), func(t *testing.T) {
			n := c.node
			n.Name = "n"
			if n.Inputs == nil {
				n.Inputs = []string{"x"}
			}
			g := &network.Graph{
				Inputs: []network.Input{
					{Name: "images", Shape: network.Shape{2, 4, 4, 8}}, {Name: "ids", Shape: network.Shape{2, 4, 4}, Indices: true},
				},
				Nodes: []network.Node{
					{Name: "x", Op: network.Conv, Inputs: []string{"images"}, Channels: 8, Kernel: [2]int64{1, 1}},
					n,
					{Name: "loss", Op: network.Loss, Inputs: []string{"n"}},
				},
			}
			if n.Op == network.Embedding {
				g.Nodes = g.Nodes[1:]
			}
			s, err := g.Step()
			if err != nil {
				t.Fatal(err)
			}
			got := work(s)
			layers, err := g.Layers()
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Clone(c.want)
			want = append(want, fmt.Sprintf("BP loss %d", layers[len(layers)-2].Out.Elements()))
			if n.Op != network.Embedding {
				want = append(want, "FF product 1x32x8x8", "WU product 1x8x8x32", "WU update 64")
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s makes\n%s\nwant\n%s", n.Op, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
	for _, op := range network.Ops() {
		if !slices.Contains(seen, op) {
			t.Errorf("no case for %s", op)
		}
	}
}

// work lists all that a step does. A sum for a bias counts as WU wherever it stands.
func work(s workloads.Step) []string {
	var out []string
	for _, it := range s.Items {
		for _, p := range it.Products {
			out = append(out, fmt.Sprintf("%v product %dx%dx%dx%d", p.Stage, p.Count, p.Rows, p.Cols, p.Reduction()))
		}
		for _, p := range it.Passes {
			stage, mark := it.Stage, ""
			if p.Kind == workloads.BiasGrad {
				stage = workloads.WU
			}
			if p.Fused {
				mark = "+"
			}
			if p.Barrier {
				mark += "!"
			}
			out = append(out, fmt.Sprintf("%v %s%s %d", stage, mark, p.Kind, p.Elements))
		}
		for _, u := range it.Updates {
			out = append(out, fmt.Sprintf("WU update %d", u.Parameters))
		}
	}
	return out
}

// Grouped-query attention: 2 sequences, 3 key-value heads, 4 query heads of each group, 5 queries, 7 keys, 8 channels. The heads of
// a group share the keys: 2*3 products with 4*5 rows; the keys' gradient sums over the group.
//
//	scores [2,3,4,5,7] = Q [2,3,4,5,8] K^T [2,3,1,7,8]   6 of 20 x 7 over 8
//	dQ = dS K                                            6 of 20 x 8 over 7
//	dK = dS^T Q                                          6 of 7 x 8 over 20
func TestGroupedQueryByHand(t *testing.T) {
	linear := func(name, in string) network.Node {
		return network.Node{Name: name, Op: network.Linear, Inputs: []string{in}, Channels: 8}
	}
	g := &network.Graph{
		Inputs: []network.Input{{Name: "q0", Shape: network.Shape{2, 3, 4, 5, 8}}, {Name: "k0", Shape: network.Shape{2, 3, 1, 7, 8}}},
		Nodes: []network.Node{
			linear("q", "q0"), linear("k", "k0"),
			{Name: "scores", Op: network.MatMul, Inputs: []string{"q", "k"}, TransposeB: true},
			{Name: "loss", Op: network.Loss, Inputs: []string{"scores"}},
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range s.Items {
		if it.Layer != "scores" {
			continue
		}
		if it.Stage == workloads.FF {
			wantProducts(t, "FF", it, size{0, 6, 20, 7, 1, 8, 960, 336, 840})
		} else {
			wantProducts(t, "BP", it, size{0, 6, 20, 8, 1, 7, 840, 336, 960}, size{0, 6, 7, 8, 1, 20, 840, 960, 336})
		}
		for _, p := range it.Products {
			if p.Prunable || p.West.Role == workloads.Weight || p.North.Role == workloads.Weight {
				t.Errorf("attention product %+v takes a weight", p)
			}
		}
	}
}

// What is kept for the backward pass, of a network with one of each kind.
func TestSavedByHand(t *testing.T) {
	node := func(name string, op network.Op, in ...string) network.Node {
		return network.Node{Name: name, Op: op, Inputs: in}
	}
	conv := node("conv", network.Conv, "images")
	conv.Channels, conv.Kernel = 8, [2]int64{1, 1}
	pool := node("pool", network.MaxPool, "relu")
	pool.Kernel, pool.Stride = [2]int64{3, 3}, [2]int64{1, 1}
	fc := node("fc", network.Linear, "gelu")
	fc.Channels = 5
	g := &network.Graph{
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 4, 4, 3}}},
		Nodes: []network.Node{
			conv, node("bn", network.BatchNorm, "conv"), node("relu", network.ReLU, "bn"), pool, node("gelu", network.GELU, "pool"),
			fc, node("softmax", network.Softmax, "fc"), node("loss", network.Loss, "softmax"),
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range s.Saved {
		got = append(got, fmt.Sprintf("%s %dx%d", x.Name, x.Elements, x.Format.Bits))
	}
	want := []string{
		"images 96x16",
		"conv 256x16",       // batch norm's input
		"bn.stats 16x32",    // mean and deviation of 8 channels
		"relu.mask 256x1",   // ReLU overwrites what batch norm wrote
		"pool.indices 64x4", // 2x2x2x8 outputs, one of 9 places
		"pool 64x16",        // GELU's input
		"gelu 64x16",        // fc's input
		"softmax 40x16",     // 2x2x2 rows of 5, in fc's array
	}
	if !slices.Equal(got, want) {
		t.Errorf("saved\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A bias, a norm's scale and shift, and slopes of two layers are one set of parameters each, updated once, after the gradients of both are added: the second bias and norm
// have no update, the first a sum of two gradients before theirs. Ten rows of eight channels.
func TestSharedVectors(t *testing.T) {
	node := func(name string, op network.Op, input, vector string) network.Node {
		return network.Node{Name: name, Op: op, Inputs: []string{input}, Vector: vector}
	}
	linear := func(name, input, vector string) network.Node {
		n := node(name, network.Linear, input, vector)
		n.Channels, n.Bias = 8, true
		return n
	}
	g := &network.Graph{
		Inputs: []network.Input{{Name: "x", Shape: network.Shape{2, 5, 8}}},
		Nodes: []network.Node{
			linear("a", "x", ""), node("norm", network.RMSNorm, "a", ""), node("slope", network.PReLU, "norm", ""),
			linear("b", "slope", "a"), node("norm2", network.RMSNorm, "b", "norm"), node("slope2", network.PReLU, "norm2", "slope"), node("loss", network.Loss, "slope2", ""),
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	updates, sums := map[string]int64{}, 0
	for _, it := range s.Items {
		for _, u := range it.Updates {
			updates[u.Weight.Name] += u.Parameters
		}
		for _, p := range it.Passes {
			if p.Kind == workloads.GradSum {
				sums++
				if first, second := p.Reads[0].Name, p.Reads[1].Name; p.Elements != 8 || !strings.HasPrefix(second, first+"/") {
					t.Errorf("a sum of %d elements of %s and %s", p.Elements, first, second)
				}
			}
		}
	}
	if want := map[string]int64{"a.weight": 64, "b.weight": 64, "a.bias": 8, "norm.scale_shift": 8, "slope.slope": 8}; s.Parameters != 152 || sums != 3 || !maps.Equal(updates, want) {
		t.Errorf("%d parameters, %d sums, updates %v; want 152, 3, %v", s.Parameters, sums, updates, want)
	}
	for want, change := range map[string]func(n []network.Node){
		`node "b" (linear): vector "norm" is no node with a bias of its own of 8 numbers`:           func(n []network.Node) { n[3].Vector = "norm" },
		`node "b" (linear): vector "c" is no earlier node`:                                          func(n []network.Node) { n[3].Vector = "c" },
		`node "norm2" (rms_norm): vector "slope" is no node with a scale_shift of its own of 8 num`: func(n []network.Node) { n[4].Vector = "slope" },
		`node "b" (linear): vector "a" is no node with a bias of its own of 0 numbers`:              func(n []network.Node) { n[3].Bias = false },
	} {
		wrong := *g
		wrong.Nodes = slices.Clone(g.Nodes)
		change(wrong.Nodes)
		if _, err := wrong.Step(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

// An output layer that shares the token table: one set of parameters, updated once, after both gradients are there.
func TestTiedWeight(t *testing.T) {
	g := &network.Graph{
		Inputs: []network.Input{{Name: "ids", Shape: network.Shape{2, 5}, Indices: true}},
		Nodes: []network.Node{
			{Name: "tokens", Op: network.Embedding, Inputs: []string{"ids"}, Rows: 11, Channels: 8},
			{Name: "head", Op: network.Linear, Inputs: []string{"tokens"}, Channels: 11, Weight: "tokens"},
			{Name: "loss", Op: network.Loss, Inputs: []string{"head"}},
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"FF gather 80", "FF product 1x10x11x8", "BP loss 110", "BP product 1x10x8x11", "WU product 1x8x11x10", "WU scatter_add 80",
		"WU update 88",
	}
	if got := work(s); !slices.Equal(got, want) || s.Parameters != 88 {
		t.Errorf("work %q, %d parameters; want %q", got, s.Parameters, want)
	}
	if last := s.Items[len(s.Items)-1]; !last.Updates[0].Matrix {
		t.Error("the shared table is a matrix with products")
	}
}
