package recipe

import (
	"fmt"
	"math"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// Decay is how the factor of what decaying masks prune falls in its phase.
type Decay string

// The decays; the zero value is Linear.
const (
	Linear      Decay = "linear"      // from 1 in the first step in a line to 0 behind the last
	Exponential Decay = "exponential" // from 1 by the same share in every step to DecayLeft behind the last
)

// Factor of what decaying masks prune in a step of so many of their phase, counted from 0.
func (r Recipe) Factor(step, steps int64) float32 {
	if r.Decay == Exponential {
		return float32(math.Pow(r.DecayLeft, float64(step)/float64(steps)))
	}
	return 1 - float32(step)/float32(steps)
}

// falls says how far the factor does.
func (r Recipe) falls() string {
	if r.Decay == Exponential {
		return fmt.Sprintf(" to %g, by the same share in every step", r.DecayLeft)
	}
	return " to 0"
}

// decays reports whether FF of a layer multiplies what it prunes by a factor that falls, and to which ratio it prunes.
func (r Recipe) decays(it *workloads.Item) (nm.Ratio, bool) {
	ff := r.rule(it, workloads.FF)
	ratio := r.ratio(ff)
	return ratio, ff.Prune == Weights && ff.Mask == Decaying && !ratio.IsDense()
}

// Decaying is the N:M whose pruned weights FF of a layer multiplies by a factor that falls in its phase; 1:1: none. The product is dense, whatever it is.
func (r Recipe) Decaying(it *workloads.Item) nm.Ratio {
	ratio, ok := r.decays(it)
	if !ok || it.Weight.In < int64(ratio.M) {
		return nm.Dense
	}
	return ratio
}

// faded gives the updates of weights that FF of their layer multiplies so what that takes.
func (r Recipe) faded(step *workloads.Step) {
	of := map[string]nm.Ratio{}
	for i := range step.Items {
		it := &step.Items[i]
		ratio := r.Decaying(it)
		for k := range it.Products {
			if p := &it.Products[k]; p.Stage == workloads.FF && p.Prunable && !ratio.IsDense() {
				of[p.North.Name] = ratio
			}
		}
	}
	for i := range step.Items {
		it := &step.Items[i]
		for k, u := range it.Updates {
			if ratio, ok := of[u.Weight.Name]; ok && u.Matrix {
				it.Updates = slices.Clone(it.Updates)
				it.Updates[k].Decays = ratio
			}
		}
	}
}
