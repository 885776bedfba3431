package network_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/workloads/network"
	"satsim/workloads/network/networktest"
)

// figures are all that follows from a graph: its step, its table, and its notation, in which operators stand for their twins.
func figures(t reporter, g *network.Graph) []any {
	first := func(op network.Op) network.Op { return network.Op(strings.TrimSuffix(string(op), network.Prime)) }
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Items {
		s.Items[i].Op = first(s.Items[i].Op)
	}
	rows, err := g.Table()
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Op = first(rows[i].Op)
	}
	d, err := network.Describe(g)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	for i := range d.Layers {
		d.Layers[i].Op = first(d.Layers[i].Op)
	}
	return []any{s, rows, d}
}

// sameCost replaces operators by their twins in some of the nodes: nothing but their names may change.
func sameCost(t reporter, g *network.Graph, replace func() bool) {
	want := figures(t, g)
	other := *g
	other.Nodes = append([]network.Node{}, g.Nodes...)
	for i := range other.Nodes {
		if replace() {
			other.Nodes[i].Op += network.Prime
		}
	}
	for i, got := range figures(t, &other) {
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("with twins for some of %v\n%+v\nwant\n%+v", g.Nodes, got, want[i])
		}
	}
}

// Operators of equal traits cost the same: a name decides nothing. What packages above make of a step is a function of the step,
// in which an operator's name is a label.
func TestOperatorsOfEqualTraitsCostTheSame(t *testing.T) {
	network.AddTwins(t)
	rapid.Check(t, func(t *rapid.T) {
		sameCost(t, networktest.RandomGraph(t, network.Shape{2, 4, 4, 8}, network.Plain()), func() bool { return rapid.Bool().Draw(t, "replace") })
	})
	for _, name := range []string{"gpt2", "mobilenet-v2", "resnet9"} { // weights that are shared, depthwise products, pools
		g, err := load(t, name, nil).Graph()
		if err != nil {
			t.Fatal(err)
		}
		sameCost(t, g, func() bool { return true })
	}
}
