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

// Counts of traffic with the array's actions, over so many cycles.
func (t *Traffic) Counts(array *stce.Counts, cycles int64) Counts {
	return Counts{
		Cycles: cycles, ReadBytes: t.reads, WriteBytes: t.writes, STCE: *array, SORE: t.sorts, WUVE: t.updates, Vector: t.elements,
	}
}

// Actions of the array on a tiling.
func (e *Estimator) Actions(g *Group, z *Sizes, a Array) (sum stce.Counts) {
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
