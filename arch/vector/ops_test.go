package vector

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"satsim/arch/word"
)

type work struct{ x, y, dy, gamma, beta []float64 }

// programs gives for each kind what the lane makes of a row, and what the definition says.
var programs = map[word.PassKind]func(l *lane, w work) (got, want []float64){
	Bias: func(l *lane, w work) ([]float64, []float64) {
		return each(func(i int) float64 { return l.add(w.x[i], w.beta[0]) }), each(func(i int) float64 { return w.x[i] + w.beta[0] })
	},
	BatchNormStats: func(l *lane, w work) ([]float64, []float64) {
		sum, squares := 0.0, 0.0
		for _, x := range w.x {
			sum = l.add(sum, x)
			squares = l.madd(x, x, squares)
		}
		return []float64{sum, squares}, []float64{dot(w.x, ones), dot(w.x, w.x)}
	},
	BatchNormApply: func(l *lane, w work) ([]float64, []float64) {
		m := mean(w.x)
		rstd := 1 / math.Sqrt(dot(w.x, w.x)/rows-m*m)
		scale, shift := rstd*w.gamma[0], w.beta[0]-m*rstd*w.gamma[0]
		xhat := normalised(w.x, true)
		return each(func(i int) float64 { return l.madd(w.x[i], scale, shift) }),
			each(func(i int) float64 { return xhat[i]*w.gamma[0] + w.beta[0] })
	},
	BatchNormReduce: func(l *lane, w work) ([]float64, []float64) {
		m := mean(w.x)
		rstd := 1 / math.Sqrt(dot(w.x, w.x)/rows-m*m)
		sum, product := 0.0, 0.0
		for i, x := range w.x {
			xhat := l.madd(x, rstd, -m*rstd)
			sum = l.add(sum, w.dy[i])
			product = l.madd(w.dy[i], xhat, product)
		}
		return []float64{sum, product}, []float64{dot(w.dy, ones), dot(w.dy, normalised(w.x, true))}
	},
	BatchNormGrad: func(l *lane, w work) ([]float64, []float64) {
		m := mean(w.x)
		rstd := 1 / math.Sqrt(dot(w.x, w.x)/rows-m*m)
		mdy, mdot := mean(w.dy), dot(w.dy, normalised(w.x, true))/rows // batch_norm_reduce made them
		a := w.gamma[0] * rstd
		b := -a * rstd * mdot
		c := -a*mdy - b*m
		return each(func(i int) float64 { return l.madd(a, w.dy[i], l.madd(b, w.x[i], c)) }),
			gradient(func(x []float64) []float64 {
				xhat := normalised(x, true)
				return each(func(i int) float64 { return xhat[i] * w.gamma[0] })
			}, w.x, w.dy)
	},
	LayerNorm: func(l *lane, w work) ([]float64, []float64) {
		sum, squares := 0.0, 0.0
		for _, x := range w.x {
			sum = l.add(sum, x)
			squares = l.madd(x, x, squares)
		}
		m := sum / rows
		rstd := 1 / math.Sqrt(squares/rows-m*m)
		xhat := normalised(w.x, true)
		return each(func(i int) float64 { return l.madd(l.madd(w.x[i], rstd, -m*rstd), w.gamma[i], w.beta[i]) }),
			each(func(i int) float64 { return xhat[i]*w.gamma[i] + w.beta[i] })
	},
	LayerNormGrad: func(l *lane, w work) ([]float64, []float64) {
		m := mean(w.x)
		rstd := 1 / math.Sqrt(dot(w.x, w.x)/rows-m*m) // saved from the forward pass
		dgamma, dbeta, h, xhat := make([]float64, rows), make([]float64, rows), make([]float64, rows), make([]float64, rows)
		sum, product := 0.0, 0.0
		for i, x := range w.x {
			xhat[i] = l.madd(x, rstd, -m*rstd)
			dbeta[i] = l.add(dbeta[i], w.dy[i])
			dgamma[i] = l.madd(w.dy[i], xhat[i], dgamma[i])
			h[i] = l.mul(w.dy[i], w.gamma[i])
			sum = l.add(sum, h[i])
			product = l.madd(h[i], xhat[i], product)
		}
		dx := each(func(i int) float64 {
			t := l.madd(xhat[i], -product/rows, h[i])
			return l.madd(t, rstd, -rstd*sum/rows)
		})
		layer := func(x, gamma, beta []float64) []float64 {
			n := normalised(x, true)
			return each(func(i int) float64 { return n[i]*gamma[i] + beta[i] })
		}
		want := gradient(func(x []float64) []float64 { return layer(x, w.gamma, w.beta) }, w.x, w.dy)
		want = append(want, gradient(func(g []float64) []float64 { return layer(w.x, g, w.beta) }, w.gamma, w.dy)...)
		want = append(want, gradient(func(b []float64) []float64 { return layer(w.x, w.gamma, b) }, w.beta, w.dy)...)
		return append(append(dx, dgamma...), dbeta...), want
	},
	RMSNorm: func(l *lane, w work) ([]float64, []float64) {
		squares := 0.0
		for _, x := range w.x {
			squares = l.madd(x, x, squares)
		}
		r := 1 / math.Sqrt(squares/rows)
		xhat := normalised(w.x, false)
		return each(func(i int) float64 { return l.mul(l.mul(w.x[i], r), w.gamma[i]) }),
			each(func(i int) float64 { return xhat[i] * w.gamma[i] })
	},
	RMSNormGrad: func(l *lane, w work) ([]float64, []float64) {
		r := 1 / math.Sqrt(dot(w.x, w.x)/rows) // saved from the forward pass
		dgamma, h, xhat := make([]float64, rows), make([]float64, rows), make([]float64, rows)
		product := 0.0
		for i, x := range w.x {
			xhat[i] = l.mul(x, r)
			dgamma[i] = l.madd(w.dy[i], xhat[i], dgamma[i])
			h[i] = l.mul(w.dy[i], w.gamma[i])
			product = l.madd(h[i], xhat[i], product)
		}
		dx := each(func(i int) float64 { return l.mul(l.madd(xhat[i], -product/rows, h[i]), r) })
		layer := func(x, gamma []float64) []float64 {
			n := normalised(x, false)
			return each(func(i int) float64 { return n[i] * gamma[i] })
		}
		want := gradient(func(x []float64) []float64 { return layer(x, w.gamma) }, w.x, w.dy)
		return append(dx, dgamma...), append(want, gradient(func(g []float64) []float64 { return layer(w.x, g) }, w.gamma, w.dy)...)
	},
	Activate: func(l *lane, w work) ([]float64, []float64) {
		return each(func(i int) float64 { return l.max(w.x[i], 0) }), each(func(i int) float64 { return math.Max(w.x[i], 0) })
	},
	ActivateGrad: func(l *lane, w work) ([]float64, []float64) {
		relu := func(x []float64) []float64 { return each(func(i int) float64 { return math.Max(x[i], 0) }) }
		return each(func(i int) float64 { return l.choose(w.x[i] > 0, w.dy[i], 0) }), gradient(relu, w.x, w.dy)
	},
	Transcend: func(l *lane, w work) ([]float64, []float64) {
		table := quadratics(gelu, -8, 64, 2)
		return each(func(i int) float64 { return l.look(table, 6*w.x[i], 0, 1) }), each(func(i int) float64 { return gelu(6 * w.x[i]) })
	},
	TranscendGrad: func(l *lane, w work) ([]float64, []float64) {
		table := quadratics(geluSlope, -8, 64, 2)
		got := each(func(i int) float64 {
			slope := l.look(table, 6*w.x[i], 0, 1/math.Max(6*w.x[i], 1e-30)) // 1 above the table
			return l.mul(slope, w.dy[i])
		})
		return got, each(func(i int) float64 { return geluSlope(6*w.x[i]) * w.dy[i] })
	},
	Softmax: func(l *lane, w work) ([]float64, []float64) { return l.softmax(w.x), softmaxOf(w.x) },
	SoftmaxGrad: func(l *lane, w work) ([]float64, []float64) {
		p := softmaxOf(w.x) // saved from the forward pass
		product := 0.0
		for i := range p {
			product = l.madd(w.dy[i], p[i], product)
		}
		return each(func(i int) float64 { return l.mul(l.add(w.dy[i], -product), p[i]) }), gradient(softmaxOf, w.x, w.dy)
	},
	Loss: func(l *lane, w work) ([]float64, []float64) {
		const scale, label = 1024, 3
		p := l.softmax(w.x)
		got := each(func(i int) float64 {
			onehot := 0.0
			if i == label {
				onehot = scale
			}
			return l.madd(p[i], scale, -onehot)
		})
		crossEntropy := func(x []float64) []float64 {
			y := make([]float64, rows)
			y[0] = -math.Log(softmaxOf(x)[label])
			return y
		}
		first := make([]float64, rows)
		first[0] = scale
		return got, gradient(crossEntropy, w.x, first)
	},
	Pool: func(l *lane, w work) ([]float64, []float64) {
		m := math.Inf(-1)
		for _, x := range w.x {
			m = l.max(m, x)
		}
		want := w.x[0]
		for _, x := range w.x {
			if x > want {
				want = x
			}
		}
		return []float64{m}, []float64{want}
	},
	PoolGrad: func(l *lane, w work) ([]float64, []float64) { // an average over the row: one gradient, spread
		pool := func(x []float64) []float64 { y := make([]float64, rows); y[0] = mean(x); return y }
		return each(func(int) float64 { return l.madd(w.dy[0], 1./rows, 0) }), gradient(pool, w.x, w.dy)
	},
	Add: func(l *lane, w work) ([]float64, []float64) {
		return each(func(i int) float64 { return l.add(w.x[i], w.y[i]) }), each(func(i int) float64 { return w.x[i] + w.y[i] })
	},
	Mul: func(l *lane, w work) ([]float64, []float64) {
		return each(func(i int) float64 { return l.mul(w.x[i], w.y[i]) }), each(func(i int) float64 { return w.x[i] * w.y[i] })
	},
	MulGrad: func(l *lane, w work) ([]float64, []float64) {
		by := func(b []float64) func([]float64) []float64 {
			return func(a []float64) []float64 { return each(func(i int) float64 { return a[i] * b[i] }) }
		}
		got := append(each(func(i int) float64 { return l.mul(w.dy[i], w.y[i]) }), each(func(i int) float64 { return l.mul(w.dy[i], w.x[i]) })...)
		return got, append(gradient(by(w.y), w.x, w.dy), gradient(by(w.x), w.y, w.dy)...)
	},
	GradSum: func(l *lane, w work) ([]float64, []float64) {
		return each(func(i int) float64 { return l.add(w.x[i], w.y[i]) }), each(func(i int) float64 { return w.x[i] + w.y[i] })
	},
	BiasGrad: func(l *lane, w work) ([]float64, []float64) {
		sum := 0.0
		for _, dy := range w.dy {
			sum = l.add(sum, dy)
		}
		return []float64{sum}, []float64{dot(w.dy, ones)}
	},
	ScatterAdd: func(l *lane, w work) ([]float64, []float64) {
		got := append([]float64(nil), w.y...)
		for i, dy := range w.dy {
			got[i%3] = l.add(got[i%3], dy)
		}
		want := append([]float64(nil), w.y...)
		for token := range 3 {
			for i := token; i < rows; i += 3 {
				want[token] += w.dy[i]
			}
		}
		return got, want
	},
	GradCheck: func(l *lane, w work) ([]float64, []float64) {
		squares, largest := 0.0, 0.0
		for _, g := range w.dy {
			largest = l.max(largest, math.Abs(g)) // infinity if any is; the sign is no operation
			squares = l.madd(g, g, squares)
		}
		return []float64{squares, largest}, []float64{dot(w.dy, w.dy), slices.Max(each(func(i int) float64 { return math.Abs(w.dy[i]) }))}
	},
	Gather:   moved,
	Copy:     moved,
	ZeroFill: moved,
}

