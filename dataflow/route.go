package dataflow

import (
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// leg is a step of a tile's way through the machine: a lane takes the tile from the buffers before it, does its work, and leaves what becomes
// of it in those after it. None before: it comes from memory. None after: it goes there. T says what a tile is: a part of a product (extent), the
// array's work on it (word.Work), parameters (share), a piece of a pass (part).
//
// The work is what the leg does to bytes: what it moves, in the format that it is stored in, and what it needs of the buffers after it. Words are
// made of legs (lowering), and so is what a choice is predicted to take (Estimator); how long a lane works, and what that amounts to, its unit says.
type leg[T any] struct {
	lane    word.Lane
	in, out []word.Buffer
	operand string // what a transfer moves
	post    bool   // after the loops inside
	work    func(T) word.Work
}

// op is the leg as an instruction at a level of a nest; at is the level of the tiles in a buffer.
func (l *leg[T]) op(level int, at func(word.Buffer) int, channels uint64, variants []word.Variant) word.Op {
	o := word.Op{Lane: l.lane, Level: level, Post: l.post, Operand: l.operand, Variants: variants}
	if l.lane.Unit() == word.Memory {
		o.Channels = channels
	}
	for _, b := range l.in {
		o.In = append(o.In, word.End{Buffer: b, Level: at(b)})
	}
	for _, b := range l.out {
		o.Out = append(o.Out, word.End{Buffer: b, Level: at(b)})
	}
	return o
}

// to is a list of one buffer, or of several.
func to(b ...word.Buffer) []word.Buffer { return b }

// fetched is a transfer from memory, which leaves as much in a buffer.
func fetched(x transfer) word.Work {
	return word.Work{Bytes: x.bytes, Run: x.run, Space: [2]int64{x.bytes}}
}

// stores is a transfer to memory.
func stores(bytes, run int64) word.Work { return word.Work{Bytes: bytes, Run: run} }

// northWay is how the operand that a recipe prunes becomes what the array takes from the north.
type northWay uint8

const (
	stored  northWay = iota // as it is stored: nothing is pruned, or it was when it was written
	atFetch                 // SORE prunes each tile once a fetch
	atEdge                  // SORE prunes between the north buffer and the array, each time a fold reads it
)

// northWay of a product on a machine; unpruned: weights are stored unpruned. SORE stands at the edge for weights alone.
func (s *Shape) northWay(sp *spec.Spec, unpruned bool) northWay {
	switch {
	case s.Ratio.IsDense() || !unpruned && !s.Transposed:
		return stored
	case sp.Dataflow.PruneAt == word.AtEdge && !s.WU && !s.Transposed:
		return atEdge
	default:
		return atFetch
	}
}

// route is the way of a product's tiles to the array and from it.
type route struct {
	west, north, out []leg[extent]
}

// route of a product with work in its output path. updated: its results stay in the output buffer, and are the update's.
func (s *Shape) route(way northWay, p *Path, updated bool) route {
	west, north := s.sides()
	r := route{west: []leg[extent]{s.fetch(word.ReadWest, west, s.Stored[west], word.West)}}
	switch way {
	case stored:
		r.north = []leg[extent]{s.fetch(word.ReadNorth, north, s.pruned(north), word.North)}
	case atFetch:
		r.north = []leg[extent]{
			s.fetch(word.ReadNorth, north, s.Stored[north], word.DenseNorth),
			{lane: word.Prune, in: to(word.DenseNorth), out: to(word.North), work: func(e extent) word.Work {
				runs, channels := s.runs(north, e)
				return word.Work{Repeat: runs, Channels: channels, Space: [2]int64{s.side(north, e, s.pruned(north)).bytes}}
			}},
		}
	case atEdge:
		r.north = []leg[extent]{s.fetch(word.ReadNorth, north, s.Stored[north], word.North)}
	}
	if !updated {
		r.out = s.leave(p)
	}
	return r
}

// fetch is the leg of an operand from memory, where it is stored in a format.
func (s *Shape) fetch(lane word.Lane, o operand, f nm.Format, b word.Buffer) leg[extent] {
	return leg[extent]{lane: lane, out: to(b), operand: s.name(o), work: func(e extent) word.Work { return fetched(s.side(o, e, f)) }}
}

// leave is the way of a product's results to memory, through the vector unit where the output path has work.
func (s *Shape) leave(p *Path) []leg[extent] {
	total := s.outElements(s.whole())
	store := leg[extent]{lane: word.WriteOut, in: to(word.Output), operand: s.name(result), post: true, work: func(e extent) word.Work {
		return stores(p.written(s, e, total))
	}}
	if !p.busy() {
		return []leg[extent]{store}
	}
	var legs []leg[extent]
	work := leg[extent]{lane: word.VectorOut, in: to(word.Output), out: to(word.OutPath), post: true, work: func(e extent) word.Work {
		bytes, _ := p.written(s, e, total)
		return word.Work{Parts: p.share(s.outElements(e), total), Space: [2]int64{bytes}}
	}}
	if p.Reads > 0 {
		legs = append(legs, leg[extent]{lane: word.ReadPass, out: to(word.PassIn), operand: "saved", work: func(e extent) word.Work {
			bytes := shareOf(p.Reads, s.outElements(e), total)
			return fetched(transfer{bytes, bytes})
		}})
		work.in = to(word.Output, word.PassIn)
	}
	store.in = to(word.OutPath)
	return append(legs, work, store)
}

// atArray are the legs at the array, of the array's work on a tile: its own, and SORE's beside it, which runs as often as the array reads the
// operand that is pruned, and stretches the tile.
func (s *Shape) atArray(way northWay, p *stce.Params, a Array) []leg[word.Work] {
	array := leg[word.Work]{lane: word.Array, in: to(word.West, word.North), out: to(word.Output), work: func(k word.Work) word.Work { return k }}
	if way != atEdge {
		return []leg[word.Work]{array}
	}
	return []leg[word.Work]{{lane: word.Prune, work: func(k word.Work) word.Work {
		runs, channels := s.edgeSort(p, a, &k)
		return word.Work{Repeat: runs * max(k.Repeat, 1), Channels: channels}
	}}, array}
}

// share is some parameters of an update, and the bytes that they leave of its weight's copies.
type share struct{ n, copies int64 }

// updateRoute is the way of the parameters of an update, a share at a time.
type updateRoute struct {
	state  []leg[share] // master weights and optimiser state
	copies []leg[share] // what products read: the last share of all takes what rounding left
}

func (r *updateRoute) each(visit func(*leg[share])) {
	for _, legs := range [][]leg[share]{r.state, r.copies} {
		for i := range legs {
			visit(&legs[i])
		}
	}
}

// route of an update whose gradients are in the output buffer (onChip), or come from memory with the state.
func (u *Update) route(onChip bool) updateRoute {
	in, gradient := to(word.State), nm.FP32.Bytes
	if onChip {
		in, gradient = to(word.Output, word.State), func(int64) int64 { return 0 }
	}
	r := updateRoute{state: []leg[share]{
		{lane: word.ReadState, out: to(word.State), operand: "state", work: func(x share) word.Work {
			bytes := u.reads(x.n) + gradient(x.n)
			return fetched(transfer{bytes, bytes})
		}},
		{lane: word.Update, in: in, out: to(word.StateOut, word.Updated), work: func(x share) word.Work {
			return word.Work{Elements: x.n, Space: [2]int64{u.writes(x.n), nm.FP16.Bytes(x.n)}}
		}},
		{lane: word.WriteState, in: to(word.StateOut), operand: "state", work: func(x share) word.Work { return stores(u.writes(x.n), u.writes(x.n)) }},
	}}
	from := word.Updated
	if k := u.sorted(); k > 0 {
		from = word.Copies
		r.copies = append(r.copies, leg[share]{lane: word.Prune, in: to(word.Updated), out: to(word.Copies), work: func(x share) word.Work {
			return word.Work{Repeat: 1, Channels: k * x.n, Space: [2]int64{x.copies}}
		}})
	}
	r.copies = append(r.copies, leg[share]{lane: word.WriteCopy, in: to(from), operand: "W", work: func(x share) word.Work { return stores(x.copies, x.copies) }})
	return r
}

// cut is one of n pieces of a pass: all but the last are equal.
type cut struct {
	n    int64
	last bool
}

// route of a chain of passes. paced: each piece waits for a token of the product beside it.
func (c *Chain) route(paced bool) []leg[cut] {
	var legs []leg[cut]
	work := leg[cut]{lane: word.VectorPass, work: func(x cut) word.Work {
		k := word.Work{}
		for _, p := range c.Parts {
			k.Parts = append(k.Parts, word.Part{Kind: p.Kind, Elements: piece(p.Elements, x.n, x.last)})
		}
		if c.Writes > 0 {
			k.Space[0] = piece(c.Writes, x.n, x.last)
		}
		return k
	}}
	if c.Reads > 0 {
		legs = append(legs, leg[cut]{lane: word.ReadPass, out: to(word.PassIn), operand: "pass", work: func(x cut) word.Work {
			bytes := piece(c.Reads, x.n, x.last)
			return fetched(transfer{bytes, bytes})
		}})
		work.in = to(word.PassIn)
	}
	if paced {
		work.in = append(work.in, word.Pace)
	}
	if c.Writes == 0 {
		return append(legs, work)
	}
	work.out = to(word.PassOut)
	return append(legs, work, leg[cut]{lane: word.WritePass, in: to(word.PassOut), operand: "pass", work: func(x cut) word.Work {
		bytes := piece(c.Writes, x.n, x.last)
		return stores(bytes, bytes)
	}})
}
