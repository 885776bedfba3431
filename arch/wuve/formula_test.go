package wuve

import (
	"math"
	"math/rand/v2"
	"testing"

	"satsim/arch/word"
)

// near allows what rounding to FP32 in some ten operations may do.
func near(got float32, want float64) bool {
	return math.Abs(float64(got)-want) <= 4e-6*max(1, math.Abs(want))
}

// steps runs one parameter through several steps and returns its weight and state after the last.
func steps(t *testing.T, j Job, s StepParams, w float32, kept bool, gradients ...float32) (float32, []float32) {
	t.Helper()
	j.Parameters = 1
	in := Operands{Master: []float32{w}, Kept: []bool{kept}}
	for range StateWords(j.Optimiser) {
		in.States = append(in.States, []float32{0})
	}
	for i, g := range gradients {
		in.Gradient = []float32{g}
		s.Number = int64(i + 1)
		out, _, err := Default().Simulate([]Job{j}, s, []Operands{in})
		if err != nil {
			t.Fatal(err)
		}
		in.Master, in.States = out[0].Master, out[0].States
	}
	var state []float32
	for _, word := range in.States {
		state = append(state, word[0])
	}
	return in.Master[0], state
}

// Worked by hand from the formulas of the PyTorch documentation.
func TestPublishedFormulasByHand(t *testing.T) {
	for _, c := range []struct {
		name      string
		j         Job
		s         StepParams
		w         float32
		kept      bool
		gradients []float32
		want      float64
		states    []float64
	}{
		{
			// 1 - 0.1*0.5 = 0.95
			"sgd", Job{Optimiser: word.SGD}, StepParams{LearningRate: 0.1}, 1, true, []float32{0.5}, 0.95, nil,
		},
		{
			// The gradient came times 128: 64/128 = 0.5.
			"loss scale", Job{Optimiser: word.SGD, Unscale: true}, StepParams{LearningRate: 0.1, LossScale: 128}, 1, true, []float32{64}, 0.95, nil,
		},
		{
			// g = 0.5 + 0.2*1 = 0.7; 1 - 0.07
			"weight decay", Job{Optimiser: word.SGD, WeightDecay: true}, StepParams{LearningRate: 0.1, WeightDecay: 0.2}, 1, true, []float32{0.5}, 0.93, nil,
		},
		{
			// pruned: g = 0.5 + 0.2*2 = 0.9; 2 - 0.09
			"sr-ste, pruned", Job{Optimiser: word.SGD, SRSTE: true}, StepParams{LearningRate: 0.1, SRSTELambda: 0.2}, 2, false, []float32{0.5}, 1.91, nil,
		},
		{
			// kept: as plain SGD
			"sr-ste, kept", Job{Optimiser: word.SGD, SRSTE: true}, StepParams{LearningRate: 0.1, SRSTELambda: 0.2}, 2, true, []float32{0.5}, 1.95, nil,
		},
		{
			// b = 1, w = 1 - 0.1 = 0.9; b = 0.9 + 1 = 1.9, w = 0.9 - 0.19 = 0.71; b = 1.71 - 2 = -0.29, w = 0.71 + 0.029
			"momentum", Job{Optimiser: word.Momentum}, StepParams{LearningRate: 0.1, Momentum: 0.9}, 1, true, []float32{1, 1, -2}, 0.739, []float64{-0.29},
		},
		{
			// m = 0.1*0.5 = 0.05, m^ = 0.05/0.1 = 0.5; v = 0.001*0.25 = 0.00025, v^ = 0.25; w = 1 - 0.01*0.5/0.5
			"adam, first step", Job{Optimiser: word.Adam}, StepParams{LearningRate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}, 1, true,
			[]float32{0.5}, 0.99, []float64{0.05, 0.00025},
		},
		{
			// beta1 = beta2 = 0.5 keeps the numbers short. Step 1, g = 4: m = 2, v = 8, m^ = 4, v^ = 16, w = 1 - 0.1*4/4 = 0.9.
			// Step 2, g = -1: m = 1 - 0.5 = 0.5, v = 4 + 0.5 = 4.5, m^ = 0.5/0.75 = 2/3, v^ = 4.5/0.75 = 6,
			// w = 0.9 - 0.1*(2/3)/sqrt(6) = 0.9 - 0.0272165527
			"adam, second step", Job{Optimiser: word.Adam}, StepParams{LearningRate: 0.1, Beta1: 0.5, Beta2: 0.5}, 1, true,
			[]float32{4, -1}, 0.8727834473, []float64{0.5, 4.5},
		},
		{
			// epsilon is outside of the root: m^ = 4, v^ = 16, w = 1 - 0.1*4/(4 + 1) = 0.92
			"adam, epsilon", Job{Optimiser: word.Adam}, StepParams{LearningRate: 0.1, Beta1: 0.5, Beta2: 0.5, Epsilon: 1}, 1, true,
			[]float32{4}, 0.92, []float64{2, 8},
		},
		{
			// g = 3 + 0.5*2 = 4, then as above from w = 2
			"adam, weight decay in the gradient", Job{Optimiser: word.Adam, WeightDecay: true},
			StepParams{LearningRate: 0.1, Beta1: 0.5, Beta2: 0.5, Epsilon: 1, WeightDecay: 0.5}, 2, true, []float32{3}, 1.92, []float64{2, 8},
		},
		{
			// w = 2 - 0.1*0.5*2 = 1.9 first, then 1.9 - 0.1*4/(4 + 1) = 1.82
			"adamw, weight decay on the weight", Job{Optimiser: word.AdamW, WeightDecay: true},
			StepParams{LearningRate: 0.1, Beta1: 0.5, Beta2: 0.5, Epsilon: 1, WeightDecay: 0.5}, 2, true, []float32{4}, 1.82, []float64{2, 8},
		},
	} {
		w, states := steps(t, c.j, c.s, c.w, c.kept, c.gradients...)
		if !near(w, c.want) {
			t.Errorf("%s: weight %v, want %v", c.name, w, c.want)
		}
		for i, want := range c.states {
			if !near(states[i], want) {
				t.Errorf("%s: state %d is %v, want %v", c.name, i, states[i], want)
			}
		}
	}
}

