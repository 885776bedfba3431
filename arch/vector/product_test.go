package vector

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/microcode"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// operandsOf a product: inputs and gradients as the feeder brings them, by position, tap and channel, each gradient at every tap, and sums to resume.
func operandsOf(r *rand.Rand, x Product, of func(*rand.Rand) float32) Operands {
	in := Operands{Program: microcode.MulRepeats(), Columns: int(x.Taps * x.Channels)}
	for range x.Positions {
		dy := make([]float32, x.Channels)
		for c := range dy {
			dy[c] = of(r)
		}
		for range x.Taps {
			for range x.Channels {
				in.Port[0] = append(in.Port[0], of(r))
			}
			in.Port[1] = append(in.Port[1], dy...)
		}
	}
	in.Bit = make([]bool, len(in.Port[0]))
	if x.Resume {
		for range in.Columns {
			in.Sum = append(in.Sum, float32(r.NormFloat64()))
		}
	}
	return in
}

// gradients are the sums of a product, position after position, knowing nothing of lanes: subnormal operands, products and sums are zeros of their sign.
func gradients(x Product, in *Operands) []float32 {
	half := func(v float32) float32 { return fp.Flush.Single(fp.IEEE.Half(v)) }
	sums := make([]float32, x.Taps*x.Channels)
	copy(sums, in.Sum)
	for p := range x.Positions {
		for s := range sums {
			e := int(p)*len(sums) + s
			sums[s] = fp.Flush.Add(fp.Flush.Mul(half(in.Port[0][e]), half(in.Port[1][e])), sums[s])
		}
	}
	return sums
}

func TestProductsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Params{
			Lanes: rapid.SampledFrom([]int{1, 2, 3, 4, 5, 8, 36}).Draw(t, "lanes"), PipelineLatency: rapid.IntRange(0, 12).Draw(t, "pipeline_latency"),
			Strip: rapid.IntRange(1, 12).Draw(t, "strip"), CountRows: rapid.Bool().Draw(t, "count rows"), Constants: 64, Sums: 2048, Ops: DefaultOps(),
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "numbers"), 0))
		var jobs []Job
		var in []Operands
		var all []Product
		for range rapid.IntRange(1, 3).Draw(t, "jobs") {
			if rapid.IntRange(0, 3).Draw(t, "a pass") == 0 {
				n := rapid.IntRange(0, 40).Draw(t, "elements")
				jobs, all = append(jobs, Job{Kind: Add, Elements: int64(n)}), append(all, Product{})
				in = append(in, Operands{Program: microcode.AddTensors(), Columns: 1, Port: [3][]float32{numbers(r, n), numbers(r, n)}, Bit: make([]bool, n)})
				continue
			}
			x := Product{
				Positions: rapid.Int64Range(1, 6).Draw(t, "positions"), Taps: rapid.Int64Range(1, 9).Draw(t, "taps"), Channels: rapid.Int64Range(1, 40).Draw(t, "channels"),
				Resume: rapid.Bool().Draw(t, "resume"), Leave: rapid.Bool().Draw(t, "leave"),
			}
			if !p.Holds(x.Taps, x.Channels) {
				continue
			}
			jobs, in, all = append(jobs, x.Job()), append(in, operandsOf(r, x, drawHalf)), append(all, x)
		}
		ready := map[[2]int]int64{} // of each job's sums: when they can be read
		out, cost, err := p.simulate(fp.Flush, jobs, in, unit.Gaps{}, func(u *datapath) {
			if u.issued == nil || u.issued.work.taps == 0 {
				return
			}
			job := slices.Index(u.works, u.issued.work)
			for e := u.issued.lo; e < u.issued.hi; e++ {
				at := [2]int{job, e % u.issued.work.columns}
				if u.cycle < ready[at] {
					t.Fatalf("sum %d of job %d is read in cycle %d, and there in %d", at[1], job, u.cycle, ready[at])
				}
				ready[at] = u.cycle + int64(p.PipelineLatency)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Sequence(jobs...); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
		for i, x := range all {
			if want := gradients(x, &in[i]); x.Taps > 0 && !same(out[i].Total[0], want) {
				t.Fatalf("job %d, %+v: %v, want %v", i, x, out[i].Total[0], want)
			}
		}
	})
}

