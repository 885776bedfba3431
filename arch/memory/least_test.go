package memory

import (
	"testing"

	"pgregory.net/rapid"
)

// No request of a random sequence ends sooner after its arrival than Least says, and a sequence of reads, or of reads and writes, not
// sooner than its demand and the floor.
func TestNothingEndsBeforeTheFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Default()
		p.Channels = rapid.IntRange(1, 3).Draw(t, "channels")
		p.PortWidthBits = rapid.SampledFrom([]int{64, 512, 4096}).Draw(t, "port width")
		p.PortDuplex = false
		f, err := NewFast(p, rapid.SampledFrom([]int64{100_000_000, 200_000_000, 333_000_000}).Draw(t, "clock"))
		if err != nil {
			t.Fatal(err)
		}
		var now, dram, port, end int64
		seen := map[uint8]bool{}
		onlyReads := rapid.Bool().Draw(t, "only reads")
		start := int64(-1)
		for range rapid.IntRange(1, 30).Draw(t, "requests") {
			now += rapid.SampledFrom([]int64{0, 0, 1, 50, 2000}).Draw(t, "pause")
			if start < 0 {
				start = now
			}
			r := Request{
				Bytes: rapid.Int64Range(1, 40000).Draw(t, "bytes"), Stream: uint8(rapid.IntRange(0, 2).Draw(t, "stream")),
				Write: !onlyReads && rapid.Bool().Draw(t, "write"),
			}
			r.Run = rapid.SampledFrom([]int64{0, r.Bytes, 64, 200}).Draw(t, "run")
			done := f.Serve(now, r)
			if least := f.Least(r, !seen[r.Stream]); done-now < least {
				t.Fatalf("%+v took %d cycles, least %d", r, done-now, least)
			}
			seen[r.Stream] = true
			d, q := f.Demand(r)
			dram, port, end = dram+d, port+q, max(end, done)
		}
		least := max(port, dram-f.Floor().Queue)
		if onlyReads {
			least = max(port, dram) + f.Floor().Read
		}
		if got := (end - start) * f.Unit(); got < least {
			t.Fatalf("the last ended %d units after the first came, least %d", got, least)
		}
	})
}
