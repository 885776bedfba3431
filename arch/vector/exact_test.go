package vector

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/unit"
)

// mix is an operation whose result shows every operation before it and their order.
func mix(job, op int, x float32) float32 { return x*float32(op+2) + float32(job+1) }

func TestExactIsClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{
			Lanes:           rapid.IntRange(1, 5).Draw(t, "lanes"),
			PipelineLatency: rapid.IntRange(0, 6).Draw(t, "pipeline_latency"),
			Strip:           rapid.IntRange(1, 6).Draw(t, "strip"),
			Ops:             DefaultOps(),
		}
		p.Ops.Copy = 0 // as if a copy were done by the memory port
		var jobs []Job
		var data [][]float32
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			n := rapid.IntRange(0, 40).Draw(t, "elements")
			jobs = append(jobs, Job{Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), Elements: int64(n)})
			numbers := make([]float32, n)
			for i := range numbers {
				numbers[i] = float32(i % 5)
			}
			data = append(data, numbers)
		}
		out, cost, err := p.Simulate(jobs, data, mix)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Sequence(jobs...); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
		if len(jobs) == 1 && cost != p.Cost(jobs[0]) {
			t.Fatalf("one job costs %+v, a sequence of it %+v", p.Cost(jobs[0]), cost)
		}
		for i, j := range jobs {
			ops, _ := p.Ops.Of(j.Kind)
			for e, x := range data[i] {
				for op := range ops {
					x = mix(i, op, x)
				}
				if out[i][e] != x {
					t.Fatalf("job %d, element %d: %v, want %v", i, e, out[i][e], x)
				}
			}
		}
	})
}

// Each case is counted by hand in the timelines of package doc.
func TestCostByHand(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 2, Strip: 3, Ops: DefaultOps()}
	for _, c := range []struct {
		name string
		j    Job
		want unit.Cost
	}{
		// Batch norm's sums are 2 operations.
		{"three waves", Job{BatchNormStats, 12}, unit.Cost{Cycles: 8, Issue: 6, Counts: unit.Counts{Elements: 12, Operations: 24}}},
		{"one wave", Job{BatchNormStats, 3}, unit.Cost{Cycles: 5, Issue: 3, Counts: unit.Counts{Elements: 3, Operations: 6, IdleLaneCycles: 2, StallCycles: 1}}},
		// A full strip (6 cycles), then one wave of one element (3 cycles).
		{"four waves", Job{BatchNormStats, 13}, unit.Cost{Cycles: 11, Issue: 9, Counts: unit.Counts{Elements: 13, Operations: 26, IdleLaneCycles: 6, StallCycles: 1}}},
		{"nothing", Job{BatchNormStats, 0}, unit.Cost{}},
	} {
		if got := p.Cost(c.j); got != c.want {
			t.Errorf("%s: closed form %+v, want %+v", c.name, got, c.want)
		}
		if _, got, err := p.Simulate([]Job{c.j}, [][]float32{make([]float32, c.j.Elements)}, mix); err != nil || got != c.want {
			t.Errorf("%s: exact %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
}

// With as many elements in flight as the pipeline is deep, long work never stalls.
func TestDefaultHasNoHazard(t *testing.T) {
	p := Default()
	for _, k := range Kinds() {
		j := Job{Kind: k, Elements: int64(p.Lanes*p.Strip) * 1000}
		ops, _ := p.Ops.Of(k)
		if c := p.Cost(j); c.Counts[StallCycles] != 0 || c.Issue != int64(p.Strip)*1000*int64(ops) {
			t.Errorf("%s: %+v", k, c)
		}
	}
}

func TestRefusals(t *testing.T) {
	p := Default()
	for _, c := range []struct {
		j    Job
		want string
	}{
		{Job{"convolve", 1}, `"convolve" is unknown`},
		{Job{Add, -1}, "negative"},
	} {
		if err := p.Accepts(c.j); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.j, err, c.want)
		}
		if _, _, err := p.Simulate([]Job{c.j}, [][]float32{nil}, mix); err == nil {
			t.Errorf("%+v is simulated", c.j)
		}
	}
	if _, _, err := p.Simulate([]Job{{Add, 2}}, [][]float32{{1}}, mix); err == nil {
		t.Error("one element passes for two")
	}
	if _, _, err := p.Simulate([]Job{{Add, 2}}, nil, mix); err == nil {
		t.Error("a job without operands is simulated")
	}
}

func TestValidate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	bad := Params{PipelineLatency: -1, Ops: Ops{Softmax: -1, ZeroFill: -2}}
	err := bad.Validate()
	for _, key := range []string{"lanes", "pipeline_latency", "strip", "ops.softmax", "ops.zero_fill"} {
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("error %v does not name %s", err, key)
		}
	}
}

func BenchmarkCost(b *testing.B) {
	p, j := Default(), Job{Kind: Softmax, Elements: 1 << 20}
	var sum int64
	for b.Loop() {
		sum += p.Cost(j).Cycles
	}
	_ = sum
}

func BenchmarkSimulate(b *testing.B) {
	p, j := Default(), Job{Kind: Softmax, Elements: 1 << 14}
	data := [][]float32{make([]float32, j.Elements)}
	var cycles int64
	for b.Loop() {
		_, c, err := p.Simulate([]Job{j}, data, mix)
		if err != nil {
			b.Fatal(err)
		}
		cycles += c.Cycles
	}
	b.ReportMetric(float64(cycles*int64(p.Lanes))/b.Elapsed().Seconds(), "lane-cycles/s")
}
