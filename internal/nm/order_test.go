package nm_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/nm"
)

// By hand: of 8 columns of one row 0 to 3 are kept. At 2:4 in their order the first group keeps 2 of 4 and the second has none; with columns 2, 3 and 4, 5 exchanged both groups keep 2.
func TestKeptInOrderByHand(t *testing.T) {
	r := nm.Ratio{N: 2, M: 4}
	mask := nm.Mask{true, true, true, true, false, false, false, false}
	for want, order := range map[int64][]int32{2: {0, 1, 2, 3, 4, 5, 6, 7}, 4: {0, 1, 4, 5, 2, 3, 6, 7}} {
		if got := r.KeptInOrder(mask, 1, 8, order); got != want {
			t.Errorf("%v keeps %d; want %d", order, got, want)
		}
	}
	if got := r.Ordering(10); got != 10+2*3 {
		t.Errorf("a row of 10 columns takes %d operations", got)
	}
}

// What the authors' code does: sort what is left of each row in the order, take the N largest of each group, and count. The best order is the first that keeps most of all that are tried, and is an order.
func TestOrdersAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]int{2, 4, 8}).Draw(t, "m")
		r := nm.Ratio{N: rapid.IntRange(1, m).Draw(t, "n"), M: m}
		rows, cols := rapid.IntRange(1, 12).Draw(t, "rows"), rapid.IntRange(1, 20).Draw(t, "cols")
		w := rapid.SliceOfN(rapid.Uint16Range(1, 0x7bff), rows*cols, rows*cols).Draw(t, "w")
		mask := make(nm.Mask, rows*cols)
		for i := range mask {
			mask[i] = rapid.Bool().Draw(t, "kept")
		}
		sorted := func(order []int32) (n int64) {
			moved, kept := make([]uint16, rows*cols), make(nm.Mask, rows*cols)
			for row := range rows {
				for c, at := range order {
					if kept[row*cols+c] = mask[row*cols+int(at)]; kept[row*cols+c] {
						moved[row*cols+c] = w[row*cols+int(at)]
					}
				}
			}
			return nm.Compare(kept, r.MaskRows(moved, rows, cols)).Both
		}
		key := rapid.Uint64().Draw(t, "key")
		best := r.BestOrder(mask, rows, cols, 5, key)
		all := slices.Clone(best)
		slices.Sort(all)
		for i, c := range all {
			if int(c) != i {
				t.Fatalf("%v is no order", best)
			}
		}
		var most int64
		for n := 1; n <= 5; n++ { // the best of fewer is no better
			order := r.BestOrder(mask, rows, cols, n, key)
			got := r.KeptInOrder(mask, rows, cols, order)
			if want := sorted(order); got != want || got < most {
				t.Fatalf("%v keeps %d, sorting %d, the best of one less %d", order, got, want, most)
			}
			most = got
		}
	})
}
