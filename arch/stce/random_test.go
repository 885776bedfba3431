package stce

import (
	"slices"
	"testing"

	"satsim/internal/nm"
)

// Of each group of the sparse operand the N largest are drawn, in the order of their places, so 3:4 of two full groups and one of two channels
// has 3 + 3 + 2 kept values a column.
func TestRandomOperandsAreWhatIsKept(t *testing.T) {
	tile := Tile{Config: Config{Interleave: 1, Ratio: nm.Ratio{N: 3, M: 4}}, Rows: 1, Cols: 5, Taps: 1, Channels: 10}
	in, err := tile.RandomOperands(7, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(in.West) != 10 || len(in.North) != 40 || len(in.Index) != 40 {
		t.Fatalf("%d west, %d north, %d indices; want 10, 40, 40", len(in.West), len(in.North), len(in.Index))
	}
	for c := range 5 {
		for _, g := range [][2]int{{0, 3}, {3, 6}, {6, 8}} {
			places := in.Index[8*c+g[0] : 8*c+g[1]]
			if !slices.IsSorted(places) || int(places[len(places)-1]) > 3 || len(slices.Compact(slices.Clone(places))) != len(places) {
				t.Errorf("column %d keeps places %v of a group", c, places)
			}
		}
	}
	for _, v := range slices.Concat(in.West, in.North) {
		if x := max(v.Float32(), -v.Float32()); x < 1./32 || x >= 4 {
			t.Errorf("%v is outside of 1/32 to 4", v)
		}
	}
	// Two taps have twice of all; a tile that resumes has a start value an output.
	tile.Taps, tile.Resume = 2, true
	if in, err := tile.RandomOperands(7, nil); err != nil || len(in.North) != 80 || len(in.Start) != 5 || in.check(tile) != nil {
		t.Errorf("two taps: %v, %d north, %d start values", err, len(in.North), len(in.Start))
	}
	tile.Taps, tile.Resume = 1, false
	other, err := tile.RandomOperands(8, nil)
	if err != nil || slices.Equal(in.West, other.West) {
		t.Errorf("%v; another seed gives the same operands", err)
	}
}
