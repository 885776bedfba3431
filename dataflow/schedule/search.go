package schedule

import (
	"fmt"
	"math"

	"satsim/arch/stce"
	"satsim/dataflow"
)

// Objective is what a schedule minimises.
type Objective string

// The objectives.
const (
	Latency Objective = "latency"
	Bytes   Objective = "bytes"
)

// Cost of a choice as predicted.
type Cost struct {
	Cycles int64 // predicted latency
	Bytes  int64
}

// Scored is a choice and its predicted cost.
type Scored struct {
	Choice dataflow.Choice
	Cost   Cost
}

// better orders costs under an objective; the other figure breaks ties.
func (o Objective) better(a, b Cost) bool {
	if o == Bytes {
		return a.Bytes < b.Bytes || a.Bytes == b.Bytes && a.Cycles < b.Cycles
	}
	return a.Cycles < b.Cycles || a.Cycles == b.Cycles && a.Bytes < b.Bytes
}

// Searcher chooses words for one plan.
type Searcher struct {
	Plan      *dataflow.Plan
	Objective Objective
	estimator *dataflow.Estimator
	arrays    []dataflow.Array
	memo      map[string]Scored
	last      int // the array configuration that won last
}

// NewSearcher searches for the machine of a plan.
func NewSearcher(p *dataflow.Plan, o Objective) (*Searcher, error) {
	e, err := dataflow.NewEstimator(&p.Spec, !p.Options.Pregenerate)
	if err != nil {
		return nil, fmt.Errorf("preparing the search: %w", err)
	}
	return &Searcher{Plan: p, Objective: o, estimator: e, arrays: dataflow.Arrays(p.Spec.STCE, p.Options.Interleave), memo: map[string]Scored{}}, nil
}

// Best finds the best choice of a product's group.
func (s *Searcher) Best(g *dataflow.Group) (Scored, error) {
	key := fmt.Sprintf("%+v|%+v|%t", *g.Shape, g.Path, g.Update != nil)
	if r, ok := s.memo[key]; ok {
		return r, nil
	}
	var best Scored
	found := false
	vector, err := s.vector(g)
	if err != nil {
		return Scored{}, err
	}
	floor := g.Shape.Floor(&s.Plan.Spec.STCE)
	orders := dataflow.Orders()
	traffic := make([]dataflow.Traffic, len(orders))
	for _, z := range g.Shape.Tilings(&s.Plan.Spec) {
		// The array's time is the same for all orders; it is asked for once, and only if it can be short enough for one of them.
		promising, ends := false, int64(math.MaxInt64)
		for i, order := range orders {
			t := s.estimator.Traffic(g.Shape, &z, order, &g.Path, g.Update != nil)
			traffic[i] = t
			if t.Fits && (!found || s.Objective.better(costOf(&t, vector, floor), best.Cost)) {
				promising, ends = true, min(ends, t.First+t.Last)
			}
		}
		if !promising {
			continue
		}
		limit := int64(math.MaxInt64)
		if found && s.Objective == Latency {
			limit = best.Cost.Cycles - ends + 1
		}
		array, cycles := s.fastest(g.Shape, &z, limit)
		if array < 0 {
			continue
		}
		for i, order := range orders {
			t := &traffic[i]
			cost := costOf(t, vector, cycles)
			if !t.Fits || found && !s.Objective.better(cost, best.Cost) {
				continue
			}
			a := s.arrays[array]
			best = Scored{dataflow.Choice{Mode: a.Mode.String(), Over: a.Over.String(), Interleave: a.Interleave, Order: order, Tile: z}, cost}
			found = true
		}
	}
	if !found {
		return Scored{}, fmt.Errorf("no tiling of %s fits the buffers", g.Label)
	}
	if err := g.Shape.Complete(&best.Choice); err != nil {
		return Scored{}, err
	}
	s.memo[key] = best
	return best, nil
}

// costOf is the cost of a tiling in an order, given the array's time.
func costOf(t *dataflow.Traffic, vector, array int64) Cost {
	return Cost{Cycles: max(t.Busy, vector, array) + t.First + t.Last, Bytes: t.West + t.North + t.Out}
}

// fastest is the array's best configuration for a tiling, the first of equals: its index and cycles. The configuration that won last
// goes first, so that most others can be given up early. None below limit: -1.
func (s *Searcher) fastest(shape *dataflow.Shape, z *dataflow.Sizes, limit int64) (best int, cycles int64) {
	best, cycles = -1, limit
	try := func(i int) {
		least := cycles
		if i < best {
			least++ // an equal that comes earlier wins
		}
		if n, ok := s.estimator.Array(shape, z, s.arrays[i], least); ok {
			best, cycles = i, n
		}
	}
	try(s.last)
	for i := range s.arrays {
		if i != s.last {
			try(i)
		}
	}
	if best >= 0 {
		s.last = best
	}
	return best, cycles
}

// vector is the time of the output path's work.
func (s *Searcher) vector(g *dataflow.Group) (int64, error) {
	c, err := g.VectorCycles(&s.Plan.Spec)
	if err != nil {
		return 0, fmt.Errorf("costing %s: %w", g.Label, err)
	}
	return c, nil
}

// Fixed is the choice of one rule for all products.
func (s *Searcher) Fixed(g *dataflow.Group) (Scored, error) {
	shape := g.Shape
	z := shape.Whole()
	depth := 1
	for _, a := range s.arrays {
		if a.Mode == stce.OS && a.Over == stce.OverF && int64(a.Interleave*s.Plan.Spec.STCE.Cols) <= shape.F {
			depth = a.Interleave
		}
	}
	order := dataflow.Orders()[0]
	if shape.WU { // the reduction is innermost
		order = dataflow.Orders()[4]
	}
	for {
		t := s.estimator.Traffic(shape, &z, order, &g.Path, g.Update != nil)
		if t.Fits {
			c := dataflow.Choice{Mode: "os", Over: "f", Interleave: depth, Order: order, Tile: z}
			return Scored{c, Cost{Bytes: t.West + t.North + t.Out}}, shape.Complete(&c)
		}
		if !shape.Halve(&z) {
			return Scored{}, fmt.Errorf("no tiling of %s fits the buffers", g.Label)
		}
	}
}

// All chooses words for every product of the plan.
func (s *Searcher) All(offline bool) error {
	for i := range s.Plan.Groups {
		g := &s.Plan.Groups[i]
		if g.Kind != dataflow.ProductGroup {
			continue
		}
		pick := s.Fixed
		if offline {
			pick = s.Best
		}
		r, err := pick(g)
		if err != nil {
			return fmt.Errorf("scheduling %s: %w", g.Label, err)
		}
		if err := s.Plan.Choose(g, r.Choice); err != nil {
			return fmt.Errorf("scheduling %s: %w", g.Label, err)
		}
	}
	return nil
}
