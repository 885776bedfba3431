package onnx

import (
	"slices"
	"strings"
	"testing"

	"satsim/workloads/network"
)

// Files that take one sample, and what follows the heads of detectors. A 3x3 convolution of 3 to 8 channels on 8x8 (13824 MACs, 216 weights, none backward),
// then 1x1 ones of 8 to 4, 6 and 1 channels: 2048, 3072 and 512 MACs in each stage.
func TestDetectors(t *testing.T) {
	const stem, boxes, classes, there = 64 * 8 * 27, 64 * 8 * 4, 64 * 8 * 6, 64 * 8
	for name, c := range map[string]struct {
		want  made
		notes []string
	}{
		"one_sample": {made{stem + boxes + classes, boxes + classes, stem + boxes + classes, 216 + 32 + 48, nil}, []string{
			"TopK at, NonZero places, TopK best and what follows are cut: no gradient comes through", "what decodes it is left out", "a loss is on each of boxes.one, p;",
			"the file takes one sample without an axis for the batch", "Softmax p is part of the loss", "not trained: scales or shifts the data before the first layer that learns (mean, std)",
		}},
		"two_stage": {made{stem + boxes + there, boxes + there, stem + boxes + there, 216 + 32 + 8, nil}, []string{
			"RoiAlign crops, TopK at and what follows are cut", "layers behind the cut are left out (1: fc)", "a loss is on each of boxes.all, scores",
		}},
		"counted_positions": {made{384, 0, 384, 64 + 80, nil}, nil},
	} {
		i := c.want.macs(t, name)
		for _, note := range c.notes {
			if !strings.Contains(i.Graph.Note, note) {
				t.Errorf("%s: %q; want %q", name, i.Graph.Note, note)
			}
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
	i, err := load(t, "testdata/made/one_sample.onnx").Import(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if in := i.Graph.Inputs[0].Shape; !slices.Equal(in, network.Shape{1, 8, 8, 3}) {
		t.Errorf("one sample of 3x8x8 enters as %v; want channels last and no transpose", in)
	}
	// Asked for: six by four tokens are one sample, with 24 rows of a linear layer and four scores of 6x6 over 8.
	i, err = load(t, "testdata/made/time_first_fixed.onnx").Import(Options{BatchAxis: "none", Batch: 2})
	if err != nil {
		t.Fatal(err)
	}
	if macs, _ := counted(t, i.Graph); macs != [3]int64{2 * (24*64 + 4*288), 2 * 8 * 288, 2 * 24 * 64} {
		t.Errorf("one sample of 6x4x8: %v MACs", macs)
	}
}
