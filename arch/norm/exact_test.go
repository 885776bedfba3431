package norm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// half draws an FP16 number of any class: normal, subnormal, zero, infinite, none.
func half(r *rand.Rand) float16.Float16 {
	switch r.IntN(8) {
	case 0:
		return float16.Frombits(uint16(r.IntN(2))<<15 | uint16(r.IntN(1<<10))) // subnormal, or zero
	case 1:
		return float16.Frombits(uint16(r.IntN(2))<<15 | 0x7c00 | uint16(max(0, r.IntN(8)-6)*r.IntN(1<<10))) // infinite, or no number
	case 2:
		return float16.Frombits(uint16(r.IntN(1 << 16)))
	}
	return float16.Fromfloat32(float32(3 * r.NormFloat64()))
}

// single draws an FP32 number of any class.
func single(r *rand.Rand) float32 {
	switch r.IntN(10) {
	case 0:
		return math.Float32frombits(uint32(r.IntN(2))<<31 | uint32(r.IntN(1<<23)))
	case 1:
		return math.Float32frombits(uint32(r.IntN(2))<<31 | 0x7f800000 | uint32(r.IntN(2)*r.IntN(1<<23)))
	case 2:
		return math.Float32frombits(r.Uint32())
	case 3:
		return 0
	}
	return float32(r.NormFloat64())
}

func drawn(t *rapid.T) Params {
	return Params{
		Lanes:           rapid.SampledFrom([]int{1, 2, 3, 4, 6, 8}).Draw(t, "lanes"),
		PipelineLatency: rapid.IntRange(0, 7).Draw(t, "pipeline_latency"),
		Channels:        1 << 12,
	}
}

// passes are the vector unit's: what it would have written, by its own programs.
func passes(s fp.Subnormals, in *Tile, channel func(i int) int) (y []float16.Float16, mask []bool) {
	l := microcode.Lane{Flush: s == fp.Flush}
	n := len(in.X)
	strip := microcode.Strip{N: n}
	port := make([]float32, n)
	for k := range strip.Column {
		strip.Column[k] = make([]float32, n)
	}
	for i, x := range in.X {
		port[i] = fp.Canonical(s.Single(x))
		strip.Column[4][i], strip.Column[5][i] = in.Scale[channel(i)], in.Shift[channel(i)]
	}
	strip.Port[0], strip.Out[0], strip.Set = port, make([]float32, n), make([]bool, n)
	apply := microcode.BatchNormApply()
	l.Do(apply, apply.Sweeps[0], &strip)
	y = make([]float16.Float16, n)
	for i, v := range strip.Out[0] { // every program's result is rounded where it leaves
		y[i] = s.Half(v)
		port[i] = fp.Canonical(s.Single(y[i]))
	}
	var clip *microcode.Program
	switch in.Clip {
	case Linear:
		return y, nil
	case ReLU:
		clip = microcode.ReLU()
	case ReLU6:
		clip = microcode.ReLU6()
	}
	l.Do(clip, clip.Sweeps[0], &strip)
	for i, v := range strip.Out[0] {
		y[i] = s.Half(v)
	}
	return y, strip.Set
}

