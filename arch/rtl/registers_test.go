package rtl

import (
	"strings"
	"testing"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/internal/nm"
)

// A tile of a full array, by hand: 70 x 64 outputs over 40 channels at 2:8 in OS over F, two outputs an element of 32 x 32. Column folds have 64 columns, one; row folds 32 rows, two and one of 6. Groups
// of a tap are 5, all full. A kind of fold has 2 columns' outputs each, all 32 columns used; 8 operands are 2 words of a link of 4.
func TestRegistersByName(t *testing.T) {
	p := spec.DefaultArch().STCE
	tile := stce.Tile{Rows: 70, Cols: 64, Taps: 1, Channels: 40, Products: 3}
	tile.Config = stce.Config{Mode: stce.OS, Over: stce.OverF, Interleave: 2, Ratio: nm.Ratio{N: 2, M: 8}}
	text, err := Registers(p, tile)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"os over f, interleave 2, 2:8, 70 x 64 outputs, 1 taps x 40 channels, 3 products, on 32 x 32 elements",
		"  0 00000000 STCE_MODE", "  1 00000002 STCE_N_FULL", "  3 00000008 STCE_M_FULL", "  5 00000005 STCE_PERTAP", "  7 00000001 STCE_OUTER0", "  8 00000000 STCE_OUTER1",
		" 10 00000002 STCE_INNER0", " 11 00000001 STCE_INNER1", " 15 00000003 STCE_PRODUCTS", " 32 00000020 STCE_ROWS of kind 0", " 38 00000002 STCE_WORDS0 of kind 0",
		" 43 00000008 STCE_OPS+3 of kind 0", " 44 00000002 STCE_COLS of kind 0", " 53 00000005 STCE_VISITS of kind 0", " 64 00000006 STCE_ROWS of kind 1",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
	if !strings.Contains(text, " STCE_GAP of pair 0\n") || !strings.Contains(text, " STCE_GAP of pair 14\n") {
		t.Errorf("no distances of folds in\n%s", text)
	}
	tile.Interleave = 99
	if _, err := Registers(p, tile); err == nil || !strings.Contains(err.Error(), "interleave: 99") {
		t.Errorf("%v", err)
	}
	// One row fold, with a word for each of 60 million terms.
	tile = stce.Tile{Rows: 23, Cols: 32, Taps: 1000, Channels: 60000}
	tile.Config = stce.Config{Interleave: 1, Ratio: nm.Dense}
	if _, err := Registers(p, tile); err == nil || !strings.Contains(err.Error(), "addresses reach 65,536 words a row") {
		t.Errorf("%v", err)
	}
}

// What does not fit is said by the key of the tile that decides it, and by the lines that it would be in, once: of two kinds of folds, both too long. 2,000,000 groups of a tap, of which a fold's last one is
// that less one, whatever its rows.
func TestWhatARegisterDoesNotHoldIsSaidOnce(t *testing.T) {
	p := spec.DefaultArch().STCE
	tile := stce.Tile{Rows: 70, Cols: 64, Taps: 1, Channels: 2000000}
	tile.Config = stce.Config{Mode: stce.OS, Over: stce.OverF, Interleave: 1, Ratio: nm.Ratio{N: 1, M: 1}}
	_, err := Registers(p, tile)
	want := `describing a tile to the array: channels: 2000000 is more than the array's registers hold; 0 to 65535 is accepted (line 5, STCE_PERTAP)
channels: 1999999 is more than the array's registers hold; 0 to 65535 is accepted (line 52, STCE_PHASE of kind 0; 84, STCE_PHASE of kind 1)
rows, taps, channels and products: `
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
}
