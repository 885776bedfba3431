package onnx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"satsim/internal/configtest"
	"satsim/workloads"
	"satsim/workloads/network"
)

// products lists the products of a step without names.
func products(t *testing.T, g *network.Graph) []string {
	t.Helper()
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, it := range step.Items {
		for _, p := range it.Products {
			out = append(out, fmt.Sprint(it.Stage, p.Phase, p.Count, p.Rows, p.Cols, p.Taps, p.Channels, p.Prunable, p.Patches))
		}
		for _, p := range it.Passes {
			if p.Kind != workloads.Copy {
				out = append(out, fmt.Sprint(it.Stage, p.Kind, p.Elements, p.Fused, p.Barrier))
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestShippedNetworks: torchvision's networks, exported by PyTorch, train like the shipped descriptions of the same networks, which were
// written from the papers: the same products in all stages and the same passes.
func TestShippedNetworks(t *testing.T) {
	for shipped, file := range map[string]string{"resnet18": "resnet18", "mobilenet-v2": "mobilenet_v2"} {
		var d network.Description
		configtest.Read(t, "network", shipped, &d)
		if err := d.SetParam("batch", 4); err != nil {
			t.Fatal(err)
		}
		g, err := d.Graph()
		if err != nil {
			t.Fatal(err)
		}
		i, err := load(t, "testdata/"+file+".onnx").Import(Options{Batch: 4})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := products(t, i.Graph), products(t, g); !slices.Equal(got, want) {
			t.Errorf("%s: imported\n%s\nshipped\n%s", shipped, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
