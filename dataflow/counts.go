package dataflow

import (
	"satsim/arch/memory"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Activity is what a product is predicted to do under a choice, its update included, without the passes beside it, given what the array does. It
// differs from that of a run by what is not known yet: operands that enter from the west are those of an average link word, weights enter
// without their index, off-chip bytes pass one buffer each way and open no rows, and the buffers of updates and passes are left out.
func (t *Traffic) Activity(array *stce.TileCounts) unit.Activity {
	var a unit.Activity
	if t.did != nil {
		a = *t.did
	}
	a.Units[word.STCE] = unit.Counts(*array)
	a.Units[word.Memory] = unit.Counts{memory.ReadBits: 8 * t.reads, memory.WriteBits: 8 * t.writes}
	west := &a.Buffers[word.West]
	west.WriteBits = 8 * t.reads
	if hops := array[stce.WestHops]; hops > 0 { // operands a hop are operands a word
		west.ReadBits = int64(16 * float64(array[stce.WestWords]) * float64(array[stce.GroupWrites]) / float64(hops))
	}
	a.Buffers[word.North].ReadBits = 16 * array[stce.NorthWords]
	a.Buffers[word.Output] = unit.Access{
		ReadBits: 32*array[stce.OutputReads] + 8*t.writes, WriteBits: 32*array[stce.OutputFP32] + 16*array[stce.OutputFP16],
	}
	return a
}

// Actions of the array on a tiling.
func (e *Estimator) Actions(g *Group, z *Sizes, a Array) (sum stce.TileCounts) {
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
