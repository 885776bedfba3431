package sore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/unit"
	"satsim/internal/nm"
)

func anyParams(t *rapid.T) Params {
	m := rapid.IntRange(1, 12).Draw(t, "max_m")
	return Params{
		Lanes:           rapid.IntRange(1, 5).Draw(t, "lanes"),
		MaxN:            rapid.IntRange(1, m).Draw(t, "max_n"),
		MaxM:            m,
		PipelineLatency: rapid.IntRange(0, 4).Draw(t, "pipeline_latency"),
	}
}

func anyJob(t *rapid.T, p Params) (Job, []uint16) {
	n := rapid.IntRange(1, p.MaxN).Draw(t, "N")
	j := Job{
		Ratio:    nm.Ratio{N: n, M: rapid.IntRange(n, p.MaxM).Draw(t, "M")},
		Runs:     int64(rapid.IntRange(0, 6).Draw(t, "runs")),
		Channels: int64(rapid.IntRange(0, 30).Draw(t, "channels")),
	}
	value := rapid.OneOf(rapid.Uint16(), rapid.SampledFrom([]uint16{0, 0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e00}))
	return j, rapid.SliceOfN(value, int(j.Elements()), int(j.Elements())).Draw(t, "dense")
}

func compress(j Job, dense []uint16) (nm.Compressed, error) {
	return nm.Tile{Ratio: j.Ratio, Runs: int(j.Runs), Channels: int(j.Channels)}.Compress(dense)
}

func TestExactIsClosedFormAndReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParams(t)
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		var jobs []Job
		var dense [][]uint16
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			j, d := anyJob(t, p)
			jobs, dense = append(jobs, j), append(dense, d)
		}
		kept, cost, err := p.Simulate(jobs, dense)
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Sequence(jobs...); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
		for i, j := range jobs {
			want, err := compress(j, dense[i])
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(kept[i].Values, want.Values) || !slices.Equal(kept[i].Indices, want.Indices) {
				t.Fatalf("job %d %+v: got %+v, want %+v", i, j, kept[i], want)
			}
		}
	})
}

func TestOneJobIsASequenceOfOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParams(t)
		j, dense := anyJob(t, p)
		_, cost, err := p.Simulate([]Job{j}, [][]uint16{dense})
		if err != nil {
			t.Fatal(err)
		}
		if want := p.Cost(j); cost != want {
			t.Fatalf("exact %+v\nclosed %+v", cost, want)
		}
	})
}