// The timeline of package doc: 6 channels on 4 lanes are 2 waves a tap.
func TestProductByHand(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 6, Strip: 1, Constants: 64, Sums: 2048, Ops: DefaultOps()}
	for _, c := range []struct {
		name string
		x    Product
		want unit.Cost
	}{
		// Each of 3 positions is 4 waves, after which the first sum is not back for 2 cycles.
		{"from zero", Product{Positions: 3, Taps: 2, Channels: 6}, unit.Cost{Issue: 16, Cycles: 25, Counts: unit.Counts{MACs: 36, Operations: 36, IdleLaneCycles: 12, StallCycles: 4}}},
		// Loading sums and leaving them is a position's time each.
		{"resumed and left", Product{Positions: 3, Taps: 2, Channels: 6, Resume: true, Leave: true},
			unit.Cost{Issue: 28, Cycles: 37, Counts: unit.Counts{MACs: 36, Operations: 60, IdleLaneCycles: 20, StallCycles: 8}}},
		// 3 taps are 6 waves: nothing waits.
		{"no hazard", Product{Positions: 2, Taps: 3, Channels: 8}, unit.Cost{Issue: 12, Cycles: 21, Counts: unit.Counts{MACs: 48, Operations: 48}}},
	} {
		if got := p.Cost(c.x.Job()); got != c.want {
			t.Errorf("%s: closed form %+v, want %+v", c.name, got, c.want)
		}
		in := operandsOf(rand.New(rand.NewPCG(1, 2)), c.x, drawHalf)
		if _, got, err := p.Simulate(fp.Flush, []Job{c.x.Job()}, []Operands{in}); err != nil || got != c.want {
			t.Errorf("%s: exact %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
}

// A tile in words: its operands and sums are counted where they lie, and buffers that are slower by a half make it half as long again.
func TestWorkOfAProduct(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 6, Strip: 1, Constants: 64, Sums: 2048, Ops: DefaultOps()}
	w := &word.Work{Rows: 3, Taps: 2, Channels: 6, Resume: true, Spill: true, Slow: [2]int64{3, 2}, Space: [2]int64{1000}}
	program, err := p.Program(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &word.Op{Lane: word.VectorOut, In: []word.End{{Buffer: word.West}, {Buffer: word.North}}, Out: []word.End{{Buffer: word.Output}}}
	if s, err := program.Span(o, w); err != nil || s != (unit.Span{Issue: 42, Cycles: 51}) {
		t.Errorf("%+v, %v, want 28 cycles of issue and half as many, and 9 to the end", s, err)
	}
	var a, want unit.Activity
	if err := program.Count(&a, o, w, 10); err != nil {
		t.Fatal(err)
	}
	want.Units[word.Vector] = unit.Counts{MACs: 360, Operations: 600, IdleLaneCycles: 200, StallCycles: 220}
	want.Busy[word.Vector] = 420
	want.Buffers[word.West] = unit.Access{ReadBits: 16 * 360}
	want.Buffers[word.North] = unit.Access{ReadBits: 16 * 360}
	want.Buffers[word.Output] = unit.Access{ReadBits: 32 * 120, WriteBits: 32 * 120}
	if a != want {
		t.Errorf("%+v\nwant %+v", a, want)
	}
}

func TestProductsAreRefused(t *testing.T) {
	p := Default()
	p.Ops = DefaultOps()
	x := Product{Positions: 1, Taps: 9, Channels: 32}
	in := operandsOf(rand.New(rand.NewPCG(1, 2)), x, drawHalf)
	resumed := x
	resumed.Resume = true
	large := Product{Positions: 0, Taps: 9, Channels: 228 * 32}
	for _, c := range []struct {
		j    Job
		in   Operands
		want string
	}{
		{Job{Kind: DepthwiseUpdate, Elements: 288, Row: 32, Taps: 8}, in, "8 taps of 32 channels, and operands in rows of 288"},
		{resumed.Job(), in, "0 sums to resume of 288"},
		{large.Job(), Operands{Program: microcode.MulRepeats(), Columns: 9 * 228 * 32}, "2052 sums of a lane; 256 are accepted"},
	} {
		if _, _, err := p.Simulate(fp.Flush, []Job{c.j}, []Operands{c.in}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.j, err, c.want)
		}
	}
	left := x
	left.Leave = true
	for _, c := range []struct {
		x    Product
		want string
	}{
		{left, "read between jobs"},
	} {
		in := operandsOf(rand.New(rand.NewPCG(1, 2)), c.x, drawHalf)
		if _, _, err := p.Vectors(fp.Flush, p.Room(), []Job{c.x.Job()}, []Operands{in}, unit.Gaps{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v in Verilog: %v, want %q", c.x, err, c.want)
		}
	}
}

// What the lanes in Verilog do of a product, they do in every cycle and bit as the exact model: positions one after the other, with a wait where they are shorter than the pipeline.
func TestProductsInVerilogAreExact(t *testing.T) {
	if testing.Short() {
		t.Skip("runs programs of others")
	}
	s := verilog.Icarus()
	if err := s.Missing(); err != nil {
		witness.Missing(t, s.Name)
	}
	r := rand.New(rand.NewPCG(18, 1))
	for _, b := range []built{
		{Params{Lanes: 4, PipelineLatency: 6, DivideLatency: 9, Strip: 8, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.Flush},
		{Params{Lanes: 3, PipelineLatency: 9, DivideLatency: 9, Strip: 5, Constants: 64, Sums: 2048, Ops: DefaultOps()}, fp.IEEE},
	} {
		program, err := s.Build(context.Background(), t.TempDir(), b.design(t, 0, room, depth))
		if err != nil {
			t.Fatal(err)
		}
		for run := range 4 {
			var list []Job
			var in []Operands
			for range 3 {
				x := Product{Positions: 1 + r.Int64N(9), Taps: 1 + r.Int64N(9), Channels: 1 + r.Int64N(int64(b.Lanes)*4)}
				list, in = append(list, x.Job()), append(in, operandsOf(r, x, drawHalf))
			}
			v, _, err := b.Vectors(b.subnormals, room, list, in, unit.Gaps{Operands: func(cycle int) bool { return run > 0 && cycle%(3+run) == 0 }, Job: func(cycle int) bool { return run > 1 && cycle%(20*run) > 0 }})
			if err != nil {
				t.Fatal(err)
			}
			if out := replay(t, program, v, v.Reset); !strings.HasPrefix(out, "equal: ") {
				t.Fatalf("%+v, run %d, %+v: %s", b, run, list, out)
			}
		}
	}
}
