package collect

import (
	"bytes"
	"encoding/csv"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/results/record"
)

func action(t *testing.T, name string) (a energy.Action) {
	t.Helper()
	if err := a.UnmarshalText([]byte(name)); err != nil {
		t.Fatal(err)
	}
	return a
}

// priced is a design of 1000 flip-flops whose table knows two actions: a multiplication is 2 pJ (1 to 4), the clock 0.01 pJ a flip-flop and cycle.
func priced(t *testing.T) *Pricing {
	pj := func(v float64) energy.Amount { return energy.Amount{Joules: v * 1e-12} }
	table := &energy.Table{Name: "two", Entries: []energy.Entry{
		{Action: action(t, "stce.multiply"), Value: pj(2), Low: pj(1), High: pj(4)},
		{Action: energy.FlipFlopClock, Value: pj(0.01), Low: pj(0.01), High: pj(0.01)},
	}}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	return &Pricing{Table: table, Model: energy.NewPrices(table, 200_000_000), Units: s.Units(), FlipFlops: 1000}
}

// work is a run of half a second with two layers: conv in FF, 10 cycles and multiplications as given, fc in WU, 30 cycles and 50 multiplications;
// and 7 additions, which the table does not price.
func work(t *testing.T, multiplications int64) *record.Run {
	run := &record.Run{
		Total:  record.Figures{Cycles: 40, TimeS: 0.5, DenseMACs: 3e9, PerformedMACs: 1e9},
		Stages: []record.Stage{{Stage: "FF"}, {Stage: "BP"}, {Stage: "WU"}},
	}
	for _, l := range []struct {
		layer, stage  string
		cycles, times int64
	}{{"conv", "FF", 10, multiplications}, {"fc", "WU", 30, 50}} {
		var did energy.ActionCounts
		did[action(t, "stce.multiply")] = l.times
		did[action(t, "stce.add")] = 7
		run.Layers = append(run.Layers, record.Layer{Layer: l.layer, Stage: l.stage, Figures: record.Figures{Cycles: l.cycles}, Actions: did[:]})
	}
	return run
}

func nearly(a, b record.Interval) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-12*math.Abs(y) }
	return near(a.Value, b.Value) && near(a.Low, b.Low) && near(a.High, b.High)
}

// By hand, in pJ:
//
//	conv   100 multiplications  200 (100 to 400)   10 cycles x 1000 flip-flops  100    300 (200 to 500)
//	fc      50                  100 ( 50 to 200)   30                           300    400 (350 to 500)
//	step                                                                               700 (550 to 1000)
//
// The step takes half a second: 1400 pW, 350 pJ s. It does 6 G operations of the dense network, 2 G of its own, and 4 images.
func TestPricesByHand(t *testing.T) {
	run := work(t, 100)
	if err := priced(t).Energy(run, 4); err != nil {
		t.Fatal(err)
	}
	e := run.Energy
	for _, c := range []struct {
		what      string
		got, want record.Interval
	}{
		{"conv", run.Layers[0].Energy.Joules, record.Interval{Value: 300e-12, Low: 200e-12, High: 500e-12}},
		{"fc", run.Layers[1].Energy.Joules, record.Interval{Value: 400e-12, Low: 350e-12, High: 500e-12}},
		{"FF", run.Stages[0].Energy.Joules, record.Interval{Value: 300e-12, Low: 200e-12, High: 500e-12}},
		{"BP", run.Stages[1].Energy.Joules, record.Interval{}},
		{"WU", run.Stages[2].Energy.Joules, record.Interval{Value: 400e-12, Low: 350e-12, High: 500e-12}},
		{"the step", e.Joules, record.Interval{Value: 700e-12, Low: 550e-12, High: 1000e-12}},
		{"power", e.PowerW, record.Interval{Value: 1400e-12, Low: 1100e-12, High: 2000e-12}},
		{"images", e.ImagesPerJ, record.Interval{Value: 4 / 700e-12, Low: 4 / 1000e-12, High: 4 / 550e-12}},
		{"dense-equivalent work", e.DenseGFLOPSPerW, record.Interval{Value: 6 / 700e-12, Low: 6 / 1000e-12, High: 6 / 550e-12}},
		{"own work", e.EffectiveGFLOPSPerW, record.Interval{Value: 2 / 700e-12, Low: 2 / 1000e-12, High: 2 / 550e-12}},
		{"energy-delay", e.EDP, record.Interval{Value: 350e-12, Low: 275e-12, High: 500e-12}},
	} {
		if !nearly(c.got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.what, c.got, c.want)
		}
	}
	var by []string
	for _, u := range e.Units {
		if u.Joules.Value > 0 {
			by = append(by, u.Unit)
		}
	}
	if want := []string{"stce", "clock"}; !reflect.DeepEqual(by, want) || !nearly(e.Units[0].Joules, record.Interval{Value: 300e-12, Low: 150e-12, High: 600e-12}) {
		t.Errorf("joules of %v: %+v", by, e.Units)
	}
	counts := map[string]int64{}
	for _, a := range e.Actions {
		counts[a.Action] = a.Count
	}
	if want := (map[string]int64{"stce.multiply": 150, "stce.add": 14, "clock.flip_flop": 40_000}); !reflect.DeepEqual(counts, want) {
		t.Errorf("actions %v, want %v", counts, want)
	}
	if e.Table != "two" || e.FlipFlops != 1000 || !reflect.DeepEqual(e.Missing, []string{"stce.add"}) {
		t.Errorf("table %s, %d flip-flops, without entry %v", e.Table, e.FlipFlops, e.Missing)
	}
}

