package energy

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/configtest"
)

func shipped(t testing.TB, name string) *Table {
	t.Helper()
	var out Table
	configtest.Read(t, "energy", name, &out)
	return &out
}

func tableOf(t testing.TB, file string) *Table {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out Table
	if err := config.Decode(config.Source{Name: file, Data: data}, "energy", &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b)) }

// Horowitz, ISSCC 2014, figure 1.1.9, digit for digit: FP16 multiply 1.1 pJ, FP32 add 0.9, FP32 multiply 3.7; 64 bits from 8, 32 and 1024 KB of SRAM 10,
// 20 and 100 pJ; from DRAM 1.3 to 2.6 nJ.
func TestHorowitz(t *testing.T) {
	m := NewPrices(shipped(t, "asic45-horowitz"), 200_000_000)
	for _, c := range []struct {
		action           string
		n                int64
		value, low, high float64
	}{
		{"stce.multiply", 1, 1.1e-12, 1.1e-12, 1.1e-12}, {"stce.add", 1, 0.9e-12, 0.9e-12, 0.9e-12}, {"wuve.multiply", 1, 3.7e-12, 3.7e-12, 3.7e-12},
		{"buffers.west_read", 64, 20e-12, 10e-12, 100e-12}, {"buffers.pass_write", 64, 20e-12, 10e-12, 100e-12}, {"dram.read", 64, 1.95e-9, 1.3e-9, 2.6e-9},
	} {
		got := m.Joules(named(t, c.action), c.n)
		if !near(got.Value, c.value) || !near(got.Low, c.low) || !near(got.High, c.high) {
			t.Errorf("%d of %s: %v, want %v (%v to %v)", c.n, c.action, got, c.value, c.low, c.high)
		}
	}
}

// The DRAM's entries that say "derived" follow from the currents in their sources, by Micron's TN-40-07: E = I V t, over the 16 devices x4 of a
// 64-bit channel of 16 GiB, and for the low ends the 8 devices x8 of one of 8 GiB. A clock is 1/1.2 GHz; a burst takes 4 of them. What drivers,
// termination and the register take of a bit, 6 pJ, is assumed.
func TestDRAMFromCurrents(t *testing.T) {
	m := NewPrices(shipped(t, "fpga16-ddr4"), 200_000_000)
	const (
		vdd, clock, bits                       = 1.2, 1 / 1.2e9, 512.
		idd0, idd2n, idd3n, idd4r, idd4w, idd5 = 43e-3, 34e-3, 38e-3, 110e-3, 103e-3, 250e-3 // x4, 16 of them
		idd3nOf8, idd4rOf8, idd4wOf8           = 43e-3, 135e-3, 123e-3                       // x8, 8 of them
		activateJ                              = (idd0*56 - idd3n*39 - idd2n*17) * clock * vdd * 16
		readJ, writeJ                          = (idd4r-idd3n)*vdd*4*clock*16/bits + 6e-12, (idd4w-idd3n)*vdd*4*clock*16/bits + 6e-12
		leastReadJ, leastWriteJ                = (idd4rOf8 - idd3nOf8) * vdd * 4 * clock * 8 / bits, (idd4wOf8 - idd3nOf8) * vdd * 4 * clock * 8 / bits
		refreshW, backgroundW                  = (idd5 - idd3n) * vdd * 350e-9 / 7.8e-6 * 16, idd2n * vdd * 8
	)
	close := func(what string, got, want float64) {
		if math.Abs(got-want) > 0.03*want {
			t.Errorf("%s: %v in the table, %v from the currents", what, got, want)
		}
	}
	close("activate", m.Price(named(t, "dram.activate")).Value*1000, activateJ)
	close("read", m.Price(named(t, "dram.read")).Value, readJ)
	close("write", m.Price(named(t, "dram.write")).Value, writeJ)
	close("read, low", m.Price(named(t, "dram.read")).Low, leastReadJ)
	close("write, low", m.Price(named(t, "dram.write")).Low, leastWriteJ)
	close("refresh", m.Price(named(t, "dram.refresh")).Value*200e6, refreshW)
	close("background, low", m.Price(named(t, "dram.background")).Low*200e6, backgroundW)
}

