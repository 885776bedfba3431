package dataflow

import (
	"satsim/arch/sore"
	"satsim/arch/word"
)

// Traffic is what a tiling in a loop order moves, and for how long it and the update take units other than the array. Passes that run
// beside a product are left out: they have time until the group ends, and a product that is good alone disturbs them least.
type Traffic struct {
	West, North, Out             int64 // bytes; Out with what the output path reads and writes beside it
	Memory                       int64 // cycles for which a channel is taken
	Vector                       int64 // cycles that the vector unit issues
	Sore, Wuve                   int64
	First, Last                  int64 // cycles of the longest first fetch, and of what follows the array's last tile
	Fits                         bool  // all of these
	WestFits, NorthFits, OutFits bool

	load // of the product and its update, without the passes beside it
}

// Bytes of the product.
func (t *Traffic) Bytes() int64 { return t.West + t.North + t.Out }

// Busy is the cycles of the busiest unit, the array left out.
func (t *Traffic) Busy() int64 { return max(t.Memory, t.Vector, t.Sore, t.Wuve) }

// Traffic predicts a product's tiling in a loop order, levels at their natural places. A tile that is fetched again needs room for
// two.
func (e *Estimator) Traffic(g *Group, z *Sizes, order []word.Dim) Traffic {
	e.about(g)
	s := g.Shape
	var loops [5]word.Loop
	for i, d := range order {
		step, extent := s.of(d, z)
		n := (extent + step - 1) / step
		loops[i] = word.Loop{Dim: d, Trips: n, Step: step, Edge: extent - (n-1)*step}
	}
	buffers := &e.spec.Buffers
	t := Traffic{}
	sum := e.base
	read := func(o operand, to word.Buffer, compressed bool) (bytes int64, fits bool) {
		x := e.move(s, &loops, o, compressed)
		sum.add(x.load, 1)
		t.First = max(t.First, x.one)
		return x.bytes, x.space*x.copies() <= buffers.Capacity(to)
	}
	west, north := s.sides()
	t.West, t.WestFits = read(west, word.West, true)
	switch {
	case s.prunedAtEdge(e.spec, e.fetch):
		t.North, t.NorthFits = read(north, word.North, false)
	case s.prunedAtFetch(e.fetch):
		t.North, t.NorthFits = read(north, word.DenseNorth, false)
		x := e.move(s, &loops, north, false)
		t.NorthFits = t.NorthFits && x.compact*x.copies() <= buffers.Capacity(word.North)
	default:
		t.North, t.NorthFits = read(north, word.North, true)
	}
	x := e.left(g, &loops)
	t.OutFits = s.held(s.splits(&loops)).Bytes(x.elements)*x.copies() <= buffers.Capacity(word.Output) &&
		x.pathIn*x.copies() <= buffers.Capacity(word.PassIn) && x.pathOut*x.copies() <= buffers.Capacity(word.OutPath)
	if g.Update != nil { // every tile is updated in as many pieces as the largest
		t.OutFits = t.OutFits && g.Update.fits(x.elements, x.least, x.loads, buffers.Capacity)
	}
	t.Fits = t.WestFits && t.NorthFits && t.OutFits
	sum.add(x.load, 1)
	t.Out, t.Last = x.bytes, x.one
	t.load = sum
	if sum.overflow != nil && e.err == nil {
		e.err = sum.overflow
	}
	t.Memory = e.memory(&sum)
	t.Vector, t.Sore, t.Wuve = sum.vector, sum.sore, sum.wuve
	return t
}

func (s *Shape) splits(loops *[5]word.Loop) bool {
	for i := range loops {
		if loops[i].Trips > 1 && s.reduces(loops[i].Dim) {
			return true
		}
	}
	return false
}

// moved is an operand's way over a whole product.
type moved struct {
	load
	bytes   int64
	space   int64 // of the largest tile
	compact int64 // of the largest tile, when it was pruned on its way
	loads   int64 // tiles moved
	one     int64 // cycles of one
}

// copies is how many tiles the buffer should hold: two, so that one loads while the other is used.
func (m *moved) copies() int64 { return min(m.loads, 2) }

// moveKey names an operand's tiles: their steps in the dimensions g, b, t, k, f, the whole extent where it does not walk.
type moveKey struct {
	operand    operand
	compressed bool
	steps      [5]int64
}

// keyOf the tiles of an operand, and how often each is moved: once for every iteration of the loops outside that do not change it.
func (s *Shape) moveKey(loops *[5]word.Loop, o operand, compressed bool) (key moveKey, times int64) {
	level := s.natural(loops[:], o)
	key, times = moveKey{operand: o, compressed: compressed}, 1
	for i := range loops {
		l := &loops[i]
		slot := dimSlot(l.Dim)
		key.steps[slot] = l.Extent()
		if i < level && l.Trips > 1 {
			if s.depends(o, l.Dim) {
				key.steps[slot] = l.Step
			} else {
				times *= l.Trips
			}
		}
	}
	return key, times
}

