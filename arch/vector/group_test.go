package vector

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/internal/microcode"
	"satsim/internal/nm"
)

// drawGroups is a job once a group on drawn numbers.
func drawGroups(t *rapid.T, r *rand.Rand) (j Job, in Operands) {
	j.Kind = rapid.SampledFrom(OnceAGroup()).Draw(t, "once a group")
	j.Elements, j.Row = rapid.Int64Range(0, 300).Draw(t, "elements"), rapid.Int64Range(1, 8).Draw(t, "group")
	in.Columns, in.Key, in.First = 1, r.Uint64(), r.Uint64()
	if j.Kind != Random {
		in.Program = Programs(j.Kind)[0]
		in.Port[0], in.Port[1] = numbers(r, int(j.Groups())), numbers(r, int(j.Groups()))
	}
	return j, in
}

// Work once a group, alone and beside other work, takes the cycles and has the counts of the closed form, numbers are those of the sequence, and what is made is what a plain loop makes.
func TestOnceAGroupIsClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{
			Lanes: rapid.SampledFrom([]int{1, 3, 4, 32, 33}).Draw(t, "lanes"), PipelineLatency: rapid.IntRange(0, 12).Draw(t, "pipeline_latency"),
			DivideLatency: rapid.IntRange(0, 20).Draw(t, "divide_latency"), Strip: rapid.IntRange(1, 12).Draw(t, "strip"), CountRows: true,
			Random: rapid.IntRange(1, 40).Draw(t, "random"), Constants: 1000, Sums: 1 << 15, Ops: DefaultOps(),
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "numbers"), 0))
		var jobs []Job
		var in []Operands
		for range rapid.IntRange(1, 5).Draw(t, "jobs") {
			draw := drawGroups
			if rapid.Bool().Draw(t, "elements") {
				draw = drawJob
			}
			j, operands := draw(t, r)
			jobs, in = append(jobs, j), append(in, operands)
		}
		out, cost, err := p.Simulate(fp.Flush, jobs, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Sequence(jobs...); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
		for i, j := range jobs {
			for g := range int(j.Groups()) {
				a, b := in[i].Port[0], in[i].Port[1]
				half := func(x float32) float32 { return fp.Flush.Half(x).Float32() } // of FP16 numbers nothing is subnormal in FP32
				switch j.Kind {
				case Random:
					if want := uint32(nm.Random(in[i].Key, in[i].First+uint64(g)) >> 41); out[i].Number[g] != want {
						t.Fatalf("number %d is %d, want %d", g, out[i].Number[g], want)
					}
				case Scale:
					if want := half(float32(a[g]*b[g]) - a[g]); !same(out[i].Out[0][g:g+1], []float32{want}) {
						t.Fatalf("%g above %g is %g, want %g", b[g], a[g], out[i].Out[0][g], want)
					}
				case Divide:
					if want := half(a[g] / b[g]); !same(out[i].Out[0][g:g+1], []float32{want}) {
						t.Fatalf("%g / %g is %g, want %g", a[g], b[g], out[i].Out[0][g], want)
					}
				}
			}
		}
	})
}

// By hand: 70 elements in groups of 4 are 18 groups. On 8 lanes and with 3 numbers a cycle two waves of 8 take 3 cycles each, the last of 2 one: 7, in which 18 lanes have one and 38 none. Quotients take 18 cycles, and the last is there after
// 17 and 3 more; a multiply-add is 3 waves, and 10 and 3 cycles.
func TestOnceAGroupByHand(t *testing.T) {
	p := Default()
	p.Lanes, p.Random = 8, 3
	random := p.Cost(Job{Kind: Random, Elements: 70, Row: 4})
	divide, scale := p.Cost(Job{Kind: Divide, Elements: 70, Row: 4}), p.Cost(Job{Kind: Scale, Elements: 70, Row: 4})
	if random.Issue != 7 || random.Cycles != 20 || random.Counts[Operations] != 18 || random.Counts[IdleLaneCycles] != 38 || random.Counts[Numbers] != 18 || random.Counts[Quotients] != 0 {
		t.Errorf("%+v", random)
	}
	if divide.Issue != 18 || divide.Cycles != 38 || divide.Counts[Operations] != 0 || divide.Counts[StallCycles] != 18 || divide.Counts[Quotients] != 18 {
		t.Errorf("%+v", divide)
	}
	if scale.Issue != 3 || scale.Cycles != 16 || scale.Counts[Operations] != 18 || scale.Counts[IdleLaneCycles] != 6 {
		t.Errorf("%+v", scale)
	}
}

// A unit without a generator draws nothing, and Verilog has none of this work.
func TestDrawingNeedsAGenerator(t *testing.T) {
	p := Default()
	if p.Accepts(Job{Kind: Random, Elements: 4, Row: 4}) == nil || p.Accepts(Job{Kind: Divide, Elements: 4, Row: 4}) == nil || p.Accepts(Job{Kind: Scale, Elements: 4, Row: 4}) != nil {
		t.Error("numbers or quotients without a generator, or no multiply-adds")
	}
	if p.Takes(p.Room(), Job{Kind: Divide, Elements: 4, Row: 4}, microcode.Quotient(), 1) == nil {
		t.Error("Verilog divides once a group")
	}
	p.Random = 1
	if p.Accepts(Job{Kind: Random, Elements: 4, Row: 4}) != nil || p.BuildableRTL() == nil {
		t.Error("a generator draws nothing, or is in Verilog")
	}
}
