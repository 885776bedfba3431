package sensitivity

import (
	"math"
	"slices"
	"testing"
)

// uniform is a fine grid of a uniform distribution.
func uniform(low, high float64) Measure {
	m := make(Measure, 1000)
	for i := range m {
		m[i] = low + (high-low)*(float64(i)+0.5)/1000
	}
	return m
}

// Orthonormal under a uniform distribution on -1 to 1 are Legendre's polynomials times the root of 2k + 1.
func TestBasisOfAUniformInputIsLegendre(t *testing.T) {
	b := newBasis(uniform(-1, 1), 4)
	for _, x := range []float64{-1, -0.3, 0, 0.7, 1} {
		want := []float64{1, x, (3*x*x - 1) / 2, (5*x*x*x - 3*x) / 2, (35*x*x*x*x - 30*x*x + 3) / 8}
		for k, got := range b.at(x) {
			if w := want[k] * math.Sqrt(float64(2*k+1)); math.Abs(got-w) > 1e-4 {
				t.Errorf("degree %d at %g: %g, want %g", k, x, got, w)
			}
		}
	}
}

// A switch that is on three times of four: mean 3/4, deviation sqrt(3)/4, so (0 - 3/4)/(sqrt(3)/4) = -sqrt(3) and 1/sqrt(3). It has no other polynomial.
func TestBasisOfASwitch(t *testing.T) {
	b := newBasis(Measure{0, 1, 1, 1}, 3)
	if b.degree() != 1 {
		t.Fatalf("degree %d of two values", b.degree())
	}
	if off, on := b.at(0)[1], b.at(1)[1]; math.Abs(off+math.Sqrt(3)) > 1e-12 || math.Abs(on-1/math.Sqrt(3)) > 1e-12 {
		t.Errorf("%g and %g", off, on)
	}
	if n := newBasis(Measure{7, 7}, 3); n.degree() != 0 {
		t.Errorf("degree %d of a constant", n.degree())
	}
}

// Terms of two inputs up to degree 3: with q = 1 all nine of x, x2, x3, y, y2, y3, xy, x2y, xy2; with q = 3/4 the norm of x2y is (2^0.75 + 1)^(4/3) = 3.73, above 3, that of xy 2.52.
func TestTerms(t *testing.T) {
	two := []basis{newBasis(uniform(0, 1), 3), newBasis(uniform(0, 1), 3)}
	for _, c := range []struct {
		norm     float64
		together int
		want     int
	}{{1, 2, 9}, {0.75, 2, 7}, {1, 1, 6}} {
		if got := len(terms(two, Options{Degree: 3, Norm: c.norm, Together: c.together})); got != c.want {
			t.Errorf("%+v: %d terms", c, got)
		}
	}
}

func TestLatinHasOnePointInEveryPart(t *testing.T) {
	const n, d = 17, 3
	x := Latin(n, d, 5)
	for j := range d {
		met := map[int]bool{}
		for i := range x {
			met[int(x[i][j]*n)] = true
		}
		if len(met) != n {
			t.Errorf("dimension %d: points in %d parts of %d", j, len(met), n)
		}
	}
	if !slices.EqualFunc(x, Latin(n, d, 5), slices.Equal) || slices.EqualFunc(x, Latin(n, d, 6), slices.Equal) {
		t.Error("points are not those of their seed")
	}
}

// sampled is a function at points of a Latin hypercube of inputs between -pi and pi.
func sampled(n, d int, seed uint64, f func([]float64) float64) (x [][]float64, m []Measure, y []float64) {
	x = Latin(n, d, seed)
	for i := range x {
		for j := range x[i] {
			x[i][j] = math.Pi * (2*x[i][j] - 1)
		}
		y = append(y, f(x[i]))
	}
	return x, slices.Repeat([]Measure{uniform(-math.Pi, math.Pi)}, d), y
}

