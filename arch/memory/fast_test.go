package memory

import (
	"bytes"
	"testing"
)

// With the core at the port's clock, a 64 KiB read on one channel of an idle machine: the first data is
// crossing + latency = 6 + round(39 mclk-clocks/6 per cycle, stretched) cycles away, then 1024 beats, then a crossing.
func TestServeIsPortBoundWhenSequential(t *testing.T) {
	f, err := NewFast(Default(), 200_000_000)
	if err != nil {
		t.Fatal(err)
	}
	// 39 clocks at 1200 MHz, stretched by 9364/8894: 6.84 cycles of 200 MHz, rounded to 7.
	if got, want := f.Serve(0, Request{Bytes: 65536, Channels: 1}), int64(6+7+1024+6); got != want {
		t.Errorf("done at %d, want %d", got, want)
	}
	// The port has carried the first read at 6+7+1024; the next follows without a gap.
	if got, want := f.Serve(1, Request{Bytes: 65536, Channels: 1}), int64(6+7+2048+6); got != want {
		t.Errorf("second done at %d, want %d", got, want)
	}
	// Over all four channels a quarter each: three channels are idle, the fourth ends 256 beats after the second read.
	if got, want := f.Serve(2, Request{Bytes: 65536}), int64(6+7+2048+256+6); got != want {
		t.Errorf("third done at %d, want %d", got, want)
	}
}

func BenchmarkServe(b *testing.B) {
	f, err := NewFast(Default(), 200_000_000)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	now := int64(0)
	for i := 0; i < b.N; i++ {
		now = f.Serve(now, Request{Bytes: 16384, Run: 512, Write: i&1 == 0})
	}
}

func TestStateIsRelative(t *testing.T) {
	f, _ := NewFast(Default(), 300_000_000)
	f.Serve(10, Request{Bytes: 5000, Run: 100})
	a := f.AppendState(nil, 11)
	f.Shift(1000)
	if b := f.AppendState(nil, 1011); !bytes.Equal(a, b) {
		t.Error("a shifted state differs")
	}
}
