package onnx

import (
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/workloads"
	"satsim/workloads/network"
)

// made is what is right of a file that testdata/made/make.py wrote, at batch 1.
type made struct {
	ff, bp, wu, parameters int64
	roles                  []Role
}

// check imports a file and compares.
func (want made) check(t *testing.T, name string, o Options) *Import {
	t.Helper()
	o.Batch = 1
	i, err := load(t, "testdata/made/"+name+".onnx").Import(o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if macs, parameters := counted(t, i.Graph); macs != [3]int64{want.ff, want.bp, want.wu} || parameters != want.parameters {
		t.Errorf("%s: %d MACs of FF, BP, WU and %d parameters; by hand %d, %d, %d and %d", name, macs, parameters, want.ff, want.bp, want.wu, want.parameters)
	}
	g, err := i.Description.Graph() // as it is written and read again
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if macs, parameters := counted(t, g); macs != [3]int64{want.ff, want.bp, want.wu} || parameters != want.parameters {
		t.Errorf("%s: as it is written: %d MACs and %d parameters", name, macs, parameters)
	}
	if !slices.Equal(i.Roles, want.roles) {
		t.Errorf("%s: roles %q; want %q", name, i.Roles, want.roles)
	}
	return i
}

// counted sums a step's MACs by stage.
func counted(t *testing.T, g *network.Graph) (macs [3]int64, parameters int64) {
	t.Helper()
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range step.Items {
		for _, p := range it.Products {
			macs[p.Stage] += p.MACs()
		}
	}
	return macs, step.Parameters
}

// Constants by what they are for. The images' network: a 3x3 convolution of 3 to 8 channels on 8x8 (64*8*27 = 13824 MACs, 216 weights; none
// backward, as images need no gradient) and a linear layer of 8 to 4 (32 MACs in each stage, 36 parameters). The tokens': a linear layer of 8 to 8 on
// 6 tokens (384 MACs, 72 parameters), without BP on data.
func TestRolesOfConstants(t *testing.T) {
	const conv, fc, linear = 64 * 8 * 27, 32, 6 * 64
	data := "not trained: scales or shifts the data before the first layer that learns"
	images := func(more int64, roles ...Role) made { return made{conv + fc, fc, conv + fc, 216 + 36 + more, roles} }
	tokens := func(more int64, roles ...Role) made { return made{linear, 0, linear, 72 + more, roles} }
	// Scores of 6x6 over 8 and values of 6x8 over 6: 288 MACs each, twice as many backward.
	attention := func(more int64, roles ...Role) made { return made{linear + 2*288, 4 * 288, linear, 72 + more, roles} }
	for name, want := range map[string]made{
		"mean_std":            images(0, Role{"mean", data}, Role{"std", data}),
		"scale_shift":         images(16, Role{"gamma", "scale and shift of the batch norm m.norm"}, Role{"beta", "folds into the scale and shift of m.norm"}),
		"centred_scale_shift": images(16, Role{"mu", "scale and shift of the batch norm d.norm"}, Role{"sigma", "folds into the scale and shift of d.norm"}, Role{"gamma", "folds into the scale and shift of d.norm"}, Role{"beta", "folds into the scale and shift of d.norm"}),
		"norm_scale_shift":    images(16, Role{"gamma", "folds into the scale and shift of bn"}, Role{"beta", "folds into the scale and shift of bn"}),
		"layer_scale":         tokens(8, Role{"scale", "learned: a table scale"}),
		"waves":               tokens(0, Role{"pe", "not trained: sines and cosines of positions"}),
		"positions":           tokens(48, Role{"pe", "learned: a table pe"}),
		"positions_of_data":   tokens(0, Role{"pe", data}),
		"mask":                attention(0, Role{"bias", "not trained: a mask of scores"}),
		"relative_positions":  attention(36, Role{"bias", "learned: a table bias"}),
		"bgr":                 images(0, Role{"mean", data}),
		"bgr_last":            images(0),
		"bgr_apart":           images(0),
		"mask_disc":           images(0, Role{"m", "not trained: a mask of zeros and ones"}),
		"mask_ones_first":     images(0, Role{"m", "not trained: a mask of zeros and ones"}),
		"mask_chess":          images(0, Role{"m", "not trained: a mask of zeros and ones"}),
		"mask_gpt":            attention(0, Role{"m", "not trained: a mask of scores"}, Role{"far", "not trained: a mask of scores"}),
	} {
		want.check(t, name, Options{})
	}
}

// Operator sets whose rules for shapes differ. The network of images is that of TestRolesOfConstants.
func TestOperatorSets(t *testing.T) {
	const conv, fc = 64 * 8 * 27, 32
	// Bias and batch norm: 8 and 16 parameters.
	made{conv + fc, fc, conv + fc, 216 + 36 + 24, nil}.check(t, "opset6", Options{})
	for _, opset := range []string{"18", "21", "22", "23", "24", "25", "26"} {
		made{conv + fc, fc, conv + fc, 216 + 36, nil}.check(t, "opset"+opset, Options{})
	}
	i := made{6 * 64, 0, 6 * 64, 64, nil}.check(t, "softmax11", Options{})
	layers, err := i.Graph.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Op == network.Softmax && !slices.Equal(l.Out, network.Shape{1, 48}) {
			t.Errorf("softmax over all of 6x8 has rows of %v", l.Out)
		}
	}
}

