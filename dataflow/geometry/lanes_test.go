package geometry

import (
	"testing"

	"satsim/arch/buffer"
	"satsim/arch/spec"
)

// By hand: west words have 4 inputs and lie in 32 banks, north words 2 gradients in as many. 36 lanes want 36 of each a cycle: 9 or 10 west words, and 576 of 1,024 bits.
// 72 want 1,152 bits from the north, 9/8 of what there is; narrow banks and few of them are slower still, where channels are as many.
func TestLanesFeedByHand(t *testing.T) {
	for _, c := range []struct {
		lanes             int
		channels          int64
		westBanks, northB int
		want              buffer.Fraction
	}{
		{36, 144, 32, 32, buffer.Fraction{Num: 1, Den: 1}},
		{72, 144, 32, 32, buffer.Fraction{Num: 9, Den: 8}},
		{72, 64, 32, 32, buffer.Fraction{Num: 1, Den: 1}}, // 64 lanes work
		{36, 144, 8, 32, buffer.Fraction{Num: 2, Den: 1}}, // 9 words from 8 banks
		{36, 144, 8, 4, buffer.Fraction{Num: 9, Den: 2}},  // 36 gradients of 8 a cycle
		{2, 7, 1, 32, buffer.Fraction{Num: 1, Den: 1}},    // channels 0, 1 of a word; then 2, 3
		{3, 7, 1, 32, buffer.Fraction{Num: 2, Den: 1}},    // 3 to 5 are of two words, in a bank
		{1000, 3, 1, 1, buffer.Fraction{Num: 3, Den: 2}},  // 48 bits of 32
	} {
		s := spec.Spec{Arch: spec.DefaultArch()}
		s.Vector.Lanes, s.Buffers.West.Banks, s.Buffers.North.Banks = c.lanes, c.westBanks, c.northB
		got := (&Shape{}).LanesFeed(&s, c.channels)
		if got.Num*c.want.Den != c.want.Num*got.Den {
			t.Errorf("%d lanes, %d channels, %d and %d banks: %+v, want %+v", c.lanes, c.channels, c.westBanks, c.northB, got, c.want)
		}
	}
}
