package fpga

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/rtl/synthesis"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// parameters of a row of the table.
type parameters map[string]int

func parse(t *testing.T, text string) parameters {
	p := parameters{}
	for _, f := range strings.Fields(text) {
		name, value, _ := strings.Cut(f, "=")
		n, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		p[name] = n
	}
	return p
}

func (p parameters) subnormals() fp.Subnormals {
	if p["FLUSH"] == 0 {
		return fp.IEEE
	}
	return fp.Flush
}

// stages are the registers of an operator: an open one's last is its user's.
func (p parameters) stages() int { return p["LATENCY"] + p["OPEN"] }

func (p parameters) array() stce.Params {
	a := stce.Params{
		Rows: p["ROWS"], Cols: p["COLS"], MaxN: p["MAX_N"], MaxM: p["MAX_M"], MaxInterleave: p["MAX_I"], LinkWidth: p["LINK_W"],
		MulLatency: p["MUL_LATENCY"], AddLatency: p["ADD_LATENCY"], Subnormals: p.subnormals(), AddIn: stce.AdderLogic,
	}
	switch shadow, said := p["SHADOW"]; {
	case p["CHASE"] == 1:
		a.Preload = stce.PreloadChase
	case said && shadow == 0:
		a.Preload = stce.PreloadSerial
	}
	a.OverlapProducts = p["PRODUCTS"] == 1
	return a
}

func only(parts []Part, module string) (u ResourceUse) {
	for _, p := range parts {
		if p.Module == module {
			u = u.Plus(p.Use)
		}
	}
	return u
}

// estimates are what this package says of a module of the table.
var estimates = map[string]func(parameters) ResourceUse{
	"fp16_mul":     func(p parameters) ResourceUse { return kept(p.subnormals(), mul16, mul16IEEE).at(p["LATENCY"]) },
	"fp32_mul":     func(p parameters) ResourceUse { return kept(p.subnormals(), mul32, mul32IEEE).at(p["LATENCY"]) },
	"fp32_div":     func(p parameters) ResourceUse { return kept(p.subnormals(), div32, div32IEEE).at(p["LATENCY"]) },
	"fp32_sqrt":    func(p parameters) ResourceUse { return kept(p.subnormals(), sqrt32, sqrt32IEEE).at(p["LATENCY"]) },
	"fp32_to_fp16": func(p parameters) ResourceUse { return narrow.at(p["LATENCY"]) },
	"fp16_to_fp32": func(p parameters) ResourceUse { return widen.at(p["LATENCY"]) },
	"fp32_add":     func(p parameters) ResourceUse { return addsAlone.of(p.stages()).at(p["LATENCY"]) },
	"stce_ram": func(p parameters) ResourceUse {
		return storage(spec.StorageLUTRAM, 1, int64(p["DEPTH"]), int64(p["WIDTH"]))
	},
	moduleElement:   func(p parameters) ResourceUse { return Total(element(p.array(), spec.StorageLUTRAM)) },
	moduleRow:       func(p parameters) ResourceUse { return row(p.array()) },
	moduleColumn:    func(p parameters) ResourceUse { return column(p.array()) },
	moduleSequencer: func(p parameters) ResourceUse { return only(once(p.array()), moduleSequencer) },
	moduleRegisters: func(p parameters) ResourceUse { return only(once(p.array()), moduleRegisters) },
	moduleLoader:    func(p parameters) ResourceUse { return only(once(p.array()), moduleLoader) },
	moduleSorter: func(p parameters) ResourceUse {
		return sorterLane(sore.Params{MaxN: p["MAX_N"], MaxM: 1 << p["INDEX"]})
	},
	moduleSorterControl: func(p parameters) ResourceUse {
		return only(sorter(sore.Params{Lanes: 1, MaxN: p["MAX_N"], MaxM: 16}), moduleSorterControl)
	},
	moduleCounters: func(p parameters) ResourceUse { return only(once(p.array()), moduleCounters) },
	moduleSorterCounters: func(p parameters) ResourceUse {
		return sorterCounters(sore.Params{Lanes: p["LANES"], MaxN: 1<<p["N_BITS"] - 1})
	},
	moduleLaneWaves:    func(p parameters) ResourceUse { return updaterWaves(int64(p["LANES"]), int64(p["BITS"])) },
	moduleLaneCounters: func(p parameters) ResourceUse { return updaterCounters(int64(p["LANES"])) },
	moduleLane:         func(p parameters) ResourceUse { return Total(updaterLane(p.lane())) },
	moduleLaneControl:  func(p parameters) ResourceUse { return updaterControl(int64(p["LANES"]), int64(p["BITS"])) },
	modulePass:         func(p parameters) ResourceUse { return Total(p.passer().lane()) },
	modulePassScalar:   func(p parameters) ResourceUse { return p.passer().scalar() },
	modulePassControl:  func(p parameters) ResourceUse { return p.passer().control() },
	modulePassFront:    func(p parameters) ResourceUse { return p.passer().front() },
	modulePassShuffle:  func(p parameters) ResourceUse { return p.passer().shuffle() },
	modulePassCounters: func(p parameters) ResourceUse { return p.passer().counters() },
	moduleNorm:         func(p parameters) ResourceUse { return Total(p.normed().lane()) },
	moduleNormControl: func(p parameters) ResourceUse {
		return (&normed{lanes: int64(p["LANES"]), places: 1 << p["PLACE"], add: p["LATENCY"]}).control()
	},
	moduleNormCounters: func(p parameters) ResourceUse { return (&normed{lanes: int64(p["LANES"])}).counters() },
	feed.ReaderModule:  func(p parameters) ResourceUse { return reader(feed.Reads(p["WIDTH"], p["PARTS"], p["WORDS"])) },
	feed.WriterModule: func(p parameters) ResourceUse {
		return writer(feed.Writes(p["LANES"], p["WIDTH"]/p["LANES"], p["WORDS"]))
	},
}