// move is what fetching an operand takes.
func (e *Estimator) move(s *Shape, loops *[5]word.Loop, o operand, compressed bool) moved {
	key, times := s.moveKey(loops, o, compressed)
	once, ok := e.moves[key]
	if !ok {
		once = e.once(s, &key)
		e.moves[key] = once
	}
	m := moved{bytes: once.bytes * times, space: once.space, compact: once.compact, loads: once.loads * times, one: once.one}
	m.load.add(once.load, times)
	return m
}

func dimSlot(d word.Dim) int {
	switch d {
	case word.DimG:
		return 0
	case word.DimB:
		return 1
	case word.DimT:
		return 2
	case word.DimK:
		return 3
	case word.DimF:
		return 4
	case word.DimP: // of passes and updates: no product has it
	}
	return -1
}

// once adds up all tiles of an operand.
func (e *Estimator) once(s *Shape, key *moveKey) (m moved) {
	prune := !key.compressed && s.prunedAtFetch(e.fetch) && !s.prunedAtEdge(e.spec, e.fetch)
	s.tiles(key, func(t extent, times int64) {
		b := s.side(key.operand, t, key.compressed)
		one := e.transfer(b.bytes, b.run, false)
		cycles := e.cycles(b.bytes, b.run, false)
		if prune {
			w := s.pruneWork(key.operand, t)
			c := e.spec.SORE.Cost(sore.JobOf(s.Ratio, &w))
			one.sore = c.Issue
			e.count(&one, word.SORE, &c.Counts)
			cycles += one.sore
			m.compact = max(m.compact, w.Space[0])
		}
		m.load.add(one, times)
		m.bytes += b.bytes * times
		m.space = max(m.space, b.bytes)
		m.one = max(m.one, cycles)
		m.loads += times
	})
	return m
}

// left is the way of a product's results: what leaves the output buffer.
type left struct {
	moved
	elements, least int64 // of the largest and of the smallest tile
	pathIn, pathOut int64 // of the largest tile, beside and after the output path
}

// left is what taking the results away takes.
func (e *Estimator) left(g *Group, loops *[5]word.Loop) left {
	key, _ := g.Shape.moveKey(loops, result, false) // each tile leaves once: loops that do not change it are inside
	x, ok := e.outs[key]
	if !ok {
		x = e.leave(g, &key)
		e.outs[key] = x
	}
	return x
}

// leave adds up all tiles of the results.
func (e *Estimator) leave(g *Group, key *moveKey) (x left) {
	s := g.Shape
	total := s.outElements(s.whole())
	s.tiles(key, func(t extent, times int64) {
		n := s.outElements(t)
		x.elements = max(x.elements, n)
		if x.loads == 0 || n < x.least {
			x.least = n
		}
		x.loads += times
		if g.Update != nil { // its traffic is the group's, whatever the tiles; but the last tile's comes last
			l := e.update(g.Update, s.gradientElements(t))
			x.one = max(x.one, l.wuve, e.memory(&l))
			return
		}
		in := shareOf(g.Path.Reads, n, total)
		out, run := g.Path.written(s, t, total)
		one := e.transfer(in, in, false)
		one.add(e.transfer(out, run, true), 1)
		one.add(e.vector(g.Path.share(n, total)), 1)
		x.load.add(one, times)
		x.bytes += (in + out) * times
		if g.Path.busy() {
			x.pathIn, x.pathOut = max(x.pathIn, in), max(x.pathOut, out)
		}
		x.one = max(x.one, e.cycles(out, run, true)+one.vector)
	})
	return x
}

// tiles lists the tiles of an operand by class: sizes are products of one factor a dimension, but for the bands' halo.
func (s *Shape) tiles(key *moveKey, visit func(t extent, times int64)) {
	extents := [5]int64{s.G, s.B, s.OH, s.kExtent(), s.F}
	var x [5]int64
	var walk func(d int, times int64, top, bottom bool)
	walk = func(d int, times int64, top, bottom bool) {
		if d == len(x) {
			visit(extent{g: x[0], b: x[1], t: x[2], k: x[3], f: x[4], top: top, bottom: bottom}, times)
			return
		}
		step := key.steps[d]
		n := (extents[d] + step - 1) / step
		edge := extents[d] - (n-1)*step
		switch band := d == 2 && key.operand == patches; {
		case n == 1:
			x[d] = edge
			walk(d+1, times, top, bottom)
		case band:
			x[d] = step
			walk(d+1, times, true, false)
			if n > 2 {
				walk(d+1, times*(n-2), false, false)
			}
			x[d] = edge
			walk(d+1, times, false, true)
		case edge == step:
			x[d] = step
			walk(d+1, times*n, top, bottom)
		default:
			x[d] = step
			walk(d+1, times*(n-1), top, bottom)
			x[d] = edge
			walk(d+1, times, top, bottom)
		}
	}
	walk(0, 1, true, true)
}
