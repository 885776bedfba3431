package stce

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/x448/float16"

	"satsim/internal/golden"
)

// The vectors in testdata are kept, of the layout that their manifest names (docs/formats.md): whoever reads that layout reads what is written today.
// By hand: rows (1, 2) and (3, 4) of X times columns (5, 6) and (7, 8) of W are 17, 23, 39 and 53, in FP16 4c40, 4dc0, 50e0 and 52a0.
func TestVectorsAreOfTheKeptLayout(t *testing.T) {
	p := Default()
	p.Rows, p.Cols, p.MulLatency, p.AddLatency, p.Preload, p.OverlapProducts = 2, 2, 4, 8, PreloadShadow, false
	tile := Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1}, Rows: 2, Cols: 2, Taps: 1, Channels: 2}
	tile.Ratio.N, tile.Ratio.M = 1, 1
	halves := func(values ...float32) (out []float16.Float16) {
		for _, v := range values {
			out = append(out, float16.Fromfloat32(v))
		}
		return out
	}
	made := folder{}
	if _, err := p.Vectors(tile, Operands{West: halves(1, 2, 3, 4), North: halves(5, 6, 7, 8), Index: make([]uint8, 4)}, made.create, nil); err != nil {
		t.Fatal(err)
	}
	const kept = "testdata/vectors-1"
	for name, f := range made {
		golden.Check(t, filepath.Join(kept, name), f.Bytes())
	}
	text, err := os.ReadFile(filepath.Join(kept, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Schema != "satsim.stce.vectors/1" || m.Tile != tile || m.Params != p || len(m.Files) != len(made)-1 {
		t.Errorf("%v: %+v", err, m)
	}
	for name, want := range map[string]string{
		"west.hex": "3c00 4000 4200 4400", "north.hex": "00_4500 00_4600 00_4700 00_4800", "result.hex": "4c40 4dc0 50e0 52a0",
	} {
		words, err := os.ReadFile(filepath.Join(kept, name))
		if got := strings.Join(strings.Fields(string(words)), " "); err != nil || got != want {
			t.Errorf("%s holds %s, want %s; %v", name, got, want, err)
		}
	}
}
