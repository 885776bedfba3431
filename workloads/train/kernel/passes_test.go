package kernel

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestPassesAreThePlainLoops: each pass has the bits of its definition, written here once more element by element, and touches nothing behind its rows. Of the sums
// the order is that of the rows.
func TestPassesAreThePlainLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, c := rapid.IntRange(0, 20).Draw(t, "rows"), rapid.IntRange(1, 40).Draw(t, "columns")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		infinite := rapid.Bool().Draw(t, "infinite")
		matrix := func() []float32 { return operand(t, r, rows*c+8, infinite) }
		column := func() []float32 { return operand(t, r, c, false) }
		x, dy, before := matrix(), matrix(), matrix()
		n := Norm{Mean: column(), Rstd: column(), Scale: column(), Shift: column()}
		factor, first, second := column(), column(), column()
		size := rows * c

		each := func(name string, got []float32, want func(i, col int) float32) {
			for i, v := range got {
				w := before[i]
				if i < size {
					w = want(i, i%c)
				}
				if !sameBits(v, w) {
					t.Fatalf("%s: element %d is %g, not %g", name, i, v, w)
				}
			}
		}
		sums := func(name string, got, want []float64) {
			for i, v := range got {
				if v != want[i] && (v == v || want[i] == want[i]) {
					t.Fatalf("%s: sum %d is %g, not %g", name, i, v, want[i])
				}
			}
		}
		xhat := func(i, col int) float32 { return float32(float32(x[i]-n.Mean[col]) * n.Rstd[col]) }

		plain, squares, gradients := make([]float64, c), make([]float64, c), make([]float64, 2*c)
		for i := range size {
			d := float64(x[i] - n.Mean[i%c])
			plain[i%c] += float64(x[i])
			squares[i%c] += float64(d * d)
			gradients[i%c] += float64(dy[i])
			gradients[c+i%c] += float64(float64(dy[i]) * float64(xhat(i, i%c)))
		}
		got := make([]float64, c)
		SumColumns(got, x[:size])
		sums("columns", got, plain)
		clear(got)
		SumSquares(got, x[:size], n.Mean)
		sums("squares", got, squares)
		both := make([]float64, 2*c)
		n.SumGradients(both, dy[:size], x[:size])
		sums("gradients", both, gradients)

		y, slope := append([]float32(nil), before...), append([]float32(nil), before...)
		n.Apply(y, x[:size])
		each("apply", y, func(i, col int) float32 { return float32(xhat(i, col)*n.Scale[col]) + n.Shift[col] })
		n.Gradient(y, dy, x[:size], factor, first, second)
		each("gradient", y, func(i, col int) float32 {
			return factor[col] * (float32(dy[i]-first[col]) - float32(xhat(i, col)*second[col]))
		})
		Add(y[:size], x, dy)
		each("add", y, func(i, _ int) float32 { return x[i] + dy[i] })
		Multiply(y[:size], x, dy)
		each("multiply", y, func(i, _ int) float32 { return x[i] * dy[i] })
		Rectify(y[:size], slope[:size], x)
		each("rectify", y, func(i, _ int) float32 { return max(x[i], 0) + 0 })
		each("slope", slope, func(i, _ int) float32 {
			if x[i] > 0 {
				return 1
			}
			return 0
		})
	})
}
