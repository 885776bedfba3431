package network

import (
	"testing"

	"pgregory.net/rapid"
)

// touched against the definition: walk all windows and mark what they read.
func TestTouchedIsWhatWindowsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(t, name) }
		in, out, kernel := draw("in", 1, 12), draw("out", 1, 12), draw("kernel", 1, 7)
		stride, dilation, pad := draw("stride", 1, 6), draw("dilation", 1, 6), draw("pad", -9, 9)
		seen := map[int64]bool{}
		for o := range out {
			for k := range kernel {
				if i := o*stride + k*dilation - pad; i >= 0 && i < in {
					seen[i] = true
				}
			}
		}
		if got := touched(in, out, kernel, stride, dilation, pad); got != int64(len(seen)) {
			t.Fatalf("%d positions; want %d", got, len(seen))
		}
	})
}
