package dataflow

import (
	"math"

	"satsim/arch/word"
)

// Traffic is what a tiling in a loop order moves, and for how long it and the update take units other than the array. Passes that run
// beside a product are left out: they have time until the group ends, and a product that is good alone disturbs them least.
type Traffic struct {
	West, North, Out             int64 // bytes; Out with what the output path reads and writes beside it
	Memory                       int64 // cycles for which a channel is taken
	First, Last                  int64 // cycles of the longest first fetch, and of what follows the array's last tile
	Fits                         bool  // all of these
	WestFits, NorthFits, OutFits bool

	load // of the product and its update, without the passes beside it
}

// Bytes of the product.
func (t *Traffic) Bytes() int64 { return t.West + t.North + t.Out }

// Busy is the cycles of the busiest unit, the array left out.
func (t *Traffic) Busy() int64 {
	most := t.Memory
	for _, cycles := range t.busy {
		most = max(most, cycles)
	}
	return most
}

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
	t := Traffic{}
	sum := e.base
	capacity := e.spec.Buffers.Capacity
	read := func(o operand, legs []leg[extent]) (bytes int64, fits bool) {
		x := e.move(s, &loops, o, legs)
		sum.add(x.load, 1)
		t.First = max(t.First, x.one)
		return x.bytes, x.fits(capacity)
	}
	west, north := s.sides()
	t.West, t.WestFits = read(west, e.route.west)
	t.North, t.NorthFits = read(north, e.route.north)
	x := e.left(g, &loops)
	t.OutFits = x.updates && x.fits(capacity) && s.held(s.splits(&loops)).Bytes(x.elements)*x.copies() <= capacity(word.Output)
	t.Fits = t.WestFits && t.NorthFits && t.OutFits
	sum.add(x.load, 1)
	t.Out, t.Last = x.bytes, x.one
	t.load = sum
	if sum.overflow != nil && e.err == nil {
		e.err = sum.overflow
	}
	t.Memory = e.memory(&sum)
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
	bytes int64
	rooms [word.Buffers]int64 // what the largest tile takes of each buffer on the way
	loads int64               // tiles moved
	one   int64               // cycles of one, from when it can start: what memory holds is fetched before the array's results need it
}

// copies is how many tiles the buffer should hold: two, so that one loads while the other is used.
func (m *moved) copies() int64 { return min(m.loads, 2) }

// fits reports whether the buffers on the way hold as many tiles as they should.
func (m *moved) fits(capacity func(word.Buffer) int64) bool {
	for b, bytes := range m.rooms {
		if bytes > 0 && bytes*m.copies() > capacity(word.Buffer(b)) {
			return false
		}
	}
	return true
}

// moveKey names an operand's tiles: their steps in the dimensions g, b, t, k, f, the whole extent where it does not walk.
type moveKey struct {
	operand operand
	steps   [5]int64
}

// keyOf the tiles of an operand, and how often each is moved: once for every iteration of the loops outside that do not change it.
func (s *Shape) moveKey(loops *[5]word.Loop, o operand) (key moveKey, times int64) {
	level := s.natural(loops[:], o)
	key, times = moveKey{operand: o}, 1
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
func (e *Estimator) move(s *Shape, loops *[5]word.Loop, o operand, legs []leg[extent]) moved {
	key, times := s.moveKey(loops, o)
	once, ok := e.moves[key]
	if !ok {
		once = e.once(s, &key, legs)
		e.moves[key] = once
	}
	m := moved{bytes: once.bytes * times, rooms: once.rooms, loads: once.loads * times, one: once.one}
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
func (e *Estimator) once(s *Shape, key *moveKey, legs []leg[extent]) (m moved) {
	var w word.Work
	s.tiles(key, func(t extent, times int64) {
		one, cycles := load{}, int64(0)
		for i := range legs {
			l := &legs[i]
			w = l.work(t)
			took := e.take(&one, l.lane, &w)
			if key.operand != result || len(l.in) > 0 {
				cycles += took
			}
			m.bytes += w.Bytes * times
			for k, b := range l.out {
				m.rooms[b] = max(m.rooms[b], w.Space[k])
			}
		}
		m.load.add(one, times)
		m.one = max(m.one, cycles)
		m.loads += times
	})
	return m
}

// left is the way of a product's results: what leaves the output buffer.
type left struct {
	moved
	elements int64 // of the largest tile
	updates  bool  // an update, if there is one, can cut all tiles into pieces that fit
}

// left is what taking the results away takes.
func (e *Estimator) left(g *Group, loops *[5]word.Loop) left {
	key, _ := g.Shape.moveKey(loops, result) // each tile leaves once: loops that do not change it are inside
	x, ok := e.outs[key]
	if !ok {
		x = e.leave(g, &key)
		e.outs[key] = x
	}
	return x
}

// leave adds up all tiles of the results. The traffic of an update is the group's, whatever the tiles; but the last tile's comes last.
func (e *Estimator) leave(g *Group, key *moveKey) left {
	s := g.Shape
	x := left{moved: e.once(s, key, e.route.out), updates: true}
	least := int64(math.MaxInt64)
	s.tiles(key, func(t extent, _ int64) {
		n := s.outElements(t)
		x.elements, least = max(x.elements, n), min(least, n)
		if g.Update != nil {
			l := e.updating(g.Update, n)
			x.one = max(x.one, l.busy[word.WUVE], e.memory(&l))
		}
	})
	if g.Update != nil { // every tile is updated in as many pieces as the largest
		x.updates = g.Update.fits(x.elements, least, x.loads, e.spec.Buffers.Capacity)
	}
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
