package ddr4test

import (
	"math"
	"testing"

	"satsim/arch/memory/ddr4"
)

// Without refresh, the steady state of three streams follows from the times alone: random bursts are bound by four activates in
// tFAW, hits within one bank group by tCCD_L, hits over the groups by the data bus.
func TestSteadyStateFollowsFromTheTimes(t *testing.T) {
	p := ddr4.Default()
	p.TREFI = 0
	for _, c := range []struct {
		name string
		s    Stream
		want float64 // clocks a burst
	}{
		{"random", Stream{Chunk: 64, Random: true}, 26.0 / 4},
		{"one group", Stream{Chunk: 64, Pitch: 256}, 6},
		{"groups in turn", Stream{Chunk: 64, Pitch: 64}, 4},
	} {
		for _, write := range []bool{false, true} {
			c.s.Write = write
			res, err := Run(p, Pattern{Streams: []Stream{c.s}, Bursts: 50_000, Seed: 9}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := float64(res.Clocks) / 50_000; math.Abs(got-c.want) > 0.01*c.want {
				t.Errorf("%s, write %v: %.3f clocks a burst, want %.3f", c.name, write, got, c.want)
			}
		}
	}
}

// Writes wait while reads come, until the high watermark; then they go down to the low one in one turn.
func TestWritesDrainBetweenWatermarks(t *testing.T) {
	p := ddr4.Default()
	p.TREFI = 0
	run, longest, shortest := 0, 0, math.MaxInt
	_, err := Run(p, Pattern{Streams: []Stream{{Chunk: 64, Pitch: 64}, {Base: 1 << 30, Chunk: 64, Pitch: 64, Write: true}}, Bursts: 8000}, func(c ddr4.Command) {
		switch c.Kind {
		case ddr4.Write:
			run++
		case ddr4.Read:
			if run > 0 {
				longest, shortest = max(longest, run), min(shortest, run)
			}
			run = 0
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	// 26 queued down to 6 are 20; as each write leaves, one more may enter while reads do too, up to the 32 of the queue.
	if shortest < p.DrainHigh-p.DrainLow || longest > p.WriteQueue+p.DrainHigh-p.DrainLow {
		t.Errorf("turns of %d to %d writes", shortest, longest)
	}
}

func BenchmarkSequential(b *testing.B) { benchmark(b, Stream{Chunk: 64, Pitch: 64}) }

func BenchmarkRandom(b *testing.B) { benchmark(b, Stream{Chunk: 64, Random: true}) }

func benchmark(b *testing.B, s Stream) {
	b.ReportAllocs()
	if _, err := Run(ddr4.Default(), Pattern{Streams: []Stream{s}, Bursts: int64(b.N), Seed: 1}, nil); err != nil {
		b.Fatal(err)
	}
}
