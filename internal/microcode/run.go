package microcode

import "math"

// begin is what an accumulator holds before its first element.
func (t Total) begin() float32 {
	if t.Largest {
		return float32(math.Inf(-1))
	}
	return 0
}

// Begin makes the accumulators of a total: so many ways of so many columns, way by way.
func (t Total) Begin(ways, columns int) []float32 {
	x := make([]float32, ways*columns)
	if t.Largest {
		fill(x, t.begin())
	}
	return x
}

// Fold adds up ways, each of so many columns, way by way in x, by halves. The first way then holds the totals, which are returned.
func (l Lane) Fold(t Total, x []float32, columns int) []float32 {
	for n := len(x) / max(columns, 1); n > 1; {
		n = half(n)
		x = l.halve(t, x, n*columns)
	}
	return x[:columns]
}

// FoldRow is Fold of a row's ways: waves of lanes, the last of which need not be whole, by halves, and then lanes.
func (l Lane) FoldRow(t Total, x []float32) []float32 {
	width := max(l.Width, 1)
	for n := (len(x) + width - 1) / width; n > 1; {
		n = half(n)
		x = l.halve(t, x, n*width)
	}
	return l.Fold(t, x, 1)
}

// half is the largest power of two below n.
func half(n int) int {
	h := 1
	for 2*h < n {
		h *= 2
	}
	return h
}

// halve adds what lies from at on to what lies at the beginning, and gives what is left.
func (l Lane) halve(t Total, x []float32, at int) []float32 {
	low := x[:len(x)-at]
	for i, v := range x[at:] {
		switch {
		case !t.Largest:
			low[i] += v
		case v > low[i]:
			low[i] = v
		}
	}
	l.settle(low)
	return x[:at]
}

// Part is elements [lo, hi) of a strip, with the same registers. Its columns and sums are the whole strip's yet.
func (s *Strip) Part(lo, hi int) Strip {
	s.fit()
	v := *s
	v.N = hi - lo
	for k := range v.Port {
		v.Port[k] = part(s.Port[k], lo, hi)
	}
	for k := range v.Out {
		v.Out[k] = part(s.Out[k], lo, hi)
	}
	for k := range v.register {
		v.register[k] = part(s.register[k], lo, hi)
	}
	v.Bit, v.Set, v.segment = part(s.Bit, lo, hi), part(s.Set, lo, hi), part(s.segment, lo, hi)
	return v
}

func part[T any](x []T, lo, hi int) []T {
	if x == nil {
		return nil
	}
	return x[lo:hi]
}

// Row runs a program's sweeps over a row, a strip, with its work between.
func (l Lane) Row(p *Program, s *Strip) {
	s.fit()
	var ways [4][]float32
	for k, t := range p.Totals {
		if t.Ways == OverRows {
			ways[k] = t.Begin(min(s.N, l.RowWays()), 1)
		}
	}
	for i, words := range p.Sweeps {
		for lo := 0; lo < s.N; lo += l.RowWays() {
			hi := min(lo+l.RowWays(), s.N)
			v := s.Part(lo, hi)
			for k := range v.Column {
				v.Column[k] = part(s.Column[k], lo, hi)
			}
			for k := range v.Sum {
				v.Sum[k] = part(s.Sum[k], lo, hi)
			}
			for k, t := range p.Totals {
				if t.Ways == OverRows {
					v.Sum[k] = ways[k][:v.N]
				}
			}
			l.Do(p, words, &v)
		}
		if i < len(p.Between) {
			l.Between(p, i, &ways, &s.Scalar)
		}
	}
}

// Between does the work once a row after a sweep: ways are those of totals over rows.
func (l Lane) Between(p *Program, sweep int, ways *[4][]float32, scalars *[8]float32) {
	once := Strip{N: 1, Scalar: *scalars}
	for k, t := range p.Totals {
		if t.Ways == OverRows {
			once.Sum[k] = l.FoldRow(t, append([]float32(nil), ways[k]...))
		}
	}
	l.Do(p, p.Between[sweep], &once)
	*scalars = once.Scalar
}
