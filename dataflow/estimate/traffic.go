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
	West, North, Out             int64 // bytes; West with what normalising it reads and writes, Out with what the output path reads and writes beside it
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

// Taken is the cycles of the busiest unit where the product takes so many of the array, or of the vector unit if that makes it.
func (t *Traffic) Taken(product int64, lanes bool) int64 {
	if lanes {
		product += t.busy[word.Vector]
	}
	return max(t.Busy(), product)
}

// Traffic predicts a product's tiling in a loop order, levels at their natural places. A tile that is fetched again needs room for
// two.
func (e *Estimator) Traffic(g *dataflow.Group, z *geometry.Sizes, order []word.Dim) (t Traffic) {
	turns := g.Shape.Turns(order, g.Shape.Turning(z))
	e.TrafficIn(&t, g, z, &turns)
	return t
}

// TrafficIn is Traffic of an order whose turns are known, into t.
func (e *Estimator) TrafficIn(t *Traffic, g *dataflow.Group, z *geometry.Sizes, turns *geometry.Turns) {
	e.about(g)
	s := g.Shape
	*t = Traffic{load: e.base}
	t.West, t.WestFits = e.read(t, s, turns.West, z, e.route.West)
	t.West += e.before
	t.North, t.NorthFits = e.read(t, s, turns.North, z, e.route.North)
	x := e.left(g, turns.Out, z)
	t.Updates = x.updates
	t.OutFits = x.fits(&e.capacity, x.loads) && s.Held(turns.Splits).Bytes(x.left)*min(x.loads, 2) <= e.capacity[word.Output]
	t.Fits = t.WestFits && t.NorthFits && t.OutFits && t.Updates
	t.add(&x.load, 1)
	t.Out, t.Last = x.bytes, x.one
	if t.overflow != nil && e.err == nil {
		e.err = t.overflow
	}
	t.Memory = e.memory(&t.load)
}

// read adds what fetching an operand takes.
func (e *Estimator) read(t *Traffic, s *geometry.Shape, turn geometry.Turn, z *geometry.Sizes, legs []route.Leg[geometry.Extent]) (bytes int64, fits bool) {
	key, times := s.Tiles(turn, z)
	x := e.move(s, &key, legs)
	t.First = max(t.First, x.one)
	if times > 1 && key.Operand == geometry.Patches && s.Norm.Mask { // the mask leaves once
		key.Again = true
		again := e.move(s, &key, legs)
		t.add(&x.load, 1)
		t.add(&again.load, times-1)
		return x.bytes + again.bytes*(times-1), x.fits(&e.capacity, x.loads*times)
	}
	t.add(&x.load, times)
	return x.bytes * times, x.fits(&e.capacity, x.loads*times)
}

// moved is an operand's way over a whole product.
type moved struct {
	load
	bytes int64
	rooms [word.Buffers]int64 // what the largest tile takes of each buffer on the way
	loads int64               // tiles moved
	one   int64               // cycles of one, from when it can start: what memory holds is fetched before the array's results need it
}

// fits reports whether the buffers on the way hold as many tiles as they should, of so many that are moved: two, so that one loads while the other is used.
func (m *moved) fits(capacity *[word.Buffers]int64, loads int64) bool {
	for b, bytes := range m.rooms {
		if bytes > 0 && bytes*min(loads, 2) > capacity[b] {
			return false
		}
	}
	return true
}

// move is what fetching an operand's tiles takes, once each.
func (e *Estimator) move(s *geometry.Shape, key *geometry.Tiles, legs []route.Leg[geometry.Extent]) *moved {
	m, ok := e.moves[*key]
	if !ok {
		m = e.room.put(e.once(s, key, legs))
		e.moves[*key] = m
	}
	return m
}

// once adds up all tiles of an operand.
func (e *Estimator) once(s *geometry.Shape, key *geometry.Tiles, legs []route.Leg[geometry.Extent]) (m moved) {
	w := &e.work
	s.EachTile(key, func(t geometry.Extent, times int64) {
		one, cycles := load{}, int64(0)
		for i := range legs {
			l := &legs[i]
			*w = l.Work(t)
			took := e.take(&one, l.Lane, w)
			if !l.Beside && (key.Operand != geometry.Result || len(l.In) > 0) {
				cycles += took
			}
			m.bytes += w.Bytes * times
			for k, b := range l.Out {
				m.rooms[b] = max(m.rooms[b], w.Space[k])
			}
		}
		m.add(&one, times)
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

// left is what taking the results away takes: each tile leaves once, since loops that do not change it are inside.
func (e *Estimator) left(g *dataflow.Group, turn geometry.Turn, z *geometry.Sizes) *left {
	key, _ := g.Shape.Tiles(turn, z)
	x, ok := e.outs[key]
	if !ok {
		x = e.outRoom.put(e.leave(g, &key))
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
		x.updates = e.cuts.Fits(x.elements, least, x.loads, e.spec.Buffers.Capacity)
	}
	return x
}
