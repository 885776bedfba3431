package nm

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFormatsByHand(t *testing.T) {
	for _, c := range []struct {
		f                     Format
		runs, channels, burst int64
		want                  int64
	}{
		{FP16, 3, 5, 1, 30},
		{FP32, 1, 7, 1, 28},
		{Bit, 1, 9, 1, 2},                        // nine bits
		{Coded(4), 1, 3, 1, 2},                   // twelve bits
		{FP16, 3, 5, 64, 64},                     // one burst
		{Packed(Ratio{2, 8}), 512, 10, 64, 4864}, // 512 * (2+2) * 19 bits
		{Packed(Ratio{2, 8}), 108, 12, 64, 1088}, // 108 * (2+2) * 19 bits = 1,026 bytes
		{Packed(Ratio{2, 8}), 108, 12, 1, 1026},  //
		{Packed(Ratio{4, 4}), 2, 6, 1, 24},       // nothing is pruned
		{Packed(Ratio{1, 32}), 2, 33, 1, 11},     // 4 * 21 bits
	} {
		if got := c.f.Tile(c.runs, c.channels, c.burst); got != c.want {
			t.Errorf("%+v: %d runs of %d in bursts of %d: %d bytes, want %d", c.f, c.runs, c.channels, c.burst, got, c.want)
		}
	}
}

// A packed tile is as long as what Pack writes of it.
func TestAFormatIsAsLongAsItsTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := anyTile(t)
		burst := rapid.SampledFrom([]int{1, 7, 32, 64}).Draw(t, "burst")
		c, err := tile.Compress(make([]uint16, tile.Runs*tile.Channels))
		if err != nil {
			t.Fatal(err)
		}
		data, err := tile.Pack(c, burst)
		if err != nil {
			t.Fatal(err)
		}
		if got := Packed(tile.Ratio).Tile(int64(tile.Runs), int64(tile.Channels), int64(burst)); got != int64(len(data)) {
			t.Fatalf("%d bytes, packed %d", got, len(data))
		}
	})
}
