package collect

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSharesByHand(t *testing.T) {
	for _, c := range []struct {
		total         int64
		weights, want []int64
	}{
		{10, []int64{1, 1, 1}, []int64{4, 3, 3}}, // 3 each, and the rest to the first
		{100, []int64{1, 0, 3}, []int64{25, 0, 75}},
		{7, []int64{0, 0}, []int64{7, 0}},
		{7, nil, []int64{}},
		{1 << 62, []int64{1 << 60, 3 << 60}, []int64{1 << 60, 3 << 60}}, // the product has 122 bits
	} {
		if got := shares(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%d by %v: %v, want %v", c.total, c.weights, got, c.want)
		}
	}
}

// Shares add up to the total. All but the first are what the proportion is, rounded down; the first has no more than one for each of the others
// on top.
func TestSharesAreInProportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<20), 1, 6).Draw(t, "weights")
		total := rapid.Int64Range(0, 1<<20).Draw(t, "total")
		got := shares(total, weights)
		var sum, all float64
		for i := range got {
			sum += float64(got[i])
			all += float64(weights[i])
		}
		if sum != float64(total) {
			t.Fatalf("%v add up to %v of %d", got, sum, total)
		}
		for i := range got {
			if all == 0 {
				continue
			}
			exact := float64(total) * float64(weights[i]) / all
			over := float64(got[i]) - math.Floor(exact+1e-9)
			if i > 0 && over != 0 || i == 0 && (over < 0 || over >= float64(len(got))) {
				t.Fatalf("share %d is %d, in proportion %v", i, got[i], exact)
			}
		}
	})
}
