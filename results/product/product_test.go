package product

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/arch/stce"
	"satsim/internal/nm"
)

// one is a single processing element without a multiplier's pipeline, whose adder takes three cycles.
func one() stce.Params {
	p := stce.ScaleSimIdeal(1, 1)
	p.AddLatency, p.MaxInterleave, p.Drain = 3, 4, stce.DrainSerial
	return p
}

// row is a product of a row of four outputs, each a sum of two terms.
func row() stce.Tile {
	return stce.Tile{Config: stce.Config{Mode: stce.OS, Over: stce.OverF, Interleave: 1, Ratio: nm.Dense}, Rows: 1, Cols: 4, Taps: 1, Channels: 2}
}

// Two additions into one accumulator are three cycles apart. Alone, an output takes slots 0 and 3, two cycles of hazard, and there are four
// outputs: 8. Two by turns take slots 0 1 and 3 4, one cycle of hazard, twice: 2. Four by turns fill the adder: slots 0 to 7, none. Eight slots are eight
// MACs, whatever the turns. A sum can be read three cycles after its last slot, and leaves in a cycle before the next fold begins: 4 folds of 7 cycles, 2 of 8
// (two sums, of slots 3 and 4, leave in 6 and 7), one of 11 (those of slots 4 to 7 leave in 7 to 10).
func TestInterleavingFillsTheAdder(t *testing.T) {
	r, err := Run(context.Background(), "one", one(), row(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var depths []int
	var hazards, cycles []int64
	for _, d := range r.Interleave {
		depths, hazards, cycles = append(depths, d.Interleave), append(hazards, d.Hazard), append(cycles, d.Cycles)
	}
	if !slices.Equal(depths, []int{1, 2, 4}) || !slices.Equal(hazards, []int64{8, 2, 0}) || !slices.Equal(cycles, []int64{28, 16, 11}) {
		t.Errorf("depths %v, hazards %v, cycles %v; want 1 2 4, 8 2 0 and 28 16 11", depths, hazards, cycles)
	}
	if r.Folds != 4 || r.Closed.Cycles != 28 || *r.Exact != r.Closed {
		t.Errorf("%d folds, %+v, exact %+v", r.Folds, r.Interleave[0], r.Exact)
	}
	if r.Useful != 8./28 {
		t.Errorf("%g of the cycles do a MAC, want 8/28", r.Useful)
	}
}

// In a systolic fold the last element begins R - 1 + C - 1 cycles after the first: with four terms a 2 x 2 array takes 4 + 2 = 6 cycles where the drain is
// hidden, in which its 4 elements do 2 x 2 x 4 = 16 of 24 possible MACs.
func TestShareOfTheArray(t *testing.T) {
	square := stce.Tile{Config: stce.Config{Mode: stce.OS, Interleave: 1, Ratio: nm.Dense}, Rows: 2, Cols: 2, Taps: 1, Channels: 4}
	r, err := Run(context.Background(), "square", stce.ScaleSimIdeal(2, 2), square, Options{ClosedOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Closed.Cycles != 6 || r.Useful != 16./24 || r.Folds != 1 || r.Exact != nil {
		t.Errorf("%d cycles, %g of the array, %d folds, exact %v; want 6, 2/3, 1, none", r.Closed.Cycles, r.Useful, r.Folds, r.Exact)
	}
}

// Operands are (Rows + Cols) x terms: 2^27 rows and one column of two terms are 2^28 + 2, two more than are held. Vectors are refused
// at an eighth of it.
func TestWhatIsTooLarge(t *testing.T) {
	large := row()
	large.Rows, large.Cols = 1<<27, 1
	var refused *TooLarge
	if _, err := Run(context.Background(), "one", one(), large, Options{}); !errors.As(err, &refused) || refused.What != "operands" || refused.Is != 1<<28+2 {
		t.Errorf("%v, want that 2^28 + 2 operands are too many", err)
	}
	if r, err := Run(context.Background(), "one", one(), large, Options{ClosedOnly: true}); err != nil || r.Exact != nil {
		t.Errorf("%v; the closed form alone has no limit", err)
	}
	large.Rows = 1 << 24
	if _, err := Run(context.Background(), "one", one(), large, Options{Vectors: t.TempDir()}); !errors.As(err, &refused) || !refused.Vectors || refused.Is < 1<<25 {
		t.Errorf("%v, want that the vectors have too many words", err)
	}
}

// What is run says so, writes its vectors, and ends with its context.
func TestVectorsTextAndStop(t *testing.T) {
	folder := t.TempDir()
	r, err := Run(context.Background(), "one", one(), row(), Options{Small: true, Vectors: folder})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "manifest.json")); err != nil || r.Timeline == nil {
		t.Errorf("%v, timeline %v", err, r.Timeline)
	}
	var text strings.Builder
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1x1 array of one, os: 1 x 4 outputs over 2 terms, 1:1, interleave 1 over f, 4 folds", "test vectors are in " + folder, "(8 of hazards)"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Run(stopped, "one", one(), row(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was stopped", err)
	}
}

// A set that does not become whole leaves no file of it, and no manifest of an earlier one; what is not satsim's stays.
func TestVectorsAreWholeOrNotThere(t *testing.T) {
	folder := t.TempDir()
	run := func() error {
		_, err := Run(context.Background(), "one", one(), row(), Options{Vectors: folder})
		return err
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	const foreign = "notes of mine"
	put := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(foreign), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	put("edge_west.hex") // one of the last
	if err := run(); err == nil || !strings.Contains(err.Error(), filepath.Join(folder, "edge_west.hex")+": it is no file of hexadecimal words") {
		t.Fatal(err)
	}
	for _, name := range []string{"manifest.json", "west.hex", "north.hex", "result.hex"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s is there", name)
		}
	}
	if text, err := os.ReadFile(filepath.Join(folder, "edge_west.hex")); string(text) != foreign {
		t.Errorf("%q, %v", text, err)
	}
	put("manifest.json")
	if err := run(); err == nil || !strings.Contains(err.Error(), "it is no manifest of test vectors, and is not replaced") {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "west.hex")); err == nil {
		t.Error("files were written before the manifest was refused")
	}
}
