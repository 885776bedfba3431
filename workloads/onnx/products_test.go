package onnx

import (
	"strings"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"
)

// Products of any axes, choices by ids, angles of positions, and more of ONNX Runtime's operators. A linear layer of 8 to 8 on six tokens has 384 MACs and 64
// weights, and no BP where it reads data; two heads have scores of 6x6 over 4 and values of 6x4 over 6: 288 MACs each, twice as many backward.
func TestProductsAndChoices(t *testing.T) {
	const linear, heads = 6 * 64, 2 * 288
	const stem, fc = 64 * 8 * 27, 32
	for name, c := range map[string]struct {
		want made
		has  map[network.Op]int
	}{
		"einsum":        {made{linear + heads, 2 * heads, linear, 64, nil}, map[network.Op]int{network.Linear: 1, network.MatMul: 2, network.Mul: 1, network.GlobalAvgPool: 1}},
		"where_zero":    {made{linear, 0, linear, 64, nil}, map[network.Op]int{network.Mul: 1, network.Add: 0}},
		"where_both":    {made{2 * linear, 0, 2 * linear, 128, nil}, map[network.Op]int{network.Mul: 2, network.Add: 1}},
		"times_mask":    {made{linear, 0, linear, 64, nil}, map[network.Op]int{network.Mul: 1}},
		"gather_by_ids": {made{linear, 0, linear, 64, nil}, map[network.Op]int{network.Slice: 1}},
		"gather_many":   {made{linear, 0, linear, 64, nil}, map[network.Op]int{network.Resize: 1, network.Slice: 0, network.Concat: 0}},
		"table_layer":   {made{linear + 96, 0, linear + 96, 64 + 16, nil}, map[network.Op]int{network.Linear: 2, network.Embedding: 0}},
		"gather_end":    {made{linear, linear, linear, 64 + 80, nil}, map[network.Op]int{network.Slice: 1, network.Embedding: 1}},
		"rotary_ids": {made{linear, 0, linear, 64, nil}, map[network.Op]int{
			network.Rotary: 1, network.Mul: 0, network.Concat: 0, network.Slice: 0, network.Add: 0,
		}},
		"rotary_counted": {made{linear, 0, linear, 64, nil}, map[network.Op]int{network.Rotary: 1, network.Mul: 0, network.Embedding: 0}},
		"embed_norm":     {made{linear, linear, linear, 64 + 80 + 7*8 + 16 + 16, nil}, map[network.Op]int{network.Embedding: 3, network.Add: 2, network.LayerNorm: 1}},
		"fused_matmul":   {made{linear + 288, 2 * 288, linear, 64, nil}, map[network.Op]int{network.Linear: 1, network.MatMul: 1}},
		"fused_conv":     {made{stem + fc, fc, stem + fc, 216 + 8 + 36, nil}, map[network.Op]int{network.ReLU: 1, network.Sigmoid: 1}},
		"group_query":    {made{6*8*16 + heads, 2 * heads, 6 * 8 * 16, 8 * 16, nil}, map[network.Op]int{network.Rotary: 2, network.Softmax: 1}},
		"packed_query":   {made{6*8*16 + heads, 2 * heads, 6 * 8 * 16, 8 * 16, nil}, map[network.Op]int{network.Rotary: 0, network.Slice: 3}},
		"own_biases":     {made{3*linear + heads, 2 * heads, 3 * linear, 3*64 + 24, nil}, map[network.Op]int{network.Add: 0}},
	} {
		i := c.want.macs(t, name)
		counts := map[network.Op]int{}
		for _, n := range i.Graph.Nodes {
			counts[n.Op]++
		}
		for op, want := range c.has {
			if counts[op] != want {
				t.Errorf("%s: %d nodes %s; want %d", name, counts[op], op, want)
			}
		}
	}
}

// Equations of Einsum that are no product of two operands are refused for what they are.
func TestEquations(t *testing.T) {
	for equation, want := range map[string]string{
		"bii,cd->bicd": "takes a diagonal", "btc,cd": "", "btc,cd->": "sums an axis of one operand alone", "bt,cd->btcd": "does not fit an operand of 3 axes",
		"btc,cd->btz": "one that is not before it", "btc->btc": "has 1 operands; it has 2 inputs", "btc,tc->btc": "shapes", "...c,cd->...d": "", "btc,cd->tbd": "",
	} {
		file := fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 6, 8)}, nil, nodeOf("Einsum", "e", []string{"x", "w"}, "y", textAttr("equation", equation)))
		file.Graph.Initializer = append(file.Graph.Initializer, weight("w", 8, 8))
		_, err := importOf(t, file, Options{Batch: 2})
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", equation, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: error %v; want %q", equation, err, want)
		}
	}
}
