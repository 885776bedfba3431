package energy

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
)

// every unit of the default machine.
var every = (&spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}).Units()

// named is an action by its name, as tables have it.
func named(t interface{ Fatal(...any) }, name string) (a Action) {
	if err := a.UnmarshalText([]byte(name)); err != nil {
		t.Fatal(err)
	}
	return a
}

// small is a spec of 4 elements, 2 lanes a unit and 3 channels.
func small() (s spec.Spec) {
	s.STCE.Rows, s.STCE.Cols = 2, 2
	s.SORE.Lanes, s.WUVE.Lanes, s.Vector.Lanes = 2, 2, 2
	s.Board.Memory.Channels = 3
	return s
}

// Idle cycles are what is left of the machine's: by hand, 4 elements and 2 lanes over 10 cycles with 13 MACs and 5 operations.
func TestOverByHand(t *testing.T) {
	s := small()
	m := MachineOf(&s, 7)
	var a unit.Activity
	a.Units[word.STCE][stce.MACs], a.Units[word.Vector][vector.Operations] = 13, 5
	c, err := m.Over(10, &a)
	if err != nil {
		t.Fatal(err)
	}
	want := ActionCounts{FlipFlopClock: 70, Static: 10}
	for name, n := range map[string]int64{
		"stce.idle": 27, "sore.idle": 20, "wuve.idle": 20, "vector.idle": 15, "dram.background": 30, "dram.refresh": 30, "dram.interface": 30,
	} {
		want[named(t, name)] = n
	}
	if c != want {
		t.Errorf("%v, want %v", c, want)
	}
	if _, err := m.Over(1, &a); err == nil || !strings.Contains(err.Error(), "stce.idle: 13 actions in 1 cycles of 4") {
		t.Errorf("more actions than cycles: %v", err)
	}
	if _, err := m.Over(math.MaxInt64/3, &a); err == nil || !strings.Contains(err.Error(), "more than 63 bits") {
		t.Errorf("an overflow: %v", err)
	}
}

// A unit that is not built is idle for nothing, and no line of a report names it.
func TestWhatIsNotBuiltCostsNothing(t *testing.T) {
	s := small()
	s.WUVE.Lanes = 0
	m, built := MachineOf(&s, 0), s.Units()
	c, err := m.Over(10, new(unit.Activity))
	if err != nil {
		t.Fatal(err)
	}
	if n := c[named(t, "wuve.idle")]; n != 0 {
		t.Errorf("%d idle cycles of an engine that is not built", n)
	}
	var ert strings.Builder
	model := NewPrices(shipped(t, "fpga16-ddr4"), 200_000_000)
	if err := model.WriteERT(&ert, &built); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(ert.String(), "wuve") {
		t.Error("the reference table has a component that is not built")
	}
	for _, u := range model.ByUnit(&built, &c) {
		if u.Unit == "wuve" {
			t.Error("joules of a unit that is not built")
		}
	}
}

// Each count of an activity becomes the actions that its unit says, each access those of its memory: by hand, 3 additions are 3 accumulations
// too; a sum, a start value and a result that hop are 3 hops; north and dense north are one memory.
func TestCountsOfByHand(t *testing.T) {
	var a unit.Activity
	a.Units[word.STCE] = unit.Counts{stce.Adds: 3, stce.SumHops: 1, stce.StartHops: 1, stce.DrainHops: 1}
	a.Units[word.Memory] = unit.Counts{memory.Activates: 1500}
	a.Buffers[word.North], a.Buffers[word.DenseNorth] = unit.Access{ReadBits: 16}, unit.Access{ReadBits: 4, WriteBits: 8}
	got, err := CountsOf(&a)
	if err != nil {
		t.Fatal(err)
	}
	want := ActionCounts{NorthRead: 20, NorthWrite: 8}
	for name, n := range map[string]int64{"stce.add": 3, "stce.accumulate": 3, "stce.sum_hop": 3, "dram.activate": 1500} {
		want[named(t, name)] = n
	}
	if got != want {
		t.Errorf("%v, want %v", got, want)
	}
	a.Buffers[word.Pace].ReadBits = 1 // tokens: no memory, so no action
	if _, err := CountsOf(&a); err == nil || !strings.Contains(err.Error(), "pace buffer, whose memory has no action") {
		t.Errorf("bits in a buffer without a memory: %v", err)
	}
}

