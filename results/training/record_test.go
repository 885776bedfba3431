package training

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"satsim/internal/config"
	"satsim/internal/golden"
	"satsim/results/experiment/models"
	"satsim/workloads/train"
)

// TestRecordsOfTrainingsAreKept: small trainings leave the records that they left before, byte for byte, and weights of the same bits: with the kernels of a processor and, under the
// tag purego, without. Networks with convolutions, batch norms and pools, and with attention; recipes with masks of both kinds, decay and dense; both numerics; two optimisers.
func TestRecordsOfTrainingsAreKept(t *testing.T) {
	if testing.Short() {
		t.Skip("trains")
	}
	var kept bytes.Buffer
	for _, c := range []struct {
		network   string
		recipe    string
		numerics  train.Numerics
		overrides []string
	}{
		{"resnet-fmnist", "bdwp", train.Machine, []string{"network.width=8", "network.image=8"}},
		{"resnet-fmnist", "sr-ste", train.FP32, []string{"network.width=8", "network.image=8"}},
		{"vit-fmnist", "bdwp", train.FP32, []string{"network.image=14", "network.dim=16", "network.heads=2", "network.mlp=32", "recipe.optimiser=adamw"}},
		{"vit-fmnist", "dense", train.Machine, []string{"network.image=14", "network.dim=16", "network.heads=2", "network.mlp=32"}},
	} {
		var all []config.Override
		for _, o := range c.overrides {
			one, err := config.ParseOverride(o, "test")
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
		of := models.SplitOverrides(all)
		l := models.NewLoader()
		net, err := l.Network(c.network, 16, of[models.Network])
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Recipe(c.recipe, "2:4", of[models.Recipe])
		if err != nil {
			t.Fatal(err)
		}
		images, tests, err := Images("generated", net.Graph, 0, 64)
		if err != nil {
			t.Fatal(err)
		}
		out := t.TempDir()
		job := Job{
			Network: net, Recipe: r, Train: images, Test: tests, DataHash: HashData(images, tests), Export: filepath.Join(out, "w.npz"),
			Options: train.Options{
				Epochs: 2, Seed: 3, Rate: 0.02, Cosine: true, WarmUp: 1, Augment: train.Augment{Flip: true, Shift: 1}, Momentum: 0.9, LossScale: 1024,
				Numerics: c.numerics, Flush: c.numerics == train.Machine, Workers: 2,
			},
		}
		if err := job.Run(context.Background(), out); err != nil {
			t.Fatal(err)
		}
		folders, err := filepath.Glob(filepath.Join(out, "*", recordFile))
		if err != nil || len(folders) != 1 {
			t.Fatal(folders, err)
		}
		record, err := ReadFile(folders[0])
		if err != nil {
			t.Fatal(err)
		}
		// What a file of configs says in words, or may get in keys, is no result.
		record.Note, record.Description, record.Resolved = "", []byte("null"), []byte("null")
		w, err := ReadWeights(job.Export)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&kept, "%s %s %s: weights %s\n", c.network, c.recipe, c.numerics, w.Hash)
		if err := record.Write(&kept); err != nil {
			t.Fatal(err)
		}
	}
	golden.Check(t, "testdata/records.txt", kept.Bytes())
}