// Images may arrive as bytes; weights may not.
func TestWholeNumbers(t *testing.T) {
	const conv, fc = 64 * 8 * 27, 32
	mean := []Role{{"mean", "not trained: scales or shifts the data before the first layer that learns"}}
	for _, name := range []string{"images_uint8", "images_int32"} {
		i := made{conv + fc, fc, conv + fc, 216 + 36, mean}.check(t, name, Options{})
		if in := i.Graph.Inputs; len(in) != 1 || in[0].Indices || !slices.Equal(in[0].Shape, network.Shape{1, 8, 8, 3}) {
			t.Errorf("%s: inputs %+v; want images of 8x8x3", name, in)
		}
	}
	_, err := load(t, "testdata/made/int8_weight.onnx").Import(Options{})
	if err == nil || !strings.Contains(err.Error(), `its weight "stem.weight" holds int8 numbers`) {
		t.Errorf("a weight of int8: %v", err)
	}
	_, err = load(t, "testdata/made/images_int8.onnx").Import(Options{})
	if err == nil || !strings.HasPrefix(err.Error(), `input "x": layers read it, and it holds int8 numbers`) {
		t.Errorf("images of int8 without a Cast: %v", err)
	}
}

// Files that are no ONNX files are named for what they are.
func TestOtherFormats(t *testing.T) {
	whole, err := os.ReadFile("testdata/made/mean_std.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                                    "it is empty",
		string(whole[:900]):                   "the file has 900 bytes and is cut short",
		string(whole[:20]):                    "the file has 20 bytes and is cut short", // within a field's length
		"PK\x03\x04\x00\x00":                  "a ZIP archive, as PyTorch",
		"\x80\x02}q\x00X":                     "a Python pickle",
		"\x89HDF\r\n\x1a\n":                   "HDF5",
		"\x1c\x00\x00\x00TFL3":                "TensorFlow Lite",
		"ir_version: 8\ngraph {":              "protobuf's text format",
		"# A model\n":                         "it is text",
		"\x40\x00\x00\x00\x00\x00\x00\x00{\"": "safetensors",
		"\x08\x08":                            "it has no graph",
	} {
		if _, err := Read(strings.NewReader(text), int64(len(text))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error %v; want %q", text, err, want)
		}
	}
}

// Weights that two layers share, and those that are stored as whole numbers. The first convolution has 64*8*27 MACs, the others 64*8*72 = 36864, in each
// stage that they have.
func TestSharedAndQuantisedWeights(t *testing.T) {
	const first, other, fc = 64 * 8 * 27, 64 * 8 * 72, 32
	i := made{first + 2*other + fc, 2*other + fc, first + 2*other + fc, 216 + 576 + 36, nil}.check(t, "shared", Options{})
	step, err := i.Graph.Step()
	if err != nil {
		t.Fatal(err)
	}
	var updated []int64
	for _, it := range step.Items {
		for _, u := range it.Updates {
			updated = append(updated, u.Parameters)
		}
	}
	slices.Sort(updated)
	if !slices.Equal(updated, []int64{4, 32, 216, 576}) {
		t.Errorf("updates of %v parameters; the shared weight's is one", updated)
	}
	made{first + other + fc, other + fc, first + other + fc, 216 + 8 + 576 + 36, nil}.check(t, "qdq", Options{})
}

// Biases and norms that layers share are one, counted and updated once; those that an exporter stored once under two names are two. The tokens' linear layer has 384
// MACs in each of its two places, and BP in the second alone.
func TestSharedBiasesAndNorms(t *testing.T) {
	const first, other, fc, linear = 64 * 8 * 27, 64 * 8 * 72, 32, 6 * 64
	i := made{first + 2*other + fc, 2*other + fc, first + 2*other + fc, 216 + 576 + 8 + 16 + 36, nil}.check(t, "shared_vectors", Options{})
	step, err := i.Graph.Step()
	if err != nil {
		t.Fatal(err)
	}
	var updated []int64
	for _, it := range step.Items {
		for _, u := range it.Updates {
			updated = append(updated, u.Parameters)
		}
	}
	slices.Sort(updated)
	if !slices.Equal(updated, []int64{4, 8, 16, 32, 216, 576}) {
		t.Errorf("updates of %v parameters; those of what is shared are one", updated)
	}
	for name, c := range map[string]struct {
		parameters int64
		note       string
	}{
		"shared_norm":  {64 + 16, "layers share are one, counted and updated once; exporters may have stored equal ones once (1)"},
		"shared_names": {64 + 32, ""},
		"shared_scale": {64 + 32, "shared in part are counted apart: 8 parameters too many (1)"},
	} {
		i := made{2 * linear, linear, 2 * linear, c.parameters, nil}.check(t, name, Options{})
		if !strings.Contains(i.Graph.Note, c.note) || c.note == "" && strings.Contains(i.Graph.Note, "share") {
			t.Errorf("%s: %q; want %q", name, i.Graph.Note, c.note)
		}
	}
}

