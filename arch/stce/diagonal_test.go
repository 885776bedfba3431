package stce

import (
	"testing"

	"satsim/internal/nm"
)

// What another M channels, or another row of elements' outputs, take on the default array of 32 x 32, multiplier 4, adder 8, 4 operands a cycle and hop, preload: shadow.
// Nine taps of m channels, one kept of each, over eight output rows an element: by doc.go's formula a fold of 256 rows has
//
//	m = 16   9 * max(8, ceil(8*16/4)) = 288 cycles for 256*16*9 MACs: 128 a cycle, as many as the links carry, 32 * 4
//	m = 8    9 * max(8, 16) = 144; but 32 * 8 results of a column drain in 256: 72 MACs a cycle
//	m = 4    72 cycles, and again 256: 36
//
// Of a weight's gradient, nine taps on rows: each position adds to the same sums, an adder later: 8 cycles for 9*16 MACs, 18 a cycle; 9 for m = 8. With
// positions on rows, a fold of 32 of them and 9 taps takes 4 + 32*8 cycles until its first sum has come down, and then 32 for the next weights: 292 for
// 32*16*9 MACs, 15.8 a cycle. Weights that chase the skew are there before the sum, which is taken in the cycle after, 4 cycles behind the first slot: 4 + 32*8 + 1 - 4 =
// 257, 17.9 a cycle.
//
// Three blocks of 16 channels on 27 rows and 48 columns, two outputs an element: again 8 cycles a position, for three times as many wanted MACs, 54 a cycle. Ten
// blocks with positions on rows: 90 outputs stream by, each for the 5 of the 160 columns that an element has, while 5 weights an element come down: 90 * 5 =
// 450 cycles, more than 4 + 32*8 + 32*5 = 420; 32*16*9*10 wanted MACs, 102 a cycle.
func TestDiagonalProductsByHand(t *testing.T) {
	p := Default()
	p.MulLatency, p.AddLatency, p.Preload = 4, 8, PreloadShadow
	diagonal := func(mode Mode, over Over, interleave, m int) Config {
		return Config{Mode: mode, Over: over, Interleave: interleave, Ratio: nm.Ratio{N: 1, M: m}, Diagonal: true}
	}
	for _, c := range []struct {
		name         string
		config       Config
		blocks       int64
		rows, taps   int64 // of the first tile
		rows2, taps2 int64 // of a longer one
		cycles       int64 // more
	}{
		{"forward, 16", diagonal(OS, OverT, 8, 16), 1, 1024, 9, 1280, 9, 288},
		{"forward, 8", diagonal(OS, OverT, 8, 8), 1, 1024, 9, 1280, 9, 256},
		{"forward, 4", diagonal(OS, OverT, 8, 4), 1, 1024, 9, 1280, 9, 256},
		{"update, 16", diagonal(OS, OverF, 1, 16), 1, 9, 100, 9, 101, 8},
		{"update, 8", diagonal(OS, OverF, 1, 8), 1, 9, 100, 9, 101, 8},
		{"update, positions on rows", diagonal(WS, OverF, 1, 16), 1, 9, 320, 9, 352, 292},
		{"update, three blocks", diagonal(OS, OverF, 2, 16), 3, 27, 100, 27, 101, 8},
		{"update, ten blocks, positions on rows", diagonal(WS, OverF, 8, 16), 10, 90, 320, 90, 352, 450},
	} {
		m := int64(c.config.Ratio.M)
		tile := func(rows, taps int64) TileCost {
			return p.Tile(Tile{Config: c.config, Rows: rows, Cols: c.blocks * m, Taps: taps, Channels: m})
		}
		a, b := tile(c.rows, c.taps), tile(c.rows2, c.taps2)
		if got := b.Cycles - a.Cycles; got != c.cycles {
			t.Errorf("%s: %d cycles more, want %d", c.name, got, c.cycles)
		}
		if got, want := b.Counts[UsefulMACs], c.rows2*c.taps2*c.blocks*m; got != want || b.Counts[MACs] != want {
			t.Errorf("%s: %d useful MACs, %d performed, all blocks; want %d", c.name, got, b.Counts[MACs], want)
		}
	}
	p.Preload = PreloadChase
	tile := Tile{Config: diagonal(WS, OverF, 1, 16), Rows: 9, Cols: 16, Taps: 320, Channels: 16}
	before := p.Tile(tile).Cycles
	tile.Taps = 352
	if got := p.Tile(tile).Cycles - before; got != 257 {
		t.Errorf("update, positions on rows, weights that chase the skew: %d cycles more, want 257", got)
	}
}