// Each case is counted by hand from the timeline of package doc.
func TestCostByHand(t *testing.T) {
	p := Params{Lanes: 2, MaxN: 4, MaxM: 8, PipelineLatency: 1}
	for _, c := range []struct {
		name string
		jobs []Job
		want unit.Cost
	}{
		{
			// Two lanes, four groups of 4: two waves. The timeline drawn in package doc: 11 cycles, 8 of them taking elements.
			"doc", []Job{{Runs: 4, Channels: 4, Ratio: nm.Ratio{N: 2, M: 4}}},
			unit.Cost{Cycles: 11, Issue: 8, Counts: unit.Counts{Groups: 4, Elements: 16, Kept: 8, Compares: 32}},
		},
		{
			// One run of 5 at 2:4: a group of 4 and one of 1 side by side; the latter idles for 3 of its 4 slots.
			"short group", []Job{{Runs: 1, Channels: 5, Ratio: nm.Ratio{N: 2, M: 4}}},
			unit.Cost{Cycles: 7, Issue: 4, Counts: unit.Counts{Groups: 2, Elements: 5, Kept: 3, Compares: 10, IdleLaneCycles: 3}},
		},
		{
			// One group of 4:4, then one of 1:1. The second may not be in the bank before the first has left it, four cycles after
			// its last slot: cycles 0-3 first, 4-6 wait, 7 second; it is inserted in 8 and leaves in 9.
			"gap", []Job{{Runs: 1, Channels: 4, Ratio: nm.Ratio{N: 4, M: 4}}, {Runs: 1, Channels: 1, Ratio: nm.Dense}},
			unit.Cost{Cycles: 10, Issue: 8, Counts: unit.Counts{Groups: 2, Elements: 5, Kept: 5, Compares: 17, IdleLaneCycles: 11}},
		},
		{"nothing", []Job{{Runs: 0, Channels: 4, Ratio: nm.Dense}, {Runs: 3, Channels: 0, Ratio: nm.Dense}}, unit.Cost{}},
	} {
		if got := p.Sequence(c.jobs...); got != c.want {
			t.Errorf("%s: closed form %+v, want %+v", c.name, got, c.want)
		}
		dense := make([][]uint16, len(c.jobs))
		for i, j := range c.jobs {
			dense[i] = make([]uint16, j.Elements())
		}
		if _, got, err := p.Simulate(c.jobs, dense); err != nil || got != c.want {
			t.Errorf("%s: exact %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
}

// What SAT states: 32 lanes sort a group of M in M cycles each, so that long work takes one cycle for 32 elements.
func TestThroughputIsOneElementALaneACycle(t *testing.T) {
	p := Default()
	j := Job{Runs: 64 * 9, Channels: 512, Ratio: nm.Ratio{N: 2, M: 8}}
	if c := p.Cost(j); c.Issue != j.Elements()/32 || c.Counts[IdleLaneCycles] != 0 {
		t.Errorf("%d elements take %d cycles", j.Elements(), c.Issue)
	}
}

func TestRefusals(t *testing.T) {
	p := Default()
	for _, c := range []struct {
		j    Job
		want string
	}{
		{Job{Runs: 1, Channels: 8, Ratio: nm.Ratio{N: 5, M: 8}}, "max_n"},
		{Job{Runs: 1, Channels: 8, Ratio: nm.Ratio{N: 2, M: 32}}, "max_m"},
		{Job{Runs: 1, Channels: 8}, "0:0"},
		{Job{Runs: -1, Channels: 8, Ratio: nm.Dense}, "negative"},
		{Job{Runs: 1, Channels: -8, Ratio: nm.Dense}, "negative"},
	} {
		if err := p.Accepts(c.j); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.j, err, c.want)
		}
		if _, _, err := p.Simulate([]Job{c.j}, [][]uint16{nil}); err == nil {
			t.Errorf("%+v is simulated", c.j)
		}
	}
	good := Job{Runs: 1, Channels: 8, Ratio: nm.Ratio{N: 2, M: 8}}
	if _, _, err := p.Simulate([]Job{good}, [][]uint16{make([]uint16, 7)}); err == nil {
		t.Error("seven elements pass for eight")
	}
	if _, _, err := p.Simulate([]Job{good}, nil); err == nil {
		t.Error("a job without operands is simulated")
	}
}

func TestValidate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	// No sorters are no engine, which takes no job.
	none := Default()
	none.Lanes = 0
	if err := none.Validate(); err != nil || none.Built() {
		t.Errorf("no sorters: %v, built: %v", err, none.Built())
	}
	if err := none.Accepts(Job{Runs: 1, Channels: 8, Ratio: nm.Ratio{N: 2, M: 8}}); err == nil || !strings.Contains(err.Error(), "no sorters (lanes)") {
		t.Errorf("no sorters: %v", err)
	}
	for _, c := range []struct {
		p    Params
		want []string
	}{
		{Params{Lanes: -1, MaxN: -1, MaxM: -1, PipelineLatency: -1}, []string{"lanes", "max_n", "max_m", "pipeline_latency"}},
		{Params{Lanes: 1, MaxN: 3, MaxM: 2}, []string{"max_n: 3 is out of range; accepted: 1 to max_m, which is 2"}},
		{Params{Lanes: 1, MaxN: 1, MaxM: 33}, []string{"max_m: 33 is out of range"}},
	} {
		err := c.p.Validate()
		for _, w := range c.want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%+v: error %v does not name %q", c.p, err, w)
			}
		}
	}
}

func BenchmarkCost(b *testing.B) {
	p, j := Default(), Job{Runs: 64 * 9, Channels: 512, Ratio: nm.Ratio{N: 2, M: 8}}
	var sum int64
	for b.Loop() {
		sum += p.Cost(j).Cycles
	}
	_ = sum
}

func BenchmarkSimulate(b *testing.B) {
	for _, r := range []nm.Ratio{{N: 2, M: 8}, {N: 4, M: 16}} {
		b.Run(fmt.Sprint(r), func(b *testing.B) {
			p, j := Default(), Job{Runs: 256, Channels: 128, Ratio: r}
			dense := make([]uint16, j.Elements())
			for i := range dense {
				dense[i] = uint16(i * 40503)
			}
			var cycles int64
			for b.Loop() {
				_, c, err := p.Simulate([]Job{j}, [][]uint16{dense})
				if err != nil {
					b.Fatal(err)
				}
				cycles += c.Cycles
			}
			b.ReportMetric(float64(cycles*int64(p.Lanes))/b.Elapsed().Seconds(), "lane-cycles/s")
		})
	}
}
