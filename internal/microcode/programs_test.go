package microcode

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

type work struct {
	x, y, dy     []float64
	gamma, beta  []float64 // of the columns; in work over columns the first
	mean, rstd   float64   // of x
	sums, dotted float64   // of dy and dy*xhat
}

func drawn(r *rand.Rand) work {
	w := work{x: normals(r), y: normals(r), dy: normals(r), gamma: normals(r), beta: normals(r)}
	w.mean = mean(w.x)
	w.rstd = 1 / math.Sqrt(dot(w.x, w.x)/rows-w.mean*w.mean)
	w.sums, w.dotted = dot(w.dy, ones), dot(w.dy, normalised(w.x, true))
	return w
}

func singles(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

func doubles(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// run is a program on a row, its results, and its totals over columns of a pass of that one row.
func run(p *Program, s *Strip) (out [2][]float64, totals [4][]float64) {
	s.N = rows
	s.Set = make([]bool, rows)
	for k := range s.Out {
		s.Out[k] = make([]float32, rows)
	}
	for k, t := range p.Totals {
		if t.Ways != OverRows {
			s.Sum[k] = t.Begin(1, rows)
		}
	}
	Lane{}.Row(p, s)
	for k := range s.Out {
		out[k] = doubles(s.Out[k])
	}
	for k := range totals {
		totals[k] = doubles(s.Sum[k])
	}
	return out, totals
}

// channel is a program on one column of many rows, with its work before and after: its results, and the column's constants.
func channel(p *Program, ports [2][]float64, columns map[int]float64, scalars ...float64) (out []float64, column [8]float64) {
	s := Strip{N: 1}
	for k := range s.Column {
		s.Column[k] = []float32{float32(columns[k])}
	}
	copy(s.Scalar[:], singles(scalars))
	l := Lane{}
	l.Do(p, p.Before, &s)
	var ways [4][]float32
	for k, t := range p.Totals {
		ways[k] = t.Begin(ColumnWays, 1)
	}
	for r := range rows {
		for k := range p.Totals {
			s.Sum[k] = ways[k][r%ColumnWays:][:1]
		}
		for k := range ports {
			s.Port[k] = singles(ports[k][r : r+1])
		}
		s.Out[0] = []float32{0}
		for _, sweep := range p.Sweeps {
			l.Do(p, sweep, &s)
		}
		out = append(out, float64(s.Out[0][0]))
	}
	for k, t := range p.Totals {
		s.Sum[k] = l.Fold(t, ways[k], 1)
		column[6+k] = float64(s.Sum[k][0])
	}
	l.Do(p, p.After, &s)
	for k := range 6 {
		column[k] = float64(s.Column[k][0])
	}
	return out, column
}

const epsilon = 0x1p-40 // nearly none

// definitions gives for each program what it makes of drawn numbers, and what the definition says.
var definitions = map[string]func(w work) (got, want []float64){
	"bias": func(w work) ([]float64, []float64) {
		out, _ := run(Bias(), &Strip{Port: [3][]float32{singles(w.x)}, Column: [8][]float32{singles(w.beta)}})
		return out[0], each(func(i int) float64 { return w.x[i] + w.beta[i] })
	},
	"batch norm": func(w work) ([]float64, []float64) {
		_, c := channel(BatchNormStats(), [2][]float64{w.x, w.x}, nil, 1./rows, epsilon)
		got := []float64{c[0], c[1], c[2]}
		want := []float64{w.mean, w.rstd, 1 / (w.rstd * w.rstd)}
		out, _ := channel(BatchNormApply(), [2][]float64{w.x, w.x}, map[int]float64{0: c[0], 1: c[1], 2: w.gamma[0], 3: w.beta[0]})
		xhat := normalised(w.x, true)
		return append(got, out...), append(want, each(func(i int) float64 { return xhat[i]*w.gamma[0] + w.beta[0] })...)
	},
	"batch norm's gradient": func(w work) ([]float64, []float64) {
		_, c := channel(BatchNormReduce(), [2][]float64{w.x, w.dy}, map[int]float64{0: w.mean, 1: w.rstd})
		out, _ := channel(BatchNormGrad(), [2][]float64{w.x, w.dy}, map[int]float64{0: w.mean, 1: w.rstd, 2: w.gamma[0], 6: c[6], 7: c[7]}, 1./rows)
		return append([]float64{c[6], c[7]}, out...), append([]float64{w.sums, w.dotted}, gradient(func(x []float64) []float64 {
			xhat := normalised(x, true)
			return each(func(i int) float64 { return xhat[i] * w.gamma[0] })
		}, w.x, w.dy)...)
	},
	"layer norm": func(w work) ([]float64, []float64) {
		s := Strip{Port: [3][]float32{singles(w.x)}, Column: [8][]float32{singles(w.gamma), singles(w.beta)}, Scalar: [8]float32{1. / rows, epsilon}}
		out, _ := run(LayerNorm(true), &s)
		xhat := normalised(w.x, true)
		got := append(out[0], float64(s.Scalar[2]), float64(s.Scalar[3]))
		return got, append(each(func(i int) float64 { return xhat[i]*w.gamma[i] + w.beta[i] }), w.mean, w.rstd)
	},
	"layer norm's gradient": func(w work) ([]float64, []float64) {
		s := Strip{Port: [3][]float32{singles(w.x), singles(w.dy)}, Column: [8][]float32{singles(w.gamma)}}
		s.Scalar = [8]float32{1. / rows, 0, float32(w.mean), float32(w.rstd), float32(w.mean * w.rstd)}
		out, totals := run(LayerNormGrad(), &s)
		layer := func(x, gamma, beta []float64) []float64 {
			n := normalised(x, true)
			return each(func(i int) float64 { return n[i]*gamma[i] + beta[i] })
		}
		want := gradient(func(x []float64) []float64 { return layer(x, w.gamma, w.beta) }, w.x, w.dy)
		want = append(want, gradient(func(g []float64) []float64 { return layer(w.x, g, w.beta) }, w.gamma, w.dy)...)
		want = append(want, gradient(func(b []float64) []float64 { return layer(w.x, w.gamma, b) }, w.beta, w.dy)...)
		return append(append(out[0], totals[3]...), totals[2]...), want
	},
	"rms norm": func(w work) ([]float64, []float64) {
		s := Strip{Port: [3][]float32{singles(w.x)}, Column: [8][]float32{singles(w.gamma)}, Scalar: [8]float32{1. / rows, epsilon}}
		out, _ := run(RMSNorm(), &s)
		xhat := normalised(w.x, false)
		return out[0], each(func(i int) float64 { return xhat[i] * w.gamma[i] })
	},
	"rms norm's gradient": func(w work) ([]float64, []float64) {
		s := Strip{Port: [3][]float32{singles(w.x), singles(w.dy)}, Column: [8][]float32{singles(w.gamma)}}
		s.Scalar = [8]float32{1. / rows, 0, float32(1 / math.Sqrt(dot(w.x, w.x)/rows))}
		out, totals := run(RMSNormGrad(), &s)
		layer := func(x, gamma []float64) []float64 {
			n := normalised(x, false)
			return each(func(i int) float64 { return n[i] * gamma[i] })
		}
		want := gradient(func(x []float64) []float64 { return layer(x, w.gamma) }, w.x, w.dy)
		return append(out[0], totals[1]...), append(want, gradient(func(g []float64) []float64 { return layer(w.x, g) }, w.gamma, w.dy)...)
	},
	"relu":  func(w work) ([]float64, []float64) { return gatedBack(ReLU(), w, math.Inf(1)) },
	"relu6": func(w work) ([]float64, []float64) { return gatedBack(ReLU6(), w, 6) },
	"gelu":  func(w work) ([]float64, []float64) { return lookedUp(GELU(), GELUGrad(), w, geluOf, true) },
	"silu": func(w work) ([]float64, []float64) {
		return lookedUp(SiLU(), SiLUGrad(), w, func(x float64) float64 { return x / (1 + math.Exp(-x)) }, true)
	},
	"sigmoid": func(w work) ([]float64, []float64) {
		return lookedUp(Sigmoid(), SigmoidGrad(), w, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, false)
	},
	"tanh": func(w work) ([]float64, []float64) { return lookedUp(Tanh(), TanhGrad(), w, math.Tanh, false) },
	"softmax": func(w work) ([]float64, []float64) {
		out, _ := run(Softmax(), &Strip{Port: [3][]float32{singles(w.x)}})
		return out[0], softmaxOf(w.x)
	},
	"softmax's gradient": func(w work) ([]float64, []float64) {
		out, _ := run(SoftmaxGrad(), &Strip{Port: [3][]float32{singles(softmaxOf(w.x)), singles(w.dy)}})
		return out[0], gradient(softmaxOf, w.x, w.dy)
	},
	"loss": func(w work) ([]float64, []float64) {
		const scale, label = 1024, 3
		bits := make([]bool, rows)
		bits[label] = true
		out, _ := run(Loss(), &Strip{Port: [3][]float32{singles(w.x)}, Bit: bits, Scalar: [8]float32{scale}})
		crossEntropy := func(x []float64) []float64 {
			y := make([]float64, rows)
			y[0] = -math.Log(softmaxOf(x)[label])
			return y
		}
		first := make([]float64, rows)
		first[0] = scale
		return out[0], gradient(crossEntropy, w.x, first)
	},
	"max pool": func(w work) ([]float64, []float64) {
		s := Strip{N: 1, Sum: [4][]float32{MaxPool().Totals[0].Begin(1, 1)}, First: [4][]int32{{0}}}
		for i, x := range singles(w.x) {
			s.Port[0], s.At = []float32{x}, int32(i)
			Lane{}.Do(MaxPool(), MaxPool().Sweeps[0], &s)
		}
		return []float64{float64(s.Sum[0][0]), float64(s.First[0][0])}, []float64{slices.Max(w.x), float64(slices.Index(w.x, slices.Max(w.x)))}
	},
	"max pool's gradient": func(w work) ([]float64, []float64) {
		bits := make([]bool, rows)
		bits[5] = true
		_, totals := run(MaxPoolGrad(), &Strip{Port: [3][]float32{singles(w.dy)}, Bit: bits})
		want := make([]float64, rows)
		want[5] = w.dy[5]
		return totals[0], want
	},
	"average pool": func(w work) ([]float64, []float64) {
		_, c := channel(AvgPool(), [2][]float64{w.x, w.x}, map[int]float64{0: 1. / rows})
		_, totals := run(AvgPoolGrad(), &Strip{Port: [3][]float32{singles(w.dy)}, Column: [8][]float32{singles(each(func(int) float64 { return 1. / rows }))}})
		return append([]float64{c[1]}, totals[0]...), append([]float64{mean(w.x)}, each(func(i int) float64 { return w.dy[i] / rows })...)
	},
	"add": func(w work) ([]float64, []float64) {
		a, _ := run(AddTensors(), &Strip{Port: [3][]float32{singles(w.x), singles(w.y)}})
		b, _ := run(GradSum(), &Strip{Port: [3][]float32{singles(w.dy), singles(w.y)}})
		return append(a[0], b[0]...), append(each(func(i int) float64 { return w.x[i] + w.y[i] }), each(func(i int) float64 { return w.dy[i] + w.y[i] })...)
	},
	"mul": func(w work) ([]float64, []float64) {
		a, _ := run(MulTensors(), &Strip{Port: [3][]float32{singles(w.x), singles(w.y)}})
		b, _ := run(MulGrad(), &Strip{Port: [3][]float32{singles(w.dy), singles(w.x), singles(w.y)}})
		by := func(b []float64) func([]float64) []float64 {
			return func(a []float64) []float64 { return each(func(i int) float64 { return a[i] * b[i] }) }
		}
		want := append(each(func(i int) float64 { return w.x[i] * w.y[i] }), gradient(by(w.y), w.x, w.dy)...)
		return append(append(a[0], b[0]...), b[1]...), append(want, gradient(by(w.x), w.y, w.dy)...)
	},
	"sums": func(w work) ([]float64, []float64) {
		_, c := channel(BiasGrad(), [2][]float64{w.dy, w.dy}, nil)
		_, d := channel(ScatterAdd(), [2][]float64{w.dy, w.dy}, nil)
		_, e := channel(Repeats(), [2][]float64{w.dy, w.dy}, nil)
		_, f := channel(MulRepeats(), [2][]float64{w.dy, w.y}, nil)
		return []float64{c[6], d[6], e[6], f[6]}, []float64{dot(w.dy, ones), dot(w.dy, ones), dot(w.dy, ones), dot(w.dy, w.y)}
	},
	"gradient check": func(w work) ([]float64, []float64) {
		_, c := channel(GradCheck(), [2][]float64{w.dy, w.dy}, nil)
		return []float64{c[6], c[7]}, []float64{slices.Max(each(func(i int) float64 { return math.Abs(w.dy[i]) })), dot(w.dy, w.dy)}
	},
	"moves": func(w work) ([]float64, []float64) {
		a, _ := run(Copy(), &Strip{Port: [3][]float32{singles(w.x)}})
		b, _ := run(Gather(), &Strip{Port: [3][]float32{singles(w.y)}})
		c, _ := run(ZeroFill(), &Strip{})
		return append(append(a[0], b[0]...), c[0]...), append(append(slices.Clone(w.x), w.y...), make([]float64, rows)...)
	},
}

// gatedBack is a clipped function, and its gradient by its own bits.
func gatedBack(p *Program, w work, top float64) (got, want []float64) {
	f := func(x []float64) []float64 { return each(func(i int) float64 { return min(max(5*x[i], 0), top) }) }
	s := Strip{Port: [3][]float32{singles(each(func(i int) float64 { return 5 * w.x[i] }))}}
	forward, _ := run(p, &s)
	back, _ := run(ActivationGrad(), &Strip{Port: [3][]float32{singles(w.dy)}, Bit: s.Set})
	return append(forward[0], each(func(i int) float64 { return 5 * back[0][i] })...), append(f(w.x), gradient(f, w.x, w.dy)...)
}

// lookedUp is a function of 6x, some of it beyond the table, and its gradient, from x or from the result.
func lookedUp(p, back *Program, w work, f func(float64) float64, fromX bool) (got, want []float64) {
	x := each(func(i int) float64 { return 6 * w.x[i] })
	y := each(func(i int) float64 { return f(x[i]) })
	forward, _ := run(p, &Strip{Port: [3][]float32{singles(x)}})
	kept := y
	if fromX {
		kept = x
	}
	slope, _ := run(back, &Strip{Port: [3][]float32{singles(kept), singles(w.dy)}})
	return append(forward[0], slope[0]...), append(y, gradient(func(x []float64) []float64 { return each(func(i int) float64 { return f(x[i]) }) }, x, w.dy)...)
}

func TestProgramsAreTheirDefinitions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, name := range slices.Sorted(maps.Keys(definitions)) { // in order: what is drawn is the same each time
		got, want := definitions[name](drawn(r))
		if len(got) != len(want) {
			t.Fatalf("%s: %d results, want %d", name, len(got), len(want))
		}
		for i := range got {
			// Tables of quadratics are good to 5e-4, half a step of FP16 at 1, SiLU's, which has wider segments, to twice that; the differences of the
			// definitions to 1e-6.
			bound := 5e-4
			if name == "silu" {
				bound = 1e-3
			}
			if !(math.Abs(got[i]-want[i]) <= bound*max(1, math.Abs(want[i]))) {
				t.Errorf("%s: result %d is %v, want %v", name, i, got[i], want[i])
				break
			}
		}
	}
}
