package training

import (
	"encoding/json"
	"strings"
	"testing"

	"satsim/workloads/train"
)

// TestDifferencesAreNamed: each setting that a record keeps is told when it is another, by the name that it is given by; what is no setting never is.
func TestDifferencesAreNamed(t *testing.T) {
	base := func() *Run {
		return &Run{
			Schema: Schema, Network: "net", Recipe: "bdwp", Sparsity: "2:8", Data: "d", DataHash: "abc", TrainImages: 100, TestImages: 50, Batch: 32,
			Options:     train.Options{Epochs: 2, Seed: 1, Rate: 0.02, Cosine: true, Numerics: train.FP32},
			Description: json.RawMessage(`{"name":"n","note":"x","params":[{"name":"batch","value":32},{"name":"width","value":16,"note":"y"}],"layers":[{"name":"stem","op":"conv","kernel":[3]}]}`),
			Resolved:    json.RawMessage(`{"name":"r","paper":"p","ff":{"prune":"weights"},"weight_decay":0.0001,"exceptions":[]}`),
		}
	}
	for _, c := range []struct {
		change func(r *Run)
		want   string
	}{
		{func(*Run) {}, ""},
		{func(r *Run) {
			r.Note, r.Curve, r.Diverged, r.Options.Workers = "other", []train.Epoch{{Epoch: 1}}, &train.Diverged{Step: 3}, 7
			r.Description = json.RawMessage(`{"layers":[{"kernel":[3],"op":"conv","name":"stem"}],"params":[{"value":32,"name":"batch"},{"name":"width","value":16}]}`)
			r.Resolved = json.RawMessage(`{"note":"z","exceptions":[],"weight_decay":0.0001,"ff":{"prune":"weights"}}`)
		}, ""},
		{func(r *Run) { r.DataHash = "" }, ""}, // of before there were such
		{func(r *Run) { r.DataHash = "def" }, "data_hash was abc, is def"},
		{func(r *Run) { r.Options.Rate = 0.05 }, "learning_rate was 0.02, is 0.05"},
		{func(r *Run) { r.Options.Cosine = false }, "learning_rate_schedule was cosine, is constant"},
		{func(r *Run) { r.Options.Epochs, r.Options.WarmUp = 15, 1 }, "epochs was 2, is 15; warm_up_epochs was not set, is 1"},
		{func(r *Run) { r.Options.Augment.Flip = true }, "augment.flip was not set, is true"},
		{func(r *Run) { r.Init = "0123" }, "init was not set, is 0123"},
		{func(r *Run) { r.Description = json.RawMessage(strings.Replace(string(r.Description), "16", "32", 1)) }, "network.width was 16, is 32"},
		{func(r *Run) {
			r.Description = json.RawMessage(strings.Replace(string(r.Description), "[3]", "[3,1]", 1))
		}, "network.layers.stem.kernel.2 was not set, is 1"},
		{func(r *Run) { r.Resolved = json.RawMessage(strings.Replace(string(r.Resolved), "0.0001", "0.1", 1)) }, "recipe.weight_decay was 0.0001, is 0.1"},
		{func(r *Run) {
			r.Resolved = json.RawMessage(strings.Replace(string(r.Resolved), `"exceptions":[]`, `"exceptions":[{"layers":"stem"}]`, 1))
		},
			"recipe.exceptions was [], is not set; recipe.exceptions.1.layers was not set, is stem"},
		{func(r *Run) {
			r.Data, r.TrainImages, r.TestImages, r.Options.Epochs, r.Options.Momentum = "e", 1, 2, 3, 0.5
		},
			"data was d, is e; epochs was 2, is 3; momentum was 0, is 0.5; test_images was 50, is 2; 1 more"},
	} {
		r := base()
		c.change(r)
		d, err := differences(base(), r)
		if err != nil || d.String() != c.want {
			t.Errorf("%v: %q, want %q", err, d, c.want)
		}
	}
	if _, err := differences(base(), &Run{}); err == nil {
		t.Error("a record without models has settings")
	}
}
