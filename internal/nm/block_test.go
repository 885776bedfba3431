package nm

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyWeights draws values in which ties, zeros and infinities are common.
func anyWeights(t *rapid.T, n int) []float32 {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Float32Range(-4, 4), rapid.SampledFrom([]float32{0, 1, -1, 2, float32(math.Inf(1)), float32(math.Inf(-1))}),
	), n, n).Draw(t, "w")
}

// kept sums the magnitudes that a mask keeps.
func kept(w []float32, m Mask) (sum float64) {
	for i, k := range m {
		if k {
			sum += magnitude(w[i])
		}
	}
	return sum
}

// A transposable mask keeps at most N of M along both axes, in blocks that never cross a tap: whole ones and those at the ends. A greedy one is maximal:
// what it leaves has a full row or a full column.
func TestTransposableMasksAreNOfMAlongBothAxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]Search{Greedy, Exact}).Draw(t, "search")
		m := rapid.IntRange(2, 8).Draw(t, "M")
		if s == Exact {
			m = rapid.IntRange(2, MaxExact).Draw(t, "M of exact")
		}
		r := Ratio{N: rapid.IntRange(1, m-1).Draw(t, "N"), M: m}
		taps, channels, cols := rapid.IntRange(1, 3).Draw(t, "taps"), rapid.IntRange(1, 20).Draw(t, "channels"), rapid.IntRange(1, 20).Draw(t, "cols")
		w := anyWeights(t, taps*channels*cols)
		mask := r.MaskBlocks(w, taps, channels, cols, s)
		down, along := map[[3]int]int{}, map[[3]int]int{} // of a column in a group of channels, of a row in a group of columns
		for i, k := range mask {
			row, col := i/cols, i%cols
			tap, c := row/channels, row%channels
			if k {
				down[[3]int{tap, c / m, col}]++
				along[[3]int{tap, c, col / m}]++
			}
		}
		for _, counts := range []map[[3]int]int{down, along} {
			for at, n := range counts {
				if n > r.N {
					t.Fatalf("%v of %dx%dx%d keeps %d of a group %v", r, taps, channels, cols, n, at)
				}
			}
		}
		for i, k := range mask {
			row, col := i/cols, i%cols
			tap, c := row/channels, row%channels
			if !k && s == Greedy && down[[3]int{tap, c / m, col}] < r.N && along[[3]int{tap, c, col / m}] < r.N {
				t.Fatalf("%v: (%d, %d) is left, and has room", r, row, col)
			}
		}
		if s == Exact && channels%m == 0 && cols%m == 0 && mask.Kept() != int64(taps*channels*cols/m*r.N) {
			t.Fatalf("%v: %d of %d are kept", r, mask.Kept(), len(mask))
		}
	})
}

// brute is the most that a mask of a 4 x 4 block keeps, of all 65,536: with exactly n in each row and column, or with at most so many.
func brute(w []float32, n int, exactly bool) (most float64) {
	for mask := range uint32(1) << 16 {
		ok := true
		for i := range 4 {
			row, col := bits.OnesCount32(mask>>(4*i)&15), bits.OnesCount32(mask>>i&0x1111)
			ok = ok && row <= n && col <= n && (!exactly || row == n && col == n)
		}
		if !ok {
			continue
		}
		sum := 0.
		for i := range 16 {
			if mask>>i&1 == 1 {
				sum += magnitude(w[i])
			}
		}
		most = max(most, sum)
	}
	return most
}

// On 4 x 4 blocks the exact search keeps as much as the best of all masks, and the greedy one at least half of what any mask keeps, also of those that have fewer
// than N somewhere.
func TestSearchesAgainstAllMasks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float32 { return float32(rapid.IntRange(-40, 40).Draw(t, "x")) }), 16, 16).Draw(t, "w")
		r := Ratio{N: rapid.IntRange(1, 3).Draw(t, "N"), M: 4}
		best := brute(w, r.N, true)
		if got := kept(w, r.MaskBlocks(w, 1, 4, 4, Exact)); got != best {
			t.Fatalf("%v of %v: the exact mask keeps %g, the best one %g", r, w, got, best)
		}
		if got, any := kept(w, r.MaskBlocks(w, 1, 4, 4, Greedy)), brute(w, r.N, false); 2*got < any || 2*got < best {
			t.Fatalf("%v of %v: the greedy mask keeps %g, the best one %g, of any %g", r, w, got, best, any)
		}
	})
}

// A block of 8 x 8 whose numbers lie on a diagonal, at 1:8: nothing is lost.
func TestGreedyOnADiagonal(t *testing.T) {
	w := make([]float32, 64)
	for i := range 8 {
		w[i*8+(i+3)%8] = float32(i + 1)
	}
	if got := kept(w, Ratio{N: 1, M: 8}.MaskBlocks(w, 1, 8, 8, Greedy)); got != 36 {
		t.Errorf("%g of the 36 on a diagonal are kept", got)
	}
}

// By hand, 1:2: greedy takes 5, which leaves 1 on the other diagonal's free place; the best takes 4 + 4.
//
//	5 4    greedy x o    exact o x
//	4 1           o x          x o
func TestBlockByHand(t *testing.T) {
	const x, o = true, false
	w, half := []float32{5, -4, 4, 1}, Ratio{N: 1, M: 2}
	if got := half.MaskBlocks(w, 1, 2, 2, Greedy); !slices.Equal(got, Mask{x, o, o, x}) {
		t.Errorf("greedy: %v", got)
	}
	if got := half.MaskBlocks(w, 1, 2, 2, Exact); !slices.Equal(got, Mask{o, x, x, o}) {
		t.Errorf("exact: %v", got)
	}
	nan := float32(math.NaN())
	if got := half.MaskBlocks([]float32{float32(math.Inf(1)), 1, 1, nan}, 1, 2, 2, Exact); !slices.Equal(got, Mask{x, o, o, x}) {
		t.Errorf("a NaN: %v", got)
	}
}

// The numbers of masks with N in every row and column of M are known: permutations of 2, 3, 4 and their complements, and 90 of 2:4 (OEIS A001499). By hand: 90 masks
// of 8 kept elements are 720 additions a block of 16, 45 an element.
func TestLooks(t *testing.T) {
	for r, want := range map[Ratio]int{{1, 2}: 2, {1, 3}: 6, {2, 3}: 6, {1, 4}: 24, {2, 4}: 90, {3, 4}: 24} {
		if got := len(regular(r)); got != want {
			t.Errorf("%v has %d masks; want %d", r, got, want)
		}
	}
	if got := (Ratio{2, 4}).Looks(Exact); got != (Looks{Adds: 45, Compares: 6}) {
		t.Errorf("exact 2:4: %+v", got)
	}
	if got := (Ratio{2, 8}).Looks(Greedy); got != (Looks{Selects: 16, Compares: 16}) {
		t.Errorf("greedy 2:8: %+v", got)
	}
	if got := (Ratio{2, 8}).Looks(TopN); got != (Looks{}) {
		t.Errorf("top-N: %+v", got)
	}
}