// What enters the west buffer is what the passes would have written, in every bit, and so is the mask; in as many cycles and with the counts of the closed form.
func TestExactIsThePass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "numbers"), 0))
		s := rapid.SampledFrom([]fp.Subnormals{fp.IEEE, fp.Flush}).Draw(t, "subnormals")
		c := rapid.IntRange(1, 20).Draw(t, "channels")
		j := Job{Runs: rapid.Int64Range(0, 4).Draw(t, "runs"), Run: rapid.Int64Range(0, 25).Draw(t, "run"), Begin: rapid.Int64Range(0, int64(p.Lanes)-1).Draw(t, "begin")}
		g := int(gcd(int64(c), int64(p.Lanes)))
		first := (int(j.Begin)%g + g*rapid.IntRange(0, c/g-1).Draw(t, "first")) % c
		in := Tile{First: first, Clip: rapid.SampledFrom([]Clip{Linear, ReLU, ReLU6}).Draw(t, "clip")}
		for range j.Elements() {
			in.X = append(in.X, half(r))
		}
		for range c {
			in.Scale, in.Shift = append(in.Scale, single(r)), append(in.Shift, single(r))
		}
		got, cost, err := p.Normalise(s, j, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Cost(j); cost != want {
			t.Fatalf("exact %+v, closed %+v", cost, want)
		}
		y, mask := passes(s, &in, func(i int) int { return (first + i%int(j.Run)) % c })
		if !slices.Equal(got.Y, y) || !slices.Equal(got.Mask, mask) {
			t.Fatalf("%v of %+v:\n%x %v, the pass\n%x %v", s, in, got.Y, got.Mask, y, mask)
		}
	})
}

// Scales and shifts are those that the pass makes once a channel.
func TestFactorsAreThePass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "numbers"), 0))
		s := rapid.SampledFrom([]fp.Subnormals{fp.IEEE, fp.Flush}).Draw(t, "subnormals")
		n := rapid.IntRange(0, 40).Draw(t, "channels")
		var in Channels
		strip := microcode.Strip{N: n}
		for k := range strip.Column {
			strip.Column[k] = make([]float32, n)
		}
		for c := range n {
			in.Mean, in.Rstd = append(in.Mean, single(r)), append(in.Rstd, single(r))
			in.Gamma, in.Beta = append(in.Gamma, half(r)), append(in.Beta, half(r))
			for k, v := range []float32{in.Mean[c], in.Rstd[c], s.Single(in.Gamma[c]), s.Single(in.Beta[c])} {
				strip.Column[k][c] = v
			}
		}
		j := Job{Factors: int64(n)}
		scale, shift, cost, err := p.Factors(s, j, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Cost(j); cost != want {
			t.Fatalf("exact %+v, closed %+v", cost, want)
		}
		l, apply := microcode.Lane{Flush: s == fp.Flush}, microcode.BatchNormApply()
		l.Do(apply, apply.Before, &strip)
		for c := range n {
			for k, v := range []float32{scale[c], shift[c]} {
				if want := fp.Canonical(strip.Column[4+k][c]); math.Float32bits(v) != math.Float32bits(want) {
					t.Fatalf("%v, channel %d of %+v: %v and %v, the pass makes %v and %v", s, c, in, scale[c], shift[c], strip.Column[4][c], strip.Column[5][c])
				}
			}
		}
	})
}

