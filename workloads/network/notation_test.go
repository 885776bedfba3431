package network_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"satsim/internal/config"
	"satsim/internal/configtest"
	"satsim/workloads"
	"satsim/workloads/network"
)

// load reads a shipped network and sets parameters.
func load(t testing.TB, name string, set map[string]int64) *network.Description {
	t.Helper()
	var d network.Description
	configtest.Read(t, "network", name, &d)
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

// What a writer emits is the same network: same step, and it can be given another batch.
// someOfEach are the shipped networks of the quick tier: plain blocks, depthwise products, attention.
var someOfEach = []string{"mobilenet-v2", "resnet9", "vit-cifar"}

func TestWriteAndReadBack(t *testing.T) {
	names := configtest.Names(t, "network")
	if testing.Short() {
		names = someOfEach
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

// The example in the package comment is one.
func TestExampleOfThePackage(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "//	params: [")
	rest, _, _ = strings.Cut(rest, "//\n")
	yaml := "kind: network\nname: example\nparams: [" + strings.ReplaceAll(rest, "//\t", "")
	d, err := decode(yaml)
	if err != nil {
		t.Fatalf("%v\n%s", err, yaml)
	}
	// 64 channels behind the stem at 3 weights each and 9 taps, a body of 64, 128 and 192 channels, 64*192 beside it.
	const parameters = 9*(3*64+64*64+64*128+128*192) + 64*192
	for _, stem := range []string{"imagenet", "cifar"} {
		if err := d.Set("stem", stem); err != nil {
			t.Fatal(err)
		}
		if s := step(t, d); s.Parameters != parameters {
			t.Errorf("%s: %d parameters; want %d", stem, s.Parameters, parameters)
		}
	}
}

// The shape of a resize is a height and a width, whatever the batch divides.
func TestWritingAResize(t *testing.T) {
	g := &network.Graph{
		Name: "r", Inputs: []network.Input{{Name: "x", Shape: network.Shape{2, 3, 3, 4}}},
		Nodes: []network.Node{
			{Name: "up", Op: network.Resize, Inputs: []string{"x"}, Shape: []int64{6, 5}, Kernel: [2]int64{2, 2}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"up"}},
		},
	}
	d, err := network.Describe(g)
	if err != nil {
		t.Fatal(err)
	}
	back, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	if got := back.Nodes[0].Shape; !reflect.DeepEqual(got, []int64{6, 5}) {
		t.Errorf("written and read back, 6x5 is %v", got)
	}
}
