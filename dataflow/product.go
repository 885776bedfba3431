package dataflow

import (
	"fmt"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
	"satsim/internal/diag"
)

// lowering turns a product and a choice into a stream.
type lowering struct {
	s       *geometry.Shape
	c       *geometry.Choice
	loops   []word.Loop // all five
	kept    []word.Loop // those of more than one trip: the word's
	levels  [4]int      // of each operand, in kept loops
	way     route.North
	array   geometry.Array // what the choice names
	spec    *spec.Spec
	path    *route.Path
	tail    bool // the out tiles go to the WUVE, in a stream of its own
	channel uint64
	slow    buffer.Fraction // by how much buffers stretch the array's tiles
}

func newLowering(s *geometry.Shape, c *geometry.Choice) (*lowering, error) {
	loops, err := s.Loops(c)
	if err != nil {
		return nil, err
	}
	w := &lowering{s: s, c: c, loops: loops}
	for _, l := range loops {
		if l.Trips > 1 {
			w.kept = append(w.kept, l)
		}
	}
	west, north := s.Sides()
	for _, o := range []struct {
		name    string
		operand geometry.Operand
		level   int
	}{{"west", west, c.West}, {"north", north, c.North}, {"out", geometry.Result, c.Out}} {
		if o.level < 0 || o.level > len(loops) {
			return nil, diag.Field(o.name, fmt.Sprintf("level %d is out of range", o.level), fmt.Sprintf("0 to %d", len(loops)))
		}
		w.levels[o.operand] = keptLevel(loops, o.level)
	}
	for i, l := range loops {
		if l.Trips > 1 && s.Reduces(l.Dim) && c.Out > i {
			return nil, diag.Field("out", fmt.Sprintf("level %d is inside loop %s, which splits the reduction: its sums have to stay", c.Out, l.Dim), fmt.Sprintf("0 to %d", i))
		}
	}
	return w, nil
}

// keptLevel counts the loops of more than one trip outside a level.
func keptLevel(loops []word.Loop, level int) int {
	n := 0
	for _, l := range loops[:level] {
		if l.Trips > 1 {
			n++
		}
	}
	return n
}

// split reports whether the reduction has several tiles, so that sums wait in the output buffer as FP32.
func (w *lowering) split() bool {
	for _, l := range w.kept {
		if w.s.Reduces(l.Dim) {
			return true
		}
	}
	return false
}

func (w *lowering) extent(level int, c word.Class) geometry.Extent {
	return w.s.ExtentAt(w.loops, level, c)
}

// again: the tile at a level was fetched before, in an earlier turn of a loop outside that does not change it.
func (w *lowering) again(o geometry.Operand, level int, c word.Class) bool {
	for i, l := range w.kept[:level] {
		if !w.s.Depends(o, l.Dim) && c&word.First(i) == 0 {
			return true
		}
	}
	return false
}

// need of an operand's tile: which bits of a loop its size depends on.
func (w *lowering) need(o geometry.Operand) func(*word.Loop) needs {
	return func(l *word.Loop) needs {
		if !w.s.Depends(o, l.Dim) {
			return needs{first: o == geometry.Patches && w.s.Norm.Mask} // a mask leaves once
		}
		n := edged(l)
		if o == geometry.Patches && l.Dim == word.DimT { // borders have no halo
			n = needs{first: true, last: true}
		}
		return n
	}
}

// mulNeed is the need of that work: sizes, and whether sums are resumed or left.
func (w *lowering) mulNeed(l *word.Loop) needs {
	n := edged(l)
	if w.s.Reduces(l.Dim) {
		n = needs{first: true, last: true}
	}
	return n
}

// mul is the work of the array, or of the vector unit, in a class of the innermost iteration.
func (w *lowering) mul(c word.Class) word.Work {
	first, last := true, true
	for i, l := range w.kept {
		if w.s.Reduces(l.Dim) {
			first = first && c&word.First(i) != 0
			last = last && c&word.Last(i) != 0
		}
	}
	k := w.s.Work(w.extent(len(w.kept), c), first, last)
	k.Space[0] = w.s.Held(w.split()).Bytes(w.s.LeftElements(w.extent(w.levels[geometry.Result], c)))
	slow := w.slow
	if w.way == route.AtEdge {
		t, _ := w.spec.STCE.TileOf(w.s.Config(w.array), &k)
		slow = buffer.Larger(slow, w.s.EdgeSlow(w.spec, w.array, &k, w.spec.STCE.Tile(t).Cycles))
	}
	k.Slow = slow.Slow()
	return k
}

// level is that of the tiles in a buffer.
func (w *lowering) level(b word.Buffer) int {
	west, north := w.s.Sides()
	switch b {
	case word.West:
		return w.levels[west]
	case word.North, word.DenseNorth:
		return w.levels[north]
	case word.Output, word.OutPath, word.PassIn:
		return w.levels[geometry.Result]
	case word.State, word.StateOut, word.Updated, word.Copies, word.Pace: // of updates and of passes: no product has them
	case word.PassOut: // a mask leaves as its tile comes
		return w.levels[west]
	case word.Factors:
		return 0
	}
	return len(w.kept)
}

// stream is the product's loop nest: its route from west and north to Out, or to the output buffer, where the update's stream takes it.
func (w *lowering) stream() word.Stream {
	west, north := w.s.Sides()
	r := route.Of(w.s, w.way, &w.spec.Norm, w.path, w.tail)
	var ops []word.Op
	for _, l := range r.Before {
		ops = append(ops, l.Op(0, w.level, w.channel, []word.Variant{{Work: l.Work(w.s.Everything())}}))
	}
	ops = w.ops(ops, r.West, west)
	ops = w.ops(ops, r.North, north)
	for _, l := range route.AtArray(w.s, w.way, &w.spec.STCE, w.array) {
		ops = append(ops, l.Op(len(w.kept), w.level, w.channel, variantsOf(w.kept, len(w.kept), w.mulNeed, func(c word.Class) word.Work { return l.Work(w.mul(c)) })))
	}
	return word.Stream{Loops: w.kept, Ops: w.ops(ops, r.Out, geometry.Result)}
}

// ops adds the legs of an operand's tiles.
func (w *lowering) ops(ops []word.Op, legs []route.Leg[geometry.Extent], o geometry.Operand) []word.Op {
	level := w.levels[o]
	for _, l := range legs {
		ops = append(ops, l.Op(level, w.level, w.channel, variantsOf(w.kept, level, w.need(o), func(c word.Class) word.Work {
			e := w.extent(level, c)
			if w.again(o, level, c) {
				e = e.Again()
			}
			return l.Work(e)
		})))
	}
	return ops
}