// The timelines of package doc, counted there.
func TestCostByHand(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 2, Channels: 8}
	for _, c := range []struct {
		name string
		j    Job
		want unit.Cost
	}{
		{"two runs", Job{Runs: 2, Run: 6, Begin: 1}, unit.Cost{Cycles: 6, Issue: 4, Counts: unit.Counts{Elements: 12, Operations: 12, IdleLaneCycles: 4}}},
		// One wave, one cycle of waiting, one wave; 2 cycles until the last is there.
		{"factors of three", Job{Factors: 3}, unit.Cost{Cycles: 5, Issue: 3, Counts: unit.Counts{Factors: 3, Operations: 6, IdleLaneCycles: 2}}},
		{"nothing", Job{}, unit.Cost{}},
	} {
		if got := p.Cost(c.j); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// By hand, one lane: 1*2 + 0.5 = 2.5; -3*2 + 0.5 = -5.5 is clipped; 4*2 + 0.5 = 8.5 is capped, and its bit is clear as it is at a NaN.
func TestClipsByHand(t *testing.T) {
	p := Params{Lanes: 1, PipelineLatency: 8, Channels: 1}
	in := Tile{Scale: []float32{2}, Shift: []float32{0.5}, Clip: ReLU6}
	for _, x := range []float32{1, -3, 4, float32(math.NaN())} {
		in.X = append(in.X, float16.Fromfloat32(x))
	}
	got, _, err := p.Normalise(fp.IEEE, Job{Runs: 1, Run: 4}, in)
	if err != nil {
		t.Fatal(err)
	}
	var y []float32
	for _, v := range got.Y {
		y = append(y, v.Float32())
	}
	if !slices.Equal(y, []float32{2.5, 0, 6, 0}) || !slices.Equal(got.Mask, []bool{true, false, false, false}) {
		t.Errorf("%v %v", y, got.Mask)
	}
}

func TestRefusals(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 2, Channels: 8}
	two := Tile{X: make([]float16.Float16, 2), Scale: make([]float32, 8), Shift: make([]float32, 8)}
	wide := two
	wide.Scale, wide.Shift = make([]float32, 9), make([]float32, 9) // 9 places a lane, there are 2
	for _, c := range []struct {
		p    Params
		j    Job
		in   Tile
		want string
	}{
		{Params{}, Job{Runs: 1, Run: 2}, two, "no unit"},
		{p, Job{Runs: 1, Run: 2, Begin: 4}, two, "4 lanes"},
		{p, Job{Runs: 1, Run: 3}, two, "out of 2"},
		{p, Job{Runs: 1, Run: 2, Factors: 1}, two, "factors or"},
		{p, Job{Runs: 1, Run: 2}, wide, "9 channels do not fit"},
		{p, Job{Runs: 1, Run: 2, Begin: 1}, two, "channel 0 of 8 is never in lane 1"},
	} {
		if _, _, err := c.p.Normalise(fp.IEEE, c.j, c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.j, err, c.want)
		}
	}
	if _, _, _, err := p.Factors(fp.IEEE, Job{Factors: 1}, Channels{}); err == nil {
		t.Error("factors of nothing are made")
	}
	if err := (Params{Lanes: -1, PipelineLatency: -1}).Validate(); err == nil || !strings.Contains(err.Error(), "lanes") || !strings.Contains(err.Error(), "channels") {
		t.Errorf("%v", err)
	}
}

// 24 channels on 32 lanes share 8: three places. 1000 share 8 too: 125, more than the 64 of 2048 channels.
func TestWhatTheTablesTake(t *testing.T) {
	p := Params{Lanes: 32, Channels: 2048}
	for c, want := range map[int64]bool{24: true, 64: true, 1000: false, 2048: true, 4096: false} {
		if p.Takes(c) != want {
			t.Errorf("%d channels: %v", c, !want)
		}
	}
	// Runs that begin at multiples of 24 begin at lane 0, 8, 16 or 24; of 64 at lane 0.
	if a, b := p.Begin(24), p.Begin(64); a != 24 || b != 0 {
		t.Errorf("%d, %d", a, b)
	}
	if (Params{}).Takes(1) {
		t.Error("no unit takes a channel")
	}
}

