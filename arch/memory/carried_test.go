package memory

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What the fast model carries are the first of all counters: they are laid out in the order of Fields, a period that is added puts each where it was taken, and no request moves one behind them.
func TestCountersAreCarriedInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFast(t)
		for i := range f.channels {
			for k, v := range f.channels[i].counters.Fields() {
				if k < carried {
					*v = int64(1 + k + carried*i)
				}
			}
		}
		f.alike = false
		var want []int64
		for k := range int64(carried * len(f.channels)) {
			want = append(want, 1+k)
		}
		if got := f.AppendCounters(nil); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		f.AddCounters(want, 3)
		got := f.AppendCounters(nil)
		for k := range want {
			want[k] *= 4
		}
		if !slices.Equal(got, want) {
			t.Fatalf("three times over: %v, want %v", got, want)
		}
		f.Reset()
		now := int64(0)
		for range rapid.IntRange(1, 20).Draw(t, "requests") {
			now = f.Serve(now, drawRequest(t))
		}
		for i := range f.channels {
			for k, v := range f.channels[i].counters.Fields() {
				if k >= carried && *v != 0 {
					t.Fatalf("channel %d: counter %d, which is not carried, is %d", i, k, *v)
				}
			}
		}
	})
}
