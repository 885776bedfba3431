package onnx

import (
	"slices"
	"strings"
	"testing"

	"satsim/workloads/network"
)

// Each operator behind the convolution of images (216 weights, 13824 MACs, none backward), before a pool and a linear layer (36 parameters, 32 MACs), or on six
// tokens of eight numbers. What it adds is by hand: MACs of FF, BP and WU, parameters, and how many nodes of which kind.
func TestMadeOperators(t *testing.T) {
	const conv, fc = 64 * 8 * 27, 32
	// A transposed convolution of 8 to 8 channels on 8x8 positions: each reads every tap once, 8*8*taps*64 MACs in each stage. BP of its phases is counted by their
	// own windows. A phase of a 3x3 kernel has 4, 2, 2 or 1 taps: 9 together.
	up := func(taps int64) int64 { return 64 * taps * 64 }
	for name, c := range map[string]struct {
		ff, bp, wu, parameters int64
		has                    map[network.Op]int
	}{
		"resize9":            {has: map[network.Op]int{network.Resize: 1}},
		"resize10":           {has: map[network.Op]int{network.Resize: 1}},
		"resize11":           {has: map[network.Op]int{network.Resize: 1}},
		"resize13":           {has: map[network.Op]int{network.Resize: 1}},
		"resize18":           {has: map[network.Op]int{network.Resize: 1}},
		"transposed_k2":      {up(4), up(4), up(4), 64*4 + 8, map[network.Op]int{network.Conv: 5, network.Concat: 1, network.Transpose: 1}},
		"transposed_k4":      {up(16), up(16), up(16), 64*16 + 8, map[network.Op]int{network.Conv: 5}},
		"transposed_k3":      {up(9), up(9), up(9), 64*9 + 8, map[network.Op]int{network.Conv: 5}},
		"transposed_odd":     {up(9), up(9), up(9), 64*9 + 8, map[network.Op]int{network.Conv: 5, network.Slice: 2}},
		"group_norm":         {parameters: 16, has: map[network.Op]int{network.GroupNorm: 1}},
		"group_norm18":       {parameters: 2 * 4, has: map[network.Op]int{network.GroupNorm: 1}}, // a scale and a shift a group
		"group_norm_one":     {parameters: 16, has: map[network.Op]int{network.GroupNorm: 1}},
		"instance_norm":      {parameters: 16, has: map[network.Op]int{network.GroupNorm: 1}},
		"group_norm_by_hand": {parameters: 16, has: map[network.Op]int{network.GroupNorm: 1, network.Mul: 0, network.Transpose: 0}},
		"lrn":                {has: map[network.Op]int{network.Mul: 2, network.AvgPool: 1, network.Function: 1}},
		"prelu":              {parameters: 8, has: map[network.Op]int{network.PReLU: 1}},
		"depth_to_space":     {has: map[network.Op]int{network.Conv: 1}},
		"gather_runs":        {has: map[network.Op]int{network.Slice: 2, network.Concat: 1}},
		"pooled_expand":      {has: map[network.Op]int{network.Add: 1}},
		"functions":          {has: map[network.Op]int{network.Function: 4, network.Mul: 1}},
		"tile":               {has: map[network.Op]int{network.Resize: 1}},
		"squeeze_max":        {has: map[network.Op]int{network.MaxPool: 1, network.Mul: 1}},
		// Elu, Selu, Celu, Softsign, Abs and Log are functions by table.
		"functions24": {has: map[network.Op]int{network.Function: 6, network.ReLU: 1, network.ReLU6: 1, network.SiLU: 1, network.MaxPool: 1, network.GlobalAvgPool: 0}},
		// A sum of three is two additions; the smaller of two is an addition, a ReLU and another one; a bound is a ReLU.
		"sums":      {has: map[network.Op]int{network.Add: 4, network.ReLU: 2, network.Sigmoid: 1, network.GlobalAvgPool: 1}},
		"upsample7": {has: map[network.Op]int{network.Resize: 1}},
	} {
		made{conv + fc + c.ff, fc + c.bp, conv + fc + c.wu, 216 + 36 + c.parameters, nil}.nodes(t, name, c.has)
	}
	// Channels that are taken apart and joined are moved by no transpose.
	made{conv + fc, fc, conv + fc, 216 + 36, nil}.nodes(t, "bgr_apart", map[network.Op]int{network.Slice: 3, network.Concat: 1, network.Transpose: 0})
	// Six tokens of eight numbers: a linear layer has 384 MACs in each stage, none of BP on data. Three norms have a scale of eight each, and the last bias none.
	const linear = 6 * 64
	made{2 * linear, linear, 2 * linear, 2*64 + 3*8, nil}.nodes(t, "runtime_norms", map[network.Op]int{network.RMSNorm: 3, network.Add: 1, network.GELU: 2})
	made{linear, 0, linear, 64, nil}.nodes(t, "rotary23", map[network.Op]int{network.Rotary: 1, network.GELU: 1})
	made{linear, 0, linear, 64, nil}.nodes(t, "rotary_runtime", map[network.Op]int{network.Rotary: 1, network.Slice: 1}) // two of six tokens are chosen
	// Two heads of four numbers: scores and values of 6x6 over 4 and 6x4 over 6, 144 MACs each and head, twice as many backward.
	const heads = 2 * 2 * 144
	made{6*8*24 + heads, 2 * heads, 6 * 8 * 24, 8*24 + 24 + 16, nil}.macs(t, "fused") // the bias of its GELU is one with the norm's shift
	made{6*8*24 + heads, 2 * heads, 6 * 8 * 24, 8 * 24, nil}.macs(t, "multi_head")
	// Behind a norm of data with a scale to learn, the layers have BP.
	made{6*8*24 + heads, 6*8*24 + 2*heads, 6 * 8 * 24, 8*24 + 8, nil}.macs(t, "attention23")
	made{6*8*16 + heads, 2 * heads, 6 * 8 * 16, 8 * 16, nil}.macs(t, "grouped_query")
	// What is added to scores: 2*6*6 learned numbers, or a mask of which none is.
	for name, width := range map[string]int64{"biased_23": 24, "biased_heads": 24, "biased_packed": 24, "biased_grouped": 16} {
		i := made{6*8*width + heads, 2 * heads, 6 * 8 * width, 8*width + 2*6*6, nil}.macs(t, name)
		if want := []Role{{"rel", "learned: a table rel"}}; !slices.Equal(i.Roles, want) {
			t.Errorf("%s: roles %q; want %q", name, i.Roles, want)
		}
	}
	i := made{6*8*24 + heads, 2 * heads, 6 * 8 * 24, 8 * 24, nil}.macs(t, "biased_mask")
	if want := []Role{{"rel", "not trained: a mask of scores"}}; !slices.Equal(i.Roles, want) {
		t.Errorf("a mask of attention: roles %q; want %q", i.Roles, want)
	}
}

