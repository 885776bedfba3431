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
	fetch   bool        // weights are pruned when they are fetched
	edge    bool        // weights are pruned when the array reads them
	array   Array       // what the choice names
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
	if w.edge {
		cost := w.spec.STCE.Tile(stce.TileOf(stce.Config{Mode: w.array.Mode, Over: w.array.Over, Interleave: w.array.Interleave, Ratio: w.s.arrayRatio()}, &k))
		r := w.s.edgeSlow(w.spec, w.array, &k, cost.Cycles)
		if r = buffer.Larger(r, buffer.Ratio{Num: max(w.slow[0], 1), Den: max(w.slow[1], 1)}); r.Num > r.Den {
			k.Slow = [2]int64{r.Num, r.Den}
		}
	}
	return k
}

// sortAtEdge is SORE's part of the array's work when it prunes at the edge: it runs beside the tile, which it stretches.
func (w *lowering) sortAtEdge() word.Op {
	return word.Op{
		Lane: word.Prune, Level: len(w.kept),
		Variants: variantsOf(w.kept, len(w.kept), w.mulNeed, func(c word.Class) word.Work {
			k := w.mul(c)
			runs, channels := w.s.edgeSort(&w.spec.STCE, w.array, &k)
			return word.Work{Repeat: runs * k.Repeat, Channels: channels}
		}),
	}
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

// read is an op that fetches an operand's tile.
func (w *lowering) read(o operand, lane word.Lane, to word.Buffer, compressed bool) word.Op {
	level := w.levels[o]
	return word.Op{
		Lane: lane, Level: level, Operand: w.operandName(o), Channels: w.channel, Out: []word.End{{Buffer: to, Level: level}},
		Variants: variantsOf(w.kept, level, w.need(o), func(c word.Class) word.Work {
			x := w.s.side(o, w.extent(level, c), compressed)
			return word.Work{Bytes: x.bytes, Run: x.run, Space: [2]int64{x.bytes}}
		}),
	}
}

func (w *lowering) operandName(o operand) string {
	switch o {
	case patches:
		if w.s.Stage.String() == "BP" {
			return "dY"
		}
		return "X"
	case weights:
		return "W"
	case grads:
		return "dY"
	default:
		return [...]string{"Y", "dX", "dW"}[w.s.Stage]
	}
}

// stream is the product's loop nest: fetch west and north, multiply, and write Out (or leave it to the WUVE's stream).
func (w *lowering) stream() word.Stream {
	s := w.s
	west, north := s.sides()
	ops := []word.Op{w.read(west, word.ReadWest, word.West, true)}
	switch {
	case w.edge:
		ops = append(ops, w.read(north, word.ReadNorth, word.North, false), w.sortAtEdge())
	case s.prunedAtFetch(w.fetch):
		ops = append(ops, w.read(north, word.ReadNorth, word.DenseNorth, false), w.prune(north))
	default:
		ops = append(ops, w.read(north, word.ReadNorth, word.North, true))
	}
	ops = append(ops, word.Op{
		Lane: word.Array, Level: len(w.kept),
		In:       []word.End{{Buffer: word.West, Level: w.levels[west]}, {Buffer: word.North, Level: w.levels[north]}},
		Out:      []word.End{{Buffer: word.Output, Level: w.levels[result]}},
		Variants: variantsOf(w.kept, len(w.kept), w.mulNeed, w.mul),
	})
	if !w.tail {
		ops = append(ops, w.store()...)
	}
	return word.Stream{Loops: w.kept, Ops: ops}
}

// prune is SORE between memory and the north buffer. A dense tile goes in, a compressed one comes out.
func (w *lowering) prune(o operand) word.Op {
	level := w.levels[o]
	s := w.s
	return word.Op{
		Lane: word.Prune, Level: level, In: []word.End{{Buffer: word.DenseNorth, Level: level}}, Out: []word.End{{Buffer: word.North, Level: level}},
		Variants: variantsOf(w.kept, level, w.need(o), func(c word.Class) word.Work { return s.pruneWork(o, w.extent(level, c)) }),
	}
}

// pruneWork is SORE's work on a tile of an operand.
func (s *Shape) pruneWork(o operand, e extent) word.Work {
	taps, channels := s.Taps, e.k
	if s.tapLoop() {
		taps, channels = e.k, s.C
	}
	if o == weights {
		return word.Work{Repeat: e.g * taps * e.f, Channels: channels, Space: [2]int64{s.weightTile(e, true).bytes}}
	}
	runs := s.patches(e).bytes / s.bytes(patches, channels)
	return word.Work{Repeat: runs, Channels: channels, Space: [2]int64{nm.Packed(s.Ratio).Tile(runs, channels, 1)}}
}

// store writes Out, through the vector unit where the output path has work.
func (w *lowering) store() []word.Op {
	level := w.levels[result]
	need := w.need(result)
	total := w.s.outElements(w.s.whole())
	elements := func(c word.Class) int64 { return w.s.outElements(w.extent(level, c)) }
	from := word.Output
	var ops []word.Op
	if w.path.busy() {
		in := []word.End{{Buffer: word.Output, Level: level}}
		if w.path.Reads > 0 {
			in = append(in, word.End{Buffer: word.PassIn, Level: level})
			ops = append(ops, word.Op{
				Lane: word.ReadPass, Level: level, Operand: "saved", Channels: w.channel, Out: []word.End{{Buffer: word.PassIn, Level: level}},
				Variants: variantsOf(w.kept, level, need, func(c word.Class) word.Work {
					b := shareOf(w.path.Reads, elements(c), total)
					return word.Work{Bytes: b, Run: b, Space: [2]int64{b}}
				}),
			})
		}
		from = word.OutPath
		ops = append(ops, word.Op{
			Lane: word.VectorOut, Level: level, Post: true, In: in, Out: []word.End{{Buffer: word.OutPath, Level: level}},
			Variants: variantsOf(w.kept, level, need, func(c word.Class) word.Work {
				b, _ := w.path.written(w.s, w.extent(level, c), total)
				return word.Work{Parts: w.path.share(elements(c), total), Space: [2]int64{b}}
			}),
		})
	}
	return append(ops, word.Op{
		Lane: word.WriteOut, Level: level, Post: true, Operand: w.operandName(result), Channels: w.channel, In: []word.End{{Buffer: from, Level: level}},
		Variants: variantsOf(w.kept, level, need, func(c word.Class) word.Work {
			b, run := w.path.written(w.s, w.extent(level, c), total)
			return word.Work{Bytes: b, Run: run}
		}),
	})
}
