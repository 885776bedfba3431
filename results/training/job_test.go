package training

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/workloads/train"
)

// TestCheckpointsAreOfTheSameTrainingAsRecords: a training that was stopped goes on under other notes, as a finished one stays finished; under another setting or on other data neither is used, and what
// differs is named.
func TestCheckpointsAreOfTheSameTrainingAsRecords(t *testing.T) {
	l := models.NewLoader()
	var of []config.Override
	for _, text := range []string{"network.width=8", "network.image=8"} {
		o, err := config.ParseOverride(text, "test")
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, o)
	}
	net, err := l.Network("resnet-fmnist", 16, models.SplitOverrides(of)[models.Network])
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Recipe("bdwp", "2:4", nil)
	if err != nil {
		t.Fatal(err)
	}
	images, tests, err := Images("generated", net.Graph, 0, 64)
	if err != nil {
		t.Fatal(err)
	}
	job := func() *Job {
		return &Job{
			Network: net, Recipe: r, Train: images, Test: tests, DataHash: HashData(images, tests),
			Options: train.Options{Epochs: 2, Seed: 3, Rate: 0.02, Momentum: 0.9, LossScale: 1024, Numerics: train.FP32, Workers: 1},
		}
	}
	noted := job()
	graph, of2 := *net.Graph, *net
	graph.Note, of2.Graph, of2.Description.Note = "another note", &graph, "another note"
	noted.Network, noted.Recipe.Note, noted.Recipe.Paper = &of2, "another note", "another paper"
	faster, elsewhere := job(), job()
	faster.Options.Rate = 0.1
	other := *images
	other.Pixels = append([]byte{images.Pixels[0] ^ 1}, images.Pixels[1:]...)
	elsewhere.Train, elsewhere.DataHash = &other, HashData(&other, tests)

	out := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	first := job()
	first.Begin = func(string) (func(train.Progress), func()) {
		return func(p train.Progress) {
			if 2*p.Step == p.Steps {
				stop()
			}
		}, func() {}
	}
	if err := first.Run(ctx, out); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	refused := func(when string) {
		t.Helper()
		for want, j := range map[string]*Job{"learning_rate was 0.02, is 0.1": faster, "data_hash was " + job().DataHash: elsewhere} {
			if err := j.Run(t.Context(), out); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", when, err, want)
			}
		}
	}
	refused("stopped")
	steps, known := int64(0), false
	noted.Begin = func(string) (func(train.Progress), func()) {
		return func(p train.Progress) {
			if steps++; 2*p.Step <= p.Steps {
				t.Errorf("step %d of %d is done again", p.Step, p.Steps)
			}
		}, func() {}
	}
	noted.Known = func(string) { known = true }
	if err := noted.Run(t.Context(), out); err != nil || steps == 0 || known {
		t.Fatalf("under other notes: %v, %d steps", err, steps)
	}
	refused("finished")
	if err := noted.Run(t.Context(), out); err != nil || !known {
		t.Errorf("finished under other notes: %v", err)
	}
	again := job()
	known = false
	again.Known = noted.Known
	if err := again.Run(t.Context(), out); err != nil || !known {
		t.Errorf("finished, with the notes of before: %v", err)
	}
}

// What says little of random weights is told: masks of them that stay, masks that are learned of them, a teacher that is made of them. Of weights that are given nothing is, nor of a recipe that does not mind.
func TestRandomBeginningsAreToldOf(t *testing.T) {
	l := models.NewLoader()
	net, err := l.Network("resnet-fmnist", 16, nil)
	if err != nil {
		t.Fatal(err)
	}
	images, tests, err := Images("generated", net.Graph, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(t.TempDir(), "w.npz")
	told := func(recipe, export string, init *Weights) (all []string) {
		t.Helper()
		r, err := l.Recipe(recipe, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		j := Job{
			Network: net, Recipe: r, Train: images, Test: tests, Init: init, Export: export, Warn: func(_, what string) { all = append(all, what) },
			Options: train.Options{Epochs: 1, Seed: 3, Rate: 0.001, Momentum: 0.9, LossScale: 1, Numerics: train.FP32, Workers: 1},
		}
		if err := j.Run(t.Context(), t.TempDir()); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := told("dense", made, nil); len(all) > 0 {
		t.Errorf("dense: %q", all)
	}
	given, err := ReadWeights(made)
	if err != nil {
		t.Fatal(err)
	}
	for recipe, want := range map[string]string{"finetune": "masks are those of random weights", "maskllm": "weights are random ones, and stay", "cast": "a teacher of random weights"} {
		if all := told(recipe, "", nil); len(all) != 1 || !strings.Contains(all[0], want) {
			t.Errorf("%s: %q is told, not %q", recipe, all, want)
		}
		if all := told(recipe, "", given); len(all) > 0 {
			t.Errorf("%s with weights that are given: %q", recipe, all)
		}
	}
}
