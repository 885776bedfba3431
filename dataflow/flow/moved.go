package flow

import (
	"math/bits"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
)

// reading is what was moved of a tensor, in so many turns, each the whole or the part that the reader asks for.
type reading struct {
	bytes, times int64
	by           set
}

// beside is what moved of the passes in an output path, or of a chain of passes of their own.
type beside struct {
	passes        []*workloads.Pass
	chain         bool // the first takes its operands from memory
	reads, writes int64
	by            set
}

// moved is what ran of a group.
type moved struct {
	west, north reading // operands, by their place in the step's product
	out         int64   // results, without what is beside them
	kept        bool    // the results stay on chip
	factors     int64   // statistics and parameters for the normaliser
	mask        reading // written as patches are normalised for the first time
	path        beside
	chains      []beside

	parameters, stateIn, stateOut, copies int64
	masks                                 [2]int64 // read, written
}

// measure adds up what ran of a group.
func measure(p *dataflow.Plan, g *dataflow.Group, runs [][]int64) moved {
	m := moved{path: beside{passes: g.Path.Passes}, kept: g.Product != nil && g.Update != nil}
	side := len(g.Word.Streams) - len(g.Chains)
	at := 0
	for si := range g.Word.Streams {
		s := &g.Word.Streams[si]
		if si >= side {
			m.chains = append(m.chains, beside{passes: g.Chains[si-side].Chain.Passes, chain: true})
		}
		for oi := range s.Ops {
			o := &s.Ops[oi]
			ran := runs[at+oi]
			var bytes int64
			for v, n := range ran {
				bytes += n * o.Variants[v].Work.Bytes
			}
			switch o.Lane {
			case word.ReadWest, word.ReadNorth:
				m.operand(g, o, s.Loops[:o.Level], bytes)
			case word.WriteOut:
				share := shared(g, s.Loops[:o.Level], g.Path.Writes)
				m.out = bytes - share
				m.path.add(g.Path.Writes, share, &m.path.writes)
			case word.ReadPass:
				if o.Out[0].Buffer == word.Factors {
					m.factors = bytes
					continue
				}
				if si >= side {
					m.chains[si-side].reads = bytes
					continue
				}
				share := shared(g, s.Loops[:o.Level], g.Path.Reads)
				m.path.add(g.Path.Reads+bytes-share, share+bytes-share, &m.path.reads)
			case word.WritePass:
				if si < side {
					m.masked(g, s, o, ran)
					continue
				}
				m.chains[si-side].writes = bytes
			case word.ReadState:
				m.stateIn = bytes
			case word.WriteState:
				m.stateOut = bytes
			case word.WriteCopy:
				m.copies = bytes
			case word.Update:
				for v, n := range ran {
					k := o.Variants[v].Work.Elements
					m.parameters += n * k
					in, out := masks(p, g, k)
					m.masks[0], m.masks[1] = m.masks[0]+n*in, m.masks[1]+n*out
				}
			case word.Array, word.Prune, word.VectorOut, word.VectorPass, word.Normalise: // move nothing off-chip
			}
		}
		at += len(s.Ops)
	}
	return m
}

// masked takes from the bits of a mask those of rows that bands share, and what makes a tile's whole bytes.
func (m *moved) masked(g *dataflow.Group, s *word.Stream, o *word.Op, ran []int64) {
	bits, pad := int64(0), int64(0)
	for v, n := range ran {
		w := &o.Variants[v].Work
		if bits += 8 * n * w.Bytes; w.Bytes == 0 {
			continue
		}
		for k := range s.Ops {
			if x := &s.Ops[k]; x.Lane == word.ReadWest {
				elements := x.Variants[x.Find(o.Variants[v].Value)].Work.Bytes / g.Product.West.Format.Bytes(1)
				pad += n * ((8 - elements%8) % 8)
			}
		}
	}
	shared := halo(&g.Product.Patches, s.Loops[:o.Level])
	if pad > 0 {
		m.mask.by |= of(Padded)
	}
	if shared > 0 {
		m.mask.by |= of(Halo)
	}
	m.mask.bytes = nm.Bit.Bytes(bits - pad - shared)
}

