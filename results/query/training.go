package query

import (
	"bytes"
	"fmt"
	"math"

	"satsim/internal/config"
	"satsim/internal/ratio"
	"satsim/workloads/recipe"
)

// Training is how much faster a compared row's whole training is than its baseline's, for as many samples: of every kind of step of its recipe, times its share. Rows
// have a point of each, as those of a sweep with trainings have; a recipe of one kind of steps needs its own alone. NaN: a point is not there, or failed.
func Training(rows []NamedPoint, r *NamedPoint) (float64, error) {
	own, text := recipe.Default(), r.Point.Recipe
	if len(text) < 2 {
		return 0, fmt.Errorf("point %.12s has no recipe", r.Key)
	}
	src := config.Source{Name: "the recipe of point " + r.Key, Data: append([]byte(`{"kind": "recipe", `), text[1:]...)}
	if err := config.Decode(src, "recipe", &own); err != nil {
		return 0, err
	}
	kinds, err := own.Shares()
	if err != nil {
		return 0, err
	}
	base := r.Base.Run.Total.Cycles
	if len(kinds) == 1 {
		return ratio.Of(base, r.Point.Run.Total.Cycles), nil
	}
	var steps int64
	there := true
	total, err := recipe.Total(kinds, func(k recipe.StepKind) (int64, error) {
		steps += k.Steps
		text, err := config.MarshalJSON(k.Recipe)
		if err != nil {
			return 0, err
		}
		for i := range rows {
			p := rows[i].Point
			if p.Baseline == "" && !p.Failed() && bytes.Equal(p.Recipe, text) && bytes.Equal(p.Arch, r.Point.Arch) && bytes.Equal(p.Network, r.Point.Network) && p.Batch == r.Point.Batch {
				return p.Run.Total.Cycles, nil
			}
		}
		there = false
		return 0, nil
	})
	if err != nil || !there {
		return math.NaN(), err
	}
	return ratio.Of(base, total) * float64(steps), nil
}
