package schedule

import (
	"fmt"
	"math"

	"satsim/arch/stce"
	"satsim/dataflow"
)

// Fixed is the choice of one rule for all products.
func (s *Searcher) Fixed(g *dataflow.Group) (Scored, error) {
	shape := g.Shape
	z := shape.Whole()
	with := dataflow.Array{Mode: stce.OS, Over: stce.OverF, Interleave: 1}
	for _, a := range s.arrays {
		if a.Mode == with.Mode && a.Over == with.Over && int64(a.Interleave*s.Plan.Spec.STCE.Cols) <= shape.F {
			with = a
		}
	}
	order := dataflow.Orders()[0]
	if shape.WU { // the reduction is innermost
		order = dataflow.Orders()[4]
	}
	for {
		t := s.estimator.Traffic(g, &z, order)
		if err := s.estimator.Err(); err != nil {
			return Scored{}, err
		}
		if t.Fits {
			cycles, _ := s.estimator.Array(g, &z, with, math.MaxInt64)
			c := dataflow.Choice{Mode: with.Mode.String(), Over: with.Over.String(), Interleave: with.Interleave, Order: order, Tile: z}
			return Scored{c, costOf(&t, cycles)}, shape.Complete(&c)
		}
		if !shape.Halve(&z) {
			return Scored{}, fmt.Errorf("no tiling of %s fits the buffers", g.Label)
		}
	}
}

// All chooses words for every product of the plan.
func (s *Searcher) All(offline bool) error {
	pick := s.Fixed
	if offline {
		pick = s.Best
	}
	for i := range s.Plan.Groups {
		g := &s.Plan.Groups[i]
		if g.Kind != dataflow.ProductGroup {
			continue
		}
		r, err := pick(g)
		if err == nil {
			err = s.Plan.Choose(g, r.Choice)
		}
		if err != nil {
			return fmt.Errorf("scheduling %s: %w", g.Label, err)
		}
	}
	return nil
}
