package stce

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/x448/float16"

	"satsim/arch/fp"
	"satsim/internal/nm"
)

// small is an array for examples worked by hand.
func small(rows, cols, mul, add, link int) Params {
	return Params{
		Rows: rows, Cols: cols, MulLatency: mul, AddLatency: add, MaxN: 4, MaxM: 8, MaxInterleave: 8, LinkWidth: link,
		Subnormals: fp.Flush,
	}
}

// The cycles below were written down by hand from the contract, not taken from a run.
func TestWorkedExamples(t *testing.T) {
	sparse := nm.Ratio{N: 2, M: 4}
	for _, e := range []struct {
		name   string
		p      Params
		t      Tile
		cycles int64
		counts TileCounts // the causes
	}{
		{
			// Multiplier 1, adder 2, three terms. The first element issues in cycles 0, 2 and 4: an addition needs the
			// sum of the one before, two cycles later. The last element, (1,1), is two later: 6, and its sum is readable in
			// 6+1+2 = 9. In column 0 the bottom element's sum is readable in 8 and leaves in 8, the top one's in 9; column
			// 1 is a cycle later, so the last one has left after cycle 10: 11 cycles.
			"os dense", small(2, 2, 1, 2, 1), Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Dense}, Rows: 2, Cols: 2, Taps: 1, Channels: 3},
			11, TileCounts{IssueCycles: 3, HazardCycles: 2, EmptyCycles: 4, DrainCycles: 2},
		}, {
			// The same with two outputs interleaved: twice the outputs, no hazards. Issue 0 to 5, the last element's last
			// slot is 7, readable in 10. Column 0 drains from 4+1+2+1 = 8 on, four values: 8 to 11; column 1 until 12.
			"os dense interleaved", small(2, 2, 1, 2, 1), Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 2, Ratio: nm.Dense}, Rows: 2, Cols: 4, Taps: 1, Channels: 3},
			13, TileCounts{IssueCycles: 6, EmptyCycles: 4, DrainCycles: 3},
		}, {
			// 2:4, two groups, two outputs interleaved, adder 3, two operands a cycle on the link. The first group is there
			// in cycle 1. A round is two slots and a hazard; four rounds from 1, 4, 7 and 10, without the last hazard: 1 to
			// 11. The sums of 10 and 11 are readable in 13 and 14 and leave in 13 and 14: 15 cycles.
			"os 2:4", small(1, 1, 0, 3, 2), Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 2, Ratio: sparse}, Rows: 1, Cols: 2, Taps: 1, Channels: 8},
			15, TileCounts{LinkCycles: 1, IssueCycles: 8, HazardCycles: 3, EmptyCycles: 2, DrainCycles: 1},
		}, {
			// Five channels at 2:4 are a group of four, of which two are kept, and a group of one: three rounds. The first
			// group comes in cycles 0 and 1, the second in 2. Slots in 1, 2 and 3; the sum is readable in 4 and leaves: 5.
			"os short group", small(1, 1, 0, 1, 2), Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: sparse}, Rows: 1, Cols: 1, Taps: 1, Channels: 5},
			5, TileCounts{LinkCycles: 1, IssueCycles: 3, DrainCycles: 1},
		}, {
			// A link of one operand a cycle cannot feed 1:4: a group takes four cycles and has one slot. Groups begin in 3,
			// 7 and 11; the sum is readable in 12 and leaves in 12: 13 cycles, 3 + 3 + 3 of them on the link.
			"os narrow link", small(1, 1, 0, 1, 1), Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Ratio{N: 1, M: 4}}, Rows: 1, Cols: 1, Taps: 1, Channels: 12},
			13, TileCounts{LinkCycles: 9, IssueCycles: 3, DrainCycles: 1},
		}, {
			// Two K folds of two rows, three output rows. Weights enter in 0 and 1; slots in 2, 3, 4. The first sum is
			// readable below row 1 in 2+2 = 4; from then on the next weights enter, 4 and 5, and the second fold issues in
			// 6, 7, 8. Its last sum, in column 1, is readable in 8+2+1 = 11.
			"ws dense", small(2, 2, 0, 1, 2), Tile{Config: Config{Mode: WS, Over: OverF, Interleave: 1, Ratio: nm.Dense}, Rows: 3, Cols: 2, Taps: 1, Channels: 4},
			11, TileCounts{IssueCycles: 6, PreloadCycles: 3, EmptyCycles: 2},
		}, {
			// 2:4 in one element, two output rows interleaved, adder 3. Eight operands come over the link in 0 to 3, the two
			// weights in 0 and 1. Slots in 3, 4, then a hazard, then 6, 7; the last sum is readable in 10.
			"ws 2:4 interleaved", small(1, 1, 0, 3, 2), Tile{Config: Config{Mode: WS, Over: OverT, Interleave: 2, Ratio: sparse}, Rows: 2, Cols: 1, Taps: 1, Channels: 4},
			10, TileCounts{LinkCycles: 3, IssueCycles: 4, HazardCycles: 1, EmptyCycles: 2},
		}, {
			// 2:4 in two rows, not interleaved, adder 3, wide link. Four weights enter in 0 to 3. An output row takes slots s
			// and s+3, and the next begins at s+4: 4, 7; 8, 11; 12, 15. The row below is one addition later than the second
			// slot, 3+3 = 6, so its last slot is 21 and its sum readable in 24.
			"ws 2:4", small(2, 1, 0, 3, 8), Tile{Config: Config{Mode: WS, Over: OverT, Interleave: 1, Ratio: sparse}, Rows: 3, Cols: 1, Taps: 1, Channels: 8},
			24, TileCounts{IssueCycles: 6, HazardCycles: 6, PreloadCycles: 4, EmptyCycles: 8},
		},
	} {
		res, err := e.p.Exact(e.t, blank(e.t))
		if err != nil {
			t.Fatal(err)
		}
		for what, got := range map[string]TileCost{"exact model": res.TileCost, "closed form": e.p.Tile(e.t)} {
			if got.Cycles != e.cycles || causesOf(got.Counts) != e.counts {
				t.Errorf("%s: %s takes %d cycles, %+v; by hand %d, %+v", e.name, what, got.Cycles, causesOf(got.Counts), e.cycles, e.counts)
			}
		}
	}
}