// No action is none: it cannot be priced.
func TestActionZeroIsNone(t *testing.T) {
	var none Action
	if none.UnmarshalText([]byte(none.String())) == nil {
		t.Error("none has a name")
	}
	if _, err := none.MarshalText(); err == nil {
		t.Error("none can be written")
	}
	if err := (Entry{}).Validate(); err == nil || !strings.Contains(err.Error(), "is none") {
		t.Errorf("an entry that prices none: %v", err)
	}
}

// A prediction grows with everything that it is given, and is the price of its parts: with one entry, that entry's.
func TestPredict(t *testing.T) {
	m := NewPrices(shipped(t, "fpga16-ddr4"), 200_000_000)
	s := small()
	s.STCE.Rows, s.STCE.Cols = 32, 32
	machine := MachineOf(&s, 1_000_000)
	var base unit.Activity
	base.Units[word.STCE] = unit.Counts{stce.MACs: 1_000_000, stce.Multiplies: 1_000_000, stce.Adds: 1_000_000}
	base.Units[word.Memory] = unit.Counts{memory.ReadBits: 8 << 20, memory.WriteBits: 8 << 18}
	base.Buffers[word.West].ReadBits = 32000
	j, err := m.Predict(&machine, 10_000, &base)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(cycles *int64, a *unit.Activity){
		"cycles":       func(n *int64, _ *unit.Activity) { *n++ },
		"bits read":    func(_ *int64, a *unit.Activity) { a.Units[word.Memory][memory.ReadBits]++ },
		"bits written": func(_ *int64, a *unit.Activity) { a.Units[word.Memory][memory.WriteBits]++ },
		"adds":         func(_ *int64, a *unit.Activity) { a.Units[word.STCE][stce.Adds]++ },
		"weights":      func(_ *int64, a *unit.Activity) { a.Buffers[word.North].ReadBits += 16 },
	} {
		a, cycles := base, int64(10_000)
		change(&cycles, &a)
		if k, err := m.Predict(&machine, cycles, &a); err != nil || k <= j {
			t.Errorf("more %s take %v J, before %v J (%v)", name, k, j, err)
		}
	}
	one := NewPrices(&Table{Entries: []Entry{{Action: WestRead, Value: Amount{1, false}, High: Amount{1, false}}}}, 1)
	if j, err := one.Predict(&machine, 10_000, &base); err != nil || j != 32000 {
		t.Errorf("%v J for what enters from the west, want 32000 J (%v)", j, err)
	}
}

// Accelergy's own rule, counts times energies by component and action, gives the model's joules (in its picojoules), but for the
// half of an activate that a whole number of them may be off by.
func TestAccelergyFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewPrices(drawTable(t), 200_000_000)
		c := drawCounts(t, "c")
		var ert, counts strings.Builder
		if err := m.WriteERT(&ert, &every); err != nil {
			t.Fatal(err)
		}
		if err := c.WriteActionCounts(&counts, &every); err != nil {
			t.Fatal(err)
		}
		var sum float64
		energies, numbers := parse(t, ert.String(), "energy"), parse(t, counts.String(), "counts")
		if len(energies) != len(List(&every)) || len(numbers) != len(List(&every)) {
			t.Fatalf("%d energies, %d counts", len(energies), len(numbers))
		}
		for name, e := range energies {
			sum += e * numbers[name]
		}
		half := energies["satsim.dram.activate"] / 2
		if want := m.Total(c).Value * 1e12; math.Abs(sum-want) > 1e-9*want+half {
			t.Fatalf("%v pJ by the files, %v pJ by the model", sum, want)
		}
	})
}
