package dataflow

import (
	"fmt"
	"math/bits"

	"satsim/arch/word"
	"satsim/internal/nm"
	"satsim/workloads"
)

// Copies are the FP16 forms in which an updated weight is stored, in bytes: 0 for one that nobody reads. Each is as long as its reader's
// tiles, padding included; the dense one, if several read it, as long as the tiles of the one whose padding is longest.
type Copies struct{ FF, BP, Dense int64 }

// copyKinds is how many kinds of copies there are.
const copyKinds = 3

// each lists the copies.
func (c Copies) each() [copyKinds]int64 { return [...]int64{c.FF, c.BP, c.Dense} }

// Bytes of all copies.
func (c Copies) Bytes() int64 { return c.FF + c.BP + c.Dense }

// share is what n of total parameters leave of the copies: in proportion, whole bytes. The last of them takes what rounding left.
func (c Copies) share(n, total int64) (sum int64) {
	for _, bytes := range c.each() {
		high, low := bits.Mul64(uint64(bytes), uint64(n))
		share, _ := bits.Div64(high, low, uint64(total))
		sum += int64(share)
	}
	return sum
}

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
func (p *Plan) copies(f *flow) Copies {
	var c Copies
	u := p.Groups[f.update].Update
	if !u.Matrix || f.table || len(f.readers) == 0 {
		c.Dense = nm.FP16.Tile(1, u.Parameters, burst)
	}
	item, sum := -1, Copies{}
	longest := func() { c = Copies{max(c.FF, sum.FF), max(c.BP, sum.BP), max(c.Dense, sum.Dense)} }
	for _, i := range f.readers {
		g := &p.Groups[i]
		if g.Item != item {
			longest()
			item, sum = g.Item, Copies{}
		}
		switch n := g.reads(u.Pregenerate); {
		case !u.Pregenerate || !g.Shape.prunesWeights():
			sum.Dense += n
		case g.Shape.Stage == workloads.FF:
			sum.FF += n
		default:
			sum.BP += n
		}
	}
	longest()
	return c
}

// reads is the bytes of a product's weights when each tile is read once; of all in one tile as long as nothing is chosen.
func (g *Group) reads(pregenerated bool) (n int64) {
	s := g.Shape
	key, f := moveKey{operand: weights, steps: [5]int64{s.G, s.B, s.OH, s.kExtent(), s.F}}, s.Stored[weights]
	if pregenerated {
		f = s.pruned(weights)
	}
	if c := g.Choice; c != nil {
		level := c.North
		if west, _ := s.sides(); west == weights {
			level = c.West
		}
		for _, d := range c.Order[:level] {
			if s.depends(weights, d) {
				key.steps[dimSlot(d)], _ = s.of(d, &c.Tile)
			}
		}
	}
	s.tiles(&key, func(e extent, times int64) { n += times * s.weightTile(e, f).bytes })
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
