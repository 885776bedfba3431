package dataflow

import (
	"fmt"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// Machine is what lowering has to know about the hardware.
type Machine struct {
	Capacity func(word.Buffer) int64
	Lanes    struct{ Memory uint64 } // all channels
}

// Path is the work in the output path of a product: done on every tile of Out before it is written.
type Path struct {
	Parts  []word.Part // elements of the whole product
	Reads  int64       // bytes beside Out: a mask, a residual, a saved tensor
	Writes int64       // bytes beside Out: a mask, statistics
	Drop   bool        // Out itself is not written
}

func (p *Path) busy() bool { return len(p.Parts) > 0 }

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
			return nil, fmt.Errorf("%s is kept at level %d; 0 to %d are accepted", o.name, o.level, len(loops))
		}
		w.levels[o.operand] = keptLevel(loops, o.level)
	}
	for i, l := range w.kept {
		if s.reduces(l.Dim) && w.levels[result] > i {
			return nil, fmt.Errorf("out is kept at level %d, inside loop %s of the reduction; a split reduction needs its sums to stay: level %d or less is accepted", c.Out, l.Dim, i)
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

// outBytes is what an element of Out takes in the output buffer.
func (w *lowering) outBytes() int64 {
	if w.s.WU || w.split() {
		return 4
	}
	return 2
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
	k.Space[0] = w.s.outElements(w.extent(w.levels[result], c)) * w.outBytes()
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
	case !s.Ratio.IsDense() && (w.fetch || s.Transposed):
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
		Variants: variantsOf(w.kept, level, w.need(o), func(c word.Class) word.Work {
			e := w.extent(level, c)
			dense := s.side(o, e, false).bytes
			if o == weights {
				taps, ch := s.Taps, e.k
				if s.tapLoop() {
					taps, ch = e.k, s.C
				}
				return word.Work{Repeat: e.g * taps * e.f, Channels: ch, Space: [2]int64{s.weightTile(e, true).bytes}}
			}
			ch := e.k
			if s.tapLoop() {
				ch = s.C
			}
			kept := int64(s.Ratio.Kept(int(ch)))
			runs := dense / 2 / ch
			bits := runs * kept * int64(16+s.Ratio.IndexBits())
			return word.Work{Repeat: runs, Channels: ch, Space: [2]int64{(bits + 7) / 8}}
		}),
	}
}

// store writes Out, through the vector unit where the output path has work.
func (w *lowering) store() []word.Op {
	level := w.levels[result]
	need := w.need(result)
	total := w.s.outElements(w.extent(0, 0))
	share := func(c word.Class, bytes int64) int64 {
		n := w.s.outElements(w.extent(level, c))
		return (bytes*n + total - 1) / total
	}
	written := func(c word.Class) (bytes, run int64) {
		if !w.path.Drop {
			x := w.s.outTile(w.extent(level, c))
			bytes, run = x.bytes, x.run
		}
		return bytes + share(c, w.path.Writes), run
	}
	stored := !w.path.Drop || w.path.Writes > 0
	from := word.Output
	var ops []word.Op
	if w.path.busy() {
		in := []word.End{{Buffer: word.Output, Level: level}}
		if w.path.Reads > 0 {
			in = append(in, word.End{Buffer: word.PassIn, Level: level})
			ops = append(ops, word.Op{
				Lane: word.ReadPass, Level: level, Operand: "saved", Channels: w.channel, Out: []word.End{{Buffer: word.PassIn, Level: level}},
				Variants: variantsOf(w.kept, level, need, func(c word.Class) word.Work {
					b := share(c, w.path.Reads)
					return word.Work{Bytes: b, Run: b, Space: [2]int64{b}}
				}),
			})
		}
		from = word.OutPath
		var out []word.End
		if stored {
			out = []word.End{{Buffer: word.OutPath, Level: level}}
		}
		ops = append(ops, word.Op{
			Lane: word.VectorOut, Level: level, Post: true, In: in, Out: out,
			Variants: variantsOf(w.kept, level, need, func(c word.Class) word.Work {
				n := w.s.outElements(w.extent(level, c))
				k := word.Work{}
				for _, p := range w.path.Parts {
					k.Parts = append(k.Parts, word.Part{Kind: p.Kind, Elements: p.Elements / total * n})
				}
				k.Space[0], _ = written(c)
				return k
			}),
		})
	}
	if !stored {
		return ops
	}
	return append(ops, word.Op{
		Lane: word.WriteOut, Level: level, Post: true, Operand: w.operandName(result), Channels: w.channel, In: []word.End{{Buffer: from, Level: level}},
		Variants: variantsOf(w.kept, level, need, func(c word.Class) word.Work {
			b, run := written(c)
			if run == 0 {
				run = b
			}
			return word.Work{Bytes: b, Run: run}
		}),
	})
}
