package prune

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/golden"
	"satsim/internal/nm"
	"satsim/workloads/weights"
)

// npy is a file of FP32 rows.
func npy(t *testing.T, rows [][]float32) string {
	t.Helper()
	head := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", len(rows), len(rows[0]))
	head += strings.Repeat(" ", 63-(10+len(head))%64) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(head)), byte(len(head)>>8))
	b = append(b, head...)
	for _, row := range rows {
		for _, v := range row {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	path := filepath.Join(t.TempDir(), "fc.npy")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Four outputs of eight inputs at 2:4. Along inputs (FF) every output keeps the two large ones of each four: inputs 0, 1, 4, 5. Along
// outputs (BP) every input keeps outputs 0 and 1; ties go to the lower one. So 8 values are in both copies, 8 in each alone, 8 in none. Of magnitudes 2 x 40 + 2 x
// 12 = 104, FF keeps 2 x 36 + 2 x 8 = 88 and BP 80. A copy is 16 values of 16 + 2 bits: 36 bytes, in a tile of whole bursts of 32: 64.
func TestFiguresByHand(t *testing.T) {
	large, small := []float32{9, -9, 1, 1, 9, 9, 1, -1}, []float32{2, 2, 1, 1, -2, 2, 1, 1}
	path, folder := npy(t, [][]float32{large, large, small, small}), t.TempDir()
	r, err := Run(context.Background(), []string{path}, Options{Ratio: nm.Ratio{N: 2, M: 4}, Burst: 32, Layout: weights.OutFirst, Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	got := *r.Layers[0]
	if got.Layer != "fc" || got.Taps != 1 || got.Inputs != 8 || got.Outputs != 4 || got.Groups != 1 || got.Elements != 32 || got.Infinite != 0 {
		t.Errorf("%+v", got)
	}
	if got.KeptInBoth != 8 || got.KeptInFFOnly != 8 || got.KeptInBPOnly != 8 || got.KeptInNone != 8 {
		t.Errorf("%d in both, %d and %d in one, %d in none; want 8 each", got.KeptInBoth, got.KeptInFFOnly, got.KeptInBPOnly, got.KeptInNone)
	}
	for name, c := range map[string]struct {
		got       weights.Copy
		magnitude float64
	}{"ff": {got.FF, 88. / 104}, "bp": {got.BP, 80. / 104}} {
		if c.got.Kept != 16 || c.got.Tiles != 1 || c.got.Bytes != 64 || math.Abs(c.got.Magnitude-c.magnitude) > 1e-12 {
			t.Errorf("%s: %+v; want 16 values in a tile of 64 bytes, magnitude %g", name, c.got, c.magnitude)
		}
		if info, err := os.Stat(filepath.Join(folder, "000_fc."+name+".bin")); err != nil || info.Size() != 64 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if r.Total.Elements != 32 || r.Total.FF.Bytes != 64 || r.Total.KeptInBoth != 8 {
		t.Errorf("total %+v", r.Total)
	}
	text, err := os.ReadFile(filepath.Join(folder, "prune.json"))
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/prune-1.json", text)
	var kept Result
	if err := json.Unmarshal(text, &kept); err != nil || kept.Schema != "satsim.prune/1" || kept.Burst != 32 || len(kept.Layers) != 1 || kept.Layers[0].FF.File != "000_fc.ff.bin" {
		t.Errorf("%v\n%s", err, text)
	}
}

// With three outputs, BP has fewer than four channels and stays dense: all 3 x 8 values at 16 bits are 48 bytes, two bursts. The other layout swaps
// the axes: then it is FF that has three.
func TestFewChannelsStayDense(t *testing.T) {
	row := []float32{4, 3, 2, 1, 4, 3, 2, 1}
	path := npy(t, [][]float32{row, row, row})
	for layout, want := range map[weights.Layout][2]string{weights.OutFirst: {"2:4", "1:1"}, weights.InFirst: {"1:1", "2:4"}} {
		r, err := Run(context.Background(), []string{path}, Options{Ratio: nm.Ratio{N: 2, M: 4}, Burst: 32, Layout: layout})
		if err != nil {
			t.Fatal(err)
		}
		l := r.Layers[0]
		if got := [2]string{l.FF.Ratio.String(), l.BP.Ratio.String()}; got != want {
			t.Errorf("%s: %v, want %v", layout, got, want)
		}
		whole := l.BP
		if layout == weights.InFirst {
			whole = l.FF
		}
		if layout == weights.OutFirst && (whole.Kept != 24 || whole.Bytes != 64 || whole.Magnitude != 1) {
			t.Errorf("%s: %+v; want 24 values in 64 bytes", layout, whole)
		}
		if l.FF.File != "" {
			t.Errorf("%s names a file that nobody asked for", layout)
		}
	}
}

// Names of layers become names of files.
func TestFileNames(t *testing.T) {
	if got := fileName("a/b c:ü.w-1_2"); got != "a_b_c__.w-1_2" {
		t.Error(got)
	}
	if got := fileName(strings.Repeat("x", 200)); len(got) != 100 {
		t.Errorf("%d characters", len(got))
	}
}
