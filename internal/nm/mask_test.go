package nm

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The 4 x 4 matrix below, pruned at 1:2 by hand: along rows the larger of each pair of columns stays, down columns the
// larger of each pair of rows.
//
//	 w         along rows   down columns
//	1 2 4 3     . x x .       . . x x
//	8 7 1 1     x . x .       x x . .
//	5 5 6 9     x . . x       x x x x
//	5 2 3 4     x . . x       . . . .
func TestMasksByHand(t *testing.T) {
	small := [10]uint16{0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800, 0x4880} // 0 to 9 in FP16
	var w []uint16
	for _, x := range []int{1, 2, 4, 3, 8, 7, 1, 1, 5, 5, 6, 9, 5, 2, 3, 4} {
		w = append(w, small[x])
	}
	const x, o = true, false
	rows := Mask{o, x, x, o, x, o, x, o, x, o, o, x, x, o, o, x}
	columns := Mask{o, o, x, x, x, x, o, o, x, x, x, x, o, o, o, o}
	half := Ratio{1, 2}
	if got := half.MaskRows(w, 4, 4); !slices.Equal(got, rows) {
		t.Errorf("along rows: %v, want %v", got, rows)
	}
	if got := half.MaskColumns(w, 1, 4, 4); !slices.Equal(got, columns) {
		t.Errorf("down columns: %v, want %v", got, columns)
	}
	// Both: (0,2), (1,0), (2,0), (2,3).
	if got, want := Compare(rows, columns), (Overlap{Both: 4, FirstOnly: 4, SecondOnly: 4, Neither: 4}); got != want {
		t.Errorf("overlap %+v, want %+v", got, want)
	}
	// A group never crosses a tap: with taps of 3 rows and 1 row, row 3 would be alone.
	if got := half.MaskColumns(w, 4, 1, 4); got.Kept() != 16 {
		t.Errorf("taps of one channel keep %d of 16", got.Kept())
	}
}

func TestColumnsAreTheRowsOfTheTransposedTap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRatio().Draw(t, "ratio")
		taps := rapid.IntRange(1, 3).Draw(t, "taps")
		channels := rapid.IntRange(1, 40).Draw(t, "channels")
		cols := rapid.IntRange(1, 4).Draw(t, "cols")
		w := rapid.SliceOfN(anyFP16(), taps*channels*cols, taps*channels*cols).Draw(t, "w")
		got := r.MaskColumns(w, taps, channels, cols)
		turned := make([]uint16, len(w)) // [tap][col][channel]
		for i, v := range w {
			tap, c, col := i/cols/channels, i/cols%channels, i%cols
			turned[(tap*cols+col)*channels+c] = v
		}
		want := r.MaskRows(turned, taps*cols, channels)
		for i := range w {
			tap, c, col := i/cols/channels, i/cols%channels, i%cols
			if got[i] != want[(tap*cols+col)*channels+c] {
				t.Fatalf("element %d (tap %d, channel %d, column %d) differs", i, tap, c, col)
			}
		}
		if n := int64(taps * cols * r.Kept(channels)); got.Kept() != n {
			t.Fatalf("%d kept, want %d", got.Kept(), n)
		}
		o := Compare(got, r.MaskRows(w, taps*channels, cols))
		if o.Both+o.FirstOnly != got.Kept() || o.Both+o.FirstOnly+o.SecondOnly+o.Neither != int64(len(w)) {
			t.Fatalf("overlap %+v does not add up", o)
		}
	})
}
