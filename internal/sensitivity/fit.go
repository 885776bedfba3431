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

// path is the terms that orthogonal least squares takes, one after another, by some of the points.
type path struct {
	chosen []int
	// missed is, for no term, one, two and so on, the sum of squares by which the fit misses the other points.
	missed []float64
}

// newPath takes up to so many terms by their columns at the rows seen; a term of several inputs only beside one that shares an input with it. What is done to the
// columns at those rows is done at the rows unseen as well: there it leaves what the fit misses.
func newPath(all []term, cols [][]float64, y []float64, seen, unseen []int, most int) path {
	n := len(seen)
	rows := append(slices.Clone(seen), unseen...)
	left := make([][]float64, len(cols)) // of each column, what is orthogonal to those taken
	whole := make([]float64, len(cols))  // its square before
	for k, c := range cols {
		left[k] = pick(c, rows)
		floats.AddConst(-stat.Mean(left[k][:n], nil), left[k])
		whole[k] = floats.Dot(left[k][:n], left[k][:n])
	}
	r := pick(y, rows)
	floats.AddConst(-stat.Mean(r[:n], nil), r)
	var out path
	taken, inputs := make([]bool, len(cols)), map[int]bool{}
	for {
		out.missed = append(out.missed, floats.Dot(r[n:], r[n:]))
		if len(out.chosen) == min(most, n/2) {
			return out
		}
		next, gain := -1, 0.0
		for k, c := range left {
			if taken[k] || len(all[k]) > 1 && !slices.ContainsFunc(all[k], func(f factor) bool { return inputs[f.input] }) {
				continue
			}
			square := floats.Dot(c[:n], c[:n])
			if whole[k] == 0 || square <= negligible*whole[k] {
				continue
			}
			if d := floats.Dot(c[:n], r[:n]); d*d/square > gain {
				next, gain = k, d*d/square
			}
		}
		if next < 0 {
			return out
		}
		q := slices.Clone(left[next])
		floats.Scale(1/math.Sqrt(floats.Dot(q[:n], q[:n])), q)
		for k := range left {
			if !taken[k] {
				floats.AddScaled(left[k], -floats.Dot(left[k][:n], q[:n]), q)
			}
		}
		floats.AddScaled(r, -floats.Dot(r[:n], q[:n]), q)
		out.chosen, taken[next] = append(out.chosen, next), true
		for _, f := range all[next] {
			inputs[f.input] = true
		}
	}
}

// solve gives terms their coefficients by the rows seen.
func solve(chosen []int, cols [][]float64, y []float64, seen []int) (fit, error) {
	a := mat.NewDense(len(seen), 1+len(chosen), nil)
	a.SetCol(0, slices.Repeat([]float64{1}, len(seen)))
	for k, c := range chosen {
		a.SetCol(1+k, pick(cols[c], seen))
	}
	var qr mat.QR
	qr.Factorize(a)
	var x mat.VecDense
	if err := qr.SolveVecTo(&x, false, mat.NewVecDense(len(seen), pick(y, seen))); err != nil {
		return fit{}, fmt.Errorf("fitting %d terms to %d points: %w", len(chosen), len(seen), err)
	}
	return fit{x.AtVec(0), chosen, x.RawVector().Data[1:]}, nil
}

// least is the fewest terms with which paths miss least in all, but for what is nothing beside what a constant misses.
func least(paths []path) (terms int, missed float64) {
	nothing := 0.0
	for _, p := range paths {
		nothing += negligible * p.missed[0]
	}
	for size := 0; ; size++ {
		sum := 0.0
		for _, p := range paths {
			if size >= len(p.missed) {
				return terms, missed
			}
			sum += p.missed[size]
		}
		if size == 0 || sum < missed-nothing {
			terms, missed = size, sum
		}
	}
}

func pick(of []float64, rows []int) []float64 {
	out := make([]float64, len(rows))
	for i, r := range rows {
		out[i] = of[r]
	}
	return out
}
