package schedule

import (
	"fmt"
	"math"

	"satsim/arch/stce"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
)

// Fixed is the choice of one rule for all products.
func (s *Searcher) Fixed(g *dataflow.Group) (Scored, error) {
	if s.Plan.Options.Join {
		if joins := g.Shape.Joins(&s.Plan.Spec.STCE); len(joins) > 0 {
			var err error
			if g, err = s.Plan.As(g, &geometry.Choice{Join: joins[0]}); err != nil {
				return Scored{}, err
			}
		}
	}
	shape := g.Shape
	z := shape.Whole()
	order := s.orders[0]
	if shape.WU { // the reduction is innermost
		order = s.orders[4]
	}
	for {
		t := s.estimator.Traffic(g, &z, order)
		if err := s.estimator.Err(); err != nil {
			return Scored{}, err
		}
		if t.Fits {
			with := s.deepest(shape, &z)
			cycles, _ := s.estimator.Array(g, &z, with, math.MaxInt64)
			c := shape.Configured(with, order, z)
			return Scored{c, scoreOf(&t, cycles, false)}, shape.Complete(&c)
		}
		if !shape.Shrink(&z, [3]bool{t.WestFits, t.NorthFits, t.OutFits && t.Updates}, int64(s.Plan.Spec.STCE.Cols)) {
			return Scored{}, fmt.Errorf("no tiling of %s fits the buffers%s", g.Label, together(g))
		}
	}
}

// deepest is the deepest interleave, output stationary, that a tile's columns fill (over F) or its rows (over T).
func (s *Searcher) deepest(shape *geometry.Shape, z *geometry.Sizes) geometry.Array {
	p := &s.Plan.Spec.STCE
	rows, cols := shape.Outputs(z)
	best := geometry.Array{Mode: stce.OS, Over: stce.OverF, Interleave: 1}
	for _, a := range s.arrays {
		fills := int64(a.Interleave*p.Cols) <= cols
		if a.Over == stce.OverT {
			fills = int64(a.Interleave*p.Rows) <= rows
		}
		if a.Mode == best.Mode && shape.Takes(a) && fills && a.Interleave > best.Interleave {
			best = a
		}
	}
	return best
}

// pick is how words are found: by search, or by one rule.
func (s *Searcher) pick(offline bool) func(*dataflow.Group) (Scored, error) {
	if offline {
		return s.Best
	}
	return s.Fixed
}

// All chooses words for every product of the plan.
func (s *Searcher) All(offline bool) error {
	pick := s.pick(offline)
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
