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

// cut is a job as its pieces, each of so many columns, or results, as lanes have room for.
func cut(p Params, j Job, in Operands) (jobs []Job, all []Operands) {
	if j.Elements == 0 || OverRows(j.Kind) {
		return []Job{j}, []Operands{in}
	}
	rows, at := int(j.Elements)/in.Columns, 0
	p.pieces(demandIn(in.Program), j, func(count int64, x piece) {
		for range count {
			o, columns := in, int(x.elements)/rows
			o.Columns = columns
			part := func(x []float32) (y []float32) {
				for r := 0; r < len(x); r += in.Columns {
					y = append(y, x[r+at:r+at+columns]...)
				}
				return y
			}
			for k := range in.Port {
				o.Port[k] = part(in.Port[k])
			}
			for k := range in.Column {
				o.Column[k] = part(in.Column[k])
			}
			o.Bit = nil
			for r := range rows {
				o.Bit = append(o.Bit, in.Bit[r*in.Columns+at:][:columns]...)
			}
			n := rows * columns
			jobs, all = append(jobs, Job{Kind: j.Kind, Elements: int64(n), Row: Row(in.Program, n, columns)}), append(all, o)
			at += columns
		}
	})
	return jobs, all
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

// drawJob is a job on drawn numbers.
func drawJob(t *rapid.T, r *rand.Rand) (j Job, in Operands) {
	j.Kind = rapid.SampledFrom(Kinds()).Draw(t, "kind")
	in.Program = rapid.SampledFrom(Programs(j.Kind)).Draw(t, "program")
	in.Columns = rapid.IntRange(1, 60).Draw(t, "columns")
	if rapid.IntRange(0, 9).Draw(t, "many") == 0 {
		in.Columns = rapid.IntRange(61, 700).Draw(t, "columns")
	}
	n := in.Columns * rapid.IntRange(0, 1+160/in.Columns).Draw(t, "rows")
	j.Elements, j.Row = int64(n), Row(in.Program, n, in.Columns)
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
	return j, in
}

func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(fp.Canonical(x)) == math.Float32bits(fp.Canonical(y)) })
}

func TestExactIsClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{
			Lanes:           rapid.SampledFrom([]int{1, 2, 3, 4, 5, 8, 36, 64}).Draw(t, "lanes"),
			PipelineLatency: rapid.SampledFrom([]int{0, 1, 2, 3, 5, 6, 10, 13, 40, 70}).Draw(t, "pipeline_latency"),
			DivideLatency:   rapid.IntRange(0, 9).Draw(t, "divide_latency"),
			Strip:           rapid.IntRange(1, 12).Draw(t, "strip"),
			CountRows:       true,
			Constants:       rapid.SampledFrom([]int{1, 2, 3, 8, 64}).Draw(t, "constants"),
			Sums:            rapid.SampledFrom([]int{32, 40, 64, 100, 2048}).Draw(t, "sums"),
			Ops:             DefaultOps(),
		}
		p.Ops.Copy = 0 // as if a copy were done by the memory port
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "numbers"), 0))
		var whole, jobs []Job
		var in []Operands
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			j, operands := drawJob(t, r)
			list, all := cut(p, j, operands)
			whole, jobs, in = append(whole, j), append(jobs, list...), append(in, all...)
		}
		out, cost, err := p.Simulate(fp.Flush, jobs, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Sequence(whole...); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
		if len(whole) == 1 && cost != p.Cost(whole[0]) {
			t.Fatalf("one job costs %+v, a sequence of it %+v", p.Cost(whole[0]), cost)
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
	p := Params{Lanes: 4, PipelineLatency: 2, Strip: 3, Constants: 64, Sums: 2048, Ops: DefaultOps()}
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
		c.j.Row = min(c.j.Elements, 1)
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
		{Job{Kind: BiasGrad, Elements: 12, Row: 12}, Operands{Program: microcode.BiasGrad(), Columns: 4, Port: ports}, "bias_grad: 12, and operands of 4 columns: row is 4"},
		{Job{Kind: BiasGrad, Elements: 2080, Row: 2080}, Operands{Program: microcode.BiasGrad(), Columns: 2080, Port: [3][]float32{make([]float32, 2080)}}, "2080 columns are 65 waves of 32 lanes; 8 are accepted at a time"},
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
