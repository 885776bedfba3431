package buffer

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/word"
)

// A 3x3 convolution of stride 1 on 5x5 outputs, 4 banks, by hand: outputs 3, 4, 5, 6 are (3,0) (4,0) (0,1) (1,1); at tap (1,0)
// they read x = 4, 5, 1, 2 of rows 0, 0, 1, 1: places 4, 5, 6, 7, in banks 0, 1, 2, 3. Without the output's width as pitch (say 7,
// the input's) they would be 4, 5, 8, 9: banks 0, 1, 0, 1, two cycles.
func TestBanksByHand(t *testing.T) {
	s := Geometry{Banks: 4, WordBits: 16}
	if n := s.Conflicts([]Access{{Place: 4}, {Place: 5}, {Place: 6}, {Place: 7}}); n != 1 {
		t.Errorf("output pitch: %d cycles, want 1", n)
	}
	if n := s.Conflicts([]Access{{Place: 4}, {Place: 5}, {Place: 8}, {Place: 9}}); n != 2 {
		t.Errorf("input pitch: %d cycles, want 2", n)
	}
	if n := s.Conflicts([]Access{{3, 1, 0}, {3, 1, 0}, {3, 1, 0}}); n != 1 {
		t.Errorf("one word for all rows: %d cycles, want 1", n)
	}
}

// The claim of doc.go, against the geometry itself: for any convolution, the input words that R consecutive outputs read at
// any tap lie in R different banks.
func TestRowMajorReadsNeverConflict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(t, name) }
		ow, oh, stride := draw("ow", 1, 9), draw("oh", 1, 9), draw("stride", 1, 3)
		kx, ky := draw("kx", 0, 6), draw("ky", 0, 6)
		rows := draw("rows", 1, 16)
		s := Geometry{Banks: int(rows + draw("spare", 0, 5)), WordBits: 64}
		first := draw("first", 0, ow*oh-1)
		var set []Access
		for o := first; o < min(first+rows, ow*oh); o++ {
			x, y := (o%ow)*stride+kx, (o/ow)*stride+ky
			set = append(set, Access{Place: x/stride + y/stride*ow, Word: 3})
		}
		if n := s.Conflicts(set); n != 1 {
			t.Fatalf("%d cycles for %v", n, set)
		}
	})
}

func TestExactIsClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Geometry{Banks: rapid.IntRange(1, 8).Draw(t, "banks"), WordBits: 16}
		var sets [][]Access
		var want int64
		for range rapid.IntRange(1, 5).Draw(t, "sets") {
			set := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Access {
				return Access{rapid.Int64Range(-3, 9).Draw(t, "place"), rapid.Int64Range(0, 4).Draw(t, "word"), rapid.Int64Range(0, 1).Draw(t, "line")}
			}), 1, 12).Draw(t, "set")
			sets = append(sets, set)
			want += s.Conflicts(set)
		}
		if got, _ := s.Exact(sets); got != want {
			t.Fatalf("exact %d cycles, closed form %d", got, want)
		}
	})
}

// 32 rows that want 4 operands of 16 bits each, from 32 banks of 32 bits: twice what there is, so steps take two cycles.
func TestSlowByHand(t *testing.T) {
	s := Geometry{Banks: 32, WordBits: 32}
	if r := s.Slow(Fraction{32 * 4 * 16, 1}); r.Stretch(100) != 200 {
		t.Errorf("100 cycles take %d, want 200", r.Stretch(100))
	}
	if r := s.Slow(Fraction{32 * 4 * 16, 4}); r.Stretch(100) != 100 {
		t.Errorf("a quarter of the rate: %d, want 100", r.Stretch(100))
	}
}

// The shares of doc.go, of memories of 800, 1600, 2400, 3200 and 4000 bytes; the links of a memory never have more than it holds.
func TestSharesByHand(t *testing.T) {
	p := Params{West: Geometry{Capacity: 800}, North: Geometry{Capacity: 1600}, Output: Geometry{Capacity: 2400}, Update: Geometry{Capacity: 3200}, Pass: Geometry{Capacity: 4000}}
	whole := [Places]int64{InWest: 800, InNorth: 1600, InOutput: 2400, InUpdate: 3200, InPass: 4000}
	want := [word.Buffers]int64{
		word.West: 800, word.North: 1200, word.DenseNorth: 400, word.Output: 1800, word.OutPath: 600, word.State: 1200, word.StateOut: 1200,
		word.Updated: 400, word.Copies: 400, word.PassIn: 2000, word.PassOut: 2000, word.Pace: 2, word.Factors: 1,
	}
	var sum [Places]int64
	for b := word.Buffer(0); b < word.Buffers; b++ {
		if got := p.Capacity(b); got != want[b] {
			t.Errorf("%s has %d bytes, want %d", b, got, want[b])
		}
		if b != word.Pace && b != word.Factors {
			sum[PlaceOf(b)] += p.Capacity(b)
		}
	}
	if sum != whole {
		t.Errorf("links have %v bytes of memories of %v", sum, whole)
	}
	if PlaceOf(word.Pace) != 0 || PlaceOf(word.Factors) != 0 || PlaceOf(word.Buffers) != 0 || p.Capacity(word.Buffers) != 0 {
		t.Error("tokens, or a link that there is not, are in a memory")
	}
}
