package fpga

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/configtest"
	"satsim/internal/quantity"
)

// design is the default accelerator on a board that has everything.
func design() spec.Spec {
	return spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
}

// Shapes of UG573, and a few sums by hand.
func TestMemoryShapes(t *testing.T) {
	for _, c := range []struct{ words, bits, blocks, ultras int64 }{
		{512, 72, 1, 1}, {1024, 36, 1, 1}, {2048, 18, 1, 1}, {4096, 9, 1, 1}, {32768, 1, 1, 8},
		{4096, 72, 8, 1},  // 8 of 512x72 (or of 4Kx9)
		{2048, 32, 2, 1},  // two of 2Kx18
		{2049, 32, 3, 1},  // 1Kx36 three times; 2Kx18 would be 2x2
		{513, 73, 3, 2},   // 1Kx36 three times; 512x72 would be 2x2
		{8192, 64, 16, 2}, // 16 of 512x72, of 1Kx36 (8x2), of 2Kx18 (4x4), of 4Kx9 (2x8) or of 8Kx4
	} {
		if got := Blocks(c.words, c.bits); got != c.blocks {
			t.Errorf("%dx%d takes %d block RAMs, want %d", c.words, c.bits, got, c.blocks)
		}
		if got := Ultras(c.words, c.bits); got != c.ultras {
			t.Errorf("%dx%d takes %d UltraRAMs, want %d", c.words, c.bits, got, c.ultras)
		}
	}
}

// UG574: a 4:1 multiplexer is a LUT, 8:1 two, 16:1 four, 32:1 eight; 8 LUTs are a RAM of 32x14 or 64x7.
func TestLogicPrimitives(t *testing.T) {
	for n, want := range map[int64]int64{1: 0, 2: 1, 4: 1, 5: 2, 8: 2, 16: 4, 32: 8, 64: 17} {
		if got := multiplexer(n); got != want {
			t.Errorf("%d:1 takes %d LUTs, want %d", n, got, want)
		}
	}
	for _, c := range [][3]int64{{32, 14, 8}, {32, 15, 16}, {33, 7, 8}, {64, 7, 8}, {64, 8, 16}, {65, 7, 16}, {128, 20, 48}} {
		if got := lutRAM(c[0], c[1]); got != c[2] {
			t.Errorf("a RAM of %dx%d takes %d LUTs, want %d", c[0], c[1], got, c[2])
		}
	}
}

