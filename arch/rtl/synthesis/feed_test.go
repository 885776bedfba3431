package synthesis

import (
	"slices"
	"testing"

	"satsim/arch/feed"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// Readers and writers of the default's units hold the clock, and grow with the width of a word: a register and a LUT a bit, and what waits as memory; a writer has the register alone.
func TestFeedersHoldTheClock(t *testing.T) {
	witness.Foreign(t)
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	all, err := verilog.Sources(feed.RTL)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(s verilog.Source) bool { return s.Name == "feed_bench.v" })
	for _, c := range []struct {
		of     string
		p      Point
		width  int
		beside [2]int // LUTs and flip-flops that are no bit's, at most
	}{
		{"SORE, 32 lanes", Of("feed_reader", "WIDTH", 32*17, "READ", 2, "WORDS", 4), 32 * 17, [2]int{160, 110}},
		{"vector unit, 32 lanes", Of("feed_reader", "WIDTH", 32*65+96, "READ", 2, "PARTS", 5, "BY_ROW", 16, "WORDS", 6), 32*65 + 96, [2]int{300, 160}},
		{"SORE's pairs", Of("feed_writer", "LANES", 32, "WIDTH", 32*19, "WORDS", 3), 32 * 19, [2]int{180, 130}},
		{"WUVE's master weights, 4 lanes", Of("feed_writer", "LANES", 4, "WIDTH", 4*32, "WORDS", 2), 4 * 32, [2]int{180, 110}},
	} {
		text, err := Synthesize(t.Context(), t.TempDir(), all, c.p)
		if err != nil {
			t.Fatal(err)
		}
		row, err := Measure(c.p, text)
		if err != nil {
			t.Fatal(err)
		}
		luts := 0
		for _, n := range row.Cells.LUT[2:] {
			luts += n
		}
		bits := c.width
		if c.p.Module == "feed_writer" {
			bits = 0
		}
		if row.Longest() > 4000 || luts > bits+c.beside[0] || row.Cells.FF > c.width+c.beside[1] || row.Cells.DSP+row.Cells.BRAM18 > 0 {
			t.Errorf("%s: %+v", c.of, row)
		}
		t.Logf("%s: %d LUTs, %d inverters, %d as memory, %d flip-flops, %d ps", c.of, luts, row.Cells.LUT[0], row.Cells.Memory, row.Cells.FF, row.Longest())
	}
}
