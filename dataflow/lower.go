package dataflow

import (
	"fmt"

	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
	"satsim/internal/diag"
	"satsim/internal/nm"
)

// Prune is the ratio at which SORE sorts in the group: one update's, or its product's.
func (g *Group) Prune() (r nm.Ratio) {
	switch {
	case g.Update != nil && g.Update.Sorted() > 0:
		return g.Update.Ratio()
	case g.Shape != nil:
		return g.Shape.Ratio
	}
	return r
}

// Choose gives a product's group its words. A diag.FieldError names the key of the choice that does not fit the product or the hardware,
// if it is one key; the plan is then as it was. Where the update of the product's weights has words, they follow: they write copies as long
// as the product's tiles are.
func (p *Plan) Choose(g *Group, c geometry.Choice) error {
	was := *g
	if err := p.lower(g, c); err != nil {
		return err
	}
	if err := p.restock(g); err != nil {
		*g = was
		return err
	}
	return nil
}

// lower makes the words of a product's group, or leaves it as it was.
func (p *Plan) lower(g *Group, c geometry.Choice) error {
	s, err := g.Shape.As(&p.Spec, &c)
	if err != nil {
		return err
	}
	of := madeOf(g, &c)
	if streams, ok := p.words[of]; ok {
		g.choose(&c, s, streams)
		return nil
	}
	w, err := newLowering(s, &c)
	if err != nil {
		return err
	}
	if !s.Lanes {
		if err := p.configure(w); err != nil {
			return err
		}
	}
	w.path = &g.Path
	w.channel = p.allChannels()
	w.tail = g.Update != nil
	w.spec = &p.Spec
	w.way = route.NorthOf(s, &p.Spec, !p.Options.Pregenerate)
	w.slow = s.LanesFeed(&p.Spec, c.Tile.G)
	if !s.Lanes {
		w.slow = s.Feed(&p.Spec, w.array, c.Tile.K)
	}
	streams := []word.Stream{w.stream()}
	if g.Update != nil {
		streams = append(streams, w.updateStream(g.Update, p.Spec.Buffers.Capacity))
	}
	if err := fits(streams, p.Spec.Buffers.Capacity); err != nil {
		return err
	}
	g.choose(&c, s, streams)
	p.finish(g)
	p.words.put(&of, g.Word.Streams, len(p.Groups))
	return nil
}

// choose is a choice with the streams of its words.
func (g *Group) choose(c *geometry.Choice, s *geometry.Shape, streams []word.Stream) {
	g.Choice, g.Tiled = c, s
	g.Word.Array = word.ArrayConfig{}
	if !s.Lanes {
		g.Word.Array = word.ArrayConfig{Mode: c.Mode, Over: c.Over, Interleave: c.Interleave, Ratio: s.ArrayRatio(), Diagonal: s.Blocks(), Held: int64(s.Keeps.N)}
	}
	g.Word.Streams = streams
	g.configure()
}

// configure finds the array's configuration of a choice.
func (p *Plan) configure(w *lowering) (err error) {
	c := w.c
	if w.array, err = c.Array(); err != nil {
		return err
	}
	if c.Interleave > 1 && !p.Options.Interleave {
		return diag.Field("interleave", fmt.Sprintf("depth %d while interleave_mapping is off", c.Interleave), "1")
	}
	if c.Interleave < 1 || c.Interleave > p.Spec.STCE.MaxInterleave {
		return diag.Field("interleave", fmt.Sprintf("depth %d is out of range", c.Interleave), fmt.Sprintf("1 to %d, the array's max_interleave", p.Spec.STCE.MaxInterleave))
	}
	return p.Spec.STCE.Check(w.s.Config(w.array))
}

// fits reports a tile that is larger than its buffer.
func fits(streams []word.Stream, capacity func(word.Buffer) int64) error {
	for si := range streams {
		for oi := range streams[si].Ops {
			o := &streams[si].Ops[oi]
			for k, e := range o.Out {
				for v := range o.Variants {
					if n := o.Variants[v].Work.Space[k]; n > capacity(e.Buffer) {
						return diag.Field("tile", fmt.Sprintf("a tile of %d bytes does not fit the %s buffer", n, e.Buffer), fmt.Sprintf("up to %d bytes", capacity(e.Buffer)))
					}
				}
			}
		}
	}
	return nil
}