// The storage of a group by hand, 8 words of 16 bits in two banks of 4:
//
//	ff      128 FF; 8:1 is 2 LUTs a bit: 32; high: an enable for each word, two a LUT
//	srl     32 LUTs as memory; 2:1 on 16 bits: 16 more
//	lutram  two banks of 4x16: 16 LUTs each (14 bits and 2); 2:1 on 16 bits: 16 more
func TestStorageByHand(t *testing.T) {
	for kind, want := range map[spec.GroupStorage]ResourceUse{
		spec.StorageFF:     {LUT: {32, 36}, FF: {128, 128}},
		spec.StorageSRL:    {LUT: {48, 48}, LUTMemory: {32, 32}},
		spec.StorageLUTRAM: {LUT: {48, 48}, LUTMemory: {32, 32}},
	} {
		if got := storage(kind, 2, 4, 16); got != want {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
	deep := storage(spec.StorageSRL, 1, 256, 16) // 8 shift registers of 32 a bit, joined by F7 to F9
	if deep[LUT].Low != 128 || deep[LUTMemory].Low != 128 {
		t.Errorf("256x16 in shift registers: %v, want 128 LUTs, all memory", deep)
	}
}

// One processing element of the default array by hand: I = 8, N = 8, M = 16, w = 4, latencies 4 and 8, its adder in DSP slices.
//
//	              LUT low, high              as memory  FF low, high                         DSP
//	multiplier    57, 62                     0          4x28 - 3x22, 4x37                    1
//	adder         published: 200, 390        0          8x25, 8x51                           2
//	groups        4 banks of 64 words of 16: 4x24, and 4:1 on 16 bits: 112; 96 memory, 0 FF
//	weights       128 words of 20: 3x8 LUTs twice, and 2:1 on 20 bits: 68, high: 2 that say which is written; 48 memory, 0 FF
//	accumulators  three of 8x32: 24 LUTs each: 72; 72 memory, 0 FF
//	links         158 + 1, 192 + 14          1, 14      4x6 + 6+3+7+6 + 2+6 + 1+3 + 1+5+64 + 20 + 64 + 2 = 214
//
// At the low end 0.81645 of what computes.
func TestProcessingElementByHand(t *testing.T) {
	s := design()
	s.STCE.MulLatency, s.STCE.AddLatency = 4, 8
	u := Total(element(s.STCE, s.FPGA.GroupStorage))
	want := ResourceUse{
		LUT:       {57*81645/100000 + 200 + 112 + 68 + 72 + 158*81645/100000 + 1, 62 + 390 + 112 + 70 + 72 + 192 + 14},
		LUTMemory: {96 + 48 + 72 + 1, 96 + 48 + 72 + 14},
		FF:        {46 + 200 + 214, 148 + 408 + 214},
		DSP:       {3, 3},
	}
	if u != want {
		t.Errorf("%v, want %v", u, want)
	}
	if all := Total(array(s.STCE, s.FPGA.GroupStorage)); all[DSP].Low-Total(edges(s.STCE))[DSP].Low != 1024*3 {
		t.Errorf("%v DSPs for 1024 elements", all[DSP])
	}
}

// The interval of the adder in DSP slices holds what its source states (package doc), with its latency: 4 stages of 51 flip-flops are 204.
func TestTheAdderInDSPSlicesHoldsPublishedFigures(t *testing.T) {
	u := add32.at(4)
	within := func(r Resource, v int64) bool { return u[r].Low <= v && v <= u[r].High+1 }
	if !within(LUT, 390) || !within(FF, 205) || !within(DSP, 2) {
		t.Errorf("%v does not hold 390 LUT, 205 FF, 2 DSP", u)
	}
}

// The reader and the writer of 32 sorters for 8 of 16 by hand: 17 bits a lane wait four deep in 39 blocks of 14 bits, 8 LUTs each, which are memory. Beside a LUT a bit, 92 + 32 + 3 x 5 at least
// and 94 + 32 + 4 x 5 at most; and four of one input a bit of 16 + 32 + 5 that are counted. Flip-flops: those bits, 5 more of a row's words, and 15 to 17. The writer: 20 bits and a flag a lane, three
// addresses, rows, and twice 4 bits of words.
func TestFeedersByHand(t *testing.T) {
	s := design()
	want := map[string]ResourceUse{
		"feeder":          {LUT: {(544+139)*81645/100000 + 312, 544 + 146 + 212 + 312}, LUTMemory: {312, 312}, FF: {544 + 58 + 15, 544 + 58 + 17}},
		"drains, 32 x 20": {LUT: {95 * 81645 / 100000, 162 + 5}, FF: {640 + 32 + 48 + 32 + 8, 640 + 32 + 48 + 32 + 8}},
	}
	for _, p := range feeders("sore", s.SORE.Ports()) {
		if p.Count != 1 || p.Use != want[p.Name] {
			t.Errorf("%d of %s take %v, want %v", p.Count, p.Name, p.Use, want[p.Name])
		}
		delete(want, p.Name)
	}
	if len(want) > 0 {
		t.Errorf("%v are missing", want)
	}
}

// Lanes of WUVE that have no second state word need neither its 32 bits of a word that is read nor its writer: a tool may leave both out, but is not said to. Without SORE nothing feeds it.
func TestWhatNobodyReadsMayBeLeftOut(t *testing.T) {
	whole := feeders("wuve", wuve.Params{Lanes: 4, Optimiser: word.AdamW}.Ports())
	less := feeders("wuve", wuve.Params{Lanes: 4, Optimiser: word.Momentum}.Ports())
	for i := range whole {
		a, b := whole[i].Use[FF], less[i].Use[FF]
		saved := map[string]int64{"feeder": 4 * 32, "drains, 4 x 32": 4*32 + 4 + 48 + 32 + 4}[whole[i].Name]
		if a.High != b.High || a.Low-b.Low != saved {
			t.Errorf("%s: %v flip-flops, with momentum %v", whole[i].Name, a, b)
		}
	}
	s := design()
	z := Size{Rows: 8, Cols: 8}
	dense := z.Spec(s)
	count := map[string]int{}
	for _, p := range Estimate(&dense) {
		if p.Feeds != (feed.Port{}) {
			count[p.Unit]++
		}
	}
	if count["sore"] != 0 || count["wuve"] != 3 || count["vector"] != 4 {
		t.Errorf("the dense-only machine has %v", count)
	}
}

func drawSpec(t *rapid.T) spec.Spec {
	s := design()
	draw := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	s.STCE.Rows, s.STCE.Cols = draw("rows", 1, 40), draw("cols", 1, 40)
	s.STCE.MaxM = draw("max_m", 1, 32)
	s.STCE.MaxN = draw("max_n", 1, s.STCE.MaxM)
	s.STCE.MaxInterleave = draw("max_interleave", 1, 16)
	s.STCE.MulLatency, s.STCE.AddLatency = draw("mul_latency", 0, 8), draw("add_latency", 1, 12)
	s.STCE.LinkWidth = draw("link_width", 1, 16)
	s.SORE.MaxM, s.SORE.MaxN = s.STCE.MaxM, s.STCE.MaxN
	s.STCE.AddIn = rapid.SampledFrom([]stce.Adder{stce.AdderDSP, stce.AdderLogic}).Draw(t, "add_in")
	s.STCE.Subnormals = rapid.SampledFrom([]fp.Subnormals{fp.IEEE, fp.Flush}).Draw(t, "subnormals")
	s.FPGA.GroupStorage = rapid.SampledFrom([]spec.GroupStorage{spec.StorageFF, spec.StorageSRL, spec.StorageLUTRAM}).Draw(t, "storage")
	s.Buffers.West.Banks = draw("banks", 1, 64)
	s.Vector.Lanes, s.WUVE.Lanes = draw("vector lanes", 1, 64), draw("wuve lanes", 1, 64)
	return s
}

func TestIntervalsAreOrderedAndAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		parts := Estimate(&s)
		var sum ResourceUse
		for _, p := range parts {
			for r, v := range p.Use {
				if v.Low < 0 || v.Low > v.High {
					t.Fatalf("%s, %s: %s is %v", p.Unit, p.Name, Resource(r), v)
				}
			}
			if p.Use[LUTMemory].Low > p.Use[LUT].Low || p.Use[LUTMemory].High > p.Use[LUT].High {
				t.Fatalf("%s, %s: more LUTs are memory than there are: %v", p.Unit, p.Name, p.Use)
			}
		}
		for _, u := range Units(parts) {
			sum = sum.Plus(u.Use)
		}
		if sum != Total(parts) {
			t.Fatalf("units add up to %v, parts to %v", sum, Total(parts))
		}
	})
}

