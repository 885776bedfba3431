package dataflow

import (
	"fmt"
	"math/bits"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/workloads"
)

// Path is the work in the output path of a product: done on every tile of Out before it is written.
type Path struct {
	Parts  []word.Part // elements of the whole product
	Reads  int64       // bytes beside Out: a mask, a residual, a saved tensor
	Writes int64       // bytes beside Out: a mask, statistics
}

func (p *Path) busy() bool { return len(p.Parts) > 0 }

// share is the work on n of a product's outputs, total in all.
func (p *Path) share(n, total int64) []word.Part {
	out := make([]word.Part, len(p.Parts))
	for i, part := range p.Parts {
		out[i] = word.Part{Kind: part.Kind, Elements: part.Elements / total * n}
	}
	return out
}

// written is what a tile of a product's outputs leaves in memory.
func (p *Path) written(s *Shape, e extent, total int64) (bytes, run int64) {
	x := s.outTile(e)
	return x.bytes + shareOf(p.Writes, s.outElements(e), total), x.run
}

// shareOf is the part of bytes that belongs to n of total outputs, rounded up: tiles are moved in whole bytes.
func shareOf(bytes, n, total int64) int64 {
	high, low := bits.Mul64(uint64(bytes), uint64(n))
	low, carry := bits.Add64(low, uint64(total-1), 0)
	share, _ := bits.Div64(high+carry, low, uint64(total))
	return int64(share)
}

// lowering turns a product and a choice into a stream.
type lowering struct {
	s       *Shape
	c       *Choice
	loops   []word.Loop // all five
	kept    []word.Loop // those of more than one trip: the word's
	levels  [4]int      // of each operand, in kept loops
	way     northWay
	array   Array // what the choice names
	spec    *spec.Spec
	path    *Path
	tail    bool // the out tiles go to the WUVE, in a stream of its own
	channel uint64
	slow    [2]int64 // by how much buffers stretch the array's tiles
}

