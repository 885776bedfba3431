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

// faded gives the updates of weights that FF of their layer multiplies so, or prunes at the end alone, what that takes.
func (r Recipe) faded(step *workloads.Step) {
	type masks struct{ decays, late nm.Ratio }
	of := map[string]masks{}
	given := func(ratio nm.Ratio) nm.Ratio {
		if ratio.IsDense() {
			return nm.Ratio{}
		}
		return ratio
	}
	for i := range step.Items {
		it := &step.Items[i]
		m := masks{given(r.Decaying(it)), given(r.Late(it))}
		for k := range it.Products {
			if p := &it.Products[k]; p.Stage == workloads.FF && p.Prunable && m != (masks{}) {
				of[p.North.Name] = m
			}
		}
	}
	for i := range step.Items {
		it := &step.Items[i]
		for k, u := range it.Updates {
			if m, ok := of[u.Weight.Name]; ok && u.Matrix {
				it.Updates = slices.Clone(it.Updates)
				it.Updates[k].Decays, it.Updates[k].Late = m.decays, m.late
			}
		}
	}
}
