package stce_test

import (
	"fmt"

	"satsim/arch/stce"
	"satsim/internal/nm"
)

// A product of 32 x 256 outputs and 64 terms on an array of 32 x 32 PEs with eight sums each, dense and at 2:8: 64 terms are 64 weights an output, or 8
// groups with 2 each. A slot issues every cycle, so weights times sums are 512 cycles, or 128. The rest is the same for both but for a cycle: the skew
// of rows and columns, the pipeline, and 32 x 8 results that leave each column.
func ExampleParams_Tile() {
	p := stce.Default()
	for _, ratio := range []nm.Ratio{nm.Dense, {N: 2, M: 8}} {
		tile := stce.Tile{Config: stce.Config{Mode: stce.OS, Over: stce.OverF, Interleave: 8, Ratio: ratio}, Rows: 32, Cols: 256, Taps: 1, Channels: 64}
		cost := p.Tile(tile)
		fmt.Printf("%v: %d weights an output, %d cycles\n", ratio, tile.Kept(), cost.Cycles)
	}
	// Output:
	// 1:1: 64 weights an output, 830 cycles
	// 2:8: 16 weights an output, 447 cycles
}
