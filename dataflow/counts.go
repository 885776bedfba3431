package dataflow

import (
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/wuve"
)

// Counts is what a product is predicted to do under a choice, its update included, without the passes beside it.
type Counts struct {
	Cycles                int64 // predicted latency
	ReadBytes, WriteBytes int64 // of off-chip memory
	STCE                  stce.Counts
	SORE                  sore.Counts
	WUVE                  wuve.Counts
	Vector                vector.Counts
}

// Counts of a tiling in a configuration of the array; traffic and cycles are what Traffic and the search say.
func (e *Estimator) Counts(g *Group, z *Sizes, a Array, t *Traffic, cycles int64) Counts {
	return Counts{
		Cycles: cycles, ReadBytes: t.reads, WriteBytes: t.writes,
		STCE: e.actions(g, z, a), SORE: t.sorts, WUVE: t.updates, Vector: t.elements,
	}
}

// actions of the array on a tiling.
func (e *Estimator) actions(g *Group, z *Sizes, a Array) (sum stce.Counts) {
	e.about(g)
	s := g.Shape
	s.arrayTiles(z, func(x extent, first, last bool, times int64) bool {
		w := s.arrayWork(x, first, last)
		key := keyOf(a, s.arrayRatio(), &w)
		c, ok := e.counts[key]
		if !ok {
			c = e.spec.STCE.Tile(stce.TileOf(s.config(a), &w)).Counts
			e.counts[key] = c
		}
		sum = sum.Add(c.Scale(times))
		return true
	})
	return sum
}
