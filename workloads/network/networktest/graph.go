// Package networktest is for tests: random graphs over all operators.
package networktest

import (
	"fmt"

	"pgregory.net/rapid"

	"satsim/workloads/network"
)

// Plain lists the operators of one input that leave a shape as it is and need no attributes.
func Plain(shape network.Shape) (plain []network.Op) {
	for _, op := range network.Ops() {
		g := network.Graph{Name: "plain", Inputs: []network.Input{{Name: "x", Shape: shape}}, Nodes: []network.Node{
			{Name: "n", Op: op, Inputs: []string{"x"}},
			{Name: "fc", Op: network.Linear, Inputs: []string{"n"}, Channels: 2},
			{Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
		}}
		if rows, err := g.Table(); err == nil && fmt.Sprint(rows[0].Out) == fmt.Sprint(shape) {
			plain = append(plain, op)
		}
	}
	return plain
}

// RandomGraph is a graph of tensors of one shape, even in all of its dimensions but the first, in which anything may follow anything and have several consumers;
// plain are the operators of one input that leave it as it is.
func RandomGraph(t *rapid.T, shape network.Shape, plain []network.Op) *network.Graph {
	channels := shape[3]
	g := &network.Graph{Name: "random", Inputs: []network.Input{{Name: "x", Shape: shape}, {Name: "ids", Shape: shape[:3], Indices: true}}}
	have := []string{"x"}
	used := map[string]bool{"x": true}
	add := func(n network.Node) string {
		n.Name = fmt.Sprintf("n%d_%s", len(g.Nodes), n.Op)
		for _, in := range n.Inputs {
			used[in] = true
		}
		g.Nodes = append(g.Nodes, n)
		return n.Name
	}
	pick := func() string { return rapid.SampledFrom(have).Draw(t, "tensor") }
	for range rapid.IntRange(1, 14).Draw(t, "nodes") {
		var out string
		switch rapid.SampledFrom([]string{"plain", "plain", "conv", "linear", "two", "shift", "slices", "slice", "turn", "embed", "pool", "concat", "matmul", "shared"}).Draw(t, "kind") {
		case "plain":
			out = add(network.Node{Op: rapid.SampledFrom(plain).Draw(t, "op"), Inputs: []string{pick()}})
		case "conv":
			out = add(network.Node{
				Op: network.Conv, Inputs: []string{pick()}, Channels: channels, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1},
				Groups: rapid.SampledFrom([]int64{1, 2, channels}).Draw(t, "groups"), Bias: rapid.Bool().Draw(t, "bias"),
			})
		case "linear":
			out = add(network.Node{Op: network.Linear, Inputs: []string{pick()}, Channels: channels, Bias: rapid.Bool().Draw(t, "bias")})
		case "two":
			op := rapid.SampledFrom([]network.Op{network.Add, network.Mul}).Draw(t, "op")
			out = add(network.Node{Op: op, Inputs: []string{pick(), pick()}})
		case "shift": // a broadcast operand
			part := add(network.Node{Op: network.GlobalAvgPool, Inputs: []string{pick()}})
			op := rapid.SampledFrom([]network.Op{network.Add, network.Mul}).Draw(t, "op")
			out = add(network.Node{Op: op, Inputs: []string{part, pick()}})
		case "slices": // a partition that is put together again
			from := pick()
			axis := rapid.Int64Range(1, 3).Draw(t, "axis")
			size := shape[axis] / 2
			a := add(network.Node{Op: network.Slice, Inputs: []string{from}, Axis: axis, Size: size})
			b := add(network.Node{Op: network.Slice, Inputs: []string{from}, Axis: axis, Start: size, Size: size})
			if rapid.Bool().Draw(t, "work") {
				a = add(network.Node{Op: rapid.SampledFrom(plain).Draw(t, "op"), Inputs: []string{a}})
			}
			out = add(network.Node{Op: network.Concat, Inputs: []string{b, a}, Axis: axis})
		case "slice": // half of it twice
			a := add(network.Node{Op: network.Slice, Inputs: []string{pick()}, Axis: 2, Start: shape[2] / 4, Size: shape[2] / 2})
			out = add(network.Node{Op: network.Concat, Inputs: []string{a, a}, Axis: 2})
		case "turn":
			axes := rapid.SampledFrom([][]int64{{0, 2, 1, 3}, {0, 1, 3, 2}}).Draw(t, "axes")
			a := add(network.Node{Op: network.Transpose, Inputs: []string{pick()}, Axes: axes})
			out = add(network.Node{Op: network.Reshape, Inputs: []string{a}, Shape: shape})
		case "embed":
			out = add(network.Node{Op: network.Embedding, Inputs: []string{"ids"}, Rows: 10, Channels: channels})
		case "pool":
			op := rapid.SampledFrom([]network.Op{network.MaxPool, network.AvgPool}).Draw(t, "op")
			out = add(network.Node{Op: op, Inputs: []string{pick()}, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}})
		case "concat":
			a := add(network.Node{Op: network.Concat, Inputs: []string{pick(), pick()}, Axis: 3})
			out = add(network.Node{Op: network.Linear, Inputs: []string{a}, Channels: channels})
		case "shared": // a bias, a scale and shift, or slopes, of two layers
			n := network.Node{Inputs: []string{pick()}}
			n.Op = rapid.SampledFrom([]network.Op{network.Linear, network.BatchNorm, network.LayerNorm, network.RMSNorm, network.PReLU}).Draw(t, "op")
			if n.Op == network.Linear {
				n.Channels, n.Bias = channels, true
			}
			n.Vector = add(n)
			have = append(have, n.Vector)
			n.Inputs = []string{pick()}
			out = add(n)
		case "matmul":
			a, b := pick(), pick()
			s := add(network.Node{Op: network.MatMul, Inputs: []string{a, b}, TransposeB: true})
			out = add(network.Node{Op: network.MatMul, Inputs: []string{s, pick()}})
		}
		have = append(have, out)
	}
	x := add(network.Node{Op: network.Linear, Inputs: []string{have[len(have)-1]}, Channels: channels})
	for _, h := range have {
		if !used[h] {
			x = add(network.Node{Op: network.Add, Inputs: []string{x, h}})
		}
	}
	add(network.Node{Op: network.Loss, Inputs: []string{x}})
	return g
}