func moved(l *lane, w work) ([]float64, []float64) {
	return each(func(i int) float64 { return l.move(w.x[i]) }), w.x
}

func TestOperationsSufficeForEachKind(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, k := range Kinds() {
		program := programs[k]
		if program == nil {
			t.Errorf("%s has no program", k)
			continue
		}
		w := work{x: normal(random), y: normal(random), dy: normal(random), gamma: normal(random), beta: normal(random)}
		var l lane
		got, want := program(&l, w)
		if ops, _ := DefaultOps().Of(k); l.cycles != ops*rows {
			t.Errorf("%s took %d lane-cycles for %d elements, %d an element are charged", k, l.cycles, rows, ops)
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %d results, want %d", k, len(got), len(want))
		}
		for i := range got {
			// Tables of quadratics are good to some 1e-4; the differences of the definitions to 1e-6.
			if math.Abs(got[i]-want[i]) > 3e-4*max(1, math.Abs(want[i])) {
				t.Errorf("%s: result %d is %v, want %v", k, i, got[i], want[i])
			}
		}
	}
	if len(programs) != len(Kinds()) {
		t.Errorf("%d programs for %d kinds", len(programs), len(Kinds()))
	}
}

// Of reaches every field, each by its YAML key.
func TestOfReadsTheFieldOfThatName(t *testing.T) {
	var o Ops
	fields := reflect.ValueOf(&o).Elem()
	for i := range fields.NumField() {
		fields.Field(i).SetInt(int64(100 + i))
	}
	if len(Kinds()) != fields.NumField() {
		t.Fatalf("%d kinds, %d fields", len(Kinds()), fields.NumField())
	}
	for i := range fields.NumField() {
		k := word.PassKind(fields.Type().Field(i).Tag.Get("yaml"))
		if n, ok := o.Of(k); !ok || n != 100+i {
			t.Errorf("%s: %d, %v; want %d", k, n, ok, 100+i)
		}
		if Kinds()[i] != k {
			t.Errorf("kind %d is %s, its field %s", i, Kinds()[i], k)
		}
	}
}