// The shipped tables price what every unit does, built by default or not.
func TestShippedTables(t *testing.T) {
	all := (&spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}).Registry()
	for _, name := range []string{"fpga16-ddr4", "fpga16-hbm2", "asic45-horowitz"} {
		tab := shipped(t, name)
		for _, e := range tab.Entries {
			if !strings.ContainsAny(e.Source, "0123456789") && !strings.HasPrefix(e.Source, "assumption") && !strings.HasPrefix(e.Source, "as ") && !strings.HasPrefix(e.Source, "derived") {
				t.Errorf("%s: %s has neither a source nor the word assumption: %q", name, e.Action, e.Source)
			}
		}
		if name != "asic45-horowitz" && len(tab.Entries) != len(List(&all)) {
			t.Errorf("%s prices %d actions of %d", name, len(tab.Entries), len(List(&all)))
		}
	}
}

func TestTableErrors(t *testing.T) {
	entry := "  - {action: stce.add, value: 2pJ, low: 1pJ, high: 3pJ, unit: operation, technology: t, source: s}\n"
	for text, want := range map[string]string{
		strings.Replace(entry, "stce.add", "stce.addd", 1):   "is no action",
		strings.Replace(entry, "operation", "word", 1):       `unit: "word" is not what stce.add counts; operation is accepted`,
		strings.Replace(entry, "2pJ", "2W", 1):               "an energy such as 1.2pJ",
		strings.Replace(entry, "low: 1pJ", "low: 2.5pJ", 1):  "low: 2.5pJ is more than the value",
		strings.Replace(entry, "high: 3pJ", "high: 1pJ", 1):  "high: 1pJ is less than the value",
		strings.Replace(entry, "source: s", "source: ''", 1): "source: is empty",
		strings.Replace(entry, ", source: s", "", 1):         "source",
		strings.Replace(entry, "2pJ", "2", 1):                "2",
		strings.Replace(entry, "unit:", "per: -2, unit:", 1): "entries[0].per: -2 is out of range; accepted: 1 or more",
		entry + entry: "entries[1].action: stce.add has an entry already",
		strings.Replace(strings.Replace(entry, "stce.add", "static.device", 1), "operation", "second", 1): "a power such as 3W",
	} {
		var tab Table
		err := config.Decode(config.Source{Name: "x.yaml", Data: []byte("kind: energy\nname: x\nentries:\n" + text)}, "energy", &tab)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// thousandths draws 0 to most thousandths: magnitudes that a table has, and none so small that doubling it rounds.
func thousandths(t *rapid.T, name string, most int) float64 {
	return float64(rapid.IntRange(0, most).Draw(t, name)) / 1000
}

func drawTable(t *rapid.T) *Table {
	tab := &Table{Name: "drawn"}
	for _, a := range List(&every) {
		if !rapid.Bool().Draw(t, "priced") {
			continue
		}
		e := Entry{Action: a, Unit: a.Of(), Group: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "group")}
		v := thousandths(t, "value", 1000)
		e.Value = Amount{v, e.Action.power()}
		e.Low = Amount{v * thousandths(t, "low", 1000), e.Action.power()}
		e.High = Amount{v + thousandths(t, "high", 2000), e.Action.power()}
		tab.Entries = append(tab.Entries, e)
	}
	return tab
}

func drawCounts(t *rapid.T, name string) *ActionCounts {
	var c ActionCounts
	for _, a := range List(&every) {
		c[a] = rapid.Int64Range(0, 1_000_000).Draw(t, name)
	}
	return &c
}

// Sums of parts, by unit and by part, are the whole; an interval's ends are in order.
func TestJoulesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewPrices(drawTable(t), 200_000_000)
		a, b := drawCounts(t, "a"), drawCounts(t, "b")
		both := *a
		both.Add(b)
		x, y, z := m.Total(a), m.Total(b), m.Total(&both)
		for _, p := range [][2]float64{{x.Value + y.Value, z.Value}, {x.Low + y.Low, z.Low}, {x.High + y.High, z.High}} {
			if !near(p[0], p[1]) {
				t.Fatalf("parts are %v J, the whole %v J", p[0], p[1])
			}
		}
		var units Interval
		for _, u := range m.ByUnit(&every, a) {
			units = units.plus(u.Interval)
		}
		if !near(units.Value, x.Value) {
			t.Fatalf("units are %v J, the whole %v J", units, x)
		}
		if x.Low > x.Value*(1+1e-12) || x.Value > x.High*(1+1e-12) {
			t.Fatalf("bounds out of order: %+v", x)
		}
		if m.Total(a) != x {
			t.Fatal("the same counts give other joules")
		}
	})
}

