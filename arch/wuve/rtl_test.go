package wuve

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// design is the engine of these parameters in its bench, whose memories hold so many words; fed from buffers that answer in so many cycles, unless that is 0.
func (p Params) design(t *testing.T, read, depth int) verilog.Design {
	sources, err := verilog.Sources(fp.RTL, feed.RTL, RTL, unit.Bench)
	if err != nil {
		t.Fatal(err)
	}
	d := verilog.Design{Top: "wuve_bench", Sources: sources}
	parameter := func(name string, value int) {
		d.Parameters = append(d.Parameters, verilog.Parameter{Name: name, Value: int64(value)})
	}
	parameter("LANES", p.Lanes)
	parameter("OPTIMISER", rank(p.Optimiser))
	parameter("MUL", p.MulLatency)
	parameter("ADD", p.AddLatency)
	parameter("DIV", p.DivLatency)
	parameter("SQRT", p.SqrtLatency)
	parameter("CONVERT", p.ConvertLatency)
	parameter("FLUSH", unit.Digit(p.Subnormals == fp.Flush))
	parameter("READ", read)
	parameter("DEPTH", depth)
	return d
}

// drawNumber is one of any class: ordinary ones mostly, with squares that are subnormal, the largest, infinities, NaNs.
func drawNumber(r *rand.Rand) float32 {
	special := []float32{0, float32(math.Copysign(0, -1)), 0x1p-149, -0x1p-127, 0x1p-126, math.MaxFloat32, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
	switch r.IntN(8) {
	case 0:
		return special[r.IntN(len(special))]
	case 1:
		return (r.Float32() - 0.5) * 0x1p-62
	case 2:
		return math.Float32frombits(r.Uint32())
	}
	return float32(r.NormFloat64())
}

// drawn are jobs of one optimiser, of several shapes or of one, some of them empty.
func drawn(r *rand.Rand, o word.Optimiser, jobs, parameters int) (list []Job, in []Operands) {
	words := func(n int64) []float32 {
		w := make([]float32, n)
		for i := range w {
			w[i] = drawNumber(r)
		}
		return w
	}
	for range jobs {
		j := Job{Optimiser: o, Unscale: r.IntN(2) == 0, SRSTE: r.IntN(2) == 0, WeightDecay: r.IntN(2) == 0}
		if len(list) > 0 && r.IntN(2) == 0 {
			j = list[len(list)-1]
		}
		j.Parameters = int64(r.IntN(parameters))
		ops := Operands{Master: words(j.Parameters), Gradient: words(j.Parameters), Kept: make([]bool, j.Parameters)}
		for i := range ops.Kept {
			ops.Kept[i] = r.IntN(2) == 0
		}
		for range StateWords(o) {
			ops.States = append(ops.States, words(j.Parameters))
		}
		list, in = append(list, j), append(in, ops)
	}
	return list, in
}

// replay runs vectors in a built bench, to a cycle in which it is reset and then as a whole, and says what differs.
func replay(t *testing.T, program *verilog.Program, v unit.Vectors, reset int) string {
	out, err := program.Replay(context.Background(), t.TempDir(), v.Files, v.Args(reset)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cosimulate holds random jobs, with and without gaps between them and their waves, to the exact model in one simulator: so many runs on each of these engines, every other one of the
// largest optimiser that it has.
func cosimulate(t *testing.T, s verilog.Simulator, engines []Params, runs, jobs, parameters int) {
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(17, 6))
	cycles, updated := 0, int64(0)
	for i, p := range engines {
		read := i % (feed.MostRead + 1)
		if len(engines) == 1 {
			read = 2
		}
		program, err := s.Build(context.Background(), t.TempDir(), p.design(t, read, 4*jobs*(parameters+int(p.Depth(Job{Optimiser: word.AdamW}))+10+64)))
		if err != nil {
			t.Fatal(err)
		}
		for run := range runs {
			built := rank(p.Optimiser)
			o := Optimisers()[built]
			if run%2 == 1 {
				o = Optimisers()[run/2%(built+1)]
			}
			list, in := drawn(r, o, 1+r.IntN(jobs), parameters)
			step := StepParams{
				LearningRate: []float64{0.1, 1e-3, 3}[r.IntN(3)], Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: []float64{1e-8, 0}[r.IntN(2)],
				WeightDecay: 5e-4, SRSTELambda: 2e-4, LossScale: []float64{1, 1024, 1000}[r.IntN(3)], Number: 1 + r.Int64N(1000),
			}
			gaps := unit.Gaps{}
			if oneOf := []int{0, 2, 5, 10}[r.IntN(4)]; oneOf > 0 {
				gaps = unit.RandomGaps(r, oneOf)
			}
			var v unit.Vectors
			var cost unit.Cost
			if read == 0 {
				v, cost, err = p.Vectors(list, step, in, gaps)
			} else {
				v, cost, err = p.FedVectors(list, step, in, gaps, feed.RandomPace(r, read, []int{0, 2, 5, 20}[run%4]))
			}
			if err != nil {
				t.Fatal(err)
			}
			cycles += int(cost.Cycles)
			updated += cost.Counts[Parameters]
			if out := replay(t, program, v, r.IntN(v.Cycles+1)); !strings.HasPrefix(out, "equal: ") {
				t.Fatalf("%+v, run %d, %+v\n%s", p, run, list, out)
			}
		}
	}
	t.Logf("%s: %d engines, %d runs each, %d cycles and %d parameters equal", s.Name, len(engines), runs, cycles, updated)
}

// someEngines are of every optimiser, latency and treatment of subnormals, one of them without any register.
func someEngines(r *rand.Rand, count int) []Params {
	list := []Params{{Lanes: 1, Optimiser: word.AdamW, Subnormals: fp.Flush}}
	for len(list) < count {
		list = append(list, Params{
			Lanes: 1 + r.IntN(3), Optimiser: Optimisers()[len(list)%4], Subnormals: fp.Subnormals(r.IntN(2)),
			MulLatency: r.IntN(6), AddLatency: r.IntN(8), DivLatency: r.IntN(30), SqrtLatency: r.IntN(30), ConvertLatency: r.IntN(4),
		})
	}
	return list
}

func TestVerilogIsExactInIcarus(t *testing.T) {
	witness.Foreign(t)
	cosimulate(t, verilog.Icarus(), someEngines(rand.New(rand.NewPCG(17, 7)), 5), 5, 4, 16)
}

// One engine, so that every change is held to the other simulator as well: a build of some seconds.
func TestOneEngineIsExactInVerilator(t *testing.T) {
	witness.Foreign(t)
	one := Params{Lanes: 2, Optimiser: word.Momentum, Subnormals: fp.Flush, MulLatency: 2, AddLatency: 3, ConvertLatency: 1}
	cosimulate(t, verilog.Verilator(), []Params{one}, 12, 5, 20)
}

// It is of the slow tier: .ci/witness rtl.
func TestVerilogIsExactInVerilator(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	whole := Default()
	whole.Lanes = 4
	cosimulate(t, verilog.Verilator(), append(someEngines(rand.New(rand.NewPCG(17, 8)), 9), whole), 24, 6, 400)
}

func TestVerilogHasNoWarnings(t *testing.T) {
	witness.Foreign(t)
	engines := someEngines(rand.New(rand.NewPCG(17, 7)), 4)
	for _, p := range append(engines, Default()) {
		d := p.design(t, 2, 16)
		d.Top, d.Parameters = "wuve_fed", d.Parameters[:len(d.Parameters)-1]
		d.Parameters[0].Value = min(d.Parameters[0].Value, 2) // lanes are all alike
		d.Sources = slices.DeleteFunc(d.Sources, func(s verilog.Source) bool { return strings.Contains(s.Name, "_bench") })
		out, err := verilog.Lint(context.Background(), t.TempDir(), d)
		if missing := new(verilog.Missing); errors.As(err, &missing) {
			witness.Missing(t, missing.Tool)
		}
		if err != nil || out != "" {
			t.Errorf("%+v: %v\n%s", p, err, out)
		}
	}
}
