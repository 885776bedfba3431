package vector

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// legal draws a number of columns that the exact model takes for a program, or 0 if there is none.
func legal(t *rapid.T, p Params, program *microcode.Program) int {
	var fit []int
	for c := 1; c <= 60; c++ {
		if p.fits(Job{}, program, c) == nil {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return 0
	}
	return rapid.SampledFrom(fit).Draw(t, "columns")
}

// plain runs a job row by row, knowing nothing of strips and cycles: sums have the ways of package microcode. Where lanes are a power of two it knows nothing of them either.
func plain(p *microcode.Program, in Operands, n, lanes int) (out [2][]float32, total [4][]float32) {
	l, c := microcode.Lane{Flush: true}, in.Columns
	if lanes&(lanes-1) != 0 {
		l.Width = lanes
	}
	s := microcode.Strip{N: c}
	for k := range s.Column {
		s.Column[k] = append([]float32(nil), in.Column[k]...)
	}
	s.Scalar = in.Scalar
	l.Do(p, p.Before, &s)
	ways := map[int][]float32{}
	count := map[int]int{}
	for k, t := range p.Totals {
		if t.Ways != microcode.OverRows {
			count[k] = map[microcode.Ways]int{microcode.OverColumns: 32, microcode.Window: 1}[t.Ways]
			ways[k] = t.Begin(count[k], c)
		}
	}
	for r := range n / c {
		row := s
		row.Scalar, row.Set = in.Scalar, make([]bool, c)
		for k := range row.Port {
			if in.Port[k] != nil {
				row.Port[k] = in.Port[k][r*c : (r+1)*c]
			}
		}
		row.Bit = in.Bit[r*c : (r+1)*c]
		for k, w := range ways {
			row.Sum[k] = w[r%count[k]*c:][:c]
		}
		row.Out = [2][]float32{make([]float32, c), make([]float32, c)}
		l.Row(p, &row)
		for k := range out {
			out[k] = append(out[k], row.Out[k]...)
		}
	}
	for k, w := range ways {
		total[k] = l.Fold(p.Totals[k], w, c)
	}
	return out, total
}

func numbers(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = fp.Flush.Half(float32(r.NormFloat64())).Float32()
	}
	return x
}

// drawJob is a job on drawn numbers; ok is whether the unit takes its program with any number of columns.
func drawJob(t *rapid.T, p Params, r *rand.Rand) (j Job, in Operands, ok bool) {
	j.Kind = rapid.SampledFrom(Kinds()).Draw(t, "kind")
	in.Program = rapid.SampledFrom(Programs(j.Kind)).Draw(t, "program")
	if in.Columns = legal(t, p, in.Program); in.Columns == 0 {
		return j, in, false
	}
	n := in.Columns * rapid.IntRange(0, 1+80/in.Columns).Draw(t, "rows")
	j.Elements, j.Row = int64(n), int64(in.Columns)
	for k := range in.Port {
		in.Port[k] = numbers(r, n)
	}
	for k := range in.Column {
		in.Column[k] = numbers(r, in.Columns)
	}
	in.Bit = make([]bool, n)
	for i := range in.Bit {
		in.Bit[i] = r.IntN(2) == 0
	}
	copy(in.Scalar[:], numbers(r, len(in.Scalar)))
	return j, in, true
}

func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(fp.Canonical(x)) == math.Float32bits(fp.Canonical(y)) })
}

func TestExactIsClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{
			Lanes:           rapid.SampledFrom([]int{1, 2, 3, 4, 5, 8, 36, 64}).Draw(t, "lanes"),
			PipelineLatency: rapid.IntRange(0, 6).Draw(t, "pipeline_latency"),
			DivideLatency:   rapid.IntRange(0, 9).Draw(t, "divide_latency"),
			Strip:           rapid.IntRange(1, 12).Draw(t, "strip"),
			CountRows:       true,
			Ops:             DefaultOps(),
		}
		p.Ops.Copy = 0 // as if a copy were done by the memory port
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "numbers"), 0))
		var jobs []Job
		var in []Operands
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			if j, operands, ok := drawJob(t, p, r); ok {
				jobs, in = append(jobs, j), append(in, operands)
			}
		}
		out, cost, err := p.Simulate(fp.Flush, jobs, in)
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
			want, total := plain(in[i].Program, in[i], int(j.Elements), p.Lanes)
			for k := range want {
				for e, x := range want[k] {
					want[k][e] = fp.Flush.Half(x).Float32()
				}
				if !same(out[i].Out[k], want[k]) {
					t.Fatalf("job %d, %s: results %d are %v, want %v", i, in[i].Program.Name, k, out[i].Out[k], want[k])
				}
			}
			for k := range total {
				if j.Kind != Copy && !same(out[i].Total[k], total[k]) {
					t.Fatalf("job %d, %s: total %d is %v, want %v", i, in[i].Program.Name, k, out[i].Total[k], total[k])
				}
			}
		}
	})
}