// Doubling an entry changes exactly its share: twice the joules of its action, every other action's to the bit.
func TestDoublingAnEntry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := drawTable(t)
		if len(tab.Entries) == 0 {
			return
		}
		c := drawCounts(t, "c")
		before := NewPrices(tab, 200_000_000)
		i := rapid.IntRange(0, len(tab.Entries)-1).Draw(t, "entry")
		twice := *tab
		twice.Entries = slices.Clone(tab.Entries)
		e := &twice.Entries[i]
		e.Value.Joules, e.Low.Joules, e.High.Joules = 2*e.Value.Joules, 2*e.Low.Joules, 2*e.High.Joules
		after := NewPrices(&twice, 200_000_000)
		for _, a := range List(&every) {
			want := before.Joules(a, c[a])
			if a == e.Action {
				want = want.Times(2)
			}
			if got := after.Joules(a, c[a]); got != want {
				t.Fatalf("%s: %v J, want %v J", a, got, want)
			}
		}
	})
}

// With no power and no idle energy, equal counts cost the same at any clock; with power, time costs in proportion.
func TestClockIndependence(t *testing.T) {
	tab := shipped(t, "fpga16-ddr4")
	var quiet Table
	for _, e := range tab.Entries {
		if !e.Action.power() && e.Action.Name() != "idle" {
			quiet.Entries = append(quiet.Entries, e)
		}
	}
	var c ActionCounts
	for i, a := range List(&every) {
		c[a] = int64(1000 + i)
	}
	if a, b := NewPrices(&quiet, 100_000_000).Total(&c), NewPrices(&quiet, 300_000_000).Total(&c); a != b {
		t.Errorf("%v at 100 MHz, %v at 300 MHz", a, b)
	}
	a, b := NewPrices(tab, 100_000_000), NewPrices(tab, 200_000_000)
	// 3 W for 1e8 cycles of 100 MHz are 3 J, of 200 MHz 1.5 J.
	if x, y := a.Joules(Static, 100_000_000).Value, b.Joules(Static, 100_000_000).Value; !near(x, 3) || !near(y, 1.5) {
		t.Errorf("3 W for a second are %v J, for half a second %v J", x, y)
	}
}

// By hand: two groups, x of multiplies (1 J, 0 to 3 J) and adds (1 J, 1 to 2 J), and static power alone (1 W, 1 to 2 W) at 1 Hz. Run a has 2 multiplies, 1 add
// and 4 seconds, run b 1 multiply, 1 add and 1 second:
//
//	x value, static value: (2+1+4)/(1+1+1) = 7/3    x low, static value: (0+1+4)/(0+1+1) = 5/2
//	x high, static value: (6+2+4)/(3+2+1) = 2       x high, static high: (6+2+8)/(3+2+2) = 16/7
//	x low, static high: (0+1+8)/(0+1+2) = 3         x value, static high: (2+1+8)/(1+1+2) = 11/4
//
// so the ratio is 7/3, between 2 and 3.
func TestRatioByHand(t *testing.T) {
	one := Amount{1, false}
	multiply, add := named(t, "stce.multiply"), named(t, "stce.add")
	tab := &Table{Entries: []Entry{
		{Action: multiply, Value: one, Low: Amount{0, false}, High: Amount{3, false}, Group: "x"},
		{Action: add, Value: one, Low: one, High: Amount{2, false}, Group: "x"},
		{Action: Static, Value: Amount{1, true}, Low: Amount{1, true}, High: Amount{2, true}},
	}}
	m := NewPrices(tab, 1)
	a, b := &ActionCounts{Static: 4}, &ActionCounts{Static: 1}
	a[multiply], a[add], b[multiply], b[add] = 2, 1, 1, 1
	r, ok := m.Ratio(a, b)
	if !ok || !near(r.Value, 7./3) || !near(r.Low, 2) || !near(r.High, 3) || r.Verdict() != Less {
		t.Errorf("ratio %+v, %s", r, r.Verdict())
	}
	// Alone: multiplies at 0: 5/2, at 3: 11/5; adds at 1: 7/3, at 2: 8/4; static at 1: 7/3, at 2: 11/4.
	s := m.Sensitivity(a, b)
	for i, want := range []Influence{{Static, "", 7. / 3, 11. / 4}, {add, "x", 7. / 3, 2}, {multiply, "x", 5. / 2, 11. / 5}} {
		if s[i].Action != want.Action || !near(s[i].Low, want.Low) || !near(s[i].High, want.High) {
			t.Errorf("place %d: %+v, want %+v", i, s[i], want)
		}
	}
	if _, ok := m.Ratio(a, &ActionCounts{}); ok {
		t.Error("a ratio to nothing")
	}
	if v := (Interval{1.1, 0.9, 1.3}).Verdict(); v != Undecided {
		t.Errorf("an interval with 1 in it is %s", v)
	}
	if v := (Interval{0.7, 0.6, 0.9}).Verdict(); v != More {
		t.Errorf("below 1: %s", v)
	}
}

