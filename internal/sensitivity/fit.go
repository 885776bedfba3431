package sensitivity

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// fit is a sum of few terms.
type fit struct {
	mean   float64
	chosen []int // places of terms
	by     []float64
}

// negligible is the part of a column's square that is nothing: it depends on the columns before it.
const negligible = 1e-10

// newFit chooses terms by orthogonal least squares, by their columns at some points.
func newFit(cols [][]float64, rows []int, y []float64) (fit, error) {
	n := len(rows)
	left := make([][]float64, len(cols)) // of each column, what is orthogonal to those chosen
	whole := make([]float64, len(cols))  // its square before
	for k, c := range cols {
		left[k] = pick(c, rows)
		floats.AddConst(-stat.Mean(left[k], nil), left[k])
		whole[k] = floats.Dot(left[k], left[k])
	}
	r := pick(y, rows)
	out := fit{mean: stat.Mean(r, nil)}
	floats.AddConst(-out.mean, r)
	free := slices.Repeat([]float64{1 - 1/float64(n)}, n) // one less the leverage of each point
	best, kept := looError(r, free, 1), 0
	for len(out.chosen) < n/2 {
		next, gain := -1, 0.0
		for k, c := range left {
			square := floats.Dot(c, c)
			if whole[k] == 0 || square <= negligible*whole[k] || slices.Contains(out.chosen, k) {
				continue
			}
			if d := floats.Dot(c, r); d*d/square > gain {
				next, gain = k, d*d/square
			}
		}
		if next < 0 {
			break
		}
		q := slices.Clone(left[next])
		floats.Scale(1/math.Sqrt(floats.Dot(q, q)), q)
		for k := range left {
			floats.AddScaled(left[k], -floats.Dot(left[k], q), q)
		}
		floats.AddScaled(r, -floats.Dot(r, q), q)
		for i := range free {
			free[i] -= q[i] * q[i]
		}
		out.chosen = append(out.chosen, next)
		if e := looError(r, free, 1+len(out.chosen)); e < best {
			best, kept = e, len(out.chosen)
		}
	}
	out.chosen = out.chosen[:kept]
	return out, out.solve(cols, rows, y)
}

// solve gives the chosen terms their coefficients.
func (f *fit) solve(cols [][]float64, rows []int, y []float64) error {
	a := mat.NewDense(len(rows), 1+len(f.chosen), nil)
	a.SetCol(0, slices.Repeat([]float64{1}, len(rows)))
	for k, c := range f.chosen {
		a.SetCol(1+k, pick(cols[c], rows))
	}
	var qr mat.QR
	qr.Factorize(a)
	var x mat.VecDense
	if err := qr.SolveVecTo(&x, false, mat.NewVecDense(len(rows), pick(y, rows))); err != nil {
		return fmt.Errorf("fitting %d terms to %d points: %w", len(f.chosen), len(rows), err)
	}
	f.mean, f.by = x.AtVec(0), x.RawVector().Data[1:]
	return nil
}

// at is what the fit says of a point.
func (f *fit) at(cols [][]float64, row int) float64 {
	v := f.mean
	for k, c := range f.chosen {
		v += f.by[k] * cols[c][row]
	}
	return v
}

// looError is the leave-one-out error of a fit of so many terms, corrected for few points.
func looError(residual, free []float64, terms int) float64 {
	n, p, sum := float64(len(residual)), float64(terms), 0.0
	for i, r := range residual {
		if free[i] < 1e-12 {
			return math.Inf(1)
		}
		sum += (r / free[i]) * (r / free[i])
	}
	return sum / n * n / (n - p) * (1 + p/n)
}

func pick(of []float64, rows []int) []float64 {
	out := make([]float64, len(rows))
	for i, r := range rows {
		out[i] = of[r]
	}
	return out
}