// Each case is counted by hand in the timelines of package doc: a result leaves three cycles after it can be used.
func TestCostByHand(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 2, Strip: 3, Ops: DefaultOps()}
	for _, c := range []struct {
		name string
		j    Job
		want unit.Cost
	}{
		// Batch norm's sums are 2 operations.
		{"three waves", Job{Kind: BatchNormStats, Elements: 12}, unit.Cost{Cycles: 11, Issue: 6, Counts: unit.Counts{Elements: 12, Operations: 24}}},
		{"one wave", Job{Kind: BatchNormStats, Elements: 3}, unit.Cost{Cycles: 8, Issue: 3, Counts: unit.Counts{Elements: 3, Operations: 6, IdleLaneCycles: 2, StallCycles: 1}}},
		// A full strip (6 cycles), then one wave of one element (3 cycles).
		{"four waves", Job{Kind: BatchNormStats, Elements: 13}, unit.Cost{Cycles: 14, Issue: 9, Counts: unit.Counts{Elements: 13, Operations: 26, IdleLaneCycles: 6, StallCycles: 1}}},
		{"nothing", Job{Kind: BatchNormStats, Elements: 0}, unit.Cost{}},
	} {
		if got := p.Cost(c.j); got != c.want {
			t.Errorf("%s: closed form %+v, want %+v", c.name, got, c.want)
		}
		zeros := Operands{Program: microcode.BatchNormStats(), Columns: 1, Port: [3][]float32{make([]float32, c.j.Elements)}}
		if _, got, err := p.Simulate(fp.Flush, []Job{c.j}, []Operands{zeros}); err != nil || got != c.want {
			t.Errorf("%s: exact %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
}

// With as many elements in flight as the pipeline is deep, long work never stalls, folds of rows and what follows them apart.
func TestDefaultHasNoHazard(t *testing.T) {
	p := Default()
	p.CountRows = false
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
	p.Ops.Mul = 2
	ports := [3][]float32{make([]float32, 12), make([]float32, 12)}
	for _, c := range []struct {
		j    Job
		in   Operands
		want string
	}{
		{Job{Kind: "convolve", Elements: 1}, Operands{}, `"convolve" is unknown`},
		{Job{Kind: Add, Elements: -1}, Operands{}, "negative"},
		{Job{Kind: Add, Elements: 12}, Operands{Program: microcode.MulTensors(), Columns: 1, Port: ports}, "no such program"},
		{Job{Kind: Add, Elements: 12}, Operands{Columns: 1, Port: ports}, "no such program"},
		{Job{Kind: Mul, Elements: 12}, Operands{Program: microcode.MulTensors(), Columns: 1, Port: ports}, "ops.mul is 2, and its program mul has 1 words"},
		{Job{Kind: Add, Elements: 12}, Operands{Program: microcode.AddTensors(), Columns: 5, Port: ports}, "no rows of 5"},
		{Job{Kind: Add, Elements: 12}, Operands{Program: microcode.AddTensors(), Columns: 4, Port: [3][]float32{ports[0]}}, "0 elements at port 1 of 12"},
		{Job{Kind: Add, Elements: 1}, Operands{Program: microcode.AddTensors(), Columns: 1, Port: ports}, "12 elements at port 0 of 1"},
		{Job{Kind: BiasGrad, Elements: 12}, Operands{Program: microcode.BiasGrad(), Columns: 4, Port: ports}, "4 columns have 128 sums: a multiple of 32 lanes, and at least 320"},
		{Job{Kind: Softmax, Elements: 12}, Operands{Program: microcode.Softmax(), Columns: 12, Port: ports}, "rows of 0, and operands in rows of 12"},
	} {
		_, _, err := p.Simulate(fp.Flush, []Job{c.j}, []Operands{c.in})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.j, err, c.want)
		}
	}
	if _, _, err := p.Simulate(fp.Flush, []Job{{Kind: Add, Elements: 2}}, nil); err == nil {
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
	p, j := Default(), Job{Kind: Softmax, Elements: 1 << 20, Row: 256}
	var sum int64
	for b.Loop() {
		sum += p.Cost(j).Cycles
	}
	_ = sum
}

func BenchmarkSimulate(b *testing.B) {
	p, j := Default(), Job{Kind: Softmax, Elements: 1 << 14, Row: 256}
	in := []Operands{{Program: microcode.Softmax(), Columns: 256, Port: [3][]float32{make([]float32, j.Elements)}}}
	var cycles int64
	for b.Loop() {
		_, c, err := p.Simulate(fp.Flush, []Job{j}, in)
		if err != nil {
			b.Fatal(err)
		}
		cycles += c.Cycles
	}
	b.ReportMetric(float64(cycles*int64(p.Lanes))/b.Elapsed().Seconds(), "lane-cycles/s")
}
