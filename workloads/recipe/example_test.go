package recipe_test

import (
	"fmt"
	"log"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// BDWP prunes the weights of both products that have some: the forward one along the input channels, the backward one along the output channels. The
// second layer has both; the first needs no gradient of its input.
func ExampleRecipe_Apply() {
	g := network.Graph{Name: "two", Inputs: []network.Input{{Name: "x", Shape: network.Shape{4, 8}}}, Nodes: []network.Node{
		{Name: "first", Op: network.Linear, Inputs: []string{"x"}, Channels: 16},
		{Name: "second", Op: network.Linear, Inputs: []string{"first"}, Channels: 8},
		{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
	}}
	dense, err := g.Step()
	if err != nil {
		log.Fatal(err)
	}
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	step, err := r.Sparsify(nm.Ratio{N: 2, M: 8}).Apply(dense)
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range step.Items {
		for _, p := range item.Products {
			if p.Sparse != (workloads.Sparsity{}) {
				fmt.Println(item.Layer, item.Stage, p.Sparse.Ratio)
			}
		}
	}
	// Output:
	// first FF 2:8
	// second FF 2:8
	// second BP 2:8
}
