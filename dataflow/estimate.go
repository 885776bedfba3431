package dataflow

import (
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
)

// Estimator predicts what a choice takes, without building its words.
type Estimator struct {
	spec  *spec.Spec
	fast  *memory.Fast
	fetch bool
	tiles map[stce.Tile]int64
}

// NewEstimator predicts for one machine.
func NewEstimator(sp *spec.Spec, fetch bool) (*Estimator, error) {
	f, err := memory.NewFast(sp.Board.Memory, int64(sp.Clock))
	if err != nil {
		return nil, err
	}
	return &Estimator{spec: sp, fast: f, fetch: fetch, tiles: map[stce.Tile]int64{}}, nil
}

// Traffic of a choice by operand, and how long the channels are busy with it.
type Traffic struct {
	West, North, Out int64 // bytes
	Busy             int64 // core cycles, all channels together, rounded up per tile
	First, Last      int64 // cycles of the first fetch and the last store
	Fits             bool
}

// Traffic predicts the bytes of a choice whose levels are set. A tile that is fetched again needs room for two.
func (e *Estimator) Traffic(s *Shape, c *Choice, path *Path, tail bool) Traffic {
	loops, err := s.loops(c)
	if err != nil {
		return Traffic{}
	}
	west, north := s.sides()
	var t Traffic
	t.Fits = true
	sparse := !s.Ratio.IsDense()
	denseFetch := sparse && (e.fetch || s.Transposed)
	add := func(o operand, level int, buffer word.Buffer, compressed bool) int64 {
		x := e.operand(s, loops, o, level, compressed)
		t.Fits = t.Fits && x.space*x.copies() <= e.spec.Buffers.Capacity(buffer)
		t.Busy += x.busy
		t.First = max(t.First, x.one)
		return x.bytes
	}
	t.West = add(west, c.West, word.West, true)
	if denseFetch {
		t.North = add(north, c.North, word.DenseNorth, false)
	} else {
		t.North = add(north, c.North, word.North, true)
	}
	x := e.operand(s, loops, result, c.Out, false)
	wide := int64(2)
	if s.WU || s.splits(loops) {
		wide = 4
	}
	t.Fits = t.Fits && x.elements*wide*x.copies() <= e.spec.Buffers.Capacity(word.Output)
	if !tail {
		if !path.Drop {
			t.Out = x.bytes
			t.Busy += x.busy
		}
		t.Last = x.one
		extra := path.Reads + path.Writes
		t.Out += extra
		t.Busy += e.cycles(extra, 4096, false)
		if path.busy() {
			share := (path.Reads + x.loads - 1) / x.loads
			t.Fits = t.Fits && share*x.copies() <= e.spec.Buffers.Capacity(word.PassIn)
			out := x.space + (path.Writes+x.loads-1)/x.loads
			t.Fits = t.Fits && out*x.copies() <= e.spec.Buffers.Capacity(word.OutPath)
		}
	}
	return t
}

func (s *Shape) splits(loops []word.Loop) bool {
	for _, l := range loops {
		if l.Trips > 1 && s.reduces(l.Dim) {
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

// operand adds up the tiles of an operand: sizes are products of one factor a dimension, but for the bands' halo.
func (e *Estimator) operand(s *Shape, loops []word.Loop, o operand, level int, compressed bool) moved {
	kept := []word.Loop{}
	outside := 0
	for i, l := range loops {
		if l.Trips > 1 {
			kept = append(kept, l)
			if i < level {
				outside++
			}
		}
	}
	m := moved{}
	var walk func(i int, class word.Class, times int64)
	walk = func(i int, class word.Class, times int64) {
		if i == outside {
			x := s.extentAt(loops, outside, class)
			b := s.side(o, x, compressed)
			one := e.cycles(b.bytes, b.run, o == result)
			m.bytes += b.bytes * times
			m.busy += one * times
			m.space = max(m.space, b.bytes)
			m.one = max(m.one, one)
			m.loads += times
			if o == result {
				m.elements = max(m.elements, s.outElements(x))
			}
			return
		}
		l := &kept[i]
		band := l.Dim == word.DimT && o == patches
		switch {
		case !s.depends(o, l.Dim) || (l.Edge == l.Step && !band):
			walk(i+1, class, times*l.Trips)
		case band:
			walk(i+1, class|word.First(i), times)
			if l.Trips > 2 {
				walk(i+1, class, times*(l.Trips-2))
			}
			walk(i+1, class|word.Last(i), times)
		default:
			walk(i+1, class, times*(l.Trips-1))
			walk(i+1, class|word.Last(i), times)
		}
	}
	walk(0, 0, 1)
	return m
}

// cycles is how long a transfer over all channels keeps them busy.
func (e *Estimator) cycles(bytes, run int64, write bool) int64 {
	if bytes == 0 {
		return 0
	}
	return e.fast.Occupancy(memory.Request{Bytes: bytes, Run: run, Write: write})
}

// Array predicts the array's busy cycles of a tiling in a configuration.
func (e *Estimator) Array(s *Shape, z Sizes, a Array) (int64, error) {
	cfg, err := stce.ConfigOf(word.ArrayConfig{Mode: a.Mode, Over: a.Over, Interleave: a.Interleave, Ratio: s.arrayRatio()})
	if err != nil {
		return 0, err
	}
	type part struct {
		size, times int64
		first, last bool
	}
	parts := func(step, extent int64, flags bool) []part {
		n := (extent + step - 1) / step
		edge := extent - (n-1)*step
		if n == 1 {
			return []part{{edge, 1, true, true}}
		}
		if !flags {
			if edge == step {
				return []part{{step, n, false, false}}
			}
			return []part{{step, n - 1, false, false}, {edge, 1, false, false}}
		}
		out := []part{{step, 1, true, false}}
		if n > 2 {
			out = append(out, part{step, n - 2, false, false})
		}
		return append(out, part{edge, 1, false, true})
	}
	var total int64
	for _, g := range parts(z.G, s.G, false) {
		for _, b := range parts(z.B, s.B, s.WU) {
			for _, t := range parts(z.T, s.OH, s.WU) {
				for _, k := range parts(z.K, s.kExtent(), !s.WU) {
					for _, f := range parts(z.F, s.F, false) {
						first, last := k.first, k.last
						if s.WU {
							first, last = b.first && t.first, b.last && t.last
						}
						w := s.arrayWork(extent{g: g.size, b: b.size, t: t.size, k: k.size, f: f.size}, first, last)
						tile := stce.Tile{Config: cfg, Rows: w.Rows, Cols: w.Cols, Taps: w.Taps, Channels: w.Channels, Resume: w.Resume, Spill: w.Spill}
						cycles, ok := e.tiles[tile]
						if !ok {
							cycles = e.spec.STCE.Tile(tile).Cycles
							e.tiles[tile] = cycles
						}
						total += cycles * g.size * g.times * b.times * t.times * k.times * f.times
					}
				}
			}
		}
	}
	return total, nil
}

// Memory is the model that the estimator asks for service times.
func (e *Estimator) Memory() *memory.Fast { return e.fast }
