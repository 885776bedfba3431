package report

import (
	"math"
	"slices"
	"testing"

	"satsim/results/record"
)

// lossStep is a step on ten PEs.
func lossStep(cycles, macs int64, counts record.NamedCounts, lane record.Lane) *record.Run {
	lane.Lane = "array"
	for _, c := range counts {
		lane.Computing += c.Count
	}
	run := &record.Run{Stalls: []record.Stall{{Stage: "step", Lanes: []record.Lane{lane}}}}
	run.Total = record.Figures{Cycles: cycles, PerformedMACs: macs, Utilisation: float64(macs) / float64(10*cycles), Units: record.Units{{Unit: "stce", Counts: counts}}}
	return run
}

// By hand: 8,000 MACs in 1,000 cycles and 4,000 in 600, so a bound of 2 and 600 - 500 cycles lost. A cause's part is its cycles less half of those in
// the first step: 50 - 50/2 of idle PEs (450 - 400 and 850 - 800), 40 of hazards, 10 - 20/2, 20 - 30/2, memory 10 - 30/2, units 15 - 10/2,
// 40 - 40/2 without a word, 15 - 20/2 at the ends of groups.
func TestLossesSumToTheWhole(t *testing.T) {
	dense := lossStep(1000, 8000, record.NamedCounts{{Name: "issue_cycles", Count: 850}, {Name: "link_cycles", Count: 20}, {Name: "drain_cycles", Count: 30}},
		record.Lane{Filling: 10, Draining: 5, Reconfigure: 5, NoWord: 40, Waits: []record.Wait{{Unit: "memory", Cycles: 30}, {Unit: "vector", Cycles: 10}}})
	own := lossStep(600, 4000, record.NamedCounts{{Name: "issue_cycles", Count: 450}, {Name: "hazard_cycles", Count: 40}, {Name: "preload_cycles", Count: 10}, {Name: "empty_cycles", Count: 20}},
		record.Lane{Filling: 6, Draining: 4, Reconfigure: 5, NoWord: 40, Waits: []record.Wait{{Unit: "memory", Cycles: 10}, {Unit: "vector", Cycles: 12}, {Unit: "sore", Cycles: 3}}})
	l, err := lossOf(dense, own)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{25, 40, 0, 5, -5, 10, 20, 5}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
	if !near(l.speedup, 1000./600) || !near(l.bound, 2) || !near(l.cycles, 100) || !slices.EqualFunc(l.parts, want, near) {
		t.Errorf("%+v, want parts %v of 100", l, want)
	}
	own.Total.Cycles++
	if _, err := lossOf(dense, own); err == nil {
		t.Error("a step with a cycle of no cause was taken apart")
	}
}
