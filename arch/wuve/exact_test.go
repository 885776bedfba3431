package wuve

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/arch/word"
)

func anyParams(t *rapid.T) Params {
	latency := rapid.IntRange(0, 6)
	return Params{
		Lanes: rapid.IntRange(1, 5).Draw(t, "lanes"), Optimiser: word.AdamW,
		MulLatency: latency.Draw(t, "mul_latency"), AddLatency: latency.Draw(t, "add_latency"),
		DivLatency: latency.Draw(t, "div_latency"), SqrtLatency: latency.Draw(t, "sqrt_latency"),
		ConvertLatency: latency.Draw(t, "convert_latency"),
		Subnormals:     rapid.SampledFrom([]fp.Subnormals{fp.Flush, fp.IEEE}).Draw(t, "subnormals"),
	}
}

func anyJob(t *rapid.T) Job {
	return Job{
		Optimiser:   rapid.SampledFrom(Optimisers()).Draw(t, "optimiser"),
		Parameters:  int64(rapid.IntRange(0, 20).Draw(t, "parameters")),
		Unscale:     rapid.Bool().Draw(t, "unscale"),
		SRSTE:       rapid.Bool().Draw(t, "sr_ste"),
		WeightDecay: rapid.Bool().Draw(t, "weight_decay"),
	}
}

func anyStep(t *rapid.T) StepParams {
	return StepParams{
		LearningRate: rapid.SampledFrom([]float64{0.1, 1e-3, 3}).Draw(t, "learning rate"),
		Momentum:     0.9, Beta1: 0.9, Beta2: 0.999,
		Epsilon:     rapid.SampledFrom([]float64{1e-8, 0}).Draw(t, "epsilon"),
		WeightDecay: 5e-4, SRSTELambda: 2e-4,
		LossScale: rapid.SampledFrom([]float64{1, 1024, 1000}).Draw(t, "loss scale"),
		Number:    int64(rapid.IntRange(1, 1000).Draw(t, "number")),
	}
}

// anyFP32 draws every class of number: ordinary ones mostly, subnormals, the largest, infinities, NaNs.
func anyFP32() *rapid.Generator[float32] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) float32 { return float32(rapid.Float64Range(-4, 4).Draw(t, "x")) }),
		rapid.Custom(func(t *rapid.T) float32 { return float32(rapid.Float64Range(-1, 1).Draw(t, "x")) * 0x1p-63 }), // squares are subnormal
		rapid.Custom(func(t *rapid.T) float32 { return math.Float32frombits(rapid.Uint32().Draw(t, "bits")) }),
		rapid.SampledFrom([]float32{0, float32(math.Copysign(0, -1)), 0x1p-149, -0x1p-127, math.MaxFloat32,
			float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}),
	)
}

func anyOperands(t *rapid.T, j Job) Operands {
	numbers := rapid.SliceOfN(anyFP32(), int(j.Parameters), int(j.Parameters))
	o := Operands{Master: numbers.Draw(t, "master"), Gradient: numbers.Draw(t, "gradient")}
	for range StateWords(j.Optimiser) {
		o.States = append(o.States, numbers.Draw(t, "state"))
	}
	o.Kept = rapid.SliceOfN(rapid.Bool(), int(j.Parameters), int(j.Parameters)).Draw(t, "kept")
	return o
}

func TestExactIsClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParams(t)
		s := anyStep(t)
		var jobs []Job
		var in []Operands
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			j := anyJob(t)
			if len(jobs) > 0 && rapid.Bool().Draw(t, "same shape") {
				n := j.Parameters
				j = jobs[len(jobs)-1]
				j.Parameters = n
			}
			jobs, in = append(jobs, j), append(in, anyOperands(t, j))
		}
		_, cost, err := p.Simulate(jobs, s, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Sequence(jobs...); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
		if len(jobs) == 1 && cost != p.Cost(jobs[0]) {
			t.Fatalf("one job costs %+v, a sequence of it %+v", p.Cost(jobs[0]), cost)
		}
	})
}

// machine computes with exact numbers of 600 bits, rounds each result once, and knows nothing of the package but the formulas.
type machine struct{ flush bool }

func (m machine) tidy(x float32) float32 {
	if m.flush && math.Abs(float64(x)) < 0x1p-126 {
		return float32(math.Copysign(0, float64(x)))
	}
	return x
}

func (m machine) do(op byte, x, y float32) float32 {
	x, y = m.tidy(x), m.tidy(y)
	a, b := float64(x), float64(y)
	special := math.IsNaN(a) || math.IsNaN(b) || math.IsInf(a, 0) || math.IsInf(b, 0)
	switch {
	case special || op == '/' && b == 0 || op == 'r' && a <= 0 || op == '+' && a == 0 && b == 0:
		// FP64 has the same rules for what is no number, and for the signs of zeros.
		return float32(map[byte]float64{'*': a * b, '+': a + b, '/': a / b, 'r': math.Sqrt(a)}[op])
	}
	const precision = 600
	p, q := new(big.Float).SetPrec(precision).SetFloat64(a), new(big.Float).SetPrec(precision).SetFloat64(b)
	z := new(big.Float).SetPrec(precision)
	switch op {
	case '*':
		z.Mul(p, q)
	case '+':
		z.Add(p, q)
	case '/':
		z.Quo(p, q)
	case 'r':
		z.Sqrt(p)
	}
	r, _ := z.Float32()
	return m.tidy(r)
}