func newLowering(s *Shape, c *Choice) (*lowering, error) {
	loops, err := s.loops(c)
	if err != nil {
		return nil, err
	}
	w := &lowering{s: s, c: c, loops: loops}
	for _, l := range loops {
		if l.Trips > 1 {
			w.kept = append(w.kept, l)
		}
	}
	west, north := s.sides()
	for _, o := range []struct {
		name    string
		operand operand
		level   int
	}{{"west", west, c.West}, {"north", north, c.North}, {"out", result, c.Out}} {
		if o.level < 0 || o.level > len(loops) {
			return nil, diag.Field(o.name, fmt.Sprintf("level %d is out of range", o.level), fmt.Sprintf("0 to %d", len(loops)))
		}
		w.levels[o.operand] = keptLevel(loops, o.level)
	}
	for i, l := range loops {
		if l.Trips > 1 && s.reduces(l.Dim) && c.Out > i {
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

// natural is the innermost useful level of an operand: its tile does not change in the loops inside.
func (s *Shape) natural(loops []word.Loop, o operand) int {
	level := 0
	for i, l := range loops {
		if l.Trips > 1 && s.depends(o, l.Dim) {
			level = i + 1
		}
	}
	if o == result { // a split reduction keeps its sums
		for i, l := range loops {
			if l.Trips > 1 && s.reduces(l.Dim) {
				return min(level, i)
			}
		}
	}
	return level
}

// split reports whether the reduction has several tiles, so that sums wait in the output buffer as FP32.
func (w *lowering) split() bool {
	for _, l := range w.kept {
		if w.s.reduces(l.Dim) {
			return true
		}
	}
	return false
}

func (w *lowering) extent(level int, c word.Class) extent { return w.s.extentAt(w.loops, level, c) }

// need of an operand's tile: which bits of a loop its size depends on.
func (w *lowering) need(o operand) func(*word.Loop) needs {
	return func(l *word.Loop) needs {
		if !w.s.depends(o, l.Dim) {
			return needs{}
		}
		n := edged(l)
		if o == patches && l.Dim == word.DimT { // borders have no halo
			n = needs{first: true, last: true}
		}
		return n
	}
}

// mulNeed is the need of the array's work: sizes, and whether sums are resumed or left.
func (w *lowering) mulNeed(l *word.Loop) needs {
	n := edged(l)
	if w.s.reduces(l.Dim) {
		n = needs{first: true, last: true}
	}
	return n
}

// mul is the array's work in a class of the innermost iteration.
func (w *lowering) mul(c word.Class) word.Work {
	first, last := true, true
	for i, l := range w.kept {
		if w.s.reduces(l.Dim) {
			first = first && c&word.First(i) != 0
			last = last && c&word.Last(i) != 0
		}
	}
	k := w.s.arrayWork(w.extent(len(w.kept), c), first, last)
	k.Space[0] = w.s.held(w.split()).Bytes(w.s.outElements(w.extent(w.levels[result], c)))
	k.Slow = w.slow
	if w.way == atEdge {
		cost := w.spec.STCE.Tile(stce.TileOf(stce.Config{Mode: w.array.Mode, Over: w.array.Over, Interleave: w.array.Interleave, Ratio: w.s.arrayRatio()}, &k))
		r := w.s.edgeSlow(w.spec, w.array, &k, cost.Cycles)
		if r = buffer.Larger(r, buffer.Fraction{Num: max(w.slow[0], 1), Den: max(w.slow[1], 1)}); r.Num > r.Den {
			k.Slow = [2]int64{r.Num, r.Den}
		}
	}
	return k
}

// arrayWork is a tile as the array sees it; first and last say where it is in a split reduction.
func (s *Shape) arrayWork(e extent, first, last bool) word.Work {
	positions := e.b * e.t * s.OW
	k := word.Work{Rows: positions, Cols: e.f, Taps: s.Taps, Channels: e.k, Repeat: e.g, Resume: !first, Spill: !last || s.WU}
	switch {
	case s.WU:
		k.Rows, k.Taps, k.Channels = s.Taps*e.k, 1, positions
	case s.tapLoop():
		k.Taps, k.Channels = e.k, s.C
	}
	if s.Transposed {
		k.Rows, k.Cols = k.Cols, k.Rows
	}
	return k
}

// arrayRatio is the N:M on the array.
func (s *Shape) arrayRatio() nm.Ratio {
	if s.WU {
		return nm.Dense
	}
	return s.Ratio
}

// level is that of the tiles in a buffer.
func (w *lowering) level(b word.Buffer) int {
	west, north := w.s.sides()
	switch b {
	case word.West:
		return w.levels[west]
	case word.North, word.DenseNorth:
		return w.levels[north]
	case word.Output, word.OutPath, word.PassIn:
		return w.levels[result]
	case word.State, word.StateOut, word.Updated, word.Copies, word.PassOut, word.Pace: // of updates and of passes: no product has them
	}
	return len(w.kept)
}

// stream is the product's loop nest: its route from west and north to Out, or to the output buffer, where the update's stream takes it.
func (w *lowering) stream() word.Stream {
	west, north := w.s.sides()
	r := w.s.route(w.way, w.path, w.tail)
	ops := w.ops(nil, r.west, west)
	ops = w.ops(ops, r.north, north)
	for _, l := range w.s.atArray(w.way, &w.spec.STCE, w.array) {
		ops = append(ops, l.op(len(w.kept), w.level, w.channel, variantsOf(w.kept, len(w.kept), w.mulNeed, func(c word.Class) word.Work { return l.work(w.mul(c)) })))
	}
	return word.Stream{Loops: w.kept, Ops: w.ops(ops, r.out, result)}
}

// ops adds the legs of an operand's tiles.
func (w *lowering) ops(ops []word.Op, legs []leg[extent], o operand) []word.Op {
	level := w.levels[o]
	for _, l := range legs {
		ops = append(ops, l.op(level, w.level, w.channel, variantsOf(w.kept, level, w.need(o), func(c word.Class) word.Work { return l.work(w.extent(level, c)) })))
	}
	return ops
}

// name of an operand in words.
func (s *Shape) name(o operand) string {
	switch o {
	case patches:
		if s.Stage == workloads.BP {
			return "dY"
		}
		return "X"
	case weights:
		return "W"
	case grads:
		return "dY"
	case result:
	}
	return [...]string{"Y", "dX", "dW"}[s.Stage]
}
