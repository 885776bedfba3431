package dataflow

import (
	"encoding/binary"

	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// made is all that the words of a product's group are made of, on one machine under one plan's options: groups that are equal in it share their streams, which nobody
// changes once they are made.
type made struct {
	shape        geometry.Shape
	mode         word.Mode
	over         word.Over
	interleave   int
	join         geometry.Join
	tile         geometry.Sizes
	levels       [3]int // west, north, out
	updated      bool
	update       route.Update
	reads, write int64  // beside the product's results
	rest         string // order of loops, parts of the output path, chains beside
}

// madeOf a group with a choice.
func madeOf(g *Group, c *geometry.Choice) made {
	m := made{
		shape: *g.Shape, mode: c.Mode, over: c.Over, interleave: c.Interleave, join: c.Join, tile: c.Tile, levels: [3]int{c.West, c.North, c.Out},
		reads: g.Path.Reads, write: g.Path.Writes,
	}
	if g.Update != nil {
		m.updated, m.update = true, *g.Update
	}
	b := make([]byte, 0, 128)
	for _, d := range c.Order {
		b = append(append(b, d...), ' ')
	}
	parts := func(all []word.Part) {
		b = binary.AppendVarint(b, int64(len(all)))
		for _, p := range all {
			b = append(append(b, p.Kind...), ' ')
			b = binary.AppendVarint(binary.AppendVarint(b, p.Elements), p.Row)
		}
	}
	parts(g.Path.Parts)
	for i := range g.Chains {
		c := &g.Chains[i].Chain
		b = binary.AppendVarint(binary.AppendVarint(b, c.Reads), c.Writes)
		parts(c.Parts)
	}
	m.rest = string(b)
	return m
}

// words of groups that were made, by what they were made of. They are no more than the plan may have groups: a search that tries many makes them anew.
type words map[made][]word.Stream

func (w words) put(m *made, s []word.Stream, most int) {
	if len(w) >= most {
		clear(w)
	}
	w[*m] = s
}