// operand takes from the bytes of a product's operand what the rules say that its tiles have beside it.
func (m *moved) operand(g *dataflow.Group, o *word.Op, loops []word.Loop, bytes int64) {
	west, north := g.Tiled.Sides()
	which := west
	if o.Lane == word.ReadNorth {
		which = north
	}
	r := reading{bytes: bytes, times: repeats(g.Tiled, which, loops)}
	switch which {
	case geometry.Patches:
		if n := halo(&g.Product.Patches, loops); n > 0 {
			r.bytes -= r.times * g.Product.West.Format.Bytes(n)
			r.by |= of(Halo)
		}
		m.west = r
		return
	case geometry.Weights:
		if g.Product.North.Role == workloads.Weight { // copies are stored as tiles are
			break
		}
		f, pad := g.Product.North.Format, int64(0)
		tiles(g.Tiled, which, loops, func(n, times int64) { pad += times * (f.Tile(1, n, geometry.Burst) - f.Bytes(n)) })
		if pad > 0 {
			r.bytes -= r.times * pad
			r.by |= of(Padded)
		}
	case geometry.Grads: // what was drawn of them is stored in whole bytes a tile
		if f := g.Product.North.Format; f.Ratio.M > 0 {
			pad := -f.Bytes(g.Product.North.Elements)
			tiles(g.Tiled, which, loops, func(n, times int64) { pad += times * f.Bytes(n) })
			if pad > 0 {
				r.bytes -= r.times * pad
				r.by |= of(Padded)
			}
		}
	case geometry.Result:
	}
	m.north = r
}

// add is bytes that moved of a share that is cut like the results.
func (b *beside) add(whole, share int64, to *int64) {
	*to += whole
	if share != whole {
		b.by |= of(Shared)
	}
}

// shared is the bytes of all tiles' shares, each a whole number.
func shared(g *dataflow.Group, loops []word.Loop, whole int64) (sum int64) {
	total := g.Product.Out.Elements
	tiles(g.Tiled, geometry.Result, loops, func(n, times int64) {
		high, low := bits.Mul64(uint64(whole), uint64(n))
		low, carry := bits.Add64(low, uint64(total-1), 0)
		share, _ := bits.Div64(high+carry, low, uint64(total))
		sum += times * int64(share)
	})
	return sum
}

// masks is the bytes of masks that an update reads and writes for so many parameters: FF's for the decay of what it prunes, those of all copies from
// the step that searches them to those that keep them.
func masks(p *dataflow.Plan, g *dataflow.Group, n int64) (in, out int64) {
	rule := &g.Update.Rule
	decay, all := int64(0), int64(0)
	if rule.SRSTE {
		decay = nm.Bit.Bytes(n)
	}
	if p.Options.Pregenerate {
		all = nm.Bit.Bytes(n * p.PrunedCopies(g.Weight))
	}
	if u := g.Update; u.Pulled || u.Finds { // late masks, which the update reads from the step that found them
		if u.Pulled {
			in = nm.Bit.Bytes(n)
		}
		if u.Finds {
			out = nm.Bit.Bytes(n)
		}
		return in, out
	}
	switch {
	case g.Update.KeptAlone:
		return nm.Bit.Bytes(n * g.Update.PlacesRead()), 0
	case rule.MasksFixed && all > 0:
		return all, 0
	case rule.MasksFixed:
		return decay, 0
	case rule.MasksKept && all > 0:
		return decay, all
	}
	if rule.Orders { // whatever the update reads, the search of an order does
		return decay, nm.Bit.Bytes(n)
	}
	return decay, decay
}

// tensors lists what a pass moves: all that it reads and writes, or, in the output path of what makes its first operand, all but that, and
// but what it writes in that one's place.
func tensors(ps *workloads.Pass, fused bool) (reads, writes []*workloads.Tensor) {
	for i := range ps.Reads {
		if i > 0 || !fused {
			reads = append(reads, &ps.Reads[i])
		}
	}
	for i := range ps.Writes {
		if !fused || ps.Writes[i].Name != ps.Reads[0].Name {
			writes = append(writes, &ps.Writes[i])
		}
	}
	return reads, writes
}

// spread gives each of several tensors its part of what moved of all: the bytes of its format. What the sum lacks of them is charged to the
// tensor whose bytes they are, or else to the first.
func spread(total int64, of []*workloads.Tensor) []int64 {
	out := make([]int64, len(of))
	for i, t := range of {
		out[i] = t.Bytes()
		total -= out[i]
	}
	for i := range out {
		if total != 0 && out[i] == -total {
			out[i] = 0
			return out
		}
	}
	if len(out) > 0 {
		out[0] += total
	}
	return out
}
