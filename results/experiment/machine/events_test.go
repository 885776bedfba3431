package machine_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/config"
	"satsim/internal/golden"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
)

// smaller are parameters with which a network's step fits the default board.
var smaller = map[string]map[string]int64{"llama2-7b": {"layers": 2, "batch": 1}}

// bdwp is a shipped network's step under BDWP on the default accelerator.
func bdwp(t testing.TB, name string) *models.Models {
	t.Helper()
	n := models.Names{Arch: "sat-vcu1525", Network: name, Recipe: "bdwp"}
	var set []config.Override
	for k, v := range smaller[name] {
		set = append(set, config.Override{Path: "network." + k, Value: fmt.Sprint(v), Origin: "test"})
	}
	m, err := models.Load(n, set)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The events of every shipped network's step under BDWP, pinned: a change of the machine that makes simulation dearer shows. Figures
// of a table, not of a closed form: they say what was.
func TestEventsOfShippedNetworks(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates every shipped network")
	}
	names, err := models.Shipped("network")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	write := func(row ...string) {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	write("network", "groups", "groups_run", "events", "instructions", "folds")
	for _, name := range names {
		of := bdwp(t, name)
		m, err := machine.New(context.Background(), of.Spec, false)
		if err != nil {
			t.Fatal(err)
		}
		run, err := m.Simulate(of.Step, of.Recipe)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e := run.Simulation
		write(name, fmt.Sprint(e.Groups), fmt.Sprint(e.GroupsRun), fmt.Sprint(e.Events), fmt.Sprint(e.Instructions), fmt.Sprint(run.Total.Units.Of("stce").Counts.Of("folds")))
		if e.Events > 500_000 {
			t.Errorf("%s: %d events; the target is 500,000", name, e.Events)
		}
	}
	w.Flush()
	golden.Check(t, "testdata/events.csv", b.Bytes())
}

// Any shipped network on any array up to 256 x 256, at batches that divide nothing: what is simulated stays below half a million events. The networks are drawn more often the
// smaller they are; a batch that does not fit the board is halved until it does.
func TestEventsOfAnyArrayAndBatch(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates shipped networks")
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{
			"resnet18-tiny", "resnet9", "vgg19-cifar", "vit-cifar", "mobilenet-v2", "resnet18", "resnet50", "vgg19", "bert-base", "deit-s", "vit-b16", "gpt2", "llama2-7b",
		}).Draw(t, "network")
		rows, cols := rapid.IntRange(1, 256).Draw(t, "rows"), rapid.IntRange(1, 256).Draw(t, "cols")
		batch := rapid.Int64Range(1, 1024).Draw(t, "batch")
		set := []config.Override{
			{Path: "stce.rows", Value: fmt.Sprint(rows), Origin: "test"}, {Path: "stce.cols", Value: fmt.Sprint(cols), Origin: "test"},
		}
		if layers, ok := smaller[name]["layers"]; ok {
			set = append(set, config.Override{Path: "network.layers", Value: fmt.Sprint(layers), Origin: "test"})
		}
		for ; batch > 0; batch /= 2 {
			of, err := models.Load(models.Names{Arch: "sat-generous", Network: name, Recipe: "bdwp", Batch: batch}, set)
			if err != nil {
				t.Fatal(err)
			}
			if machine.Accepts(of.Spec, of.Step, of.Recipe) != nil {
				continue
			}
			m, err := machine.New(context.Background(), of.Spec, false)
			if err != nil {
				t.Fatal(err)
			}
			run, err := m.Simulate(of.Step, of.Recipe)
			if err != nil {
				t.Fatalf("%s at batch %d on %dx%d: %v", name, batch, rows, cols, err)
			}
			if run.Simulation.Events > 500_000 {
				t.Fatalf("%s at batch %d on %dx%d: %d events; the target is 500,000", name, batch, rows, cols, run.Simulation.Events)
			}
			return
		}
	})
}

// BenchmarkRecipe runs one recipe of a step, scheduling included: what the speed targets are about.
func BenchmarkRecipe(b *testing.B) {
	for _, name := range []string{"resnet18-tiny", "resnet50"} {
		b.Run(name, func(b *testing.B) {
			of := bdwp(b, name)
			for b.Loop() {
				m, err := machine.New(context.Background(), of.Spec, false)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := m.Simulate(of.Step, of.Recipe); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