// ishigami is sin x + 7 sin^2 y + 0.1 z^4 sin x (Ishigami and Homma 1990), whose indices have closed forms: with a = 7, b = 0.1
//
//	V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2    V1 = (1 + b pi^4/5)^2/2    V2 = a^2/8    V13 = 8 b^2 pi^8/225
func ishigami(x []float64) float64 {
	return math.Sin(x[0]) + 7*math.Pow(math.Sin(x[1]), 2) + 0.1*math.Pow(x[2], 4)*math.Sin(x[0])
}

func ishigamiIndices() []Index {
	pi4 := math.Pow(math.Pi, 4)
	v1, v2, v13 := math.Pow(1+0.1*pi4/5, 2)/2, 49.0/8, 8*0.01*pi4*pi4/225
	v := 49.0/8 + 0.1*pi4/5 + 0.01*pi4*pi4/18 + 0.5
	return []Index{{First: v1 / v, Total: (v1 + v13) / v}, {First: v2 / v, Total: v2 / v}, {First: 0, Total: v13 / v}}
}

func TestIshigami(t *testing.T) {
	x, m, y := sampled(300, 3, 1, ishigami)
	a, err := Analyse(x, m, y, Options{Degree: 10, Norm: 1, Together: 2, Folds: 10})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range ishigamiIndices() {
		got := a.Inputs[i]
		if math.Abs(got.First-want.First) > 0.01 || math.Abs(got.Total-want.Total) > 0.01 {
			t.Errorf("input %d: first %.4f total %.4f, by closed form %.4f and %.4f", i+1, got.First, got.Total, want.First, want.Total)
		}
	}
	if a.Explained < 0.99 {
		t.Errorf("the fit explains %.3f of what it has not seen", a.Explained)
	}
	// No polynomial of degree 2 is Ishigami's function, and the analysis says so.
	if bad, err := Analyse(x, m, y, Options{Degree: 2, Norm: 1, Together: 2, Folds: 10}); err != nil || bad.Explained > 0.6 {
		t.Errorf("degree 2 explains %+v, %v", bad, err)
	}
}

// Switches and a part that has no effect: a + a b + d/2 with a, b, c of -1 or 1, d of 0, 1, 2 at 1:2:1. Var = 1 + 1 + 1/8; b has no first-order effect, c none at all.
func TestSwitchesAreExact(t *testing.T) {
	sign, three := Measure{-1, 1}, Measure{0, 1, 1, 2}
	m := []Measure{sign, sign, sign, three, sign}
	u := Latin(80, len(m), 3)
	var x [][]float64
	var y []float64
	for _, p := range u {
		v := make([]float64, len(m))
		for j := range v {
			v[j] = m[j][int(p[j]*float64(len(m[j])))]
		}
		x, y = append(x, v), append(y, v[0]+v[0]*v[1]+v[3]/2)
	}
	a, err := Analyse(x, m, y, Options{Degree: 3, Norm: 0.75, Together: 2, Folds: 10})
	if err != nil {
		t.Fatal(err)
	}
	v := 2.125
	for i, want := range []Index{{First: 1 / v, Total: 2 / v}, {Total: 1 / v}, {}, {First: 0.125 / v, Total: 0.125 / v}, {}} {
		got := a.Inputs[i]
		if math.Abs(got.First-want.First) > 1e-9 || math.Abs(got.Total-want.Total) > 1e-9 || got.TotalError > 1e-9 {
			t.Errorf("input %d: %+v, want %+v", i, got, want)
		}
	}
	if a.Terms != 3 {
		t.Errorf("%d terms", a.Terms)
	}
}