// Against a baseline of 450 multiplications in all: 900 + 400 pJ over 700 pJ, both at once with a multiplication at 1 and at 4 pJ. It takes
// twice the time.
func TestComparisonByHand(t *testing.T) {
	p := priced(t)
	base, own := work(t, 400), work(t, 100)
	base.Total.TimeS = 1
	for _, r := range []*record.Run{base, own} {
		if err := p.Energy(r, 4); err != nil {
			t.Fatal(err)
		}
	}
	c, err := p.Compare(base, own)
	if err != nil {
		t.Fatal(err)
	}
	low, value, high := 850.0/550, 1300.0/700, 2200.0/1000
	if !nearly(c.Ratio, record.Interval{Value: value, Low: low, High: high}) || c.Verdict != "less" {
		t.Errorf("%+v, %s", c.Ratio, c.Verdict)
	}
	if !nearly(c.EDPRatio, record.Interval{Value: 2 * value, Low: 2 * low, High: 2 * high}) || c.EDPVerdict != "less" {
		t.Errorf("energy-delay %+v, %s", c.EDPRatio, c.EDPVerdict)
	}
	if s := c.Sensitivity; len(s) != 1 || s[0].Action != "stce.multiply" || math.Abs(s[0].Low-low) > 1e-12 || math.Abs(s[0].High-high) > 1e-12 {
		t.Errorf("sensitivity %+v", s)
	}
	back, err := p.Compare(own, base)
	if err != nil || back.Verdict != "more" || back.EDPVerdict != "more" {
		t.Errorf("the other way round: %+v, %v", back, err)
	}
	own.Energy.Actions[0].Action = "stce.dance"
	if _, err := p.Compare(base, own); err == nil || !strings.Contains(err.Error(), "reading the actions of a record") {
		t.Errorf("an unknown action: %v", err)
	}
	free := &record.Run{Total: record.Figures{TimeS: 1}, Energy: &record.RunEnergy{}}
	if c, err := p.Compare(base, free); c != nil || err != nil {
		t.Errorf("a run that costs nothing: %+v, %v", c, err)
	}
}

// More flip-flop clocks than 63 bits hold are an error. 2^63 - 1 of them are not.
func TestClocksThatCannotBeCounted(t *testing.T) {
	p := priced(t)
	run := work(t, 1)
	run.Layers = run.Layers[1:]
	run.Layers[0].Cycles, p.FlipFlops = 7, math.MaxInt64/7
	if err := p.Energy(run, 4); err != nil {
		t.Error(err)
	}
	p.FlipFlops++
	if err := p.Energy(run, 4); err == nil || !strings.Contains(err.Error(), "counting the clock of fc WU") {
		t.Errorf("%v", err)
	}
}

// The per-layer table has a column of joules for every unit of the default machine, and for what is no unit, in the order in which they are summed (one that it has not, such as
// the normaliser, has a column where a record has it). Of a machine without a unit, SORE here, its cell is empty. Cells by hand, see work: 100 multiplications at 2 pJ, 10 cycles of 1000 flip-flops at 0.01 pJ.
func TestThePerLayerTableHasTheJoulesOfEveryUnit(t *testing.T) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	built := s.Units()
	var want []string
	for _, a := range energy.List(&built) {
		if c := "energy_" + a.Unit() + "_j"; !slices.Contains(want, c) {
			want = append(want, c)
		}
	}
	p, run := priced(t), work(t, 100)
	p.Units[word.SORE] = nil
	if err := p.Energy(run, 1); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := (&record.Record{Runs: []record.Run{*run}}).WriteLayers(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	var got []string
	for i, c := range lines[0] {
		if strings.HasPrefix(c, "energy_") && c != "energy_j" && c != "energy_low_j" && c != "energy_high_j" {
			got = append(got, c)
		}
		cells[c] = lines[1][i]
	}
	if !slices.Equal(got, want) {
		t.Errorf("columns %v, want %v", got, want)
	}
	for c, want := range map[string]string{"energy_stce_j": "2e-10", "energy_clock_j": "1e-10", "energy_sore_j": "", "energy_dram_j": "0"} {
		if cells[c] != want {
			t.Errorf("%s is %q, want %q", c, cells[c], want)
		}
	}
}