// The bounds are those of every corner, tried one by one, and no point between the corners lies outside.
func TestRatioAgainstAllCorners(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := drawTable(t)
		for i := range tab.Entries { // few groups, so that all corners can be tried
			tab.Entries[i].Group = rapid.SampledFrom([]string{"p", "q", "r", "s"}).Draw(t, "g")
		}
		m := NewPrices(tab, 1000)
		a, b := drawCounts(t, "a"), drawCounts(t, "b")
		got, ok := m.Ratio(a, b)
		if !ok {
			return
		}
		groups := []string{"p", "q", "r", "s"}
		at := func(level func(g int, v, lo, hi float64) float64) float64 {
			var na, nb float64
			for _, e := range tab.Entries {
				p := m.Price(e.Action)
				x := level(slices.Index(groups, e.Group), p.Value, p.Low, p.High)
				na += x * float64(a[e.Action])
				nb += x * float64(b[e.Action])
			}
			return na / nb
		}
		low, high := math.Inf(1), math.Inf(-1)
		for corner := range 81 {
			pick := [4]int{corner % 3, corner / 3 % 3, corner / 9 % 3, corner / 27}
			r := at(func(g int, v, lo, hi float64) float64 { return [3]float64{v, lo, hi}[pick[g]] })
			if !math.IsNaN(r) && !math.IsInf(r, 0) {
				low, high = min(low, r), max(high, r)
			}
		}
		if math.Abs(got.Low-low) > 1e-9*low || math.Abs(got.High-high) > 1e-9*high {
			t.Fatalf("bounds %v to %v, corners %v to %v", got.Low, got.High, low, high)
		}
		var way [4]float64
		for g := range way {
			way[g] = rapid.Float64Range(-1, 1).Draw(t, "way")
		}
		inside := at(func(g int, v, lo, hi float64) float64 {
			if way[g] < 0 {
				return v + way[g]*(v-lo)
			}
			return v + way[g]*(hi-v)
		})
		if inside < low*(1-1e-9) || inside > high*(1+1e-9) {
			t.Fatalf("%v lies outside of %v to %v", inside, low, high)
		}
	})
}

// Two flip-flop clocks at 30 fJ, 5 cycles at 10 MHz of 3 W and one multiply of 12 pJ: 6e-14 + 1.5e-6 J go with time, and of the whole the clock's price is an
// assumption, the power's derived, the multiply's not stated.
func TestWhatGoesWithTimeAndWhatPricesRestOn(t *testing.T) {
	amount := func(j float64, power bool) Amount { return Amount{j, power} }
	entry := func(a Action, j float64, power bool, b Basis) Entry {
		return Entry{Action: a, Value: amount(j, power), Low: amount(j, power), High: amount(j, power), Unit: a.Of(), Technology: "t", Source: "s", Basis: b}
	}
	var multiply, static Action
	if err := multiply.UnmarshalText([]byte("stce.multiply")); err != nil {
		t.Fatal(err)
	}
	if err := static.UnmarshalText([]byte("static.device")); err != nil {
		t.Fatal(err)
	}
	m := NewPrices(&Table{Name: "t", Entries: []Entry{
		entry(FlipFlopClock, 30e-15, false, Assumed), entry(static, 3, true, Derived), entry(multiply, 12e-12, false, Unstated),
	}}, 10_000_000)
	var c ActionCounts
	c[FlipFlopClock], c[static], c[multiply] = 2, 5, 1
	if got, want := m.Standing(&c).Value, 1.5e-6+6e-14; math.Abs(got-want) > 1e-18 {
		t.Errorf("with time alone %g J, want %g", got, want)
	}
	want := map[Basis]float64{Derived: 1.5e-6, Assumed: 6e-14, Unstated: 12e-12}
	got := m.ByBasis(&c)
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for _, b := range got {
		if math.Abs(b.Value-want[b.Basis]) > 1e-18 {
			t.Errorf("%q: %g J, want %g", b.Basis, b.Value, want[b.Basis])
		}
	}
}

// A table that names a memory prices no other; one that names none prices any.
func TestATablePricesTheMemoryItNames(t *testing.T) {
	table := Table{Name: "t"}
	if err := table.Prices("hbm2-1800"); err != nil {
		t.Errorf("no memory is named: %v", err)
	}
	table.Memory = []string{"ddr4-2400"}
	if err := table.Prices("hbm2-1800"); err == nil || !strings.Contains(err.Error(), "prices ddr4-2400") {
		t.Errorf("another memory: %v", err)
	}
	if err := table.Prices("ddr4-2400"); err != nil {
		t.Error(err)
	}
}