// Nothing gets cheaper when a maximum grows, at either end.
func TestLargerMaximaNeverTakeLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		before := Total(Estimate(&s))
		grow := map[string]func(){
			"rows": func() { s.STCE.Rows++ }, "cols": func() { s.STCE.Cols++ },
			"max_m": func() { s.STCE.MaxM++; s.SORE.MaxM++ }, "max_interleave": func() { s.STCE.MaxInterleave++ },
			"mul_latency": func() { s.STCE.MulLatency++ }, "vector.lanes": func() { s.Vector.Lanes++ },
			"wuve.lanes": func() { s.WUVE.Lanes++ }, "sore.lanes": func() { s.SORE.Lanes++ },
			"west.capacity": func() { s.Buffers.West.Capacity *= 2 }, "channels": func() { s.Board.Memory.Channels++ },
			"queue_depth": func() { s.Controller.QueueDepth++ },
		}
		if s.STCE.MaxN < s.STCE.MaxM {
			grow["max_n"] = func() { s.STCE.MaxN++; s.SORE.MaxN++ }
		}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(grow))).Draw(t, "grown")
		grow[name]()
		after := Total(Estimate(&s))
		for r := range after {
			if after[r].Low < before[r].Low || after[r].High < before[r].High {
				t.Fatalf("a larger %s takes less %s: %v, before %v", name, Resource(r), after[r], before[r])
			}
		}
	})
}

// boardOf is a board with so much for what is taken at the high end.
func boardOf(u *ResourceUse, of func(int64) int64) spec.Device {
	return spec.Device{
		LUTs: of(u[LUT].High), LUTMemory: of(u[LUTMemory].High), FlipFlops: of(u[FF].High), DSPs: of(u[DSP].High), BlockRAMs: of(u[BRAM].High), UltraRAMs: of(u[URAM].High),
	}
}

// What fits by its limit, but lies beyond the vendor's guideline, is noted.
func TestReviews(t *testing.T) {
	s := design()
	u := Total(Estimate(&s))
	s.Board.Device = boardOf(&u, func(n int64) int64 { return 3 * n })
	note := "lut_memory beyond 25 %: the vendor's guideline asks for a review of such a design" // a third is
	if r := Assess(&s); r.Fit != Fits || !strings.Contains(strings.Join(r.Notes, "\n"), note) || strings.Contains(strings.Join(r.Notes, "\n"), "ff beyond") {
		t.Errorf("%s, %v", r.Fit, r.Notes)
	}
}

func TestVerdicts(t *testing.T) {
	s := design()
	if r := Assess(&s); r.Fit != Unknown || !strings.Contains(strings.Join(r.Notes, "\n"), "no device") {
		t.Errorf("a board without device: %s, %v", r.Fit, r.Notes)
	}
	u := Total(Estimate(&s))
	// Fits up to 80 % of everything: a board of a quarter more than is taken, and rounded up, is just enough.
	enough := func(n int64) int64 { return (n*5 + 3) / 4 }
	s.Board.Device = boardOf(&u, enough)
	if r := Assess(&s); r.Fit != Fits {
		t.Errorf("a quarter more than the high end: %s, want fits: %+v", r.Fit, r.Lines)
	}
	s.Board.Device.LUTs = enough(u[LUT].High) - 2
	if r := Assess(&s); r.Fit != Undecided || r.Lines[LUT].Fit != Undecided || r.Lines[DSP].Fit != Fits {
		t.Errorf("two LUTs less: %s, want undecided", r.Fit)
	}
	s.Board.Device.UltraRAMs = enough(u[URAM].Low) - 2
	if r := Assess(&s); r.Fit != TooLarge || r.Lines[URAM].Fit != TooLarge || r.Lines[URAM].Limit >= u[URAM].Low {
		t.Errorf("two UltraRAMs less than what the low end needs: %s, want does not fit", r.Fit)
	}
	s.Board.Device.Dies = 3
	if r := Assess(&s); !strings.Contains(strings.Join(r.Notes, "\n"), "across them is not assessed") {
		t.Errorf("several dies go without a note: %v", r.Notes)
	}
}