// update is the formula of package doc for one parameter.
func (m machine) update(j Job, s StepParams, w, dw float32, state []float32, kept bool) (float32, []float32) {
	mul := func(x, y float32) float32 { return m.do('*', x, y) }
	add := func(x, y float32) float32 { return m.do('+', x, y) }
	f := func(x float64) float32 { return float32(x) }
	g := dw
	if j.Unscale {
		g = mul(g, f(1/s.LossScale))
	}
	if j.SRSTE {
		if kept {
			g = m.tidy(g)
		} else {
			g = add(g, mul(f(s.SRSTELambda), w))
		}
	}
	if j.WeightDecay && j.Optimiser != word.AdamW {
		g = add(g, mul(f(s.WeightDecay), w))
	}
	switch j.Optimiser {
	case word.SGD:
		return add(w, -mul(f(s.LearningRate), g)), nil
	case word.Momentum:
		b := add(mul(f(s.Momentum), state[0]), g)
		return add(w, -mul(f(s.LearningRate), b)), []float32{b}
	}
	if j.WeightDecay && j.Optimiser == word.AdamW {
		w = add(w, -mul(f(s.LearningRate*s.WeightDecay), w))
	}
	t := float64(s.Number)
	m1 := add(mul(f(s.Beta1), state[0]), mul(f(1-s.Beta1), g))
	v1 := add(mul(f(s.Beta2), state[1]), mul(f(1-s.Beta2), mul(g, g)))
	d := add(m.do('r', mul(v1, f(1/(1-math.Pow(s.Beta2, t)))), 0), f(s.Epsilon))
	u := mul(f(s.LearningRate/(1-math.Pow(s.Beta1, t))), m.do('/', m1, d))
	return add(w, -u), []float32{m1, v1}
}

func sameBits(a, b float32) bool {
	if b != b {
		return math.Float32bits(a) == 0x7fc00000
	}
	return math.Float32bits(a) == math.Float32bits(b)
}

func TestBitsAreThoseOfExactNumbersRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParams(t)
		s := anyStep(t)
		j := anyJob(t)
		in := anyOperands(t, j)
		out, _, err := p.Simulate([]Job{j}, s, []Operands{in})
		if err != nil {
			t.Fatal(err)
		}
		m := machine{flush: p.Subnormals == fp.Flush}
		for i := range in.Master {
			var state []float32
			for _, word := range in.States {
				state = append(state, word[i])
			}
			w, next := m.update(j, s, in.Master[i], in.Gradient[i], state, in.Kept[i])
			if got := out[0].Master[i]; !sameBits(got, w) {
				t.Fatalf("parameter %d: weight %x, want %x", i, math.Float32bits(got), math.Float32bits(w))
			}
			for n, want := range next {
				if got := out[0].States[n][i]; !sameBits(got, want) {
					t.Fatalf("parameter %d: state %d is %x, want %x", i, n, math.Float32bits(got), math.Float32bits(want))
				}
			}
			if got, want := out[0].Half[i], p.Subnormals.Half(w).Bits(); got != want {
				t.Fatalf("parameter %d: FP16 of %v is %#04x, want %#04x", i, w, got, want)
			}
		}
	})
}

func TestSimulateRefusals(t *testing.T) {
	p := Default()
	p.Optimiser = word.Momentum
	two := []float32{1, 2}
	good := StepParams{LossScale: 1, Number: 1}
	for _, c := range []struct {
		j    Job
		s    StepParams
		in   Operands
		want string
	}{
		{Job{Optimiser: word.Adam}, good, Operands{}, "built for momentum"},
		{Job{Optimiser: "Adam"}, good, Operands{}, `"Adam" is no optimiser; sgd, momentum, adam, adamw are accepted`},
		{Job{Optimiser: word.SGD, Parameters: -1}, good, Operands{}, "negative"},
		{Job{Optimiser: word.SGD, Parameters: 3}, good, Operands{Master: two, Gradient: two}, "3 parameters"},
		{Job{Parameters: 2, Optimiser: word.Momentum}, good, Operands{Master: two, Gradient: two}, "1 state words"},
		{Job{Parameters: 2, Optimiser: word.Momentum}, good, Operands{Master: two, Gradient: two, States: [][]float32{{1}}}, "state word 0"},
		{Job{Optimiser: word.SGD, Parameters: 2, SRSTE: true}, good, Operands{Master: two, Gradient: two}, "mask of 0"},
		{Job{Optimiser: word.SGD, Unscale: true}, StepParams{}, Operands{}, "loss scale"},
		{Job{Optimiser: word.SGD}, StepParams{LearningRate: math.NaN()}, Operands{}, "learning rate"},
	} {
		if _, _, err := p.Simulate([]Job{c.j}, c.s, []Operands{c.in}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.j, err, c.want)
		}
	}
	if _, _, err := p.Simulate([]Job{{Optimiser: word.SGD}}, good, nil); err == nil {
		t.Error("a job without operands is simulated")
	}
	if err := (StepParams{Beta2: 1}).Validate(Job{Optimiser: word.Adam}); err == nil || !strings.Contains(err.Error(), "beta2") || !strings.Contains(err.Error(), "step number") {
		t.Errorf("Adam with beta2 = 1 in step 0: %v", err)
	}
}
