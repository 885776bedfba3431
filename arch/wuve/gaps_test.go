package wuve

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/feed"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Jobs of two, one and one parameters on a lane, sgd with a cycle of each operator: D is 3, and 4 for the last one, which is unscaled. That one is offered in cycle 3 for the first
// time. By hand:
//
//	cycle      0 1 2 3 4 5 6 7 8 9 10
//	operands   0 1 0       0
//	FP16             0 1 0          0      the last job waits until what is before it has left
//	job_ready    x x x x x x x x x  x      the second job waits in cycle 0; the third one, in 4, moves on
//	job taken        x
func TestAJobThatComesLate(t *testing.T) {
	p := Params{Lanes: 1, Optimiser: word.SGD, MulLatency: 1, AddLatency: 1, ConvertLatency: 1}
	jobs := []Job{{Optimiser: word.SGD, Parameters: 2}, {Optimiser: word.SGD, Parameters: 1}, {Optimiser: word.SGD, Parameters: 1, Unscale: true}}
	var in []Operands
	for _, j := range jobs {
		in = append(in, Operands{Master: make([]float32, j.Parameters), Gradient: make([]float32, j.Parameters)})
	}
	v, cost, err := p.Vectors(jobs, StepParams{LearningRate: 1, LossScale: 1, Number: 1}, in, unit.Gaps{Job: func(cycle int) bool { return cycle < 3 }})
	if err != nil {
		t.Fatal(err)
	}
	var ready, flags string
	for _, line := range strings.Fields(v.Files["edges.hex"]) {
		ready, flags = ready+line[:1], flags+line[1:2]
	}
	// job_ready is 2 and in_ready 1; busy 8, a wave is taken 4, a job 2.
	if ready != "13322232222" || flags != "ccca88c8888" || strings.ReplaceAll(v.Files["held.hex"], "\n", "") != "22202222222" {
		t.Errorf("%s %s %q", ready, flags, v.Files["held.hex"])
	}
	if v.Cycles != 11 || cost.Cycles != 11 || cost.Issue != 5 {
		t.Errorf("%+v, %d cycles", cost, v.Cycles)
	}
}

// Gaps change nothing of what is made and counted but time.
func TestGapsOnlyTakeTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		p := someEngines(r, 5)[rapid.IntRange(0, 4).Draw(t, "engine")]
		jobs, in := drawn(r, p.Optimiser, 4, 8)
		step := StepParams{LearningRate: 0.1, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 5e-4, SRSTELambda: 2e-4, LossScale: 1000, Number: 3}
		made, cost, err := p.Simulate(jobs, step, in)
		if err != nil {
			t.Fatal(err)
		}
		late, longer, err := p.simulate(jobs, step, in, unit.RandomGaps(r, rapid.IntRange(2, 9).Draw(t, "one of")), nil)
		if err != nil || fmt.Sprint(late) != fmt.Sprint(made) {
			t.Fatalf("%v: %+v, not %+v", err, late, made)
		}
		if longer.Cycles < longer.Issue {
			t.Errorf("%+v with gaps, %+v without", longer, cost)
		}
		longer.Cycles, longer.Issue, longer.Counts[IdleLaneCycles], cost.Cycles, cost.Issue, cost.Counts[IdleLaneCycles] = 0, 0, 0, 0, 0, 0
		if longer != cost {
			t.Errorf("%+v with gaps, %+v without", longer, cost)
		}
	})
}

// An engine that is fed is late once, by what its feeder's contract has; its counts are those of the model, but for the cycles in which it waits.
func TestAFedEngineIsLateOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		p, read := someEngines(r, 5)[rapid.IntRange(0, 4).Draw(t, "engine")], rapid.IntRange(1, feed.MostRead).Draw(t, "read")
		jobs, in := drawn(r, p.Optimiser, 5, 8)
		step := StepParams{LearningRate: 0.1, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 5e-4, SRSTELambda: 2e-4, LossScale: 1000, Number: 3}
		_, want, err := p.Simulate(jobs, step, in)
		if err != nil {
			t.Fatal(err)
		}
		if late := int64(feed.Late(read, 2)); want.Counts[Parameters] > 0 {
			want.Cycles, want.Issue = want.Cycles+late, want.Issue+late
			want.Counts[IdleLaneCycles] += late * int64(p.Lanes)
		}
		if _, cost, err := p.FedVectors(jobs, step, in, unit.Gaps{}, feed.Pace{Read: read}); err != nil || cost != want {
			t.Errorf("%v: %+v, want %+v", err, cost, want)
		}
	})
}
