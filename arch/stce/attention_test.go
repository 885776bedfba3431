package stce

import (
	"testing"

	"satsim/arch/fp"
	"satsim/internal/nm"
)

// TestAHeadOfAttention is worked out by hand in doc.go: a head of vit-cifar on the default machine, scores and values, alone and as the first of three in a tile,
// on exact model and closed form.
func TestAHeadOfAttention(t *testing.T) {
	p := Params{
		Rows: 23, Cols: 32, MulLatency: 2, AddLatency: 6, MaxN: 4, MaxM: 8, MaxInterleave: 8, LinkWidth: 4, EdgeFolds: EdgeExact,
		Drain: DrainOverlap, PartialSums: SumsCharged, Subnormals: fp.Flush,
	}
	ws := func(depth int) Config { return Config{Mode: WS, Over: OverF, Interleave: depth, Ratio: nm.Dense} }
	scores := Tile{Config: ws(4), Rows: 65, Cols: 65, Taps: 1, Channels: 64}
	values := Tile{Config: ws(2), Rows: 65, Cols: 64, Taps: 1, Channels: 65}
	for _, c := range []struct {
		preload Preload
		tile    Tile
		alone   int64
		another int64
	}{
		{PreloadShadow, scores, 838, 629}, {PreloadChase, scores, 758, 615},
		{PreloadShadow, values, 686, 526}, {PreloadChase, values, 571, 423},
	} {
		p.Preload = c.preload
		for _, products := range []int64{1, 3} {
			c.tile.Products = products
			want := c.alone + (products-1)*c.another
			res, err := p.Exact(c.tile, blank(c.tile))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Tile(c.tile); res.Cycles != want || got.Cycles != want {
				t.Errorf("preload: %v, %d of %d x %d over %d: %d cycles exactly, %d closed, want %d",
					c.preload, products, c.tile.Rows, c.tile.Cols, c.tile.Channels, res.Cycles, got.Cycles, want)
			}
		}
	}
}
