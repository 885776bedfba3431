package product

import (
	"context"
	"errors"
	"testing"

	"satsim/arch/stce"
	"satsim/internal/nm"
)

// What would take too much memory is refused before any is taken. By hand, on one element that adds in 8 cycles: a reduction of 2 M terms takes 8 x 2 M =
// 16.8 M cycles in its only fold, more than 2^23; 1100 x 1100 outputs are 1.2 M folds, more than 2^20, of 8 cycles or so.
func TestWhatIsTooLargeIsRefusedBeforeItRuns(t *testing.T) {
	p := stce.Default()
	p.Rows, p.Cols, p.AddLatency = 1, 1, 8
	dense := stce.Config{Interleave: 1, Ratio: nm.Ratio{N: 1, M: 1}}
	for _, c := range []struct {
		tile stce.Tile
		what string
	}{
		{stce.Tile{Config: dense, Rows: 1, Cols: 1, Taps: 1, Channels: 2 << 20}, "cycles in a fold"},
		{stce.Tile{Config: dense, Rows: 1100, Cols: 1100, Taps: 1, Channels: 1}, "folds"},
		{stce.Tile{Config: dense, Rows: 1 << 14, Cols: 1 << 14, Taps: 1, Channels: 1}, "outputs"},
		{stce.Tile{Config: dense, Rows: 1, Cols: 1, Taps: 1, Channels: 1 << 28}, "operands"},
	} {
		var large *TooLarge
		if _, err := Run(context.Background(), "one", p, c.tile, Options{}); !errors.As(err, &large) || large.What != c.what {
			t.Errorf("%+v: %v; want too many %s", c.tile, err, c.what)
		}
	}
}
