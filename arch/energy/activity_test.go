package energy

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/stce"
)

// Idle cycles are what is left of the machine's: by hand, 4 elements and 2 lanes over 10 cycles with 13 MACs and 5 operations.
func TestOverByHand(t *testing.T) {
	m := Machine{PEs: 4, SortLanes: 2, UpdateLanes: 2, VectorLanes: 2, Channels: 3, FlipFlops: 7}
	var a Activity
	a.Array.MACs, a.Vector.Operations = 13, 5
	c, err := m.Over(10, &a)
	if err != nil {
		t.Fatal(err)
	}
	want := Counts{IdlePE: 27, IdleSorter: 20, IdleUpdater: 20, IdleVector: 15, Background: 30, Refresh: 30, Interface: 30, FlipFlopClock: 70, Static: 10}
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

// A prediction grows with everything that it is given, and is the price of its parts: with one entry, that entry's.
func TestPredict(t *testing.T) {
	m := NewModel(shipped(t, "fpga16-ddr4"), 200_000_000)
	machine := Machine{PEs: 1024, Channels: 4, FlipFlops: 1_000_000}
	base := Predicted{Cycles: 10_000, ReadBytes: 1 << 20, WriteBytes: 1 << 18, Array: stce.Counts{MACs: 1_000_000, Multiplies: 1_000_000, Adds: 1_000_000, WestWords: 1000, WestHops: 32000, GroupWrites: 64000, NorthWords: 5000}}
	j, err := m.Predict(machine, &base)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Predicted){
		"cycles": func(p *Predicted) { p.Cycles++ }, "bytes read": func(p *Predicted) { p.ReadBytes++ }, "bytes written": func(p *Predicted) { p.WriteBytes++ },
		"adds": func(p *Predicted) { p.Array.Adds++ }, "weights": func(p *Predicted) { p.Array.NorthWords++ }, "sums": func(p *Predicted) { p.Array.OutputReads++ },
	} {
		p := base
		change(&p)
		if k, err := m.Predict(machine, &p); err != nil || k <= j {
			t.Errorf("more %s take %v J, before %v J (%v)", name, k, j, err)
		}
	}
	// 2 operands a hop, so 2,000 operands of 16 bits enter: 32,000 bits at 1 J.
	one := NewModel(&Table{Entries: []Entry{{Action: WestRead, Value: Amount{1, false}, High: Amount{1, false}}}}, 1)
	if j, err := one.Predict(machine, &base); err != nil || j != 32000 {
		t.Errorf("%v J for what enters from the west, want 32000 J (%v)", j, err)
	}
}

// Accelergy's own rule, counts times energies by component and action, gives the model's joules (in its picojoules).
func TestAccelergyFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewModel(drawTable(t), 200_000_000)
		c := drawCounts(t, "c")
		var ert, counts strings.Builder
		if err := m.WriteERT(&ert); err != nil {
			t.Fatal(err)
		}
		if err := c.WriteActionCounts(&counts); err != nil {
			t.Fatal(err)
		}
		var sum float64
		energies, numbers := parse(t, ert.String(), "energy"), parse(t, counts.String(), "counts")
		if len(energies) != Actions || len(numbers) != Actions {
			t.Fatalf("%d energies, %d counts", len(energies), len(numbers))
		}
		for name, e := range energies {
			sum += e * numbers[name]
		}
		if want := m.Total(c).Value * 1e12; math.Abs(sum-want) > 1e-9*want {
			t.Fatalf("%v pJ by the files, %v pJ by the model", sum, want)
		}
	})
}
