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
	// What stands in lists: the order of parameters alone means nothing.
	lists := func(network, recipe string) *Run {
		r := base()
		r.Description, r.Resolved = json.RawMessage(network), json.RawMessage(recipe)
		return r
	}
	const params, layers = `{"params":[{"name":"a","value":1},{"name":"b","value":2}]`, `,"layers":[{"name":"x","op":"relu"},{"name":"y","op":"relu"}]}`
	const phases = `{"schedule":[{"name":"warm","epochs":1,"ff":"dense"},{"name":"main","epochs":1}]}`
	const same = `{"schedule":[{"name":"a","epochs":1},{"name":"a","epochs":2},{"epochs":3}]}`
	was := lists(params+layers, phases)
	for _, c := range []struct {
		was, is *Run
		want    string
	}{
		{was, lists(`{"params":[{"name":"b","value":2},{"name":"a","value":1}]`+layers, phases), ""},
		{was, lists(params+`,"layers":[{"name":"y","op":"relu"},{"name":"x","op":"relu"}]}`, phases), "the order of network.layers was x, y, is y, x"},
		{was, lists(params+layers, `{"schedule":[{"name":"main","epochs":1},{"name":"warm","epochs":1,"ff":"dense"}]}`), "the order of recipe.schedule was warm, main, is main, warm"},
		{lists(params+layers, same), lists(params+layers, same), ""},
		{lists(params+layers, same), lists(params+layers, strings.Replace(same, `"epochs":1`, `"epochs":7`, 1)), "recipe.schedule.a.epochs was 1, is 7"},
		{lists(params+layers, same), lists(params+layers, strings.Replace(same, `"epochs":2`, `"epochs":7`, 1)), "recipe.schedule.a (2).epochs was 2, is 7"},
		{lists(params+layers, same), lists(params+layers, `{"schedule":[{"name":"a","epochs":2},{"name":"a","epochs":1},{"epochs":3}]}`), "recipe.schedule.a (2).epochs was 2, is 1; recipe.schedule.a.epochs was 1, is 2"},
	} {
		d, err := differences(c.was, c.is)
		if err != nil || d.String() != c.want {
			t.Errorf("%v: %q, want %q", err, d, c.want)
		}
	}
	// What no words tell, such as a text that reads like a number.
	if d, err := differences(was, lists(params+layers, strings.ReplaceAll(phases, `"epochs":1`, `"epochs":"1"`))); err != nil || !strings.HasPrefix(d.String(), "the hash of its settings was ") {
		t.Errorf("%v: %q", err, d)
	}
	if _, err := differences(base(), &Run{}); err == nil {
		t.Error("a record without models has settings")
	}
}
