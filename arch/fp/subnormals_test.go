package fp_test

import (
	"math"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fp"
)

// halves are all finite magnitudes of FP16 in order, from the definition: (1 + f/1024) * 2^(e-15), and f/1024 * 2^-14 for e = 0.
// Pattern i has magnitude halves[i].
var halves = func() []float64 {
	var v []float64
	for e := range 31 {
		for f := range 1024 {
			if e == 0 {
				v = append(v, math.Ldexp(float64(f)/1024, -14))
			} else {
				v = append(v, math.Ldexp(1+float64(f)/1024, e-15))
			}
		}
	}
	return v
}()

// nearestHalf looks for the closest FP16 number in the list; of two equally close the one with the even pattern.
func nearestHalf(x float32, flush bool) uint16 {
	size := math.Abs(float64(x))
	if math.IsNaN(size) {
		return 0x7e00
	}
	var sign uint16
	if math.Signbit(float64(x)) {
		sign = 0x8000
	}
	above := sort.SearchFloat64s(halves, size) // the first that is not smaller
	pattern := above
	switch {
	case above == len(halves) && size >= 65520: // half a step past the largest
		pattern = 0x7c00
	case above == len(halves):
		pattern = len(halves) - 1
	case above > 0:
		down, up := size-halves[above-1], halves[above]-size
		if down < up || down == up && above%2 == 1 {
			pattern = above - 1
		}
	}
	if flush && pattern < 1024 {
		pattern = 0
	}
	return sign | uint16(pattern)
}

func TestHalfIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(
			rapid.Map(rapid.Uint32(), math.Float32frombits),
			// Around every step of FP16, its halves and just beside them.
			rapid.Custom(func(t *rapid.T) float32 {
				i := rapid.IntRange(0, len(halves)-2).Draw(t, "i")
				x := float32((halves[i] + halves[i+1]) / 2)
				return math.Float32frombits(math.Float32bits(x) + uint32(rapid.IntRange(0, 2).Draw(t, "beside")))
			}),
		).Draw(t, "x")
		for _, s := range []fp.Subnormals{fp.Flush, fp.IEEE} {
			if got, want := s.Half(x).Bits(), nearestHalf(x, s == fp.Flush); got != want {
				t.Fatalf("%v of %v (%x): %#04x, want %#04x", s, x, math.Float32bits(x), got, want)
			}
		}
	})
}

func TestHalfByHand(t *testing.T) {
	for _, c := range []struct {
		x           float32
		ieee, flush uint16
	}{
		{1, 0x3c00, 0x3c00},
		{-2, 0xc000, 0xc000},
		{1 + 0x1p-11, 0x3c00, 0x3c00},           // a tie: to the even pattern, down
		{1 + 3*0x1p-11, 0x3c02, 0x3c02},         // a tie: to the even pattern, up
		{65504, 0x7bff, 0x7bff},                 // the largest
		{65519.996, 0x7bff, 0x7bff},             // just below half a step more
		{65520, 0x7c00, 0x7c00},                 // a tie, whose even neighbour is infinity
		{0x1p-14, 0x0400, 0x0400},               // the smallest normal
		{0x1p-14 - 0x1p-26, 0x0400, 0x0400},     // rounds up to it, so it is not flushed
		{-(0x1p-14 - 0x1p-24), 0x83ff, 0x8000},  // the largest subnormal
		{0x1p-24, 0x0001, 0},                    // the smallest
		{0x1p-25, 0, 0},                         // a tie with zero
		{0x1p-25 * 1.0001, 0x0001, 0},           //
		{float32(math.NaN()), 0x7e00, 0x7e00},   //
		{float32(math.Inf(-1)), 0xfc00, 0xfc00}, //
	} {
		if got := fp.IEEE.Half(c.x).Bits(); got != c.ieee {
			t.Errorf("ieee %v: %#04x, want %#04x", c.x, got, c.ieee)
		}
		if got := fp.Flush.Half(c.x).Bits(); got != c.flush {
			t.Errorf("flush %v: %#04x, want %#04x", c.x, got, c.flush)
		}
	}
}

func TestNames(t *testing.T) {
	for _, s := range []fp.Subnormals{fp.Flush, fp.IEEE} {
		text, err := s.MarshalText()
		var back fp.Subnormals
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v does not survive its text %q", s, text)
		}
	}
	var s fp.Subnormals
	if err := s.UnmarshalText([]byte("IEEE")); err == nil || !strings.Contains(err.Error(), "ieee, flush") {
		t.Errorf("error %v", err)
	}
}
