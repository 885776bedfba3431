package network_test

import (
	"strings"
	"testing"

	"satsim/internal/config"
	"satsim/workloads/network"
)

// An embedding's channels and rows of 1 to 2^30 are accepted, at both ends: 2^30 rows of 2 channels are 2^31 elements, and so are 2 of 2^30.
// A weighted layer has 1 to 2^20 channels.
func TestBoundsOfChannelsAndRows(t *testing.T) {
	const most, wide = 1 << 30, 1 << 20
	for _, c := range []struct {
		op             network.Op
		rows, channels int64
		ok             bool
	}{
		{network.Embedding, 1, 2, true}, {network.Embedding, most, 2, true}, {network.Embedding, 2, 1, true}, {network.Embedding, 2, most, true},
		{network.Embedding, 0, 2, false}, {network.Embedding, most + 1, 2, false}, {network.Embedding, 2, 0, false},
		{network.Embedding, 2, most + 1, false}, {network.Embedding, -1, 2, false}, {network.Embedding, 2, -1, false},
		{network.Linear, 0, 1, true}, {network.Linear, 0, wide, true}, {network.Linear, 0, 0, false}, {network.Linear, 0, wide + 1, false},
	} {
		in := network.Input{Name: "x", Shape: network.Shape{2, 4}, Indices: c.op == network.Embedding}
		g := &network.Graph{Inputs: []network.Input{in}, Nodes: []network.Node{
			{Name: "n", Op: c.op, Inputs: []string{"x"}, Rows: c.rows, Channels: c.channels},
		}}
		if _, err := g.Layers(); (err == nil) != c.ok {
			t.Errorf("%s of %d rows and %d channels: %v", c.op, c.rows, c.channels, err)
		}
	}
}

// What a short file expands to is bounded as it is expanded: steps that add no layer count too.
func TestRepeatsAreBoundedBeforeTheyAreExpanded(t *testing.T) {
	if testing.Short() {
		t.Skip("makes graphs of 100,000 layers")
	}
	for name, c := range map[string]struct{ blocks, layer, want string }{
		"one layer":         {"[]", "{name: l, op: relu, repeat: 100001}", `layer "l": repeat is 100001; 0 to 100000 is accepted`},
		"a block":           {"[{name: b, layers: [{name: r, op: relu, repeat: 50000}]}]", "{name: l, block: b, repeat: 3}", "the network has more than 100000 layers"},
		"layers left out":   {"[{name: b, layers: [{name: r, op: relu, repeat: 50000, when: 0}]}]", "{name: l, block: b, repeat: 3}", "the network has more than 100000 layers"},
		"repeats of no use": {"[{name: b, layers: [{name: r, op: relu, repeat: 0}]}]", "{name: l, block: b, repeat: 60000}", "the network has more than 100000 layers"},
	} {
		text := "kind: network\nname: l\nnote: x\nsamples: 10\nparams: [{name: batch, value: 1}]\ninputs: [{name: x, shape: [batch, 8]}]\n" +
			"blocks: " + c.blocks + "\nlayers: [" + c.layer + "]\n"
		var d network.Description
		if err := config.Decode(config.Source{Name: "l.yaml", Data: []byte(text)}, "network", &d); err != nil {
			t.Fatal(name, err)
		}
		if _, err := d.Graph(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
