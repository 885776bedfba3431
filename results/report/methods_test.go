package report

import (
	"math"
	"testing"

	"satsim/results/training"
)

// By hand: of three seeds 1, 2 and 3 % are lost, 2 on average with a deviation of 1; Student's t of 0.975 and two degrees of freedom is 4.303, so half the interval is 4.303 / sqrt(3) = 2.484.
func TestLostWithItsInterval(t *testing.T) {
	g := training.SeedGroup{Difference: training.Estimate{Mean: -0.02, Deviation: 0.01, Of: 3}}
	g.Network, g.Recipe, g.Sparsity = "net", "mine", "2:4"
	mean, half := lost([]training.SeedGroup{g}, "net", "mine", "2:4")
	if math.Abs(mean-2) > 1e-12 || math.Abs(half-2.484) > 5e-4 {
		t.Errorf("%g ± %g", mean, half)
	}
	if mean, _ := lost([]training.SeedGroup{g}, "net", "other", "2:4"); !math.IsNaN(mean) {
		t.Errorf("what nobody trained loses %g", mean)
	}
	groups, err := learned()
	if err != nil || len(groups) == 0 {
		t.Errorf("%d shipped trainings, %v", len(groups), err)
	}
}
