package sensitivity

import (
	"math"
	"slices"
)

// Measure is the distribution of an input: values that are equally likely. A value of twice the odds stands there twice.
type Measure []float64

// basis is polynomials that are orthonormal under a measure, by their three-term recurrence: next[k] p[k+1] = (x - centre[k]) p[k] - next[k-1] p[k-1].
type basis struct {
	centre, next []float64
}

// newBasis makes polynomials up to a degree, or up to what as many values tell apart.
func newBasis(m Measure, degree int) basis {
	var b basis
	distinct := slices.Compact(slices.Sorted(slices.Values(m)))
	degree = min(degree, len(distinct)-1)
	n := float64(len(m))
	p, before := slices.Repeat([]float64{1}, len(m)), make([]float64, len(m))
	last := 0.0
	for range degree {
		centre := 0.0
		for i, x := range m {
			centre += x * p[i] * p[i] / n
		}
		following, square := make([]float64, len(m)), 0.0
		for i, x := range m {
			following[i] = (x-centre)*p[i] - last*before[i]
			square += following[i] * following[i] / n
		}
		last = math.Sqrt(square)
		for i := range following {
			following[i] /= last
		}
		b.centre, b.next = append(b.centre, centre), append(b.next, last)
		before, p = p, following
	}
	return b
}

// degree of the highest polynomial.
func (b *basis) degree() int { return len(b.centre) }

// at is the values of all polynomials at x, the constant first.
func (b *basis) at(x float64) []float64 {
	out := make([]float64, 1, b.degree()+1)
	out[0] = 1
	for k, centre := range b.centre {
		v := (x - centre) * out[k]
		if k > 0 {
			v -= b.next[k-1] * out[k-1]
		}
		out = append(out, v/b.next[k])
	}
	return out
}

// term is a product of polynomials of some inputs.
type term []factor

type factor struct{ input, degree int }

// terms of a hyperbolic norm of no more than the degree, of no more than so many inputs; the constant is none of them.
func terms(bases []basis, o Options) (out []term) {
	var grow func(t term, from int, norm float64)
	most := math.Pow(float64(o.Degree), o.Norm) * (1 + 1e-9)
	grow = func(t term, from int, norm float64) {
		if len(t) > 0 {
			out = append(out, slices.Clone(t))
		}
		if len(t) == o.Together {
			return
		}
		for i := from; i < len(bases); i++ {
			for k := 1; k <= bases[i].degree(); k++ {
				if n := norm + math.Pow(float64(k), o.Norm); n <= most {
					grow(append(t, factor{i, k}), i+1, n)
				}
			}
		}
	}
	grow(nil, 0, 0)
	return out
}

// columns are the values of each term at all points.
func columns(bases []basis, all []term, x [][]float64) [][]float64 {
	out := make([][]float64, len(all))
	for k := range out {
		out[k] = make([]float64, len(x))
	}
	for i, point := range x {
		values := make([][]float64, len(bases))
		for j := range bases {
			values[j] = bases[j].at(point[j])
		}
		for k, t := range all {
			v := 1.0
			for _, f := range t {
				v *= values[f.input][f.degree]
			}
			out[k][i] = v
		}
	}
	return out
}
