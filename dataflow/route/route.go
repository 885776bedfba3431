package route

import (
	"satsim/arch/norm"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
)

// Leg is a step of a tile's way through the machine: a lane takes the tile from the buffers before it, does its work, and leaves what becomes
// of it in those after it. None before: it comes from memory. None after: it goes there. T says what a tile is: a part of a product (an Extent), the
// array's work on it (word.Work), parameters (a Share), a piece of a pass (a Cut).
//
// The work is what the leg does to bytes: what it moves, in the format that it is stored in, and what it needs of the buffers after it. Words are
// made of legs (lowering), and so is what a choice is predicted to take (package estimate); how long a lane works, and what that amounts to, its unit says.
type Leg[T any] struct {
	Lane    word.Lane
	In, Out []word.Buffer
	operand string // what a transfer moves
	post    bool   // after the loops inside
	Beside  bool   // nothing on the way waits for it
	Work    func(T) word.Work
}

// Op is the leg as an instruction at a level of a nest; at is the level of the tiles in a buffer.
func (l *Leg[T]) Op(level int, at func(word.Buffer) int, channels uint64, variants []word.Variant) word.Op {
	o := word.Op{Lane: l.Lane, Level: level, Post: l.post, Operand: l.operand, Variants: variants}
	if l.Lane.Unit() == word.Memory {
		o.Channels = channels
	}
	for _, b := range l.In {
		o.In = append(o.In, word.End{Buffer: b, Level: at(b)})
	}
	for _, b := range l.Out {
		o.Out = append(o.Out, word.End{Buffer: b, Level: at(b)})
	}
	return o
}

// to is a list of one buffer, or of several.
func to(b ...word.Buffer) []word.Buffer { return b }

// fetched is a transfer from memory, which leaves as much in a buffer.
func fetched(x geometry.Transfer) word.Work {
	return word.Work{Bytes: x.Bytes, Run: x.Run, Space: [2]int64{x.Bytes}}
}

// stores is a transfer to memory.
func stores(bytes, run int64) word.Work { return word.Work{Bytes: bytes, Run: run} }

// North is how the operand that a recipe prunes becomes what the array takes from the north.
type North uint8

const (
	Stored  North = iota // as it is stored: nothing is pruned, or it was when it was written
	AtFetch              // SORE prunes each tile once a fetch
	AtEdge               // SORE prunes between the north buffer and the array, each time a fold reads it
)

// NorthOf a product on a machine; unpruned: weights are stored unpruned. SORE stands at the edge for weights alone.
func NorthOf(s *geometry.Shape, sp *spec.Spec, unpruned bool) North {
	switch {
	case s.Ratio.IsDense() || !unpruned && !s.Transposed && !s.WU || s.WU && s.Stored[geometry.Grads].Ratio.M > 0:
		return Stored
	case sp.Dataflow.PruneAt == word.AtEdge && !s.WU && !s.Transposed:
		return AtEdge
	default:
		return AtFetch
	}
}

// Legs are the way of a product's tiles to the array and from it, and what comes before all of them.
type Legs struct {
	Before, West, North, Out []Leg[geometry.Extent]
}

// Of a product with work in its output path. updated: its results stay in the output buffer, and are the update's. What is stored un-normalised comes by way of the
// normaliser.
func Of(s *geometry.Shape, way North, n *norm.Params, p *Path, updated bool) Legs {
	west, north := s.Sides()
	r := Legs{West: []Leg[geometry.Extent]{fetch(s, word.ReadWest, west, s.Stored[west], word.West)}}
	if s.Norm.Channels > 0 {
		r.Before, r.West = factors(s, n), normalised(s, n)
	}
	switch way {
	case Stored:
		r.North = []Leg[geometry.Extent]{fetch(s, word.ReadNorth, north, s.Pruned(north), word.North)}
	case AtFetch:
		r.North = []Leg[geometry.Extent]{
			fetch(s, word.ReadNorth, north, s.Stored[north], word.DenseNorth),
			{Lane: word.Prune, In: to(word.DenseNorth), Out: to(word.North), Work: func(e geometry.Extent) word.Work {
				runs, channels := s.Runs(north, e)
				if s.Twice {
					runs *= 2
				}
				return word.Work{Repeat: runs, Channels: channels, Space: [2]int64{s.Tile(north, e, s.Pruned(north)).Bytes}}
			}},
		}
	case AtEdge:
		r.North = []Leg[geometry.Extent]{fetch(s, word.ReadNorth, north, s.Stored[north], word.North)}
	}
	if !updated {
		r.Out = leave(s, p)
	}
	return r
}

// fetch is the leg of an operand from memory, where it is stored in a format.
func fetch(s *geometry.Shape, lane word.Lane, o geometry.Operand, f nm.Format, b word.Buffer) Leg[geometry.Extent] {
	return Leg[geometry.Extent]{Lane: lane, Out: to(b), operand: s.Name(o), Work: func(e geometry.Extent) word.Work {
		x := s.Tile(o, e, f)
		w := fetched(x)
		w.Space[0] = s.Room(o, x)
		return w
	}}
}

// leave is the way of a product's results to memory, through the vector unit where the output path has work.
func leave(s *geometry.Shape, p *Path) []Leg[geometry.Extent] {
	total := s.OutElements(s.Everything())
	store := Leg[geometry.Extent]{Lane: word.WriteOut, In: to(word.Output), operand: s.Name(geometry.Result), post: true, Work: func(e geometry.Extent) word.Work {
		return stores(p.written(s, e, total))
	}}
	if !p.busy() {
		return []Leg[geometry.Extent]{store}
	}
	var legs []Leg[geometry.Extent]
	work := Leg[geometry.Extent]{Lane: word.VectorOut, In: to(word.Output), Out: to(word.OutPath), post: true, Work: func(e geometry.Extent) word.Work {
		bytes, _ := p.written(s, e, total)
		return word.Work{Parts: p.share(s.OutElements(e), total), Space: [2]int64{bytes}}
	}}
	if p.Reads > 0 {
		legs = append(legs, Leg[geometry.Extent]{Lane: word.ReadPass, Out: to(word.PassIn), operand: "saved", Work: func(e geometry.Extent) word.Work {
			bytes := shareOf(p.Reads, s.OutElements(e), total)
			return fetched(geometry.Contiguous(bytes))
		}})
		work.In = to(word.Output, word.PassIn)
	}
	store.In = to(word.OutPath)
	return append(legs, work, store)
}

// AtArray are the legs at the array, or at the vector unit in its place, of their work on a tile: its own, and SORE's beside it, which runs as often as the array
// reads the operand that is pruned, and stretches the tile.
func AtArray(s *geometry.Shape, way North, p *stce.Params, a geometry.Array) []Leg[word.Work] {
	if s.Lanes {
		return []Leg[word.Work]{{Lane: word.VectorOut, In: to(word.West, word.North), Out: to(word.Output), Work: func(k word.Work) word.Work { return k }}}
	}
	array := Leg[word.Work]{Lane: word.Array, In: to(word.West, word.North), Out: to(word.Output), Work: func(k word.Work) word.Work { return k }}
	if way != AtEdge {
		return []Leg[word.Work]{array}
	}
	return []Leg[word.Work]{{Lane: word.Prune, Work: func(k word.Work) word.Work {
		runs, channels := s.EdgeSort(p, a, &k)
		return word.Work{Repeat: runs * max(k.Repeat, 1), Channels: channels}
	}}, array}
}