// A hundred steps of Adam as its documentation writes it, with both corrected moments, in FP64.
func TestAdamStaysWithTheDocumentedFormula(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := StepParams{LearningRate: 1e-3, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	var gradients []float32
	w, m, v := 0.3, 0.0, 0.0
	for i := range 100 {
		g := float32(random.NormFloat64())
		gradients = append(gradients, g)
		m = s.Beta1*m + (1-s.Beta1)*float64(g)
		v = s.Beta2*v + (1-s.Beta2)*float64(g)*float64(g)
		mHat := m / (1 - math.Pow(s.Beta1, float64(i+1)))
		vHat := v / (1 - math.Pow(s.Beta2, float64(i+1)))
		w -= s.LearningRate * mHat / (math.Sqrt(vHat) + s.Epsilon)
	}
	got, states := steps(t, Job{Optimiser: word.Adam}, s, 0.3, true, gradients...)
	if !near(got, w) || !near(states[0], m) || !near(states[1], v) {
		t.Errorf("weight %v, moments %v; want %v, %v, %v", got, states, w, m, v)
	}
}

// A kept weight's gradient passes by SR-STE's adder: adding a zero to it would make +0 of -0, and so -0 of this weight:
// -0 - 1 * -0 = +0, but -0 - 1 * +0 = -0.
func TestKeptGradientPassesUntouched(t *testing.T) {
	minusZero := float32(math.Copysign(0, -1))
	w, _ := steps(t, Job{Optimiser: word.SGD, SRSTE: true}, StepParams{LearningRate: 1, SRSTELambda: 1}, minusZero, true, minusZero)
	if math.Float32bits(w) != 0 {
		t.Errorf("weight %x, want +0", math.Float32bits(w))
	}
}
