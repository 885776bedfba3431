package kernel

import (
	"math"
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
		for i := range x { // zero, like what is not more than zero
			if r.IntN(16) == 0 {
				x[i] = nan(r)
			}
		}
		Rectify(y[:size], slope[:size], x)
		each("rectify", y, func(i, _ int) float32 {
			if x[i] > 0 {
				return x[i]
			}
			return 0
		})
		each("slope", slope, func(i, _ int) float32 {
			if x[i] > 0 {
				return 1
			}
			return 0
		})
	})
}

// nan is one of either sign, quiet or signalling, with any payload.
func nan(r *rand.Rand) float32 {
	return math.Float32frombits(0x7f800001 + uint32(r.IntN(0x7fffff)) | uint32(r.IntN(2))<<31)
}

// TestRectifyOfEveryKindOfNumber: at each place of a row, in whole registers and behind them, a NaN, an infinity, a zero and a subnormal of either sign give what the definition says, to the
// bit, between neighbours that stay as they are.
func TestRectifyOfEveryKindOfNumber(t *testing.T) {
	inf := float32(math.Inf(1))
	small := math.Float32frombits(1)
	for _, c := range []struct{ x, y, slope float32 }{
		{math.Float32frombits(0x7fc00000), 0, 0}, {math.Float32frombits(0xffc00000), 0, 0}, {math.Float32frombits(0x7f800001), 0, 0}, {math.Float32frombits(0xffffffff), 0, 0},
		{inf, inf, 1}, {-inf, 0, 0}, {0, 0, 0}, {float32(math.Copysign(0, -1)), 0, 0}, {small, small, 1}, {-small, 0, 0}, {math.MaxFloat32, math.MaxFloat32, 1}, {-math.MaxFloat32, 0, 0},
	} {
		for n := 1; n <= 40; n++ {
			for at := range n {
				x, y, slope := make([]float32, n), make([]float32, n), make([]float32, n)
				for i := range x {
					x[i] = float32(i%3 - 1)
				}
				x[at] = c.x
				Rectify(y, slope, x)
				for i := range x {
					wantY, wantSlope := max(float32(i%3-1), 0), max(float32(i%3-1), 0)
					if i == at {
						wantY, wantSlope = c.y, c.slope
					}
					if math.Float32bits(y[i]) != math.Float32bits(wantY) || math.Float32bits(slope[i]) != math.Float32bits(wantSlope) {
						t.Fatalf("%x at %d of %d: element %d is %g with the slope %g, want %g and %g", math.Float32bits(c.x), at, n, i, y[i], slope[i], wantY, wantSlope)
					}
				}
			}
		}
	}
}