// nodes is check without roles, but with how many nodes of some kinds there are.
func (want made) nodes(t *testing.T, name string, has map[network.Op]int) {
	t.Helper()
	counts := map[network.Op]int{}
	for _, n := range want.macs(t, name).Graph.Nodes {
		counts[n.Op]++
	}
	for op, want := range has {
		if counts[op] != want {
			t.Errorf("%s: %d nodes %s; want %d", name, counts[op], op, want)
		}
	}
}

// macs is check without roles.
func (want made) macs(t *testing.T, name string) *Import {
	t.Helper()
	i, err := load(t, "testdata/made/"+name+".onnx").Import(Options{Batch: 1})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	want.roles = i.Roles
	return want.check(t, name, Options{})
}

// Training ends where no gradient comes through, and at a loss that the file has; what cannot be is refused with what could be done.
func TestCuts(t *testing.T) {
	const conv, fc = 64 * 8 * 27, 32
	for name, note := range map[string]string{
		"top_k":  "TopK best and what follows are cut: no gradient comes through; Softmax p is part of the loss",
		"trains": "the loss loss of the file and what follows it are left out: backward and updates are satsim's own",
	} {
		i := made{conv + fc, fc, conv + fc, 216 + 36, nil}.macs(t, name)
		if !strings.Contains(i.Graph.Note, note) {
			t.Errorf("%s: %q; want %q", name, i.Graph.Note, note)
		}
	}
	_, err := load(t, "testdata/made/mean_square.onnx").Import(Options{Batch: 1})
	if err == nil || !strings.HasSuffix(err.Error(), "--loss-on given puts one on what the network gives") {
		t.Errorf("a loss of single operators: %v", err)
	}
	made{32, 0, 32, 32, nil}.check(t, "mean_square", Options{Losses: []string{"given"}})
	_, err = load(t, "testdata/made/lstm.onnx").Import(Options{Batch: 1})
	if err == nil || !strings.Contains(err.Error(), `node "lstm" (LSTM): this operator has no counterpart in a network: a step of a sequence waits`) {
		t.Errorf("a recurrence: %v", err)
	}
}
