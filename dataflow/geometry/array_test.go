package geometry_test

import (
	"slices"
	"testing"

	"satsim/arch/stce"
	"satsim/dataflow/geometry"
)

// Depths are powers of two up to the first that hides the adder, within what the array is built for.
func TestArraysByHand(t *testing.T) {
	for _, c := range []struct {
		add, most int
		on        bool
		want      []int
	}{{1, 8, true, []int{1}}, {4, 8, true, []int{1, 2, 4}}, {5, 8, true, []int{1, 2, 4, 8}}, {8, 4, true, []int{1, 2, 4}}, {8, 8, false, []int{1}}} {
		p := stce.Default()
		p.AddLatency, p.MaxInterleave = c.add, c.most
		got := map[stce.Mode]map[stce.Over][]int{stce.OS: {}, stce.WS: {}}
		for _, a := range geometry.Arrays(p, c.on) {
			got[a.Mode][a.Over] = append(got[a.Mode][a.Over], a.Interleave)
		}
		for mode, over := range got {
			// Depth 1 is the same over F and over T, and is listed once.
			if !slices.Equal(over[stce.OverF], c.want) || !slices.Equal(over[stce.OverT], c.want[1:]) {
				t.Errorf("adder %d, at most %d, %v: over f %v, over t %v; want %v", c.add, c.most, mode, over[stce.OverF], over[stce.OverT], c.want)
			}
		}
	}
}
