package report

import (
	"math"
	"strings"
	"testing"

	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/store"
	"satsim/results/table"
	"satsim/results/training"
)

// By hand: of three seeds 1, 2 and 3 % are lost, 2 on average with a deviation of 1; Student's t of 0.975 and two degrees of freedom is 4.303, so half the interval is 4.303 / sqrt(3) = 2.484.
func TestLostWithItsInterval(t *testing.T) {
	g := training.SeedGroup{Difference: training.Estimate{Mean: -0.02, Deviation: 0.01, Of: 3}}
	g.Network, g.Recipe, g.Sparsity = "net", "mine", "2:4"
	g.Seeds = 3
	of := []training.SeedGroup{g}
	mean, half := lost(trained(of, "net", "mine", "2:4"))
	if math.Abs(mean-2) > 1e-12 || math.Abs(half-2.484) > 5e-4 {
		t.Errorf("%g ± %g", mean, half)
	}
	if mean, _ := lost(trained(of, "net", "other", "2:4")); !math.IsNaN(mean) {
		t.Errorf("what nobody trained loses %g", mean)
	}
	groups, err := learned()
	if err != nil || len(groups) == 0 {
		t.Errorf("%d shipped trainings, %v", len(groups), err)
	}
}

// By hand: losses of 1 and 2 nats a byte are perplexities of 2.718 and 7.389, 5.054 on average with a deviation of 3.303; half the interval of two is 12.706 times that over the root of two, 29.67. Dense
// ones of 1 have 2.718. Of the recipe that diverged three times the count alone is said, of one that nobody trained nothing; images have no perplexity.
func TestPerplexityAndWhatDiverged(t *testing.T) {
	var rows []training.Result
	add := func(recipe, sparsity string, seed uint64, loss float64, diverged int64) {
		rows = append(rows, training.Result{Network: "text", Recipe: recipe, Sparsity: sparsity, Seed: seed, TestAccuracy: 0.5, TestLoss: loss, Sequence: 64, Diverged: diverged, Optimiser: "adamw"})
	}
	for seed := range uint64(3) {
		add("dense", "1:1", seed, 1, 0)
		add("lost", "2:4", seed, 1, 5)
	}
	add("mine", "2:4", 0, 1, 0)
	add("mine", "2:4", 1, 2, 0)
	rows = append(rows, training.Result{Network: "images", Recipe: "mine", Sparsity: "2:4", TestLoss: 1})
	of := training.Summarise(rows)
	columns, cells := ground{trained: "text"}.learnedColumns(of)
	want := []string{"lost on text", "half interval, text", "perplexity on text", "half interval, perplexity on text", "dense perplexity on text", "diverged on text"}
	for i, c := range columns {
		if c.Name != want[i] {
			t.Errorf("column %q, want %q", c.Name, want[i])
		}
	}
	for recipe, want := range map[string]string{"mine": "0.00 0.00 5.05 29.67 2.72 0.00", "lost": "- - - - - 3.00", "other": "- - - - - -"} {
		var got []string
		for _, c := range cells(trained(of, "text", recipe, "2:4")) {
			text := "-"
			if !c.Empty() {
				text = c.In(table.NumberFormat{Decimals: 2})
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", recipe, got, want)
		}
	}
	if columns, cells := (ground{trained: "images"}).learnedColumns(of); len(columns) != 2 || len(cells(nil)) != 2 {
		t.Errorf("columns %v", columns)
	}
}

// By hand: dense training of half of the images before steps of a half of the time is 1 / (1/2 + 1/2 / 2) = 4/3 as fast as dense training of all; weights of another recipe are none of dense training's time.
func TestADenseBeginningIsPartOfATraining(t *testing.T) {
	base := store.Point{Arch: []byte(`{}`), Network: []byte(`{"name":"gpt2"}`), Recipe: []byte(`{"name":"dense"}`), Run: &record.Run{Total: record.Figures{Cycles: 200}}}
	own := base
	own.Recipe, own.Baseline, own.Run = []byte(`{"name":"tuned","sparsity":"2:4","ff":{"prune":"weights"},"bp":{"prune":"ff_weights"}}`), base.Key(), &record.Run{Recipe: "tuned", Sparsity: "2:4", Total: record.Figures{Cycles: 100}}
	rows, err := query.NamePoints([]store.Point{base, own})
	if err != nil {
		t.Fatal(err)
	}
	g := training.SeedGroup{Result: training.Result{Network: "lm-bytes", Recipe: "tuned", Sparsity: "2:4", TrainImages: 64, Batch: 8, Epochs: 1, InitSeen: 64, InitRecipe: "dense"}}
	for before, want := range map[string]float64{"dense": 4.0 / 3, "bdwp": 2} {
		g.InitRecipe = before
		if got, err := faster(rows, &rows[1], []training.SeedGroup{g}); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("begun with %s: %g, want %g: %v", before, got, want, err)
		}
	}
}
