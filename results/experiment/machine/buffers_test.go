package machine_test

import (
	"context"
	"flag"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/internal/quantity"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/workloads/network"
	"satsim/workloads/network/networktest"
	"satsim/workloads/recipe"
)

var everyBuffer = flag.Bool("every-network", false, "schedule every shipped network on the smallest buffers, under dense training as well")

// least gives a machine the smallest buffers that are documented.
func least(s spec.Spec) spec.Spec {
	b := &s.Buffers
	for _, c := range []*quantity.Bytes{&b.West.Capacity, &b.North.Capacity, &b.Output.Capacity, &b.Update.Capacity, &b.Pass.Capacity} {
		*c = buffer.Smallest
	}
	return s
}

// Every shipped network has a schedule on the smallest buffers.
func TestShippedNetworksFitTheSmallestBuffers(t *testing.T) {
	if testing.Short() {
		t.Skip("searches every shipped network")
	}
	names, err := models.Shipped("network")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		of := bdwp(t, name)
		for _, recipe := range []string{"bdwp", "dense"} {
			if recipe != "bdwp" && !*everyBuffer {
				continue
			}
			m, err := machine.New(context.Background(), least(of.Spec), false)
			if err != nil {
				t.Fatal(err)
			}
			r, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: name, Recipe: recipe}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Schedule(&machine.Step{Dense: of.Step, Recipe: r.Recipe}); err != nil {
				t.Errorf("%s under %s: %v", name, recipe, err)
			}
		}
	}
}

// What is smaller is refused by the buffer that is: of the fully connected layer of VGG-19 the update's, of its first convolutions the west one.
func TestTooSmallBuffersAreNamed(t *testing.T) {
	of := bdwp(t, "vgg19")
	for key, shrink := range map[string]func(*buffer.Params){
		"scheduling fc1 WU: no tiling of fc1 WU fits the buffers; the smallest tiles are too large for buffers.update": func(p *buffer.Params) { p.Update.Capacity = 256 << 10 },
		"the smallest tiles are too large for buffers.west":                                                            func(p *buffer.Params) { p.West.Capacity = 64 << 10 },
	} {
		s := least(of.Spec)
		shrink(&s.Buffers)
		m, err := machine.New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Schedule(&machine.Step{Dense: of.Step, Recipe: of.Recipe}); err == nil || !strings.HasSuffix(err.Error(), key) {
			t.Errorf("%v; want %s", err, key)
		}
	}
}

// A layer whose outputs do not fit a tile together is refused by what asks for that, and an exception frees it.
func TestPermutedOutputsStayTogether(t *testing.T) {
	of, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "gpt2", Recipe: "bi-mask", Batch: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := machine.New(context.Background(), of.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	r := of.Recipe
	r.Exceptions = nil
	want := "no tiling of lm_head BP fits the buffers; the smallest tiles are too large for buffers.north; " +
		"its masks are permuted, so a tile has all 50257 outputs of a position: larger buffers, or an exception of the recipe with bp: {prune: dense} for the layer, are accepted"
	if err := m.Schedule(&machine.Step{Dense: of.Step, Recipe: r}); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v; want %s", err, want)
	}
	r.Exceptions = []recipe.Exception{{Role: recipe.Classifier, BP: recipe.Rule{Prune: recipe.Dense}}}
	if err := m.Schedule(&machine.Step{Dense: of.Step, Recipe: r}); err != nil {
		t.Error(err)
	}
}

// So has any graph whose images are within the stated limits, and what is scheduled runs: over all operators, on the default array and on one element, under all sorts of recipes.
// Shapes go up to the limits: three rows of width x channels are 2^17 values, or the width is the most that there may be.
func TestAnyNetworkRunsOnTheSmallestBuffers(t *testing.T) {
	if testing.Short() {
		t.Skip("searches and runs a hundred steps")
	}
	shipped := map[string]*models.Models{}
	for _, recipe := range []string{"dense", "bdwp", "sdgp", "sr-ste"} {
		m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: recipe, Batch: 1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		shipped[recipe] = m
	}
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int64{2, 4, 10, 64, buffer.SmallestWidth - 2}).Draw(t, "width")
		channels := rapid.SampledFrom([]int64{8, 24, 512, buffer.SmallestChannels}).Draw(t, "channels")
		recipe := rapid.SampledFrom([]string{"dense", "bdwp", "sdgp", "sr-ste"}).Draw(t, "recipe")
		most := int64(buffer.SmallestRows)
		if recipe == "sdgp" {
			most = buffer.SmallestSorted
		}
		for 3*(width+2)*channels > most {
			channels = channels / 2 &^ 1
		}
		shape := network.Shape{rapid.Int64Range(1, 3).Draw(t, "images"), rapid.SampledFrom([]int64{2, 4, 6}).Draw(t, "height"), width, max(channels, 2)}
		step, err := networktest.RandomGraph(t, shape, networktest.Plain(shape)).Step()
		if err != nil {
			t.Fatal(err)
		}
		of := shipped[recipe]
		s := least(of.Spec)
		if rapid.Bool().Draw(t, "one element") {
			s.STCE.Rows, s.STCE.Cols = 1, 1
		}
		s.Dataflow.Pregeneration = rapid.Bool().Draw(t, "pregeneration")
		m, err := machine.New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Simulate(&step, of.Recipe); err != nil {
			t.Fatalf("%v: %v", shape, err)
		}
	})
}
