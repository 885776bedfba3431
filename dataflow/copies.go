package dataflow

import (
	"fmt"

	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
	"satsim/internal/nm"
	"satsim/workloads"
)

// flow is who makes and who reads a weight: groups of the plan, by index.
type flow struct {
	update  int
	readers []int
	table   bool // passes look up its rows
}

// flows finds the makers and readers of all weights.
func (p *Plan) flows() map[string]*flow {
	out := map[string]*flow{}
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Update != nil {
			out[g.Weight] = &flow{update: i}
		}
	}
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Product != nil && !g.Shape.WU {
			if f := out[g.Product.North.Name]; f != nil {
				f.readers = append(f.readers, i)
			}
		}
	}
	for i := range p.Step.Items {
		for k := range p.Step.Items[i].Passes {
			for _, t := range p.Step.Items[i].Passes[k].Reads {
				if f := out[t.Name]; f != nil {
					f.table = true
				}
			}
		}
	}
	return out
}

// copies is what the readers of a weight want stored. Products of one item (phases of a strided BP) read a part each; items (layers that
// share a weight) read the same.
func (p *Plan) copies(f *flow) route.Copies {
	var c route.Copies
	u := p.Groups[f.update].Update
	if !u.Matrix || f.table || len(f.readers) == 0 {
		c.Dense = nm.FP16.Tile(1, u.Parameters, geometry.Burst)
	}
	item, sum := -1, route.Copies{}
	longest := func() { c = route.Copies{FF: max(c.FF, sum.FF), BP: max(c.BP, sum.BP), Dense: max(c.Dense, sum.Dense)} }
	for _, i := range f.readers {
		g := &p.Groups[i]
		if g.Item != item {
			longest()
			item, sum = g.Item, route.Copies{}
		}
		switch n := g.reads(u.Pregenerate); {
		case !g.joined() && (!u.Pregenerate || !g.Shape.PrunesWeights()):
			sum.Dense += n
		case g.Shape.Stage == workloads.FF || u.Search != nm.TopN && !g.joined():
			sum.FF += n // of a transposable mask there is one copy, as long as the longest reading
		default:
			sum.BP += n
		}
	}
	longest()
	return c
}

// joined: the array takes several of the group's products as one, so it reads weights with their places.
func (g *Group) joined() bool { return g.Tiled != nil && !g.Tiled.Join.IsNone() }

// reads is the bytes of a product's weights when each tile is read once; of all in one tile as long as nothing is chosen.
func (g *Group) reads(pregenerated bool) (n int64) {
	s := g.Shape
	if g.Tiled != nil {
		s = g.Tiled
	}
	key, f := geometry.Tiles{Operand: geometry.Weights, Steps: [5]int64{s.G, s.B, s.OH, s.KExtent(), s.F}}, s.Stored[geometry.Weights]
	if pregenerated || !s.Join.IsNone() {
		f = s.Pruned(geometry.Weights)
	}
	if c := g.Choice; c != nil {
		level := c.North
		if west, _ := s.Sides(); west == geometry.Weights {
			level = c.West
		}
		for _, d := range c.Order[:level] {
			if s.Depends(geometry.Weights, d) {
				key.Steps[geometry.Slot(d)], _ = s.Loop(d, &c.Tile)
			}
		}
	}
	s.EachTile(&key, func(e geometry.Extent, times int64) { n += times * s.WeightTile(e, f).Bytes })
	return n
}

// restock gives the update of a product's weight copies of the length that the product's tiles have now.
func (p *Plan) restock(g *Group) error {
	f := p.weights[g.Product.North.Name]
	if f == nil || g.Shape.WU {
		return nil
	}
	to := &p.Groups[f.update]
	c := p.copies(f)
	if c == to.Update.Copies {
		return nil
	}
	was := *to
	u := *to.Update
	u.Copies = c
	to.Update = &u
	if err := p.relower(to); err != nil {
		*to = was
		return fmt.Errorf("with its weights in such tiles, their update in %s: %w", to.Label, err)
	}
	return nil
}

// relower makes the words of a group with an update anew.
func (p *Plan) relower(g *Group) error {
	switch {
	case g.Kind == UpdateGroup:
		g.Word.Streams = []word.Stream{vectorUpdate(g.Update, p.Spec.Buffers.Capacity, p.allChannels())}
		p.finish(g)
	case g.Choice != nil:
		return p.lower(g, *g.Choice)
	}
	return nil
}
