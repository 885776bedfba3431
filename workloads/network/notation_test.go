package network_test

import (
	"fmt"
	"reflect"
	"testing"

	"satsim/configs"
	"satsim/internal/config"
	"satsim/workloads"
	"satsim/workloads/network"
)

// load reads a shipped network and sets parameters.
func load(t testing.TB, name string, set map[string]int64) *network.Description {
	t.Helper()
	src, err := config.Resolve("network", name, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	var d network.Description
	if err := config.Decode(src, "network", &d); err != nil {
		t.Fatal(err)
	}
	for k, v := range set {
		if err := d.SetParam(k, v); err != nil {
			t.Fatal(err)
		}
	}
	return &d
}

func step(t testing.TB, d *network.Description) workloads.Step {
	t.Helper()
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// macs sums the MACs of each stage.
func macs(s workloads.Step) (m [3]int64) {
	for _, it := range s.Items {
		for _, p := range it.Products {
			m[p.Stage] += p.MACs()
		}
	}
	return m
}

// Parameters exactly and forward MACs of one image to a thousandth, as published.
func TestPublishedFigures(t *testing.T) {
	for _, c := range []struct {
		name       string
		set        map[string]int64
		parameters int64
		gmacs      float64
	}{
		// torchvision's table of pre-trained weights: 11,689,512 parameters, 1.81 GFLOPS (multiply-adds); 1.814 by hand.
		{"resnet18", nil, 11_689_512, 1.814},
		// torchvision: 25,557,032 parameters, 4.09 GFLOPS.
		{"resnet50", nil, 25_557_032, 4.089},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := load(t, c.name, c.set)
			if err := d.SetParam("batch", 1); err != nil {
				t.Fatal(err)
			}
			s := step(t, d)
			if s.Parameters != c.parameters {
				t.Errorf("%d parameters; published are %d", s.Parameters, c.parameters)
			}
			if got := float64(macs(s)[workloads.FF]) / 1e9; got < c.gmacs-0.0005 || got > c.gmacs+0.0005 {
				t.Errorf("%.4f GMACs; published are %.3f", got, c.gmacs)
			}
		})
	}
}

// What a writer emits is the same network: same step, and it can be given another batch.
func TestWriteAndReadBack(t *testing.T) {
	names, err := config.Names("network", configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			g, err := load(t, name, nil).Graph()
			if err != nil {
				t.Fatal(err)
			}
			back := reread(t, g)
			if diff := different(step(t, load(t, name, nil)), step(t, back)); diff != "" {
				t.Error(diff)
			}
			// Both ways of halving the batch agree.
			const batch = 4
			if err := back.SetParam("batch", batch); err != nil {
				t.Fatal(err)
			}
			if diff := different(step(t, load(t, name, map[string]int64{"batch": batch})), step(t, back)); diff != "" {
				t.Errorf("at batch %d: %s", batch, diff)
			}
		})
	}
}

// reread writes a graph and decodes what was written.
func reread(t testing.TB, g *network.Graph) *network.Description {
	t.Helper()
	d, err := network.Describe(g)
	if err != nil {
		t.Fatal(err)
	}
	text, err := config.Encode("network", *d)
	if err != nil {
		t.Fatal(err)
	}
	var back network.Description
	if err := config.Decode(config.Source{Name: "written", Data: text}, "network", &back); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return &back
}

// different says where two steps differ first.
func different(a, b workloads.Step) string {
	if reflect.DeepEqual(a, b) {
		return ""
	}
	for i := range min(len(a.Items), len(b.Items)) {
		if !reflect.DeepEqual(a.Items[i], b.Items[i]) {
			return fmt.Sprintf("item %d:\n%+v\n%+v", i, a.Items[i], b.Items[i])
		}
	}
	return fmt.Sprintf("%d items and %d; %q and %q; %d and %d parameters; %d and %d saved tensors", len(a.Items), len(b.Items),
		a.Note, b.Note, a.Parameters, b.Parameters, len(a.Saved), len(b.Saved))
}
