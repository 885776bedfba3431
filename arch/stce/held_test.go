package stce

import (
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"

	"satsim/internal/nm"
)

// drawHeld draws a tile whose outputs hold their places.
func drawHeld(t *rapid.T, special bool) job {
	p := drawParams(t, 1)
	c := Config{Mode: OS, Over: Over(rapid.IntRange(0, 1).Draw(t, "over")), Interleave: rapid.IntRange(1, p.MaxInterleave).Draw(t, "interleave"), Ratio: nm.Ratio{N: 1, M: rapid.IntRange(1, p.MaxM).Draw(t, "M")}, Held: true}
	tile := drawTile(t, p, c)
	in := numbers(t, tile, special)
	holdPlaces(t, tile, &in)
	return job{p, tile, in}
}

// holdPlaces draws the places that a tile's outputs hold.
func holdPlaces(t *rapid.T, tile Tile, in *Operands) {
	rows, _ := tile.outputs()
	least := int64(tile.Ratio.M)
	if r := tile.Channels % least; r > 0 {
		least = r
	}
	in.Index = nil
	for range rows * tile.Cols {
		in.Index = append(in.Index, uint8(rapid.Int64Range(0, least-1).Draw(t, "place")))
	}
}

// Of outputs that hold their places the closed form equals the exact model in cycles and in every count, and each output is the sum, in ascending order, of its own place's operand of every group times its column's value.
func TestHeldPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawHeld(t, true)
		res := exact(t, j)
		if got := j.P.Tile(j.T); got != res.TileCost {
			t.Fatalf("%+v\n%+v\nclosed form %+v\nexact model %+v", j.P, j.T, got, res.TileCost)
		}
		// The same product by the plain definition: a row of the tile's with its place alone is a product of its own, of groups of 1, for each column.
		one := j
		one.T.Config.Held, one.T.Config.Ratio = false, nm.Dense
		groups := newGroups(j.T.Config, j.T.Taps, j.T.Channels)
		one.T.Taps, one.T.Channels, one.T.Rows, one.T.Cols, one.T.Products = groups.total(), 1, 1, 1, 1
		rows, _ := j.T.outputs()
		want := make([]float32, rows*j.T.Cols)
		for row := range rows {
			for col := range j.T.Cols {
				at := row*j.T.Cols + col
				one.In = Operands{Index: make([]uint8, groups.total())}
				for g := range groups.total() {
					first := g/groups.perTap*j.T.Channels + g%groups.perTap*groups.m
					one.In.West = append(one.In.West, j.In.West[row*j.T.Terms()+first+int64(j.In.Index[at])])
					one.In.North = append(one.In.North, j.In.North[(row/j.T.Rows*j.T.Cols+col)*j.T.Kept()+g])
				}
				if j.T.Resume {
					one.In.Start = j.In.Start[at : at+1]
				}
				want[at] = plain(one)[0]
			}
		}
		compare(t, j, res, want)
	})
}

// By hand, two rows and two columns, multiplier 1, adder 2, a link of 4: dW of 4 channels by 1 column over 3 positions at 2:4, of which the mask keeps channels 1 and 2. One row holds the group, two columns
// the two that are kept; sums are of 1*2 + 5*3 + 9*4 and of 2*2 + 6*3 + 10*4. A position takes a round of 2, the adder's latency, the last one its slot; the place is in after 1 cycle.
func TestHeldPlacesByHand(t *testing.T) {
	p := Default()
	p.Rows, p.Cols, p.MulLatency, p.AddLatency, p.LinkWidth = 2, 2, 1, 2, 4
	half := func(v ...float32) (out []float16.Float16) {
		for _, x := range v {
			out = append(out, float16.Fromfloat32(x))
		}
		return out
	}
	tile := Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Ratio{N: 1, M: 4}, Held: true}, Rows: 1, Cols: 2, Taps: 3, Channels: 4, Spill: true}
	res, err := p.Exact(tile, Operands{West: half(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), North: half(2, 3, 4, 2, 3, 4), Index: []uint8{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if res.Sums[0] != 53 || res.Sums[1] != 62 {
		t.Errorf("sums %v; want 53 and 62", res.Sums)
	}
	// The place is in when cycle 1 begins; slots in 1, 3 and 5; a sum is complete 3 cycles after its slot, in the second column a cycle later, and leaves in one.
	if c := res.Counts; res.Cycles != 10 || c[MACs] != 6 || c[StartHops] != 2 || c[NorthWords] != 6 || c[GroupWrites] != 24 || c[OutputReads] != 0 {
		t.Errorf("%+v", res.TileCost)
	}
	if err := p.Check(Config{Mode: WS, Interleave: 1, Ratio: nm.Ratio{N: 1, M: 4}, Held: true}); err == nil {
		t.Error("places held in WS are accepted")
	}
}