// Elements divide by a link's width, unless that is a power of two.
func TestALinkThatDividesHasANote(t *testing.T) {
	for width, notes := range map[int]int{1: 0, 2: 0, 3: 1, 4: 0, 6: 1, 8: 0} {
		s := design()
		s.STCE.LinkWidth = width
		if got := strings.Join(Assess(&s).Notes, "\n"); strings.Count(got, "stce.link_width") != notes {
			t.Errorf("a link of %d: %s", width, got)
		}
	}
}

// A board that has just what two rows fewer take at the high end of the estimates has room for so many and no more; one without the UltraRAMs that
// the buffers take has room for none, however few; of one that is not known nothing is said.
func TestMostRowsThatFit(t *testing.T) {
	s := design()
	if n := MostRows(&s); n != 0 {
		t.Errorf("%d rows fit a board without a device", n)
	}
	less := s
	less.STCE.Rows -= 2
	u := Total(Estimate(&less))
	s.Board.Device = boardOf(&u, func(n int64) int64 { return (n*5 + 3) / 4 })
	if n := MostRows(&s); n != less.STCE.Rows || n < 1 {
		t.Errorf("%d rows fit, want %d", n, less.STCE.Rows)
	}
	s.Board.Device.UltraRAMs = 0
	if n := MostRows(&s); n != 0 || u[URAM].High == 0 {
		t.Errorf("%d rows fit a board without UltraRAMs; the buffers take %d", n, u[URAM].High)
	}
}

// By hand: an FP32 adder of 14 to 22 ns in 4 stages runs at most at 285 MHz, at 181 MHz for certain.
func TestClockAgainstLatency(t *testing.T) {
	s := design()
	s.STCE.AddLatency, s.WUVE.AddLatency = 4, 12
	at := func(mhz quantity.Frequency) string {
		s.Clock = mhz * 1_000_000
		return strings.Join(Clock(&s), "\n")
	}
	if got := at(180); got != "" {
		t.Errorf("180 MHz: %s", got)
	}
	if got := at(200); !strings.Contains(got, "may be beyond an FP32 add of latency 4 (stce.add_latency)") {
		t.Errorf("200 MHz: %q", got)
	}
	if got := at(286); !strings.Contains(got, "is beyond an FP32 add of latency 4 (stce.add_latency)") {
		t.Errorf("286 MHz: %q", got)
	}
}

func TestShippedBoards(t *testing.T) {
	boards := configtest.Names(t, "board")
	if len(boards) < 4 {
		t.Fatalf("%d boards", len(boards))
	}
	for _, f := range boards {
		b := spec.BoardFile{Board: spec.DefaultBoard()}
		configtest.Read(t, "board", f, &b)
		d := b.Device
		// UltraScale+: two flip-flops a LUT in every part.
		if !d.Known() || d.FlipFlops != 2*d.LUTs || d.Part == "" || d.Dies < 1 {
			t.Errorf("%s: %+v", f, d)
		}
		if b.Memory.PortBandwidth() > b.Memory.PeakBandwidth() {
			t.Errorf("%s: a port of %v in front of %v", f, b.Memory.PortBandwidth(), b.Memory.PeakBandwidth())
		}
	}
}

// An adder in logic takes no DSP slices, and LUTs instead; cycles and bits are of other parameters, so closed form and exact model never ask (package stce).
func TestAddersInLogicTakeNoDSP(t *testing.T) {
	s := design()
	dsp := Total(array(s.STCE, s.FPGA.GroupStorage))
	s.STCE.AddIn = stce.AdderLogic
	logic := Total(array(s.STCE, s.FPGA.GroupStorage))
	if saved := dsp[DSP].Low - logic[DSP].Low; saved != 2*1024 { // two slices an adder
		t.Errorf("%d DSP slices saved, want 2048", saved)
	}
	if logic[LUT].Low <= dsp[LUT].Low || logic[LUT].High <= dsp[LUT].High {
		t.Errorf("adders in logic take %v LUTs, in DSP slices %v", logic[LUT], dsp[LUT])
	}
}
