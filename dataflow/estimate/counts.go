package estimate

import (
	"satsim/arch/memory"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// AtArray is what units do on the array's tiles: the array itself, and SORE where it prunes at the array's edge.
type AtArray [word.Units]unit.Counts

// Activity is what a product is predicted to do under a choice, its update included, without the passes beside it, given what is done at the
// array. It differs from that of a run by what is not known yet: operands that enter from the west are those of an average link word, weights
// enter without their index, off-chip bytes pass one buffer each way and open no rows, and the buffers of updates and passes are left out.
func (t *Traffic) Activity(at *AtArray) unit.Activity {
	var a unit.Activity
	if t.did != nil {
		a = *t.did
	}
	array, sorted := &at[word.STCE], at[word.SORE][sore.Elements]
	a.Units[word.STCE] = *array
	a.Units[word.SORE] = a.Units[word.SORE].Plus(at[word.SORE])
	a.Units[word.Vector] = a.Units[word.Vector].Plus(at[word.Vector])
	a.Units[word.Memory] = unit.Counts{memory.ReadBits: 8 * t.reads, memory.WriteBits: 8 * t.writes}
	west := &a.Buffers[word.West]
	west.WriteBits = 8 * t.reads
	if hops := array[stce.WestHops]; hops > 0 { // operands a hop are operands a word
		west.ReadBits = int64(16 * float64(array[stce.WestWords]) * float64(array[stce.GroupWrites]) / float64(hops))
	}
	a.Buffers[word.North].ReadBits = 16 * array[stce.NorthWords]
	if sorted > 0 { // SORE reads them, before it prunes
		a.Buffers[word.North].ReadBits = 16 * sorted
	}
	a.Buffers[word.Output] = unit.Access{
		ReadBits: 32*array[stce.OutputReads] + 8*t.writes, WriteBits: 32*array[stce.OutputFP32] + 16*array[stce.OutputFP16],
	}
	if lanes := &at[word.Vector]; lanes[vector.MACs] > 0 { // sums are resumed and left as often, but the first time and the last
		west.ReadBits, a.Buffers[word.North].ReadBits = 16*lanes[vector.MACs], 16*lanes[vector.MACs]
		sums := 16 * (lanes[vector.Operations] - lanes[vector.MACs])
		a.Buffers[word.Output].ReadBits += sums
		a.Buffers[word.Output].WriteBits += sums
	}
	return a
}

// LeastAtArray is what the array does at the least, whatever the tiling and its configuration: a multiplication, an addition and, of pruned operands, a selection for
// every term that is kept.
func (e *Estimator) LeastAtArray(g *dataflow.Group) (sum AtArray) {
	s := g.Shape
	if s.Lanes {
		sum[word.Vector] = unit.Counts{vector.MACs: s.MACs(), vector.Operations: s.MACs()}
		return sum
	}
	w := s.ArrayWork(s.Everything(), true, true)
	t, n := e.spec.STCE.TileOf(s.Config(geometry.Array{Mode: stce.OS, Over: stce.OverF, Interleave: 1}), &w)
	macs := t.Rows * t.Cols * t.Kept() * max(t.Products, 1) * n
	sum[word.STCE] = unit.Counts{stce.MACs: macs, stce.Multiplies: macs, stce.Adds: macs}
	if s.ArrayRatio().M > 1 {
		sum[word.STCE][stce.SelectorUses] = macs
	}
	return sum
}

// Actions at the array on a tiling.
func (e *Estimator) Actions(g *dataflow.Group, z *geometry.Sizes, a geometry.Array) (sum AtArray) {
	e.about(g)
	s := g.Shape
	legs := route.AtArray(s, e.way, &e.spec.STCE, a)
	s.EachArrayTile(z, e.together(s), func(x geometry.Extent, first, last bool, times int64) bool {
		tile := s.Work(x, first, last)
		for i := range legs {
			l := &legs[i]
			w, u := l.Work(tile), l.Lane.Unit()
			if u == word.STCE {
				sum[u] = sum[u].Plus(e.arrayCounts(s, a, &w).Times(times))
				continue
			}
			var one load
			e.take(&one, l.Lane, &w)
			if one.did != nil {
				sum[u] = sum[u].Plus(one.did.Units[u].Times(times))
			}
		}
		return true
	})
	return sum
}

// arrayCounts is what the array does on a tile.
func (e *Estimator) arrayCounts(s *geometry.Shape, a geometry.Array, w *word.Work) unit.Counts {
	key := keyOf(a, s.Config(a), w)
	c, ok := e.counts[key]
	if !ok {
		t, _ := e.spec.STCE.TileOf(s.Config(a), w)
		c = unit.Counts(e.spec.STCE.Tile(t).Counts)
		e.counts[key] = c
	}
	return c
}
