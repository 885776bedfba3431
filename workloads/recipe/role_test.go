package recipe_test

import (
	"slices"
	"testing"

	"satsim/internal/configtest"
	"satsim/workloads"
	"satsim/workloads/network"
)

// The classifier is the last layer with a weight, whatever its name and whatever stands between it and the loss: read off the files.
func TestClassifiersOfShippedNetworks(t *testing.T) {
	for name, want := range map[string][]string{
		"resnet18": {"fc"}, "vgg19": {"fc3"}, "mobilenet-v2": {"fc"}, "vit-cifar": {"head"}, "gpt2": {"lm_head"}, "llama2-7b": {"output"},
		"bert-base": {"pooler.classifier"},
	} {
		var d network.Description
		configtest.Read(t, "network", name, &d)
		g, err := d.Graph()
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Step()
		if err != nil {
			t.Fatal(err)
		}
		if got := classifiers(s); !slices.Equal(got, want) {
			t.Errorf("%s: %v; want %v", name, got, want)
		}
	}
}

// The end of SqueezeNet: its last convolution, then a ReLU and a pool. Of two layers that are added, both.
func TestClassifiersByHand(t *testing.T) {
	conv := func(name, in string) network.Node {
		return network.Node{Name: name, Op: network.Conv, Inputs: []string{in}, Channels: 8, Kernel: [2]int64{1, 1}}
	}
	after := func(name string, op network.Op, in ...string) network.Node {
		return network.Node{Name: name, Op: op, Inputs: in}
	}
	g := &network.Graph{
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 4, 4, 8}}},
		Nodes: []network.Node{
			conv("a", "images"), conv("b", "a"), conv("c", "a"), after("sum", network.Add, "b", "c"), after("relu", network.ReLU, "sum"),
			after("pool", network.GlobalAvgPool, "relu"), after("loss", network.Loss, "pool"),
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	if got := classifiers(s); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("%v; want b and c", got)
	}
}

func classifiers(s workloads.Step) []string {
	var out []string
	for _, it := range s.Items {
		if it.Classifier && it.Stage == workloads.FF {
			out = append(out, it.Layer)
		}
	}
	return out
}
