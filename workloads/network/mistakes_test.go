package network_test

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/config"
	"satsim/internal/configtest"
	"satsim/workloads/network"
)

const head = "kind: network\nname: test\ninputs: [{name: x, shape: [2, 8, 8, 3]}]\n"

func decode(text string) (*network.Description, error) {
	var d network.Description
	err := config.Decode(config.Source{Name: "test.yaml", Data: []byte(text)}, "network", &d)
	return &d, err
}

// Mistakes are found where they are, in the file or by the name of the node.
func TestMistakesInFiles(t *testing.T) {
	for text, want := range map[string]string{
		head + "layers: [{name: a, op: conf}]":                                                 `test.yaml:4:20: layers[0].op: "conf" is unknown; accepted: add, avg_pool,`,
		head + "layers: [{name: a, op: relu, kernel: 3}]":                                      "layers[0].kernel: relu has no such key",
		head + "layers: [{name: a, op: linear, channels: width}]":                              "layers[0].channels: width is no parameter here",
		head + "layers: [{name: a, op: linear, channels: 2.5}]":                                "no whole number",
		head + "layers: [{name: a, op: linear, chanels: 2}]":                                   "nearest: channels",
		head + "layers: [{name: a, op: conv, channels: 2, kernel: [1, 2, 3]}]":                 "layers[0].kernel: a list of 3; accepted: one for both, or height, width",
		head + "layers: [{name: a, op: relu}, {name: a, op: relu}]":                            `layers[1].name: "a" is taken`,
		head + "samples: -1\nlayers: [{name: a, op: relu}]":                                    "test.yaml:4:1: samples: -1 is out of range; accepted: 0 or more",
		head + "layers: [{name: a}]":                                                           "both an op and a block, or neither",
		head + "layers: [{name: a, block: b}]":                                                 `no earlier block is named "b"`,
		head + "layers: []":                                                                    "layers: the list is empty",
		head + "layers: [{name: \"a b\", op: relu}]":                                           `"a b" is no name`,
		head + "params: [{name: n, value: m}]\nlayers: [{name: a, op: relu}]":                  "params[0].value: m is no parameter here",
		head + "params: [{name: n}]\nlayers: [{name: a, op: relu}]":                            "params[0].value: it is missing",
		head + "params: [{name: index, value: 1}]\nlayers: [{name: a, op: relu}]":              `"index" is taken`,
		head + "params: [{name: n, value: 3, choices: [p, q]}]\nlayers: [{name: a, op: relu}]": "3 is none of p, q",
		head + "blocks: [{name: b, params: [{name: w}], layers: [{name: a, op: linear, channels: w}]}]\n" +
			"layers: [{name: a, block: b}]": "block b needs w",
		head + "blocks: [{name: b, layers: [{name: a, op: relu}]}]\nlayers: [{name: a, block: b, args: [{name: v, value: 1}]}]": `"v" is no parameter of b`,
		head + "blocks: [{name: b, layers: [{name: a, block: b}]}]\nlayers: [{name: a, block: b}]":                              `no earlier block is named "b"`,
		head + "layers: [{name: a, op: relu, when: index}]":                                                                     "index is no parameter here",
	} {
		_, err := decode(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngives %v\nwant %q", text[len(head):], err, want)
		}
	}
}