func causesOf(c TileCounts) TileCounts {
	return TileCounts{
		IssueCycles: c[IssueCycles], HazardCycles: c[HazardCycles], LinkCycles: c[LinkCycles], OrderCycles: c[OrderCycles],
		SumCycles: c[SumCycles], PreloadCycles: c[PreloadCycles], EmptyCycles: c[EmptyCycles], DrainCycles: c[DrainCycles],
	}
}

// The counts of a 2:4 tile of 2 x 3 outputs on a 2 x 2 array, OS over F, not interleaved: two column folds, of 2 and 1
// columns. 2 taps of 6 channels are, in each tap, a group of four and one of two; both keep two: 8 kept weights, 12 terms.
func TestCountedByHand(t *testing.T) {
	p := small(2, 2, 0, 1, 4)
	tile := Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Ratio{N: 2, M: 4}}, Rows: 2, Cols: 3, Taps: 2, Channels: 6, Resume: true, Spill: true}
	want := TileCounts{
		MACs: 48, UsefulMACs: 72, Multiplies: 48, Adds: 48, SelectorUses: 48, // 6 outputs, 8 kept, 12 terms
		WestWords:   16,                    // 4 groups, 2 rows, 2 column folds
		WestHops:    8*2 + 8,               // in a fold of two columns each word arrives twice
		GroupWrites: 2 * 12 * 3,            // rows x terms x columns
		NorthWords:  3 * 8, WeightHops: 48, // each weight passes two rows
		StartHops:   3 * (1 + 2), // to row 0 and to row 1
		DrainHops:   3 * (2 + 1), // from row 0 and from row 1
		OutputReads: 6, OutputFP32: 6,
	}
	res, err := p.Exact(tile, blank(tile))
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]TileCounts{"exact model": res.Counts, "closed form": p.Tile(tile).Counts} {
		got[IdlePECycles] = 0
		got = got.Add(causesOf(got).Scale(-1))
		if got != want {
			t.Errorf("%s: %+v; by hand %+v", what, got, want)
		}
	}
}

func halves(vs ...float32) []float16.Float16 {
	hs := make([]float16.Float16, len(vs))
	for i, v := range vs {
		hs[i] = float16.Fromfloat32(v)
	}
	return hs
}

// [1 2; 3 4] [5 6; 7 8] = [19 22; 43 50], and with the second weight of column 0 and the first of column 1 pruned, 1:2,
// [5 16; 15 32].
func TestSmallProducts(t *testing.T) {
	for _, mode := range []Mode{OS, WS} {
		p := small(2, 2, 1, 2, 1)
		tile := Tile{Config: Config{Mode: mode, Interleave: 1, Ratio: nm.Dense}, Rows: 2, Cols: 2, Taps: 1, Channels: 2}
		in := Operands{West: halves(1, 2, 3, 4), North: halves(5, 7, 6, 8)}
		results(t, p, tile, in, 19, 22, 43, 50)
		tile.Ratio = nm.Ratio{N: 1, M: 2}
		in.North, in.Index = halves(5, 8), []uint8{0, 1}
		results(t, p, tile, in, 5, 16, 15, 32)
	}
}