// A sequence by hand: four lanes, pipeline_latency 2. Factors of one place of each lane: a wave, a cycle of waiting, a wave, issue 3; they leave in cycle 4. The first of two waves of a tile is
// asked for in cycle 5, behind them, and a tile behind that follows without a bubble: issue 3 + 2 of waiting + 2 + 1, cycles 8 + 2.
func TestASequenceByHand(t *testing.T) {
	p := Params{Lanes: 4, PipelineLatency: 2, Channels: 4}
	ones := []float16.Float16{0x3c00, 0x3c00, 0x3c00, 0x3c00}
	made := Work{Job: Job{Factors: 4}, Of: Channels{Mean: []float32{0, 1, 2, 3}, Rstd: []float32{1, 1, 1, 1}, Gamma: ones, Beta: make([]float16.Float16, 4)}}
	x := Work{Job: Job{Runs: 1, Run: 5, Begin: 1}, X: slices.Repeat(ones[:1], 5), Channels: 4, First: 1}
	y := Work{Job: Job{Runs: 1, Run: 2}, X: ones[:2], Channels: 2, Clip: ReLU}
	out, cost, err := p.Simulate(fp.IEEE, []Work{made, x, {}, y})
	if err != nil {
		t.Fatal(err)
	}
	want := unit.Cost{Cycles: 10, Issue: 8, Counts: unit.Counts{Elements: 7, Factors: 4, Operations: 15, IdleLaneCycles: 5}}
	if cost != want {
		t.Errorf("%+v, want %+v", cost, want)
	}
	// 1 - mean of channels 1, 2, 3, 0, 1.
	if got, want := out[1].Y, []float16.Float16{0, 0xbc00, 0xc000, 0x3c00, 0}; !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if got, want := out[3].Mask, []bool{true, false}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	// 24 channels on 32 lanes are in three places each of which is of all lanes; 64 in two.
	wide := Params{Lanes: 32, Channels: 2048}
	if a, b := wide.InTables(24), wide.InTables(64); a != 96 || b != 64 {
		t.Errorf("%d and %d factors", a, b)
	}
	for _, of := range [][]Work{{x}, {{Job: Job{}, Of: made.Of}}, {{Job: Job{Factors: 3}, Of: made.Of}}} {
		if _, _, err := p.Simulate(fp.IEEE, of); err == nil || !strings.Contains(err.Error(), "job 0: normalising on read: ") {
			t.Errorf("%+v: %v", of, err)
		}
	}
}

// Gaps change nothing of what is made and counted but time; without any, jobs take what the closed form has of each, factors in front of a tile with their latency.
func TestGapsOnlyTakeTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := built{drawn(t), rapid.SampledFrom([]fp.Subnormals{fp.IEEE, fp.Flush}).Draw(t, "subnormals")}
		b.Channels = b.Lanes * rapid.IntRange(1, 6).Draw(t, "places")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		work := b.drawWork(r, rapid.IntRange(0, 5).Draw(t, "jobs"), 4)
		made, cost, err := b.Simulate(b.s, work)
		if err != nil {
			t.Fatal(err)
		}
		var want unit.Cost
		before := false // are factors
		for i := range work {
			c := b.Cost(work[i].Job)
			if c.Issue == 0 {
				continue
			}
			if before && work[i].Factors == 0 {
				want.Issue += int64(b.PipelineLatency)
			}
			want.Issue += c.Issue
			for k := range want.Counts {
				want.Counts[k] += c.Counts[k]
			}
			want.Cycles, before = want.Issue+int64(b.PipelineLatency), work[i].Factors > 0
		}
		if cost != want {
			t.Fatalf("%+v, want %+v", cost, want)
		}
		late, longer, err := b.simulate(b.s, work, nil, unit.RandomGaps(r, rapid.IntRange(2, 9).Draw(t, "one of")), nil)
		if err != nil || fmt.Sprint(late) != fmt.Sprint(made) || longer.Counts != cost.Counts || longer.Cycles < longer.Issue {
			t.Errorf("%v: %+v with gaps, %+v without", err, longer, cost)
		}
	})
}

// A unit that is fed is late once, by what its feeder's contract has, and takes as long as before: a tile behind factors waits for them anyhow.
func TestAFedUnitIsLateOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, read := built{drawn(t), fp.Flush}, rapid.IntRange(1, feed.MostRead).Draw(t, "read")
		b.Channels = b.Lanes * 4
		work := b.drawWork(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), rapid.IntRange(0, 5).Draw(t, "jobs"), 4)
		_, want, err := b.Simulate(b.s, work)
		if err != nil {
			t.Fatal(err)
		}
		if late := int64(feed.Late(read, 1)); want.Issue > 0 {
			want.Cycles, want.Issue = want.Cycles+late, want.Issue+late
		}
		if _, cost, err := b.FedVectors(b.s, work, unit.Gaps{}, feed.Pace{Read: read}); err != nil || cost != want {
			t.Errorf("%v: %+v, want %+v", err, cost, want)
		}
	})
}
