package collect_test

import (
	"testing"

	"satsim/internal/config"
	"satsim/results/collect"
	"satsim/results/record"
)

// By hand: the backward pass of the 2 x 2 max pool makes the gradient of its 4 x 8 x 8 x 16 inputs, two operations each, on 32 lanes: 256 cycles, beside
// the weight gradient of fc, which it does not hold up. So they are booked to fc WU, and moved to pool BP; all else stays, and over the step they are 0.
func TestPassesAreBookedBothWays(t *testing.T) {
	p, outcomes := ran(t)
	run, err := collect.Run(p, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"pool BP": 256, "fc WU": -256}
	var cycles, own int64
	for i := range run.Layers {
		l := &run.Layers[i]
		if l.Moved != want[l.Layer+" "+l.Stage] {
			t.Errorf("%s %s: %d cycles moved, want %d", l.Layer, l.Stage, l.Moved, want[l.Layer+" "+l.Stage])
		}
		if l.Own() < 0 {
			t.Errorf("%s %s has %d cycles of its own", l.Layer, l.Stage, l.Own())
		}
		cycles += l.Cycles
		own += l.Own()
	}
	if cycles != run.Total.Cycles || own != cycles || run.Total.Moved != 0 {
		t.Errorf("the step has %d cycles, %d booked to the group, %d to their own", run.Total.Cycles, cycles, own)
	}
	for i, moved := range []int64{0, 256, -256} {
		if s := &run.Stages[i]; s.Moved != moved {
			t.Errorf("%s: %d cycles moved, want %d", s.Stage, s.Moved, moved)
		}
	}
}

// With no pass beside another's product there is one booking.
func TestNothingIsMovedWithoutOverlap(t *testing.T) {
	p, outcomes := ran(t, config.Override{Path: "dataflow.overlap_passes", Value: "false"})
	run, err := collect.Run(p, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	for _, figures := range [][]record.Figures{{run.Total}, {run.Stages[0].Figures, run.Stages[1].Figures, run.Stages[2].Figures}} {
		for i := range figures {
			if figures[i].Moved != 0 {
				t.Errorf("%d cycles moved", figures[i].Moved)
			}
		}
	}
}