func TestMistakesInGraphs(t *testing.T) {
	for text, want := range map[string]string{
		"[{name: a, op: conv, channels: 4, kernel: 9}]":                                       `node "a" (conv): window of 9 taps and dilation 1 does not fit the height 8`,
		"[{name: a, op: conv, channels: 4, kernel: 3, groups: 2}]":                            `node "a" (conv): groups 2 divide neither or only one of 3 input and 4 output channels`,
		"[{name: a, op: conv, channels: 4, kernel: 3, stride: 0}]":                            "stride is 0; at least 1 is accepted",
		"[{name: a, op: conv, channels: 4}]":                                                  "kernel of the height is 0",
		"[{name: a, op: conv, channels: -1, kernel: 1}]":                                      "channels is -1",
		"[{name: a, op: linear, channels: 4}, {name: b, op: add, input: [a, x]}]":             `node "b" (add): shapes 2x8x8x4 and 2x8x8x3 do not broadcast: 4 against 3 at axis 3`,
		"[{name: a, op: matmul, input: [x, x]}]":                                              "the reduction is 3 on one side and 8 on the other",
		"[{name: a, op: matmul}]":                                                             "has 1 inputs; matmul takes 2",
		"[{name: a, op: relu, input: y}]":                                                     `layer "a": input: "y" is no earlier layer here`,
		"[{name: a, op: reshape, shape: [5, -1]}]":                                            "does not hold the 384 elements",
		"[{name: a, op: reshape, shape: [-1, -1]}]":                                           "-1 once",
		"[{name: a, op: transpose, axes: [0, 1, 1, 2]}]":                                      "no permutation",
		"[{name: a, op: slice, axis: 3, start: 2, size: 2}]":                                  "start 2 and size 2 do not fit extent 3 of axis 3",
		"[{name: a, op: concat, input: [x, x], axis: 4}]":                                     "axis is 4",
		"[{name: a, op: flatten}, {name: b, op: global_avg_pool}]":                            "images x height x width x channels is needed",
		"[{name: a, op: embedding, rows: 4, channels: 4}]":                                    "an embedding reads an input of indices",
		"[{name: a, op: max_pool, kernel: 2, pads: 2}]":                                       "reach over the window",
		"[{name: a, op: linear, channels: 4, weight: b}]":                                     `weight: "b" is no earlier layer`,
		"[{name: a, op: linear, channels: 4}, {name: b, op: linear, channels: 4, weight: a}]": `weight "a" is no embedding of 4 rows`,
		"[{name: a, op: rotary}]":                                                             "is odd",
		"[{name: a, op: relu, repeat: -1}]":                                                   "repeat is -1",
		"[{name: a, op: conv, channels: 1000000, kernel: 500, pads: 499, repeat: 2}]":         "more than 2^48 elements",
		"[{name: a, op: linear, channels: 7/2}]":                                              "7/2 does not come out even",
		"[{name: a, op: relu, repeat: 100000}, {name: b, op: relu}]":                          "more than 100000 layers",
	} {
		if testing.Short() && strings.Contains(text, "repeat: 100000") {
			continue // makes a graph of 100,000 layers
		}
		d, err := decode(head + "layers: " + text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		_, err = d.Graph()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngives %v\nwant %q", text, err, want)
		}
	}
}

func TestMistakesInSteps(t *testing.T) {
	for text, want := range map[string]string{
		"[{name: a, op: relu}]": "network has no loss",
		"[{name: a, op: relu}, {name: b, op: relu, input: x}, {name: l, op: loss}]":      `node "a" (relu): its output reaches no loss`,
		"[{name: a, op: linear, channels: 4}, {name: l, op: loss}, {name: b, op: relu}]": `node "l" (loss): its output has a consumer`,
	} {
		d, err := decode(head + "layers: " + text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		g, err := d.Graph()
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if _, err = g.Step(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngives %v\nwant %q", text, err, want)
		}
	}
}

func TestMistakesInGo(t *testing.T) {
	images := []network.Input{{Name: "x", Shape: network.Shape{1, 4}}}
	for want, g := range map[string]*network.Graph{
		"the network has a cycle": {Inputs: images, Nodes: []network.Node{
			{Name: "a", Op: network.ReLU, Inputs: []string{"b"}}, {Name: "b", Op: network.ReLU, Inputs: []string{"a"}},
		}},
		`input "y" is neither an input`:   {Inputs: images, Nodes: []network.Node{{Name: "a", Op: network.ReLU, Inputs: []string{"y"}}}},
		"the name is empty or taken":      {Inputs: images, Nodes: []network.Node{{Name: "x", Op: network.ReLU, Inputs: []string{"x"}}}},
		`unknown operator "lstm"`:         {Inputs: images, Nodes: []network.Node{{Name: "a", Op: "lstm", Inputs: []string{"x"}}}},
		"sets groups, which relu":         {Inputs: images, Nodes: []network.Node{{Name: "a", Op: network.ReLU, Inputs: []string{"x"}, Groups: 2}}},
		"every extent must be at least 1": {Inputs: []network.Input{{Name: "x", Shape: network.Shape{0}}}},
	} {
		if _, err := g.Layers(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

// Nodes may come in any order; the step is that of the sorted graph.
func TestOrderFollowsInputs(t *testing.T) {
	g, err := load(t, "resnet18-tiny", nil).Graph()
	if err != nil {
		t.Fatal(err)
	}
	want, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(g.Nodes)-1; i < j; i, j = i+1, j-1 {
		g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i]
	}
	got, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	if got.Parameters != want.Parameters || macs(got) != macs(want) || len(got.Items) != len(want.Items) {
		t.Errorf("reversed: %d parameters, %v MACs, %d items", got.Parameters, macs(got), len(got.Items))
	}
	checkFlow(t, g)
}

// Expressions against math/big.
func TestExpressions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, want := expression(t, 4)
		d := network.Description{
			Params: []network.Param{{Name: "a", Value: "7"}, {Name: "b", Value: "-3"}, {Name: "result", Value: network.Expr(text)}},
		}
		got, err := d.Value("result")
		switch {
		case want == nil && err == nil:
			t.Fatalf("%s = %d; want an error", text, got)
		case want != nil && (err != nil || big.NewInt(got).Cmp(want) != 0):
			t.Fatalf("%s = %d, %v; want %v", text, got, err, want)
		}
	})
}

