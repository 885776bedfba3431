package dataflow

import (
	"satsim/arch/buffer"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// Estimator predicts what a choice takes, without building its words. It remembers what tiles cost.
type Estimator struct {
	spec  *spec.Spec
	fast  *memory.Fast
	fetch bool // weights are pruned when they are fetched
	tiles map[tileKey]int64
	moves map[moveKey]moved
	meets map[int64]int64
	of    *Shape // whose moves and meetings are remembered
}

// feed is Shape.feed, with the accesses that meet in a bank remembered by the step of the K loop.
func (e *Estimator) feed(s *Shape, a Array, k int64) buffer.Ratio {
	e.about(s)
	meet := int64(1)
	if s.positionMajor(a) {
		var ok bool
		if meet, ok = e.meets[k]; !ok {
			meet = s.meetings(e.spec, k)
			e.meets[k] = meet
		}
	}
	return s.feedWith(e.spec, a, meet)
}

// about forgets what was remembered of another shape.
func (e *Estimator) about(s *Shape) {
	if e.of != s {
		e.of = s
		clear(e.moves)
		clear(e.meets)
	}
}

// NewEstimator predicts for one machine.
func NewEstimator(sp *spec.Spec, fetch bool) (*Estimator, error) {
	f, err := memory.NewFast(sp.Board.Memory, int64(sp.Clock))
	if err != nil {
		return nil, err
	}
	return &Estimator{spec: sp, fast: f, fetch: fetch, tiles: map[tileKey]int64{}, moves: map[moveKey]moved{}, meets: map[int64]int64{}}, nil
}

// Memory is the model that the estimator asks for service times.
func (e *Estimator) Memory() *memory.Fast { return e.fast }

// Traffic of a choice by operand, and how long the channels are busy with it.
type Traffic struct {
	West, North, Out int64 // bytes
	Busy             int64 // core cycles, all channels together, rounded up per tile
	First, Last      int64 // cycles of the longest first fetch and of the last store
	Fits             bool
}

// Traffic predicts the bytes of a tiling in a loop order, levels at their natural places. A tile that is fetched again needs
// room for two.
func (e *Estimator) Traffic(s *Shape, z *Sizes, order []word.Dim, path *Path, tail bool) Traffic {
	e.about(s)
	var loops [5]word.Loop
	for i, d := range order {
		step, extent := s.of(d, z)
		n := (extent + step - 1) / step
		loops[i] = word.Loop{Dim: d, Trips: n, Step: step, Edge: extent - (n-1)*step}
	}
	buffers := &e.spec.Buffers
	t := Traffic{Fits: true}
	read := func(o operand, to word.Buffer, compressed bool) int64 {
		x := e.move(s, &loops, o, compressed)
		t.Fits = t.Fits && x.space*x.copies() <= buffers.Capacity(to)
		t.Busy += x.busy
		t.First = max(t.First, x.one)
		return x.bytes
	}
	west, north := s.sides()
	t.West = read(west, word.West, true)
	if s.prunedAtEdge(e.spec, e.fetch) {
		t.North = read(north, word.North, false)
	} else if !s.Ratio.IsDense() && (e.fetch || s.Transposed) {
		t.North = read(north, word.DenseNorth, false)
	} else {
		t.North = read(north, word.North, true)
	}
	x := e.move(s, &loops, result, false)
	wide := int64(2)
	if s.WU || s.splits(&loops) {
		wide = 4
	}
	t.Fits = t.Fits && x.elements*wide*x.copies() <= buffers.Capacity(word.Output)
	if tail {
		return t
	}
	if !path.Drop {
		t.Out = x.bytes
		t.Busy += x.busy
		t.Last = x.one
	}
	t.Out += path.Reads + path.Writes
	t.Busy += e.cycles(path.Reads, 0, false) + e.cycles(path.Writes, 0, true)
	if path.busy() {
		share := func(bytes int64) int64 { return (bytes + x.loads - 1) / x.loads }
		t.Fits = t.Fits && share(path.Reads)*x.copies() <= buffers.Capacity(word.PassIn) &&
			(x.space+share(path.Writes))*x.copies() <= buffers.Capacity(word.OutPath)
	}
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
	bytes, busy int64
	space       int64 // of the largest tile
	elements    int64
	loads       int64 // tiles moved
	one         int64 // cycles of one
}

// copies is how many tiles the buffer should hold: two, so that one loads while the other is used.
func (m *moved) copies() int64 {
	if m.loads > 1 {
		return 2
	}
	return 1
}

// moveKey names an operand's tiles: their steps in the dimensions g, b, t, k, f, the whole extent where it does not walk.
type moveKey struct {
	operand    operand
	compressed bool
	steps      [5]int64
}

// move is what moving an operand takes: each of its tiles once, times the trips of the loops outside that do not change it.
func (e *Estimator) move(s *Shape, loops *[5]word.Loop, o operand, compressed bool) moved {
	level := s.natural(loops[:], o)
	key := moveKey{operand: o, compressed: compressed}
	times := int64(1)
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
	m, ok := e.moves[key]
	if !ok {
		m = e.once(s, &key)
		e.moves[key] = m
	}
	m.bytes *= times
	m.busy *= times
	m.loads *= times
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
	default:
		return 4
	}
}

