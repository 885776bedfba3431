package nm

import (
	"math"
	"slices"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"
)

// anyFP16 draws bit patterns in which ties, zeros, infinities and NaNs are common.
func anyFP16() *rapid.Generator[uint16] {
	return rapid.OneOf(
		rapid.Uint16(),
		rapid.SampledFrom([]uint16{0, 0x8000, 1, 0x8001, 0x3c00, 0xbc00, 0x3c01, 0x7bff, 0x7c00, 0xfc00, 0x7c01, 0x7e00, 0xffff}),
	)
}

func anyRatio() *rapid.Generator[Ratio] {
	return rapid.Custom(func(t *rapid.T) Ratio {
		m := rapid.IntRange(1, MaxM).Draw(t, "M")
		return Ratio{N: rapid.IntRange(1, m).Draw(t, "N"), M: m}
	})
}

// size is the magnitude by value, found through another library's decoding.
func size(fp16 uint16) float64 {
	x := float64(float16.Frombits(fp16).Float32())
	if math.IsNaN(x) {
		return math.Inf(1) // sortedKeep breaks the tie with infinity
	}
	return math.Abs(x)
}

// sortedKeep sorts positions by size, stably, and takes the first N.
func sortedKeep(r Ratio, group []uint16) uint32 {
	at := make([]int, len(group))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int {
		x, y := float16.Frombits(group[a]), float16.Frombits(group[b])
		switch {
		case x.IsNaN() != y.IsNaN() && x.IsNaN():
			return -1
		case x.IsNaN() != y.IsNaN():
			return 1
		case size(group[a]) > size(group[b]):
			return -1
		case size(group[a]) < size(group[b]):
			return 1
		}
		return 0
	})
	var kept uint32
	for _, i := range at[:min(r.N, len(at))] {
		kept |= 1 << i
	}
	return kept
}

func TestKeepIsAStableSortByMagnitude(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRatio().Draw(t, "ratio")
		group := rapid.SliceOfN(anyFP16(), 0, r.M).Draw(t, "group")
		if got, want := r.Keep(group), sortedKeep(r, group); got != want {
			t.Fatalf("%v of %#04x keeps %b, a sort keeps %b", r, group, got, want)
		}
	})
}

func TestKeepByHand(t *testing.T) {
	const (
		one, minusOne  = 0x3c00, 0xbc00
		two, minusTwo  = 0x4000, 0xc000
		inf, minusInf  = 0x7c00, 0xfc00
		quiet, payload = 0x7e00, 0xfd55 // two NaNs
		zero, minus0   = 0x0000, 0x8000
		tiny           = 0x0001 // the smallest subnormal
	)
	for _, c := range []struct {
		name  string
		r     Ratio
		group []uint16
		want  uint32
	}{
		{"sign does not matter", Ratio{1, 4}, []uint16{one, minusTwo, one, zero}, 0b0010},
		{"ties go to the lower index", Ratio{2, 4}, []uint16{one, minusOne, one, one}, 0b0011},
		{"zeros are equal", Ratio{1, 2}, []uint16{minus0, zero}, 0b01},
		{"zeros are equal, the other way round", Ratio{1, 2}, []uint16{zero, minus0}, 0b01},
		{"a subnormal beats zero", Ratio{1, 2}, []uint16{zero, tiny}, 0b10},
		{"infinity beats numbers", Ratio{1, 3}, []uint16{0x7bff, minusInf, two}, 0b010},
		{"NaN beats infinity", Ratio{1, 3}, []uint16{inf, two, payload}, 0b100},
		{"NaNs are equal", Ratio{1, 2}, []uint16{quiet, 0xffff}, 0b01},
		{"NaNs are equal, the other way round", Ratio{1, 2}, []uint16{payload, quiet}, 0b01},
		{"a short group keeps what it has", Ratio{2, 8}, []uint16{zero}, 0b1},
		{"the 32nd element counts", Ratio{1, 32}, append(make([]uint16, 31), one), 1 << 31},
	} {
		if got := c.r.Keep(c.group); got != c.want {
			t.Errorf("%s: %v of %#04x keeps %b, want %b", c.name, c.r, c.group, got, c.want)
		}
	}
}
