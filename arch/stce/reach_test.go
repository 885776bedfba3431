package stce

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/nm"
)

// What the exact model puts into the buffers of the bench, row by row and column by column, is as much as is held against the addresses.
func TestWordsOfATileAreThoseOfTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Default()
		p.Rows, p.Cols, p.MaxInterleave = rapid.IntRange(1, 3).Draw(t, "rows"), rapid.IntRange(1, 3).Draw(t, "cols"), 3
		p.LinkWidth, p.AddLatency, p.OverlapProducts = rapid.IntRange(1, 4).Draw(t, "link"), rapid.IntRange(1, 3).Draw(t, "add"), true
		tile := Tile{Products: rapid.Int64Range(1, 2).Draw(t, "products"), Rows: rapid.Int64Range(1, 8).Draw(t, "T"), Cols: rapid.Int64Range(1, 8).Draw(t, "F"),
			Taps: rapid.Int64Range(1, 3).Draw(t, "taps"), Channels: rapid.Int64Range(1, 10).Draw(t, "channels")}
		tile.Mode, tile.Over = rapid.SampledFrom([]Mode{OS, WS}).Draw(t, "mode"), rapid.SampledFrom([]Over{OverF, OverT}).Draw(t, "over")
		tile.Interleave, tile.Ratio = rapid.IntRange(1, 3).Draw(t, "interleave"), rapid.SampledFrom([]nm.Ratio{nm.Dense, {N: 1, M: 4}, {N: 2, M: 8}}).Draw(t, "ratio")
		in, err := tile.RandomOperands(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		m, err := newMachine(p, tile, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		b := newBench(m, nil)
		if err := m.run(); err != nil {
			t.Fatal(err)
		}
		m.result()
		raw, err := newMachine(p, tile, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		b.inputs(raw)
		if err := raw.run(); err != nil {
			t.Fatal(err)
		}
		var want lanes
		for _, words := range b.west {
			want.west = max(want.west, int64(len(words)))
		}
		for _, words := range b.north {
			want.north = max(want.north, int64(len(words)))
		}
		for _, words := range b.results {
			want.output = max(want.output, int64(len(words)))
		}
		g := newGroups(tile.Config, tile.Taps, tile.Channels)
		s := p.classes(&tile, &g)
		if got := p.lanes(tile, g, &s); got != want {
			t.Fatalf("%+v, want %+v: %+v", got, want, tile)
		}
	})
}

// A word more than addresses reach is refused, by what it is of. By hand, on 2 x 2 elements, dense and without interleaving: OS has a word a term on a row's link and as many a row fold of 2
// rows, a weight a term in a column, and an output a row.
func TestWordsBeyondTheAddresses(t *testing.T) {
	p := Default()
	p.Rows, p.Cols = 2, 2
	tile := func(rows, cols, taps, channels int64) Tile {
		return Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Dense}, Rows: rows, Cols: cols, Taps: taps, Channels: channels}
	}
	for _, c := range []struct {
		of   Tile
		want string
	}{
		{tile(2, 2, 2, 1<<15), ""},
		{tile(4, 2, 2, 1<<15), "131072 words a row of the west buffer; addresses reach 65,536 words a row"},
		{tile(2, 4, 2, 1<<15), "131072 words a column of the north buffer; addresses reach 65,536 words a column"},
		{tile(1<<16, 2, 1, 1), ""},
		{Tile{Config: Config{Mode: WS, Over: OverF, Interleave: 1, Ratio: nm.Dense}, Rows: 2, Cols: 2, Taps: 3, Channels: 1 << 31}, "addresses reach 65,536 words a row"},
		{tile(1<<16, 4, 1, 1), "131072 words a column of the output buffer; addresses reach 65,536 words a column"},
		{tile(1<<31, 1<<31, 1<<31, 65535), "words a row of the west buffer"},
	} {
		_, err := p.Registers(c.of)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v, want %q", c.of, err, c.want)
		}
	}
	text, err := os.ReadFile("rtl/stce.v")
	if err != nil {
		t.Fatal(err)
	}
	if bits, _ := strconv.Atoi(regexp.MustCompile(`parameter ADDR_W +=\s*(\d+)`).FindStringSubmatch(string(text))[1]); AddressWords != 1<<bits {
		t.Errorf("%d words are reached by %d bits", AddressWords, bits)
	}
}
