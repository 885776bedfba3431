package microcode

import (
	"math"
	"math/rand/v2"
)

const rows = 300 // elements of a row, and of a channel: more than there are ways

// normals are none so near to zero that a difference of gradient's spans the kink of a ReLU.
func normals(random *rand.Rand) []float64 {
	x := make([]float64, rows)
	for i := range x {
		for math.Abs(x[i]) < 1e-4 {
			x[i] = random.NormFloat64()
		}
	}
	return x
}

func mean(x []float64) float64 { return dot(x, ones) / float64(len(x)) }

func dot(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

var ones = func() []float64 {
	o := make([]float64, rows)
	for i := range o {
		o[i] = 1
	}
	return o
}()

func each(f func(i int) float64) []float64 {
	y := make([]float64, rows)
	for i := range y {
		y[i] = f(i)
	}
	return y
}

// gradient is dy . d f(x) / dx by differences: the definition of every backward kind.
func gradient(f func(x []float64) []float64, x, dy []float64) []float64 {
	const h = 1e-5
	return each(func(i int) float64 {
		up, down := append([]float64(nil), x...), append([]float64(nil), x...)
		up[i] += h
		down[i] -= h
		return (dot(f(up), dy) - dot(f(down), dy)) / (2 * h)
	})
}

func geluOf(x float64) float64 { return x * (1 + math.Erf(x/math.Sqrt2)) / 2 }

func softmaxOf(x []float64) []float64 {
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(v)
	}
	return each(func(i int) float64 { return math.Exp(x[i]) / sum })
}

// normalised is (x - mean) / deviation, or x / root mean square.
func normalised(x []float64, centre bool) []float64 {
	m := 0.0
	if centre {
		m = mean(x)
	}
	d := each(func(i int) float64 { return x[i] - m })
	r := 1 / math.Sqrt(dot(d, d)/rows)
	return each(func(i int) float64 { return d[i] * r })
}
