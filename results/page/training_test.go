package page

import (
	"bytes"
	"fmt"
	"testing"

	"satsim/results/record"
	"satsim/results/training"
	"satsim/workloads/train"
)

// Curves have a mark an epoch, and accuracy stands beside the cost of the same network, batch, recipe and N:M.
func TestTrainingsInABrowser(t *testing.T) {
	r := &training.Run{Network: "net", Recipe: "bdwp", Sparsity: "2:8", Resolved: []byte(`{"optimiser":"momentum"}`), Description: []byte(`{}`)}
	for i := range 5 {
		r.Curve = append(r.Curve, train.Epoch{Epoch: int64(i + 1), TrainLoss: 2 / float64(i+1), TestLoss: 2.5 / float64(i+1), TrainAccuracy: 0.1 * float64(i), TestAccuracy: 0.09 * float64(i)})
	}
	group := func(recipe, ratio string, mean float64) training.SeedGroup {
		return training.SeedGroup{Result: training.Result{Network: "net", Recipe: recipe, Sparsity: ratio, Batch: 32}, Seeds: 3, Accuracy: training.Estimate{Mean: mean, Deviation: 0.01, Of: 3}}
	}
	cost := func(recipe, ratio string, cycles int64) record.Run {
		return record.Run{Recipe: recipe, Sparsity: ratio, Total: record.Figures{Cycles: cycles, TimeS: float64(cycles) / 1e6}}
	}
	var p Page
	if err := p.AddTraining(r); err != nil {
		t.Fatal(err)
	}
	records := []*record.Record{{Network: record.Network{Name: "net", Images: 32}, Runs: []record.Run{cost("dense", "1:1", 3000), cost("bdwp", "2:8", 2000)}}}
	if err := p.AddTrainings([]training.SeedGroup{group("dense", "1:1", 0.8), group("bdwp", "2:8", 0.75), group("sdgp", "2:8", 0.7)}, records); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, b.Bytes(), 1280, 800, false)
	for id, want := range map[string]int{"t0-loss": 10, "t0-accuracy": 10, "t1-accuracy": 3} {
		if got := ask[int](t, ctx, fmt.Sprintf(`document.querySelectorAll('#%s svg path').length`, id)); got < want {
			t.Errorf("%s has %d marks for %d things", id, got, want)
		}
	}
	for row, want := range []string{"netdense3080.001.00323.0001.000", "netbdwp 2:83075.001.00322.0001.500", "netsdgp 2:83070.001.0032"} {
		if got := ask[string](t, ctx, fmt.Sprintf(`document.querySelectorAll('#t1-accuracy-figure tbody tr')[%d].textContent`, row)); got != want {
			t.Errorf("row %d is %q, not %q", row, got, want)
		}
	}
}
