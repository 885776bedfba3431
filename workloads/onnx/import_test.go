package onnx

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
)

// truth is what other programs say of a file: PyTorch of its parameters and MACs, ONNX's shape inference of its shapes.
type truth struct {
	Parameters int64
	Batch      int64
	LayerMACs  int64 `json:"layer_macs"` // convolutions and linear layers
	Sizes      map[string]int64
	Shapes     map[string][]int64
}

func load(t testing.TB, path string) *Model {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(f, info.Size())
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return m
}

func truthOf(t testing.TB, path string) truth {
	t.Helper()
	b, err := os.ReadFile(strings.TrimSuffix(path, ".onnx") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var want truth
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

func files(t testing.TB) []string {
	t.Helper()
	list, err := filepath.Glob("testdata/*.onnx")
	if err != nil || len(list) == 0 {
		t.Fatal("no test files", err)
	}
	return list
}

func stepMACs(t testing.TB, g *network.Graph) (layers, parameters int64) {
	t.Helper()
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range step.Items {
		for _, p := range it.Products {
			if it.Stage == workloads.FF && it.Op != network.MatMul {
				layers += p.MACs()
			}
		}
	}
	return layers, step.Parameters
}

// TestParametersAndMACs compares what is imported with what PyTorch counted while it ran the network.
func TestParametersAndMACs(t *testing.T) {
	for _, path := range files(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m, want := load(t, path), truthOf(t, path)
			i, err := m.Import(Options{Name: "x", Batch: want.Batch, Dims: want.Sizes})
			if err != nil {
				t.Fatal(err)
			}
			macs, parameters := stepMACs(t, i.Graph)
			wantMACs, wantParameters := want.LayerMACs, want.Parameters
			switch filepath.Base(path) {
			case "vit.onnx", "vit_fixed.onnx", "vit_fixed_one.onnx":
				// PyTorch's attention calls its two linear layers (8 to 24 and 8 to 8, on 5 tokens) as functions, past the hooks on modules.
				wantMACs += want.Batch * 5 * (8*24 + 8*8)
			case "small_fixed.onnx":
				// Exported for inference: two batch norms of 8 channels are folded into their convolutions, the first of which gains a bias of 8
				// while the second has one already.
				wantParameters += 8 - 2*16
			}
			if macs != wantMACs || parameters != wantParameters {
				t.Errorf("%d MACs and %d parameters; PyTorch counts %d and %d", macs, parameters, wantMACs, wantParameters)
			}
		})
	}
}

// TestShapes compares every shape that is inferred, also those of constants, with ONNX's own inference.
func TestShapes(t *testing.T) {
	for _, path := range files(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want := truthOf(t, path)
			im := newImporter(load(t, path), Options{Batch: want.Batch, Dims: want.Sizes})
			if err := im.build(); err != nil {
				t.Fatal(err)
			}
			compared := 0
			for name, shape := range want.Shapes {
				v := im.values[name]
				if v == nil {
					continue // inside a pattern, or behind the loss
				}
				compared++
				if got := v.shape.At(want.Batch); !slices.Equal(got, shape) {
					t.Errorf("%s: %v; ONNX infers %v", name, got, shape)
				}
			}
			if 2*compared < len(want.Shapes) {
				t.Errorf("only %d of %d shapes were compared", compared, len(want.Shapes))
			}
		})
	}
}

// TestAnotherBatch sets the batch in the notation and in the importer: both must give the same layers, whose shapes are those that
// the importer expected.
func TestAnotherBatch(t *testing.T) {
	for _, path := range files(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m, want := load(t, path), truthOf(t, path)
			first, err := m.Import(Options{Name: "x", Dims: want.Sizes})
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Description.SetParam("batch", 10); err != nil {
				t.Fatal(err)
			}
			g, err := first.Description.Graph()
			if err != nil {
				t.Fatal(err)
			}
			byNotation, err := g.Layers()
			if err != nil {
				t.Fatal(err)
			}
			im := newImporter(m, Options{Name: "x", Batch: 10, Dims: want.Sizes})
			if err := im.build(); err != nil {
				t.Fatal(err)
			}
			second, err := im.finish()
			if err != nil {
				t.Fatal(err)
			}
			byImport, err := second.Graph.Layers()
			if err != nil {
				t.Fatal(err)
			}
			if len(byNotation) != len(byImport) {
				t.Fatalf("%d layers by the notation, %d by the importer", len(byNotation), len(byImport))
			}
			for i, l := range byImport {
				if n := byNotation[i]; n.Name != l.Name || !slices.Equal(n.Out, l.Out) {
					t.Errorf("%s %v by the notation, %s %v by the importer", n.Name, n.Out, l.Name, l.Out)
				}
				if expected := im.shapes[l.Name].At(10); !slices.Equal(expected, l.Out) {
					t.Errorf("%s: the importer expected %v, the network has %v", l.Name, expected, l.Out)
				}
			}
		})
	}
}

