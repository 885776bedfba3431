package network_test

import (
	"fmt"
	"log"

	"satsim/workloads"
	"satsim/workloads/network"
)

// A network of one linear layer. Its input needs no gradient, so a training step has a forward product and a weight gradient: X[4 x 8] W[8 x 16], and
// X^T dY.
func ExampleGraph_Step() {
	g := network.Graph{Name: "one", Inputs: []network.Input{{Name: "x", Shape: network.Shape{4, 8}}}, Nodes: []network.Node{
		{Name: "fc", Op: network.Linear, Inputs: []string{"x"}, Channels: 16},
		{Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
	}}
	step, err := g.Step()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(step.Parameters, "parameters")
	for _, stage := range workloads.Stages() {
		for _, item := range step.Items {
			for i := range item.Products {
				if p := &item.Products[i]; item.Stage == stage {
					fmt.Println(item.Layer, stage, p.MACs(), "MACs")
				}
			}
		}
	}
	// Output:
	// 128 parameters
	// fc FF 512 MACs
	// fc WU 512 MACs
}
