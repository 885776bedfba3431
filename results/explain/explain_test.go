package explain

import (
	"context"
	"slices"
	"strings"
	"testing"

	"satsim/results/experiment"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/workloads"
)

func load(t *testing.T, network string, batch int64, set ...string) *models.Models {
	t.Helper()
	overrides, err := models.ParseOverrides("test", set)
	if err != nil {
		t.Fatal(err)
	}
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: network, Recipe: "bdwp", Batch: batch}, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// FF of resnet9's layer1.conv at batch 64 by hand: 64 x 32 x 32 outputs of 128 channels, 9 taps x 64 channels, a quarter kept: 1,207,959,552 MACs on 23 x 32 elements are
// 1,641,249.4 cycles. Four ports of 64 bytes a cycle at the core's clock carry 256 bytes a cycle: 25,867,264 bytes are 101,044 cycles. The ridge is at 2 x 736 / 256 = 5.75.
func TestTheRooflineByHand(t *testing.T) {
	m := load(t, "resnet9", 64)
	b := boundOf(&m.Spec, &record.Figures{Cycles: 1_693_710, PerformedMACs: 1_207_959_552, ReadBytes: 17_478_656, WriteBytes: 8_388_608})
	if b.Array != 1_641_250 || b.Memory != 101_044 || b.By != "array" || b.Ridge != 5.75 || b.Saving() != 52_460 {
		t.Errorf("%+v, saving %d", b, b.Saving())
	}
	b = boundOf(&m.Spec, &record.Figures{Cycles: 1000, ReadBytes: 25_600})
	if b.Array != 0 || b.Memory != 100 || b.By != "memory" || b.Saving() != 900 || b.PerByte != 0 {
		t.Errorf("a pass: %+v", b)
	}
}

// alone is what the stage of a layer takes by satsim run --layer with overrides: the way of another command.
func alone(t *testing.T, network string, batch int64, layer, stage string, set ...string) (cycles int64) {
	t.Helper()
	c, err := experiment.LoadWith(experiment.Names{Network: network, Batch: batch}, experiment.Options{Layer: layer}, experiment.Overrides{Origin: "test", Set: set})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Runs[len(r.Runs)-1].Stages {
		if s.Stage == stage {
			return s.Cycles
		}
	}
	t.Fatalf("no stage %s", stage)
	return 0
}

// Whatever is said to help, does: cycles of the layer, of the best changes, and of buffers at the size that is said to do and at half of it, by satsim run --layer.
func TestWhatIsSaidToHelpDoes(t *testing.T) {
	const network, batch, layer = "resnet9", 4, "res3.unit.0.conv"
	set := []string{"buffers.north.capacity=256KiB", "buffers.output.capacity=256KiB", "board.memory.channels=1"}
	m := load(t, network, batch, set...)
	e, err := Explain(context.Background(), Question{Models: m, Layer: layer, Stage: workloads.FF, Most: 4})
	if err != nil {
		t.Fatal(err)
	}
	with := func(more ...string) int64 {
		return alone(t, network, batch, layer, "FF", append(slices.Clone(set), more...)...)
	}
	if want := with(); e.Bound.Cycles != want {
		t.Errorf("%d cycles, want %d", e.Bound.Cycles, want)
	}
	if len(e.Changes) < 3 || e.Tried < 80 {
		t.Fatalf("%d changes help of %d", len(e.Changes), e.Tried)
	}
	for i, c := range e.Changes {
		if c.Saves <= 0 || c.Saves != e.Bound.Cycles-c.Cycles || i > 0 && c.Saves > e.Changes[i-1].Saves {
			t.Errorf("change %d: %+v", i, c)
		}
		if key, _, _ := strings.Cut(c.Override, "="); key == "clock" || strings.HasSuffix(c.Override, "=hidden") || strings.HasSuffix(c.Override, "=free") {
			t.Errorf("%s is no change of a design", c.Override)
		}
	}
	for _, c := range e.Changes[:3] {
		if want := with(c.Override); c.Cycles != want {
			t.Errorf("%s: %d cycles, want %d", c.Override, c.Cycles, want)
		}
	}
	small := 0
	for _, b := range e.Buffers {
		if b.TooSmall == 0 {
			continue
		}
		small++
		key := "buffers." + b.Buffer + ".capacity="
		size := func(n int64) string { return key + strings.TrimSpace(kib(n)) }
		if got, half := with(size(b.Wanted)), with(size(b.Wanted/2)); got != b.Cycles || half <= got {
			t.Errorf("%s: %d cycles at %d bytes, want %d; %d at half of that", b.Buffer, b.Cycles, b.Wanted, got, half)
		}
		if more := with(size(2 * b.Wanted)); 2*b.Wanted <= largest*b.Bytes && more < b.Cycles {
			t.Errorf("%s: %d cycles at twice what is said to do", b.Buffer, more)
		}
	}
	if small == 0 {
		t.Error("no buffer is too small: the test says nothing")
	}
}

func kib(n int64) string {
	const digits = "0123456789"
	n /= 1 << 10
	var out []byte
	for ; n > 0; n /= 10 {
		out = append([]byte{digits[n%10]}, out...)
	}
	return string(out) + "KiB"
}

// The chosen words are the best as predicted, and take what the group took.
func TestTheChosenWordsAreAmongTheRivals(t *testing.T) {
	e, err := Explain(context.Background(), Question{Models: load(t, "resnet-fmnist", 2), Layer: "*", Stage: workloads.BP, Most: 3})
	if err != nil {
		t.Fatal(err)
	}
	took := map[string]int64{}
	for _, g := range e.Groups {
		took[g.Label] = g.Cycles
	}
	for _, r := range e.Rivals {
		chosen := 0
		for i, c := range r.Choices {
			if i > 0 && c.Predicted < r.Choices[i-1].Predicted {
				t.Errorf("%s: choice %d is predicted to be faster than the one before", r.Label, i)
			}
			if c.Chosen {
				chosen++
				if c.Simulated != took[r.Label] || c.Predicted != r.Choices[0].Predicted {
					t.Errorf("%s: the chosen words take %d cycles, the group %d", r.Label, c.Simulated, took[r.Label])
				}
			}
		}
		if chosen != 1 {
			t.Errorf("%s: %d choices are the chosen one", r.Label, chosen)
		}
	}
}

// The ranking has every cycle of the step, and none is saved below a bound.
func TestTheRankingHasEveryCycle(t *testing.T) {
	r, err := Rank(context.Background(), load(t, "resnet-fmnist", 2), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	var cycles, saving int64
	for i, p := range r.Parts {
		cycles += p.Cycles
		saving += p.Saving
		if p.Saving < 0 || p.Cycles < p.Least() || i > 0 && p.Saving > r.Parts[i-1].Saving {
			t.Errorf("part %d: %+v", i, p)
		}
	}
	if cycles != r.Cycles || saving != r.Saving {
		t.Errorf("%d of %d cycles, %d of %d saved", cycles, r.Cycles, saving, r.Saving)
	}
}
