package codesign

import (
	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/results/training"
	"satsim/workloads/recipe"
)

// Point is one architecture with one recipe.
type Point struct {
	Arch, Network, Recipe, Sparsity string
	Batch                           int64
	Optimiser                       recipe.Optimiser
	Training                        *training.SeedGroup // nil: none is known
	Why                             string              // there is no training
	TimeS                           float64             // of a step, mean over the training
	Speedup                         float64             // against dense on the same architecture; 0: there is no dense point
	Energy                          energy.Interval     // of a step in joules, mean over the training
	Resources                       fpga.Report
	Front                           bool    // of means and values
	Chance                          float64 // that it is on the front
	HasChance                       bool    // false: without a training, or without several seeds of any
}

const noSparsity = "1:1"

// Finish fills what follows from all points together: speed-ups, the front, and chances to be on it.
func Finish(points []Point) {
	type baseline struct {
		arch      string
		optimiser recipe.Optimiser
	}
	dense := map[baseline]float64{}
	for i := range points {
		p := &points[i]
		if p.Sparsity == noSparsity {
			dense[baseline{p.Arch, p.Optimiser}] = p.TimeS
		}
	}
	for i := range points {
		p := &points[i]
		if d := dense[baseline{p.Arch, p.Optimiser}]; d > 0 && p.TimeS > 0 {
			p.Speedup = d / p.TimeS
		}
		p.Front = p.Training != nil
		for k := range points {
			if p.Front && beats(&points[k], p) {
				p.Front = false
			}
		}
	}
	chances(points)
}

// beats reports whether a is at least as good as b in every objective and better in one.
func beats(a, b *Point) bool {
	if a.Training == nil {
		return false
	}
	better := false
	for _, o := range [][2]float64{ // less is better
		{-a.Training.Accuracy.Mean, -b.Training.Accuracy.Mean}, {a.TimeS, b.TimeS}, {a.Energy.Value, b.Energy.Value},
	} {
		if o[0] > o[1] {
			return false
		}
		better = better || o[0] < o[1]
	}
	return better
}