// What prune reads is what is imported: the same layers, of the same shapes.
func TestWeightsAreThoseOfTheNetwork(t *testing.T) {
	for path, tied := range map[string]int{"testdata/made/shared.onnx": 1, "testdata/made/qdq.onnx": 0, "../weights/testdata/forms.onnx": 1, "../weights/testdata/parts.onnx": 0, "testdata/made/fused.onnx": 0, "testdata/made/einsum.onnx": 0, "testdata/made/fused_matmul.onnx": 0, "testdata/made/blur.onnx": 0, "testdata/made/position_layer.onnx": 0, "testdata/made/normalised_weight.onnx": 0, "testdata/made/token_twice.onnx": 0} {
		m := load(t, path)
		list, left, err := m.Weights()
		if err != nil {
			t.Fatal(err)
		}
		i, err := m.Import(Options{Batch: 1})
		if err != nil {
			t.Fatal(err)
		}
		step, err := i.Graph.Step()
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]Weight{}
		for _, w := range list {
			have[w.Layer] = w
		}
		layers := 0
		for _, it := range step.Items {
			if it.Stage == workloads.FF && len(it.Products) > 0 && it.Op != network.MatMul {
				layers++
				name := strings.TrimSuffix(it.Products[0].North.Name, ".weight")
				if slices.ContainsFunc(left, func(l LeftOut) bool { return l.Layer == name }) {
					continue
				}
				if have[name].Shape != it.Weight {
					t.Errorf("%s: weight %s is %+v, listed as %+v", path, name, it.Weight, have[name])
				}
			}
		}
		if len(list)+len(left) != layers-tied {
			t.Errorf("%s: %d weights are listed, %d left out; %d layers, of which %d share", path, len(list), len(left), layers, tied)
		}
	}
}

// Every end of a head gets a loss: 4 and 6 channels on 8x8 positions of 8 (2048 and 3072 MACs). What is on the way to another output does not, nor does a
// choice; who asks for some gets those.
func TestSeveralOutputs(t *testing.T) {
	const stem, boxes, classes = 64 * 8 * 27, 64 * 8 * 4, 64 * 8 * 6
	for _, c := range []struct {
		losses []string
		want   made
		note   string
	}{
		{nil, made{stem + boxes + classes, boxes + classes, stem + boxes + classes, 216 + 32 + 48, nil}, "a loss is on each of boxes, classes; no loss is on hidden, best: what only they need is left out"},
		{[]string{"boxes"}, made{stem + boxes, boxes, stem + boxes, 216 + 32, nil}, "no loss is on hidden, classes, best"},
		{[]string{"hidden", "classes"}, made{stem + classes, classes, stem + classes, 216 + 48, nil}, "a loss is on each of hidden, classes"},
	} {
		i := c.want.check(t, "heads", Options{Losses: c.losses})
		if !strings.Contains(i.Graph.Note, c.note) {
			t.Errorf("losses on %v: %q; want %q", c.losses, i.Graph.Note, c.note)
		}
	}
}

// The batch is found by its name or asked for, wherever it stands: six tokens of eight numbers, a linear layer (384 MACs) and scores of 6x6 over 8
// (288 MACs, twice as many backward).
func TestBatchAxis(t *testing.T) {
	dims := map[string]int64{"time": 6}
	for name, c := range map[string]struct {
		o    Options
		want made
	}{
		"time_first":       {Options{Dims: dims}, made{384 + 288, 2 * 288, 384, 64, nil}},
		"time_first_fixed": {Options{BatchAxis: "x.1"}, made{384 + 288, 2 * 288, 384, 64, nil}},
		"ids_time_first":   {Options{Dims: dims}, made{384 + 288, 384 + 2*288, 384, 64 + 80, nil}},
	} {
		i := c.want.check(t, name, c.o)
		if s := i.Graph.Inputs[0].Shape; s[0] != 1 || s[1] != 6 {
			t.Errorf("%s: the input is %v; want the batch first", name, s)
		}
		if err := i.Description.SetParam("batch", 5); err != nil {
			t.Fatal(err)
		}
		g, err := i.Description.Graph()
		if err != nil {
			t.Fatal(err)
		}
		if macs, _ := counted(t, g); macs[0] != 5*c.want.ff {
			t.Errorf("%s: %d MACs at batch 5; want %d", name, macs[0], 5*c.want.ff)
		}
	}
	i := made{384, 0, 384, 64, nil}.check(t, "unnamed_batch", Options{})
	if want := "the batch is taken for the first extent of x (20), as none is called so; --batch-axis says otherwise"; !strings.Contains(i.Graph.Note, want) {
		t.Errorf("%q; want %q", i.Graph.Note, want)
	}
	if _, err := load(t, "testdata/made/time_first_fixed.onnx").Import(Options{BatchAxis: "tokens"}); err == nil || !strings.Contains(err.Error(), `no input has an extent "tokens"`) {
		t.Errorf("an extent that is not there: %v", err)
	}
}
