package train

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/configs"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/workloads/network"
	"satsim/workloads/train/data"
	"satsim/workloads/weights"
)

// TestWeightsGoOutAndIn: what a training exports is what another begins with, through either format: every array that a step depends on is the same, bit for bit.
func TestWeightsGoOutAndIn(t *testing.T) {
	from := trainer(t, recipes(ratio(2, 4))["bdwp"], nil)
	run(t, from)
	from.prepare(from.total)
	for name, f := range map[string]struct {
		write func(io.Writer, []weights.Array, string) error
		read  func(io.ReaderAt, int64) ([]weights.Array, string, error)
	}{"safetensors": {weights.WriteSafetensors, weights.ReadSafetensors}, "npz": {weights.WriteNPZ, weights.ReadNPZ}} {
		var b bytes.Buffer
		const said = `from "here"`
		if err := f.write(&b, from.Export(), said); err != nil {
			t.Fatal(err)
		}
		arrays, note, err := f.read(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil || note != said {
			t.Fatalf("%q, %v", note, err)
		}
		to := trainer(t, recipes(ratio(2, 4))["bdwp"], func(o *Options) { o.Seed = 99 })
		if err := to.Init(arrays); err != nil {
			t.Fatal(name, err)
		}
		for i, p := range from.model.params {
			q := to.model.params[i]
			equalBits(t, name+" "+p.Name, q.Master, p.Master)
			equalBits(t, name+" "+p.Name, q.value, p.value)
			if p.matrix != nil && (!slices.Equal(p.maskFF, q.maskFF) || !slices.Equal(p.maskBP, q.maskBP)) {
				t.Errorf("%s: other masks of %s", name, p.Name)
			}
		}
		for i, n := range from.model.norms {
			equalBits(t, name, to.model.norms[i].runningVar, n.runningVar)
			equalBits(t, name, to.model.norms[i].runningMean, n.runningMean)
		}
		_, before := from.Evaluate()
		if _, after := to.Evaluate(); after != before {
			t.Errorf("%s: accuracy %g, where it came from %g", name, after, before)
		}
		if err := to.Init(arrays[1:]); err == nil || !strings.Contains(err.Error(), arrays[0].Name) {
			t.Errorf("%s: an array is missing: %v", name, err)
		}
		second := weights.Array{Name: "second", Shape: []int64{2}, Values: make([]float32, 2), Alias: true}
		if err := to.Init(append(slices.Clone(arrays), second)); err != nil {
			t.Errorf("%s: a second name of an array is left over: %v", name, err)
		}
		second.Alias = false
		if err := to.Init(append(slices.Clone(arrays), second)); err == nil || !strings.Contains(err.Error(), "second [2] is no array of the network") {
			t.Errorf("%s: an array is left over: %v", name, err)
		}
		run(t, to)
		if err := to.Init(arrays); err == nil {
			t.Error("a training that has ended takes weights")
		}
	}
}

// TestExportIsPruned: what prune reads of an export is what training had: shapes, and the masks of both stages by its own top-N of FP16 values.
func TestExportIsPruned(t *testing.T) {
	tr := trainer(t, recipes(ratio(2, 4))["bdwp"], nil)
	var b bytes.Buffer
	if err := weights.WriteSafetensors(&b, tr.Export(), ""); err != nil {
		t.Fatal(err)
	}
	matrices, err := weights.FromSafetensors(bytes.NewReader(b.Bytes()), int64(b.Len()), weights.OutFirst)
	if err != nil {
		t.Fatal(err)
	}
	var kept int64
	for i := range matrices {
		if matrices[i].Layer != "conv" {
			continue
		}
		p := tr.param("conv.weight")
		if matrices[i].Shape != p.WeightShape {
			t.Errorf("shape %+v, want %+v", matrices[i].Shape, p.WeightShape)
		}
		r, err := weights.Prune(&matrices[i], nm.Ratio{N: 2, M: 4}, 64, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		kept = r.KeptInBoth
		if o := nm.Compare(p.maskFF, p.maskBP); o.Both != kept || kept == 0 {
			t.Errorf("masks share %d of prune's weights and %d of training's", kept, o.Both)
		}
	}
	if kept == 0 {
		t.Error("no conv among the weights")
	}
}

// TestAxesAreTheWorlds by hand: the second output's first input at the last tap of a 3 x 3 kernel is element 1*In*9 + 8 of PyTorch's order.
func TestAxesAreTheWorlds(t *testing.T) {
	tr := trainer(t, recipes(ratio(2, 4))["dense"], nil)
	p := tr.param("conv.weight")
	for _, a := range tr.Export() {
		if a.Name == "conv.weight" {
			if want := []int64{20, 12, 3, 3}; !slices.Equal(a.Shape, want) || a.Values[12*9+8] != p.Master[8*12*20+1] {
				t.Errorf("%v, %g and %g", a.Shape, a.Values[12*9+8], p.Master[8*12*20+1])
			}
			return
		}
	}
	t.Error("conv.weight is not exported")
}

// TestALanguageModelIsPyTorchs: weights of a state_dict of the shipped language model, tables of embeddings among them, give PyTorch's loss, and go out with its axes. torch_export.py says how the
// files came to be.
func TestALanguageModelIsPyTorchs(t *testing.T) {
	const folder = "../weights/testdata/"
	src, err := config.Resolve("network", "lm-bytes", configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	var d network.Description
	if err := config.Decode(src, "network", &d); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]int64{"batch": 2, "sequence": 4, "layers": 1, "dim": 8, "heads": 2} {
		if err := d.SetParam(name, v); err != nil {
			t.Fatal(err)
		}
	}
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Text string  `json:"text"`
		Loss float64 `json:"loss"`
	}
	text, err := os.ReadFile(folder + "torch_lm.json")
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	state, errState := os.ReadFile(folder + "torch_lm.npz")
	if err != nil || errState != nil {
		t.Fatal(err, errState)
	}
	arrays, _, err := weights.ReadNPZ(bytes.NewReader(state), int64(len(state)))
	if err != nil {
		t.Fatal(err)
	}
	set := data.Text("text", []byte(want.Text), 4)
	tr, err := New(g, recipes(ratio(2, 4))["dense"], set, set, Options{Epochs: 1, Seed: 1, Rate: 0.01, LossScale: 1, Numerics: FP32, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Init(arrays); err != nil {
		t.Fatal(err)
	}
	if loss, _ := tr.Evaluate(); math.Abs(loss-want.Loss) > 1e-6 {
		t.Errorf("a loss of %.8f; PyTorch has %.8f", loss, want.Loss)
	}
	slices.SortFunc(arrays, func(a, b weights.Array) int { return strings.Compare(a.Name, b.Name) })
	got := tr.Export()
	if len(got) != len(arrays) || len(got) == 0 {
		t.Fatalf("%d arrays; PyTorch has %d", len(got), len(arrays))
	}
	for i, a := range arrays {
		if got[i].Name != a.Name || !slices.Equal(got[i].Shape, a.Shape) {
			t.Errorf("%s %v; PyTorch has %s %v", got[i].Name, got[i].Shape, a.Name, a.Shape)
		}
		equalBits(t, a.Name, got[i].Values, a.Values)
	}
}