// work lists operators with their output shapes and attributes, without names.
func work(t testing.TB, g *network.Graph) []string {
	t.Helper()
	layers, err := g.Layers()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range layers {
		if l.Op != network.Reshape { // moves nothing
			out = append(out, fmt.Sprint(l.Op, l.In, l.Out, l.Kernel, l.Stride, l.Pads, l.Dilation, l.Groups, l.Bias, l.TransposeB, l.Axes))
		}
	}
	slices.Sort(out)
	return out
}

// TestSameNetworkInManyFiles: one network exported with a symbolic or a fixed batch, with or without weights, for several operator
// sets, is one network.
func TestSameNetworkInManyFiles(t *testing.T) {
	for _, list := range [][]string{
		{"vit", "vit_fixed", "vit_fixed_one"}, {"bert", "bert_stripped", "bert_fixed"},
		{"small_opset7", "small_opset8", "small_opset9", "small_opset10", "small_opset11", "small_opset13", "small_opset16"},
	} {
		var first []string
		for _, name := range list {
			i, err := load(t, "testdata/"+name+".onnx").Import(Options{Batch: 4, Dims: map[string]int64{"sequence": 12}})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := work(t, i.Graph)
			if first == nil {
				first = got
			}
			if !slices.Equal(got, first) {
				t.Errorf("%s differs from %s:\n%s\n---\n%s", name, list[0], strings.Join(got, "\n"), strings.Join(first, "\n"))
			}
		}
	}
}

// TestOperators says by hand which operators the networks of make.py have.
func TestOperators(t *testing.T) {
	for name, want := range map[string]string{
		// Two norms with their activations, three pools (one by padding), a gate, and a softmax that joins the loss.
		"small_opset16": "add:1 avg_pool:1 batch_norm:2 conv:5 global_avg_pool:1 linear:2 loss:1 max_pool:2 mul:1 relu6:1 relu:2 sigmoid:1 tanh:1",
		// Six linear layers in the block, pooler and classifier; masks and the scale of scores are gone; one slice for the first token.
		"bert": "add:4 embedding:3 gelu:1 layer_norm:3 linear:8 loss:1 matmul:2 slice:1 softmax:1 tanh:1",
		// Pre-norm; the output layer shares the table of tokens.
		"gpt":    "add:3 embedding:2 gelu:1 layer_norm:3 linear:7 loss:1 matmul:2 softmax:1",
		"swiglu": "add:1 global_avg_pool:1 linear:4 loss:1 mul:1 rms_norm:1 silu:1",
		// The class token and the positions are tables.
		"vit":     "add:3 concat:1 conv:1 embedding:2 gelu:1 layer_norm:3 linear:5 loss:1 matmul:2 slice:4 softmax:1",
		"shuffle": "concat:2 conv:3 global_avg_pool:1 linear:1 loss:1 relu:1",
	} {
		i, err := load(t, "testdata/"+name+".onnx").Import(Options{Dims: map[string]int64{"sequence": 12}})
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for _, n := range i.Graph.Nodes {
			counts[string(n.Op)]++
		}
		delete(counts, string(network.Reshape))
		delete(counts, string(network.Transpose))
		if name == "shuffle" {
			delete(counts, string(network.Slice))
		}
		var got []string
		for op, n := range counts {
			got = append(got, fmt.Sprintf("%s:%d", op, n))
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s; want %s", name, s, want)
		}
	}
}

// TestNames: layers are named as the framework names its modules, norms from patterns included, and the tied layer has its owner.
func TestNames(t *testing.T) {
	i, err := load(t, "testdata/gpt.onnx").Import(Options{Dims: map[string]int64{"sequence": 12}})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]network.Node{}
	for _, n := range i.Graph.Nodes {
		at[n.Name] = n
	}
	for _, name := range []string{"wte", "wpe", "h.0.q", "h.0.k", "h.0.v", "h.0.o", "h.0.fc1", "h.0.fc2", "h.0.ln1", "h.0.ln2", "ln"} {
		if at[name].Name == "" {
			t.Errorf("no layer is named %s", name)
		}
	}
	tied := 0
	for _, n := range i.Graph.Nodes {
		if n.Weight == "wte" {
			tied++
		}
	}
	if tied != 1 {
		t.Errorf("%d layers share the table of tokens; the output layer does", tied)
	}
}
