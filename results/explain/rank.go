package explain

import (
	"cmp"
	"slices"

	"satsim/results/experiment/models"
	"satsim/results/record"
)

// rank puts the parts of a run in the order of what a better machine could save.
func rank(m *models.Models, run *record.Run) *Ranking {
	out := &Ranking{Arch: m.Spec.Name, Network: m.Network.Name, Recipe: m.Recipe.Name, Sparsity: models.Ratio(m.Recipe), Cycles: run.Total.Cycles}
	for i := range run.Layers {
		l := &run.Layers[i]
		if l.Cycles == 0 { // it ran beside others
			continue
		}
		r := Ranked{Layer: l.Layer, Stage: l.Stage, Bound: boundOf(&m.Spec, &l.Figures)}
		r.Saving = r.Bound.Saving()
		out.Saving += r.Saving
		out.Parts = append(out.Parts, r)
	}
	slices.SortStableFunc(out.Parts, func(a, b Ranked) int { return cmp.Compare(b.Saving, a.Saving) })
	return out
}
