package synthesis

import (
	"strings"
	"testing"
)

// Readers and writers hold the clock (0.8 of 200 MHz) with two fifths of it to spare, and grow with the width of a word: a register and a LUT a bit, and what waits as memory; a writer has the register alone.
func TestFeedersHoldTheClock(t *testing.T) {
	found := 0
	for _, r := range rows(t) {
		if !strings.HasPrefix(r.Module, "feed_") {
			continue
		}
		found++
		width := 0
		for _, p := range strings.Fields(r.Parameters) {
			if text, ok := strings.CutPrefix(p, "WIDTH="); ok {
				for _, digit := range text {
					width = 10*width + int(digit-'0')
				}
			}
		}
		luts := r.Cells.LUTs() - r.Cells.LUT[1]
		bits := width
		if r.Module == "feed_writer" {
			bits = 0
		}
		if r.Longest() > 2400 || luts < bits || luts > bits+300 || r.Cells.FF < width || r.Cells.FF > width+250 || r.Cells.DSP+r.Cells.BRAM18 > 0 {
			t.Errorf("%s %s: %+v", r.Module, r.Parameters, r)
		}
	}
	if found < 30 {
		t.Errorf("%d rows", found)
	}
}