func (p parameters) passer() *passer {
	bits := func(name string) Range { return exactly(int64(p[name])) }
	return &passer{
		lanes: p["LANES"], strip: max(p["STRIP"], 1<<p["PLACE"]), mul: p["MUL"], add: p["ADD"], divide: p["DIVIDE"], words: p["SPACE"],
		second: bits("BWORD"), last: bits("CWORD"), sums: bits("SWORD"), columns: p["CBITS"], sum: p["SBITS"], tables: p["TBITS"], subnormals: p.subnormals(),
	}
}

func (p parameters) normed() *normed {
	return &normed{places: int64(p["PLACES"]), front: p["FRONT"], mul: p["MUL"], add: p["ADD"], convert: p["CONVERT"], subnormals: p.subnormals()}
}

func (p parameters) lane() wuve.Params {
	optimisers := []word.Optimiser{word.SGD, word.Momentum, word.Adam, word.AdamW}
	return wuve.Params{
		Lanes: 1, Optimiser: optimisers[p["OPTIMISER"]], MulLatency: p["MUL"], AddLatency: p["ADD"], DivLatency: p["DIV"], SqrtLatency: p["SQRT"],
		ConvertLatency: p["CONVERT"], Subnormals: p.subnormals(),
	}
}

// The intervals hold what yosys makes of every module of the table, and are narrow: of computing LUTs the low end is no less than three quarters, and the high end no
// more than a tenth above, but for what is small or cut seldom.
func TestIntervalsHoldWhatSynthesisGives(t *testing.T) {
	text, err := os.ReadFile("../rtl/synthesis/testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := synthesis.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 60 {
		t.Fatalf("%d rows", len(rows))
	}
	for i := range rows {
		r := &rows[i]
		of := estimates[r.Module]
		if of == nil {
			t.Errorf("nothing is said of %s", r.Module)
			continue
		}
		u := of(parse(t, r.Parameters))
		for k, n := range map[Resource]int{LUT: r.Cells.LUTs() + r.Cells.Memory, LUTMemory: r.Cells.Memory, FF: r.Cells.FF, DSP: r.Cells.DSP, BRAM: (r.Cells.BRAM18 + 1) / 2, URAM: r.Cells.URAM} {
			if v := int64(n); v < u[k].Low || v > u[k].High {
				t.Errorf("%s %s: %d %s by synthesis, estimated at %v", r.Module, r.Parameters, n, k, u[k])
			}
		}
	}
}

// Registers of a row and of the loader follow from their widths, but for two at most that synthesis finds constant or doubles. So an array that is smaller or larger than those of the table is estimated by what it has.
func TestRegistersOfRowsFollowFromWidths(t *testing.T) {
	text, err := os.ReadFile("../rtl/synthesis/testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := synthesis.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range rows {
		r := &rows[i]
		if r.Module != moduleRow && r.Module != moduleLoader {
			continue
		}
		found++
		p := parse(t, r.Parameters).array()
		if r.Module == moduleLoader {
			ff := loaderRegisters(p, Range{1 << 20, 0}).Low // where no interval is
			if p.Preload == stce.PreloadChase {
				ff += max(bitsFor(int64(p.Rows)+1), 1)
			}
			if n := int64(r.Cells.FF); n != ff {
				t.Errorf("%s %s: %d flip-flops by synthesis, %d by its widths", r.Module, r.Parameters, n, ff)
			}
			continue
		}
		ff, delays := rowRegisters(p)
		if p.OverlapProducts {
			ff += addressBits + 2
		}
		if n := int64(r.Cells.FF); n < ff-rowConstants || n > ff+1 {
			t.Errorf("%s %s: %d flip-flops by synthesis, %d by its widths", r.Module, r.Parameters, n, ff)
		}
		if n := int64(r.Cells.Memory); n < delays-delayConstants || n > delays {
			t.Errorf("%s %s: %d LUTs as memory by synthesis, %d by its delays", r.Module, r.Parameters, n, delays)
		}
	}
	if found < 30 {
		t.Errorf("%d rows and loaders", found)
	}
}

// Of DSP slices an interval is no wider than the table: where its ends differ, some row of the module has as many as the low end, and some as many as the high end.
func TestSlicesAreThoseOfTheTable(t *testing.T) {
	text, err := os.ReadFile("../rtl/synthesis/testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := synthesis.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	low, high, wide := map[string]bool{}, map[string]bool{}, map[string]Range{}
	for i := range rows {
		r := &rows[i]
		u := estimates[r.Module](parse(t, r.Parameters))[DSP]
		if u.Low == u.High {
			continue
		}
		wide[r.Module] = u
		low[r.Module] = low[r.Module] || int64(r.Cells.DSP) == u.Low
		high[r.Module] = high[r.Module] || int64(r.Cells.DSP) == u.High
	}
	for module, u := range wide {
		if !low[module] || !high[module] {
			t.Errorf("%s: %v slices, of which an end is in no row", module, u)
		}
	}
	if _, ok := wide[moduleRow]; !ok {
		t.Error("a row's slices are not an interval, and this test holds nothing")
	}
}