func results(t *testing.T, p Params, tile Tile, in Operands, want ...float32) {
	t.Helper()
	res, err := p.Exact(tile, in)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range halves(want...) {
		if res.Half[i] != h {
			t.Errorf("%v: output %d is %v, not %v", tile.Config, i, res.Half[i], h)
		}
	}
}

// Flushing: 2^-15 is subnormal in FP16, as operand and as result; 2^-127 is in FP32, as start value.
func TestSubnormals(t *testing.T) {
	tile := Tile{Config: Config{Mode: OS, Interleave: 1, Ratio: nm.Dense}, Rows: 1, Cols: 1, Taps: 1, Channels: 1}
	run := func(s fp.Subnormals, x, w float32, start *float32) (float16.Float16, float32) {
		p := small(1, 1, 0, 1, 1)
		p.Subnormals = s
		tile, in := tile, Operands{West: halves(x), North: halves(w)}
		if start != nil {
			in.Start, tile.Resume, tile.Spill = []float32{*start}, true, true
		}
		res, err := p.Exact(tile, in)
		if err != nil {
			t.Fatal(err)
		}
		if start != nil {
			return 0, res.Sums[0]
		}
		return res.Half[0], 0
	}
	tiny := float32(math.Ldexp(1, -127))
	for _, c := range []struct {
		s           fp.Subnormals
		x, w        float32
		half        uint16
		start, sums float32
	}{
		{fp.IEEE, 0x1p-15, 1, 0x0200, tiny, tiny},
		{fp.Flush, 0x1p-15, 1, 0x0000, tiny, 0},
		{fp.Flush, -0x1p-15, 1, 0x0000, tiny, 0}, // the operand is -0; -0 added to +0 is +0
		{fp.Flush, -0x1p-8, 0x1p-8, 0x8000, tiny, 0},
	} {
		if h, _ := run(c.s, c.x, c.w, nil); h != float16.Float16(c.half) {
			t.Errorf("%v: %g x %g is %04x, not %04x", c.s, c.x, c.w, h.Bits(), c.half)
		}
		if _, v := run(c.s, 0, 1, &c.start); v != c.sums {
			t.Errorf("%v: %g plus 0 x 1 is %g, not %g", c.s, c.start, v, c.sums)
		}
	}
}

// The drawing of doc.go for two columns of an OS fold, adder 2: a stall in every other slot without interleaving.
func TestTimeline(t *testing.T) {
	tile := Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 1, Ratio: nm.Dense}, Rows: 1, Cols: 2, Taps: 1, Channels: 2}
	tl, err := small(1, 2, 0, 2, 1).Trace(tile, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := tl.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"    0 issue   | 0,0:0   .",
		"    1 hazard  | -       0,1:0",
		"    2 issue   | 0,0:1   -",
		"    3 empty   | .       0,1:1",
		"    4 empty   | .       .",
		"    5 drain   | .       .",
		"",
	}, "\n")
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if left := tl.Cycles[5].Leave; len(left) != 1 || left[0] != (OutputPlace{0, 1}) {
		t.Errorf("in the last cycle %v leave, not output 0,1", left)
	}
	if _, err := small(1, 2, 0, 2, 1).Trace(tile, 11); err == nil || !strings.Contains(err.Error(), "12 element-cycles") {
		t.Errorf("a trace beyond its limit: %v", err)
	}
}

// The second timeline of the contract: a group's two words come in cycles 0 and 1, the next one's in 2 and 3, and the two outputs leave in 13 and 14.
func TestWhatATimelineSaysOfEdges(t *testing.T) {
	tl, err := small(1, 1, 0, 3, 2).Trace(Tile{Config: Config{Mode: OS, Over: OverF, Interleave: 2, Ratio: nm.Ratio{N: 2, M: 4}}, Rows: 1, Cols: 2, Taps: 1, Channels: 8}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for c, now := range tl.Cycles {
		if in, out := len(now.Enter), len(now.Leave); int64(in) != once(c < 4) || int64(out) != once(c == 13 || c == 14) {
			t.Errorf("cycle %d: %d words enter, %d outputs leave", c, in, out)
		}
	}
}
