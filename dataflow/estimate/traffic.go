package estimate

import (
	"math"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// Traffic is what a tiling in a loop order moves, and for how long it and the update take units other than the array. Passes that run
// beside a product are left out: they have time until the group ends, and a product that is good alone disturbs them least.
type Traffic struct {
	West, North, Out             int64 // bytes; Out with what the output path reads and writes beside it
	Memory                       int64 // cycles for which a channel is taken
	First, Last                  int64 // cycles of the longest first fetch, and of what follows the array's last tile
	Fits                         bool  // all of these
	WestFits, NorthFits, OutFits bool
	Updates                      bool // an update, if there is one, can cut every tile of the results into pieces that fit

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
func (e *Estimator) Traffic(g *dataflow.Group, z *geometry.Sizes, order []word.Dim) Traffic {
	e.about(g)
	s := g.Shape
	var loops [5]word.Loop
	for i, d := range order {
		step, extent := s.Loop(d, z)
		n := (extent + step - 1) / step
		loops[i] = word.Loop{Dim: d, Trips: n, Step: step, Edge: extent - (n-1)*step}
	}
	t := Traffic{}
	sum := e.base
	capacity := e.spec.Buffers.Capacity
	read := func(o geometry.Operand, legs []route.Leg[geometry.Extent]) (bytes int64, fits bool) {
		x := e.move(s, &loops, o, legs)
		sum.add(x.load, 1)
		t.First = max(t.First, x.one)
		return x.bytes, x.fits(capacity)
	}
	west, north := s.Sides()
	t.West, t.WestFits = read(west, e.route.West)
	t.North, t.NorthFits = read(north, e.route.North)
	x := e.left(g, &loops)
	t.Updates = x.updates
	t.OutFits = x.fits(capacity) && s.Held(s.Splits(&loops)).Bytes(x.left)*x.copies() <= capacity(word.Output)
	t.Fits = t.WestFits && t.NorthFits && t.OutFits && t.Updates
	sum.add(x.load, 1)
	t.Out, t.Last = x.bytes, x.one
	t.load = sum
	if sum.overflow != nil && e.err == nil {
		e.err = sum.overflow
	}
	t.Memory = e.memory(&sum)
	return t
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

// move is what fetching an operand takes.
func (e *Estimator) move(s *geometry.Shape, loops *[5]word.Loop, o geometry.Operand, legs []route.Leg[geometry.Extent]) moved {
	key, times := s.TilesOf(loops, o)
	once, ok := e.moves[key]
	if !ok {
		once = e.once(s, &key, legs)
		e.moves[key] = once
	}
	m := moved{bytes: once.bytes * times, rooms: once.rooms, loads: once.loads * times, one: once.one}
	m.load.add(once.load, times)
	return m
}

// once adds up all tiles of an operand.
func (e *Estimator) once(s *geometry.Shape, key *geometry.Tiles, legs []route.Leg[geometry.Extent]) (m moved) {
	var w word.Work
	s.EachTile(key, func(t geometry.Extent, times int64) {
		one, cycles := load{}, int64(0)
		for i := range legs {
			l := &legs[i]
			w = l.Work(t)
			took := e.take(&one, l.Lane, &w)
			if key.Operand != geometry.Result || len(l.In) > 0 {
				cycles += took
			}
			m.bytes += w.Bytes * times
			for k, b := range l.Out {
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
	left     int64 // by the array, of it
	updates  bool  // an update, if there is one, can cut all tiles into pieces that fit
}

// left is what taking the results away takes.
func (e *Estimator) left(g *dataflow.Group, loops *[5]word.Loop) left {
	key, _ := g.Shape.TilesOf(loops, geometry.Result) // each tile leaves once: loops that do not change it are inside
	x, ok := e.outs[key]
	if !ok {
		x = e.leave(g, &key)
		e.outs[key] = x
	}
	return x
}

// leave adds up all tiles of the results. The traffic of an update is the group's, whatever the tiles; but the last tile's comes last.
func (e *Estimator) leave(g *dataflow.Group, key *geometry.Tiles) left {
	s := g.Shape
	x := left{moved: e.once(s, key, e.route.Out), updates: true}
	least := int64(math.MaxInt64)
	s.EachTile(key, func(t geometry.Extent, _ int64) {
		n := s.OutElements(t)
		x.elements, least = max(x.elements, n), min(least, n)
		x.left = max(x.left, s.LeftElements(t))
		if g.Update != nil {
			l := e.updating(g.Update, n)
			x.one = max(x.one, l.busy[word.WUVE], e.memory(&l))
		}
	})
	if g.Update != nil { // every tile is updated in as many pieces as the largest
		x.updates = g.Update.Fits(x.elements, least, x.loads, e.spec.Buffers.Capacity)
	}
	return x
}