// once adds up all tiles of an operand: sizes are products of one factor a dimension, but for the bands' halo.
func (e *Estimator) once(s *Shape, key *moveKey) moved {
	extents := [5]int64{s.G, s.B, s.OH, s.kExtent(), s.F}
	var m moved
	var x [5]int64
	var walk func(d int, times int64, top, bottom bool)
	walk = func(d int, times int64, top, bottom bool) {
		if d == len(x) {
			t := extent{g: x[0], b: x[1], t: x[2], k: x[3], f: x[4], top: top, bottom: bottom}
			b := s.side(key.operand, t, key.compressed)
			one := e.cycles(b.bytes, b.run, key.operand == result)
			m.bytes += b.bytes * times
			m.busy += one * times
			m.space = max(m.space, b.bytes)
			m.one = max(m.one, one)
			m.loads += times
			if key.operand == result {
				m.elements = max(m.elements, s.outElements(t))
			}
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
	return m
}

// cycles is how long a transfer over all channels keeps them busy.
func (e *Estimator) cycles(bytes, run int64, write bool) int64 {
	return e.fast.Occupancy(memory.Request{Bytes: bytes, Run: run, Write: write})
}

// tileKey names a tile of the array in little: what is short is packed into one word.
type tileKey struct {
	rows, cols, channels int64
	rest                 uint64 // taps, configuration, ratio, resume and spill
	slow                 buffer.Ratio
}

func keyOf(a Array, r nm.Ratio, w *word.Work) tileKey {
	k := tileKey{rows: w.Rows, cols: w.Cols, channels: w.Channels, rest: uint64(w.Taps)<<24 | uint64(a.Interleave)<<16 | uint64(r.N-1)<<11 | uint64(r.M-1)<<6 | uint64(a.Mode)<<3 | uint64(a.Over)<<2}
	if w.Resume {
		k.rest |= 1
	}
	if w.Spill {
		k.rest |= 2
	}
	return k
}

// part is a class of trips of a loop.
type part struct {
	size, times int64
	first, last bool
}

// partsOf splits a loop's trips into classes: by size, and by first and last where flags matter.
func partsOf(dst *[3]part, step, extent int64, flags bool) []part {
	n := (extent + step - 1) / step
	edge := extent - (n-1)*step
	switch {
	case n == 1:
		dst[0] = part{edge, 1, true, true}
		return dst[:1]
	case flags:
		dst[0] = part{step, 1, true, false}
		dst[1] = part{edge, 1, false, true}
		if n == 2 {
			return dst[:2]
		}
		dst[2] = dst[0]
		dst[0] = part{step, n - 2, false, false} // the bulk first
		return dst[:3]
	case edge == step:
		dst[0] = part{step, n, false, false}
		return dst[:1]
	}
	dst[0] = part{step, n - 1, false, false}
	dst[1] = part{edge, 1, false, false}
	return dst[:2]
}

// issue is the fewest cycles in which the array can issue a tile: every fold's slots, the hazards of OS included. Most configurations are
// given up on it alone.
func (e *Estimator) issue(s *Shape, a Array, x extent) int64 {
	p := &e.spec.STCE
	w := s.arrayWork(x, true, true)
	r := s.arrayRatio()
	slots := w.Taps * int64(r.Kept(int(w.Channels)))
	rows, cols, i := int64(p.Rows), int64(p.Cols), int64(a.Interleave)
	up := func(n, d int64) int64 { return (n + d - 1) / d }
	if a.Mode == stce.OS {
		if a.Over == stce.OverT {
			rows *= i
		} else {
			cols *= i
		}
		return up(w.Rows, rows) * up(w.Cols, cols) * (slots - 1) * max(1, int64(p.AddLatency))
	}
	groups := w.Taps * int64(r.Groups(int(w.Channels)))
	return up(groups, rows) * up(w.Cols, cols) * w.Rows
}

// Array predicts the array's busy cycles of a tiling in a configuration. It stops early, with ok false, once they reach limit.
func (e *Estimator) Array(s *Shape, z *Sizes, a Array, limit int64) (total int64, ok bool) {
	slow := e.feed(s, a, z.K)
	var buf [5][3]part
	bs := partsOf(&buf[1], z.B, s.B, s.WU)
	ts := partsOf(&buf[2], z.T, s.OH, s.WU)
	ks := partsOf(&buf[3], z.K, s.kExtent(), !s.WU)
	fs := partsOf(&buf[4], z.F, s.F, false)
	for _, b := range bs {
		for _, t := range ts {
			for _, k := range ks {
				first, last := k.first, k.last
				if s.WU {
					first, last = b.first && t.first, b.last && t.last
				}
				for _, f := range fs {
					times := s.G * b.times * t.times * k.times * f.times
					x := extent{g: 1, b: b.size, t: t.size, k: k.size, f: f.size}
					if e.issue(s, a, x) > (limit-total)/times {
						return total, false
					}
					one := e.tile(s, a, slow, x, first, last)
					if total += one * times; total >= limit {
						return total, false
					}
				}
			}
		}
	}
	return total, true
}

func (e *Estimator) tile(s *Shape, a Array, slow buffer.Ratio, x extent, first, last bool) int64 {
	w := s.arrayWork(x, first, last)
	ratio := s.arrayRatio()
	key := keyOf(a, ratio, &w)
	key.slow = slow
	n, ok := e.tiles[key]
	if !ok {
		cycles := e.spec.STCE.Tile(stce.TileOf(stce.Config{Mode: a.Mode, Over: a.Over, Interleave: a.Interleave, Ratio: ratio}, &w)).Cycles
		n = slow.Stretch(cycles)
		if s.prunedAtEdge(e.spec, e.fetch) {
			n = buffer.Larger(slow, s.edgeSlow(e.spec, a, &w, cycles)).Stretch(cycles)
		}
		e.tiles[key] = n
	}
	return n
}