// Many inputs of which few matter, and few points: what satsim uncertainty has. The function is exp of a sum, whose indices have closed forms: exp(w_i x_i) of a uniform x_i has mean
// sinh(pi w)/(pi w) and mean square sinh(2 pi w)/(2 pi w). With q_i = square/mean^2: Var/mean^2 = prod q - 1, V_i/mean^2 = q_i - 1, V_Ti/mean^2 = (q_i - 1) prod of the other q.
func TestFewInputsOfMany(t *testing.T) {
	weights := []float64{0.15, 0.1, 0.05, 0.03}
	const d = 26
	f := func(x []float64) float64 {
		s := 0.0
		for i, w := range weights {
			s += w * x[i]
		}
		return math.Exp(s)
	}
	q := slices.Repeat([]float64{1}, d)
	all := 1.0
	for i, w := range weights {
		mean := math.Sinh(math.Pi*w) / (math.Pi * w)
		q[i] = math.Sinh(2*math.Pi*w) / (2 * math.Pi * w) / (mean * mean)
		all *= q[i]
	}
	want := make([]Index, d)
	for i := range want {
		want[i] = Index{First: (q[i] - 1) / (all - 1), Total: (q[i] - 1) * all / q[i] / (all - 1)}
	}
	// The error that is said is that of a design: over many, it is no less than what indices are off by, and not many times as much.
	var off, said float64
	within, inputs := 0, 0
	for seed := range uint64(12) {
		x, m, y := sampled(120, d, seed, f)
		a, err := Analyse(x, m, y, Options{Degree: 3, Norm: 0.75, Together: 2, Folds: 10})
		if err != nil {
			t.Fatal(err)
		}
		if a.Explained < 0.98 {
			t.Errorf("seed %d: %.3f explained", seed, a.Explained)
		}
		for i, w := range want {
			got := a.Inputs[i]
			if math.Abs(got.First-w.First) > 0.03 || math.Abs(got.Total-w.Total) > 0.03 {
				t.Errorf("seed %d input %d: %+v, want %+v", seed, i, got, w)
			}
			if i < len(weights) {
				if inputs++; math.Abs(got.Total-w.Total) <= 2*got.TotalError {
					within++
				}
				off += math.Pow(got.Total-w.Total, 2)
				said += math.Pow(got.TotalError, 2)
			}
		}
	}
	if r := math.Sqrt(said / off); r < 0.8 || r > 4 {
		t.Errorf("errors that are said are %.2f times those that are", r)
	}
	if within < inputs*9/10 {
		t.Errorf("%d of %d indices are within two errors", within, inputs)
	}
}

// Noise is no function of the inputs, and the analysis finds none.
func TestNoiseIsNotExplained(t *testing.T) {
	x, m, _ := sampled(48, 20, 1, func([]float64) float64 { return 0 })
	var y []float64
	for _, v := range Latin(48, 1, 99) {
		y = append(y, v[0])
	}
	a, err := Analyse(x, m, y, Options{Degree: 3, Norm: 0.75, Together: 2, Folds: 10})
	if err != nil {
		t.Fatal(err)
	}
	if a.Explained > 0.1 || a.Explained < -0.3 || a.Terms > 3 {
		t.Errorf("%d terms explain %.2f of noise", a.Terms, a.Explained)
	}
}

func TestRefused(t *testing.T) {
	x, m, y := sampled(40, 2, 1, func(x []float64) float64 { return x[0] })
	good := Options{Degree: 2, Norm: 1, Together: 2, Folds: 10}
	for name, c := range map[string]struct {
		x [][]float64
		m []Measure
		y []float64
		o Options
	}{
		"few points":       {x[:39], m, y[:39], good},
		"outputs missing":  {x, m, y[:39], good},
		"measures missing": {x, m[:1], y, good},
		"one fold":         {x, m, y, Options{Degree: 2, Norm: 1, Together: 2, Folds: 1}},
		"no degree":        {x, m, y, Options{Norm: 1, Together: 2, Folds: 10}},
	} {
		if _, err := Analyse(c.x, c.m, c.y, c.o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	a, err := Analyse(x, m, slices.Repeat([]float64{3}, 40), good)
	if err != nil || a.Inputs[0] != (Index{}) {
		t.Errorf("a constant: %+v, %v", a, err)
	}
}
