package train

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/network"
	"satsim/workloads/train/data"
)

// The checkpoint in testdata was written after the first of two epochs of this training (docs/formats.md); what it held was printed then. Today's reader
// reads it and goes on, and writes the same bytes.
func TestAKeptCheckpointIsRead(t *testing.T) {
	g := &network.Graph{Name: "kept", Inputs: []network.Input{{Name: "x", Shape: network.Shape{4, 2, 2, 1}}}, Nodes: []network.Node{
		{Name: "flat", Op: network.Flatten, Inputs: []string{"x"}}, {Name: "fc", Op: network.Linear, Inputs: []string{"flat"}, Channels: 3, Bias: true},
		{Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
	}}
	r := recipes(ratio(1, 2))["bdwp"]
	set := data.Generated(8, 2, 1, 3, 5, 0)
	tr, err := New(g, r, set, set, Options{Epochs: 2, Seed: 1, Rate: 0.05, Momentum: 0.9, LossScale: 256, Numerics: Machine, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("testdata/checkpoint-1.bin")
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Restore(bytes.NewReader(kept), "kept"); err != nil {
		t.Fatal(err)
	}
	first := Epoch{
		Epoch: 1, Phase: "bdwp", TrainLoss: 0.9876590947804083, TrainAccuracy: 0.125, TestLoss: 0.8759930456594492, TestAccuracy: 0.625, WeightsFF: 12, KeptFF: 6, ChangedFF: 4,
	}
	if want := (state{Step: 2, Updates: 2, Scale: 256, Curve: []Epoch{first}}); !reflect.DeepEqual(tr.state, want) {
		t.Errorf("%+v, want %+v", tr.state, want)
	}
	weight, bias := tr.param("fc.weight"), tr.param("fc.bias")
	equalBits(t, "bias", bias.Master, []float32{-0x1.39e7b8p-05, -0x1.74cbbp-10, 0x1.45975cp-05})
	equalBits(t, "its momentum", bias.state[0], []float32{0x1.a07b48p-02, 0x1.a39fd4p-03, -0x1.392d34p-01})
	equalBits(t, "the first weights", weight.Master[:4], []float32{-0x1.b2e8eap-02, 0x1.d606c2p-03, -0x1.17ac16p-02, -0x1.013a22p-01})
	if want := (nm.Mask{false, true, true, true, false, false, true, true, false, false, false, true}); !slices.Equal(weight.maskFF, want) {
		t.Errorf("mask %v, want %v", weight.maskFF, want)
	}
	var again bytes.Buffer
	if err := tr.Save(&again, "kept"); err != nil || !bytes.Equal(again.Bytes(), kept) {
		t.Errorf("%d bytes are written, which are not the %d that were read; %v", again.Len(), len(kept), err)
	}
	if run(t, tr); len(tr.Curve()) != 2 || tr.Curve()[0] != first {
		t.Errorf("it ends with the curve %+v", tr.Curve())
	}
}
