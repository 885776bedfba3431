package traffic

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/arch/memory"
	"satsim/results/experiment/models"
	"satsim/workloads"
)

// The error of the fast model is held against the detailed one in the same mode, and against nothing else: 110 cycles for 100 are a tenth more.
func TestTheErrorIsOfOneMode(t *testing.T) {
	model := func(name memory.ModelKind, mode string, cycles int64) ModelResult {
		return ModelResult{Model: name, Mode: mode, TrafficResult: memory.TrafficResult{Cycles: cycles}}
	}
	r := Result{Results: []ModelResult{
		model(memory.ModelFast, "as_asked", 110), model(memory.ModelFast, "back_to_back", 40),
		model(memory.ModelDetailed, "as_asked", 100), model(memory.ModelDetailed, "back_to_back", 50),
		model(memory.ModelFast, "described", 7),
	}}
	r.compare()
	for i, want := range []float64{0.1, -0.2, math.NaN(), math.NaN(), math.NaN()} {
		switch e := r.Results[i].Error; {
		case math.IsNaN(want) && e != nil:
			t.Errorf("%+v has an error of %g", r.Results[i], *e)
		case !math.IsNaN(want) && (e == nil || math.Abs(*e-want) > 1e-12):
			t.Errorf("%+v: error %v, want %g", r.Results[i], e, want)
		}
	}
	var text strings.Builder
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	if want := "as asked: the fast model takes +10.00 % of the detailed one's time"; !strings.Contains(text.String(), want) {
		t.Errorf("no %q in\n%s", want, text.String())
	}
}

func load(t *testing.T, network, recipe string) *models.Models {
	t.Helper()
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: network, Recipe: recipe}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Four DDR4-2400 channels have 64 pins of 2.4 Gbit/s: 19.2 GB/s each; their ports 512 bits at 200 MHz: 12.8 GB/s. Through ports of 64 bytes a core
// cycle, 16 requests of 1 MiB take no less than 2^24 / 4 / 64 = 65,536 cycles.
func TestDescribedStreams(t *testing.T) {
	m := load(t, "resnet9", "dense")
	load := memory.Traffic{Streams: []memory.TrafficStream{{Bytes: 1 << 20, Window: 4}}, Requests: 16}
	r, err := Described(context.Background(), &m.Spec, load, []memory.ModelKind{memory.ModelFast}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Peak != 76.8e9 || r.Port != 51.2e9 || r.Channels != 4 {
		t.Errorf("%g and %g B/s over %d channels; want 76.8e9, 51.2e9 and 4", r.Peak, r.Port, r.Channels)
	}
	got := r.Results[0]
	if got.Mode != "described" || got.ReadBytes != 1<<24 || got.WriteBytes != 0 || got.Read.Requests != 16 || got.Cycles < 1<<16 || got.ShareOfPort > 1 || got.ShareOfPort < 0.9 {
		t.Errorf("%+v", got)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	load.Requests = 1 << 20
	if _, err := Described(stopped, &m.Spec, load, []memory.ModelKind{memory.ModelFast}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was stopped", err)
	}
}

// A 1x1 convolution of 4 images of 8 x 8 x 32 to 64 channels reads 4 x 64 x 32 x 2 = 16,384 bytes of X and 32 x 64 x 2 = 4,096 of W, and writes
// 4 x 64 x 64 x 2 = 32,768 of Y; asked for by the machine and back to back alike.
func TestRequestsOfALayer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.yaml")
	text := `kind: network
name: mine
inputs: [{name: images, shape: [4, 8, 8, 32]}]
layers:
  - {name: conv, op: conv, channels: 64, kernel: 1}
  - {name: pool, op: global_avg_pool}
  - {name: loss, op: loss}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	stage := workloads.FF
	m, err := load(t, file, "dense").Only("conv", &stage)
	if err != nil {
		t.Fatal(err)
	}
	r, err := OfStep(context.Background(), m, "conv FF", []memory.ModelKind{memory.ModelFast}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Results) != 2 || r.Results[0].Mode != "as_asked" || r.Results[1].Mode != "back_to_back" {
		t.Fatalf("%+v", r.Results)
	}
	for _, got := range r.Results {
		if got.ReadBytes != 16_384+4_096 || got.WriteBytes != 32_768 {
			t.Errorf("%s: %d bytes read and %d written; want 20480 and 32768", got.Mode, got.ReadBytes, got.WriteBytes)
		}
	}
	if r.What != "mine at batch 4 under dense; only conv FF" {
		t.Error(r.What)
	}
}
