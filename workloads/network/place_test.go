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

// Two sequences of 3 positions of 8 channels: tokens are 2 * 3 * 8 * 2 = 96 bytes, positions 3 * 8 * 2 = 48, which each sequence needs.
// Positions are gathered last; an addition in their path would see each once. So it is a pass of its own: 48 + 96 bytes in, 96 out. An addition
// of tokens to tokens, of one size, is fused.
func TestABroadcastIsNotFusedIntoItsSmallerOperand(t *testing.T) {
	step := func(batch int64) workloads.Step {
		g := &network.Graph{
			Inputs: []network.Input{
				{Name: "ids", Shape: network.Shape{2, 3}, Indices: true},
				{Name: "places", Shape: network.Shape{batch, 3}, Indices: true},
			},
			Nodes: []network.Node{
				{Name: "tokens", Op: network.Embedding, Inputs: []string{"ids"}, Rows: 11, Channels: 8},
				{Name: "positions", Op: network.Embedding, Inputs: []string{"places"}, Rows: 3, Channels: 8},
				{Name: "sum", Op: network.Add, Inputs: []string{"tokens", "positions"}},
				{Name: "head", Op: network.Linear, Inputs: []string{"sum"}, Channels: 8},
				{Name: "loss", Op: network.Loss, Inputs: []string{"head"}},
			},
		}
		s, err := g.Step()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := step(1)
	it, ok := forwardOf(&s, "sum")
	if !ok || len(it.Passes) != 1 || it.Passes[0].Fused {
		t.Fatalf("%+v: want a pass of its own", it)
	}
	var in, out int64
	for _, r := range it.Passes[0].Reads {
		in += r.Bytes()
	}
	for _, w := range it.Passes[0].Writes {
		out += w.Bytes()
	}
	if in != 48+96 || out != 96 {
		t.Errorf("it reads %d bytes and writes %d, want 144 and 96", in, out)
	}
	s = step(2)
	if it, ok := forwardOf(&s, "sum"); ok {
		t.Errorf("%+v: operands of one size; want the sum in the path of positions", it)
	}
}

// A GELU keeps its input, so its result is a second tensor beside the product's, which an output path has room for. A second GELU of the same product would write a third: with rows of
// 512 outputs by 32 columns, FP16, twice over, 3 x 64 KiB exceed the path's quarter of the smallest buffer, 128 KiB. It is a pass of its own; a ReLU, whose mask is a bit an element, is not.
func TestAnOutputPathWritesOneTensorBeside(t *testing.T) {
	step := func(second network.Op) workloads.Step {
		g := &network.Graph{
			Inputs: []network.Input{{Name: "x", Shape: network.Shape{2, 4, 8}}},
			Nodes: []network.Node{
				{Name: "up", Op: network.Linear, Inputs: []string{"x"}, Channels: 8},
				{Name: "first", Op: network.GELU, Inputs: []string{"up"}},
				{Name: "second", Op: second, Inputs: []string{"first"}},
				{Name: "head", Op: network.Linear, Inputs: []string{"second"}, Channels: 8},
				{Name: "loss", Op: network.Loss, Inputs: []string{"head"}},
			},
		}
		s, err := g.Step()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := step(network.GELU)
	up, _ := forwardOf(&s, "up")
	if up == nil || len(up.Passes) != 2 || up.Passes[0].Layer != "first" || !up.Passes[0].Fused || up.Passes[1].Fused {
		t.Errorf("%+v; want the first GELU in the product's path, the second as a pass of its own", up)
	}
	s = step(network.ReLU)
	if up, _ := forwardOf(&s, "up"); up == nil || len(up.Passes) != 2 || !up.Passes[1].Fused {
		t.Errorf("%+v; want the GELU and the ReLU in the product's path", up)
	}
}
