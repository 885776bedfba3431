package network_test

import (
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
)

// forwardOf is the item of a layer in its forward stage, and whether there is one.
func forwardOf(s *workloads.Step, layer string) (*workloads.Item, bool) {
	for i := range s.Items {
		if it := &s.Items[i]; it.Layer == layer && it.Stage == workloads.FF {
			return it, true
		}
	}
	return nil, false
}

// q of 2 x 4 x 8 = 64 elements, 128 bytes: rotary turns it as it leaves the array, and what is written once is the turned one. Rotary is linear,
// so nothing of before is kept: the product's result and the pass's have one array, which the backward pass need not read.
func TestRotaryIsInPlace(t *testing.T) {
	g := &network.Graph{
		Inputs: []network.Input{{Name: "x", Shape: network.Shape{2, 4, 8}}},
		Nodes: []network.Node{
			{Name: "q", Op: network.Linear, Inputs: []string{"x"}, Channels: 8},
			{Name: "turned", Op: network.Rotary, Inputs: []string{"q"}},
			{Name: "head", Op: network.Linear, Inputs: []string{"turned"}, Channels: 8},
			{Name: "loss", Op: network.Loss, Inputs: []string{"head"}},
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	it, ok := forwardOf(&s, "q")
	if !ok || len(it.Products) != 1 || len(it.Passes) != 1 || !it.Passes[0].Fused {
		t.Fatalf("%+v: want a product with rotary in its output path", it)
	}
	out, turned := it.Products[0].Out, it.Passes[0].Writes
	if len(turned) != 1 || out.Name != "turned" || turned[0].Name != "turned" || out.Bytes() != 128 {
		t.Errorf("the product makes %s, %d bytes, rotary %v; want turned, 128 bytes, of both", out.Name, out.Bytes(), turned)
	}
}
