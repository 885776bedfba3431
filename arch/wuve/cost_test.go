package wuve

import (
	"strings"
	"testing"

	"satsim/arch/unit"
	"satsim/arch/word"
)

// The timeline of package doc: three waves, depth 5, so 8 cycles. Five parameters on two lanes leave one lane idle once.
func TestCostByHand(t *testing.T) {
	p := Params{Lanes: 2, Optimiser: word.SGD, MulLatency: 2, AddLatency: 2, ConvertLatency: 1}
	got := p.Cost(Job{Optimiser: word.SGD, Parameters: 5})
	want := unit.Cost{Cycles: 8, Issue: 3, Counts: unit.Counts{Parameters: 5, Multiplies: 5, Adds: 5, Converts: 5, IdleLaneCycles: 1}}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Operators of one parameter, counted in the formulas of package doc.
func TestOperatorsByHand(t *testing.T) {
	for _, c := range []struct {
		j    Job
		want Operators
	}{
		{Job{Optimiser: word.SGD}, Operators{Multiply: 1, Add: 1, Convert: 1}},      // gamma*g, w -
		{Job{Optimiser: word.Momentum}, Operators{Multiply: 2, Add: 2, Convert: 1}}, // mu*b, + g, gamma*b, w -
		// beta1*m, (1-beta1)*g, beta2*v, g*g, (1-beta2)*, correction, rate; m, v, epsilon, w -
		{Job{Optimiser: word.Adam}, Operators{Multiply: 7, Add: 4, Divide: 1, SquareRoot: 1, Convert: 1}},
		{Job{Optimiser: word.AdamW, WeightDecay: true}, Operators{Multiply: 8, Add: 5, Divide: 1, SquareRoot: 1, Convert: 1}},
		{Job{Optimiser: word.SGD, Unscale: true, SRSTE: true, WeightDecay: true}, Operators{Multiply: 4, Add: 3, Convert: 1}},
	} {
		if got := c.j.Operators(); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.j, got, c.want)
		}
	}
	if got, want := (Params{Optimiser: word.Momentum}).Lane(), (Operators{Multiply: 5, Add: 4, Convert: 1}); got != want {
		t.Errorf("a lane for momentum is %+v, want %+v", got, want)
	}
}

// Lanes that are built for an optimiser have the operators of those before it, and run these and no later one.
func TestLanesRunTheOptimisersBefore(t *testing.T) {
	for i, built := range Optimisers() {
		lane := Params{Optimiser: built}.Lane()
		for k, o := range Optimisers() {
			n := Params{Optimiser: o}.Lane()
			has := n.Multiply <= lane.Multiply && n.Add <= lane.Add && n.Divide <= lane.Divide && n.SquareRoot <= lane.SquareRoot
			err := Params{Optimiser: built}.Accepts(Job{Optimiser: o})
			if k <= i && (err != nil || !has) || k > i && err == nil {
				t.Errorf("lanes for %s, which have %+v, update with %s, which needs %+v: error %v", built, lane, o, n, err)
			}
		}
	}
	if _, err := JobOf(word.UpdateConfig{Optimiser: "Adam"}, &word.Work{}); err == nil || !strings.Contains(err.Error(), "sgd, momentum, adam, adamw") {
		t.Errorf("error %v", err)
	}
}

func TestValidate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	err := Params{Optimiser: "rmsprop", MulLatency: -1, AddLatency: -1, DivLatency: -1, SqrtLatency: -1, ConvertLatency: -1}.Validate()
	for _, key := range []string{"lanes", "optimiser", "mul_latency", "add_latency", "div_latency", "sqrt_latency", "convert_latency"} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("error %v does not name %s", err, key)
		}
	}
}

func BenchmarkCost(b *testing.B) {
	p, j := Default(), Job{Optimiser: word.AdamW, Parameters: 1 << 20, Unscale: true, WeightDecay: true}
	var sum int64
	for b.Loop() {
		sum += p.Cost(j).Cycles
	}
	_ = sum
}

func BenchmarkSimulate(b *testing.B) {
	for _, o := range Optimisers() {
		b.Run(string(o), func(b *testing.B) {
			const n = 1 << 14
			p, j := Default(), Job{Optimiser: o, Parameters: n, Unscale: true, WeightDecay: true}
			in := Operands{Master: make([]float32, n), Gradient: make([]float32, n)}
			for i := range n {
				in.Master[i], in.Gradient[i] = float32(i%7), float32(i%5)
			}
			for range StateWords(o) {
				in.States = append(in.States, make([]float32, n))
			}
			s := StepParams{LearningRate: 0.1, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 1e-4, LossScale: 1024, Number: 1}
			for b.Loop() {
				if _, _, err := p.Simulate([]Job{j}, s, []Operands{in}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "parameters/s")
		})
	}
}