// expression is a text, fully in parentheses, and its value, nil if it has none in 64 bits.
func expression(t *rapid.T, depth int) (string, *big.Int) {
	if depth == 0 || rapid.Bool().Draw(t, "leaf") {
		switch leaf := rapid.SampledFrom([]string{"a", "b", "0", "1", "12", "4611686018427387904"}).Draw(t, "value"); leaf {
		case "a":
			return leaf, big.NewInt(7)
		case "b":
			return leaf, big.NewInt(-3)
		default:
			v, _ := new(big.Int).SetString(leaf, 10)
			return leaf, v
		}
	}
	x, v := expression(t, depth-1)
	y, w := expression(t, depth-1)
	op := rapid.SampledFrom([]string{"+", "-", "*", "/", "%", "==", "<", ">=", "&&", "||"}).Draw(t, "op")
	text := "(" + x + " " + op + " " + y + ")"
	if len(text) > 200 {
		return "0", new(big.Int)
	}
	truth := func(b bool) *big.Int {
		if b {
			return big.NewInt(1)
		}
		return new(big.Int)
	}
	if v != nil && op == "&&" && v.Sign() == 0 {
		return text, truth(false)
	}
	if v != nil && op == "||" && v.Sign() != 0 {
		return text, truth(true)
	}
	if v == nil || w == nil {
		return text, nil
	}
	r := new(big.Int)
	switch op {
	case "+":
		r.Add(v, w)
	case "-":
		r.Sub(v, w)
	case "*":
		r.Mul(v, w)
	case "/", "%":
		if w.Sign() == 0 {
			return text, nil
		}
		rest := new(big.Int)
		r.QuoRem(v, w, rest)
		if op == "/" && rest.Sign() != 0 {
			return text, nil
		}
		if op == "%" {
			r = rest
		}
	case "==":
		r = truth(v.Cmp(w) == 0)
	case "<":
		r = truth(v.Cmp(w) < 0)
	case ">=":
		r = truth(v.Cmp(w) >= 0)
	case "&&", "||":
		r = truth(w.Sign() != 0)
	}
	if !r.IsInt64() {
		return text, nil
	}
	return text, r
}

// Binding without parentheses, as in Go.
func TestBinding(t *testing.T) {
	for text, want := range map[string]int64{
		"2 + 3*4": 14, "20 - 3 - 4": 13, "24/4/2": 3, "-2*3": -6, "1 + 2 == 3": 1, "1 < 2 && 2 < 1 || 1 == 1": 1, "!(3 > 2)": 0, "7 % 4 + 1": 4,
	} {
		d := network.Description{Params: []network.Param{{Name: "result", Value: network.Expr(text)}}}
		if got, err := d.Value("result"); err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", text, got, err, want)
		}
	}
}

// Whatever the text: no panic, and what can be expanded can be written and read back.
func FuzzNotation(f *testing.F) {
	names := configtest.Names(f, "network")
	if testing.Short() {
		names = someOfEach
	}
	for _, n := range names {
		f.Add(string(configtest.Source(f, "network", n).Data))
	}
	f.Add(head + "layers: [{name: a, op: conv, channels: 4, kernel: [3, 2], pads: [0, 1, 2, 1], dilation: 2, groups: 1}, {name: l, op: loss}]")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := decode(text)
		if err != nil {
			return
		}
		g, err := d.Graph()
		if err != nil {
			return
		}
		s, err := g.Step()
		if err != nil {
			return
		}
		if diff := different(s, step(t, reread(t, g))); diff != "" {
			t.Error(diff)
		}
	})
}
