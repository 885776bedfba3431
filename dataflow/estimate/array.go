package estimate

import (
	"math"
	"slices"

	"satsim/arch/buffer"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// tileKey names a tile of the array in little: what is short is packed into one word.
type tileKey struct {
	rows, cols, channels int64
	products             int64
	rest                 uint64 // taps, configuration, ratio, resume and spill, whether places are held
	way                  route.North
	slow                 buffer.Fraction
}

func keyOf(a geometry.Array, c stce.Config, w *word.Work) tileKey {
	r := c.Ratio
	k := tileKey{rows: w.Rows, cols: w.Cols, channels: w.Channels, products: w.Repeat, rest: uint64(w.Taps)<<24 | uint64(a.Interleave)<<16 | uint64(r.N-1)<<11 | uint64(r.M-1)<<6 | uint64(a.Mode)<<3 | uint64(a.Over)<<2}
	if w.Resume {
		k.rest |= 1
	}
	if w.Spill {
		k.rest |= 2
	}
	if c.Held {
		k.rest |= 16
	}
	return k
}

// least is the fewest cycles that the array can take for a tile: every fold's slots, what fills and what drains. Most configurations are given up on it alone. Of the
// vector unit it is what a tile takes.
func (e *Estimator) least(s *geometry.Shape, a geometry.Array, slow buffer.Fraction, x geometry.Extent, first, last bool) int64 {
	if s.Lanes {
		return e.tile(s, a, slow, x, first, last)
	}
	w := s.ArrayWork(x, first, last)
	t, _ := e.spec.STCE.TileOf(s.Config(a), &w)
	return slow.Stretch(e.spec.STCE.Least(t))
}

// Bounds says of tilings of a space the fewest cycles that the array can take in each of its configurations, at most math.MaxUint32, which is a bound too: those of a tiling
// follow each other. It takes the memory of out.
func (e *Estimator) Bounds(g *dataflow.Group, arrays []geometry.Array, x *geometry.Space, of []geometry.Place, out []uint32) []uint32 {
	e.about(g)
	s, p, n := g.Shape, &e.spec.STCE, len(arrays)
	out = slices.Grow(out[:0], n*len(of))[:n*len(of)]
	same := false
	for k, a := range arrays {
		switch {
		case !s.Takes(a):
			for i := range of {
				out[i*n+k] = math.MaxUint32
			}
			continue
		case s.Lanes:
			for i, at := range of {
				out[i*n+k] = atMost(s.LanesFeed(e.spec, x.G[at.G]).Stretch(s.LanesLeast(&e.spec.Vector, x.G[at.G])))
			}
			continue
		}
		e.grid = s.Grid(p, a, x, &e.grid, same)
		same = true
		e.slow = e.slow[:0]
		for _, step := range x.K {
			e.slow = append(e.slow, e.feed(s, a, step))
		}
		for i := range of {
			at := &of[i]
			slots, ends := e.grid.Least(p, at)
			tiles := s.G // one after the other
			if p.OverlapProducts {
				tiles = (s.G + x.G[at.G] - 1) / x.G[at.G]
			}
			out[i*n+k] = atMost(e.slow[at.K].Stretch(s.G*slots + tiles*ends))
		}
	}
	return out
}

func atMost(n int64) uint32 { return uint32(min(n, math.MaxUint32)) }

// Array predicts the busy cycles of a tiling of the array in a configuration, or of the vector unit, which has none. It stops early, with ok false, once they reach limit.
func (e *Estimator) Array(g *dataflow.Group, z *geometry.Sizes, a geometry.Array, limit int64) (total int64, ok bool) {
	e.about(g)
	s := g.Shape
	if !s.Takes(a) {
		return math.MaxInt64, false
	}
	var slow buffer.Fraction
	if s.Lanes {
		slow = s.LanesFeed(e.spec, z.G)
	} else {
		slow = e.feed(s, a, z.K)
	}
	ok = s.EachArrayTile(z, e.together(s), func(x geometry.Extent, first, last bool, times int64) bool {
		if e.least(s, a, slow, x, first, last) > (limit-total)/times {
			return false
		}
		total += e.tile(s, a, slow, x, first, last) * times
		return total < limit
	})
	return total, ok
}

// together: the products of a tile are a tile of the array, or of the vector unit.
func (e *Estimator) together(s *geometry.Shape) bool { return s.Lanes || e.spec.STCE.OverlapProducts }

func (e *Estimator) tile(s *geometry.Shape, a geometry.Array, slow buffer.Fraction, x geometry.Extent, first, last bool) int64 {
	w := s.Work(x, first, last)
	if s.Lanes {
		return e.onLanes(w, slow)
	}
	key := keyOf(a, s.Config(a), &w)
	key.slow, key.way = slow, e.way
	n, ok := e.tiles[key]
	if !ok {
		t, _ := e.spec.STCE.TileOf(s.Config(a), &w)
		cycles := e.spec.STCE.Cycles(t)
		n = slow.Stretch(cycles)
		if e.way == route.AtEdge {
			n = buffer.Larger(slow, s.EdgeSlow(e.spec, a, &w, cycles)).Stretch(cycles)
		}
		e.tiles[key] = n
	}
	return n
}

// onLanes is for how many cycles a tile takes the vector unit.
func (e *Estimator) onLanes(w word.Work, slow buffer.Fraction) int64 {
	w.Slow = slow.Slow()
	took, err := e.issue(&load{}, &e.ops[word.VectorOut], &w)
	if err != nil && e.err == nil {
		e.err = err
	}
	return took
}
