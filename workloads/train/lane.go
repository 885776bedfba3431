package train

import "satsim/internal/microcode"

// lanes are the vector unit as the machine's numerics have it: passes are its programs, to the bit.
type lanes struct {
	microcode.Lane
	gradSum, bias, biasGrad *microcode.Program
}

func newLanes(flush bool) *lanes {
	return &lanes{microcode.Lane{Flush: flush}, microcode.GradSum(), microcode.Bias(), microcode.BiasGrad()}
}

// strip is how many elements words work on at a time, where there are no rows: any number gives the same bits.
const strip = 1024

// elements runs a program without columns: dst and ports have one length.
func (e *engine) elements(p *microcode.Program, dst []float32, bit, set []bool, ports ...[]float32) {
	e.each(len(dst), func(lo, hi int) {
		s := microcode.Strip{}
		for ; lo < hi; lo += s.N {
			s.N = min(strip, hi-lo)
			for k, x := range ports {
				s.Port[k] = x[lo : lo+s.N]
			}
			if bit != nil {
				s.Bit = bit[lo : lo+s.N]
			}
			if set != nil {
				s.Set = set[lo : lo+s.N]
			}
			s.Out[0] = dst[lo : lo+s.N]
			e.lanes.Do(p, p.Sweeps[0], &s)
		}
	})
}

// columns are constants of so many columns, with the work before a program's first element done.
func (e *engine) columns(p *microcode.Program, n int, given map[int][]float32, scalars ...float32) microcode.Strip {
	s := microcode.Strip{N: n}
	copy(s.Scalar[:], scalars)
	for k := range s.Column {
		s.Column[k] = make([]float32, n)
		copy(s.Column[k], given[k])
	}
	e.lanes.Do(p, p.Before, &s)
	return s
}

// over runs a program on rows of columns, in parts of rows; row is told what else a row has.
func (e *engine) over(p *microcode.Program, s microcode.Strip, rows int, dst []float32, ports ...[]float32) {
	e.pool.Each(rows, rowsAPart, func(lo, hi int) {
		own := fresh(s)
		for r := lo; r < hi; r++ {
			own.take(r, dst, ports)
			e.lanes.Row(p, &own.Strip)
		}
	})
}

// rowStrip is a strip for one row after another.
type rowStrip struct{ microcode.Strip }

// fresh has the columns and scalars of another, and registers of its own.
func fresh(s microcode.Strip) rowStrip {
	return rowStrip{microcode.Strip{N: s.N, Column: s.Column, Scalar: s.Scalar}}
}

// take puts row r in front of the lanes.
func (s *rowStrip) take(r int, dst []float32, ports [][]float32) {
	lo, hi := r*s.N, (r+1)*s.N
	for k, x := range ports {
		s.Port[k] = x[lo:hi]
	}
	if dst != nil {
		s.Out[0] = dst[lo:hi]
	}
}

// totals runs a program that sums over columns: a way is a part of work. enter says what else a row has.
func (e *engine) totals(p *microcode.Program, s microcode.Strip, rows int, dst []float32, enter func(r int, s *microcode.Strip), ports ...[]float32) [4][]float32 {
	var ways [4][]float32
	for k, t := range p.Totals {
		if t.Ways == microcode.OverColumns {
			ways[k] = t.Begin(microcode.ColumnWays, s.N)
		}
	}
	e.pool.Run(microcode.ColumnWays, func(way, _ int) {
		own := fresh(s)
		for k, w := range ways {
			if w != nil {
				own.Sum[k] = w[way*s.N : (way+1)*s.N]
			}
		}
		for r := way; r < rows; r += microcode.ColumnWays {
			own.take(r, dst, ports)
			if enter != nil {
				enter(r, &own.Strip)
			}
			e.lanes.Row(p, &own.Strip)
		}
	})
	for k, w := range ways {
		if w != nil {
			ways[k] = e.lanes.Fold(p.Totals[k], w, s.N)
		}
	}
	return ways
}

// one over n, rounded once.
func inverse(n int) float32 { return float32(1 / float64(n)) }
