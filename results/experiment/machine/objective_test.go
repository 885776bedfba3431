package machine

import (
	"testing"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/results/experiment/models"
)

// The scheduler's objectives: joules as predicted, and joules times cycles; they need a table.
func TestObjectives(t *testing.T) {
	table, err := models.NewLoader().Energy(models.Names{Arch: "sat-vcu1525"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	var a unit.Activity
	a.Units[word.STCE] = unit.Counts{stce.MACs: 5000, stce.Multiplies: 5000, stce.Adds: 5000}
	a.Units[word.Memory] = unit.Counts{memory.ReadBits: 8 * 4096}
	if f, err := objective(&s, nil); f != nil || err != nil {
		t.Errorf("latency has a function, or an error: %v", err)
	}
	s.Dataflow.Objective = spec.ObjectiveEnergy
	if _, err := objective(&s, nil); err == nil {
		t.Error("energy goes without a table")
	}
	joules, err := objective(&s, table)
	if err != nil {
		t.Fatal(err)
	}
	s.Dataflow.Objective = spec.ObjectiveEDP
	edp, err := objective(&s, table)
	if err != nil {
		t.Fatal(err)
	}
	if j := joules(1000, &a); j <= 0 || edp(1000, &a) != 1000*j {
		t.Errorf("%v J, %v J cycles", j, edp(1000, &a))
	}
	more := a
	more.Units[word.Memory][memory.ReadBits]++
	if joules(1000, &more) <= joules(1000, &a) {
		t.Error("a bit more costs nothing")
	}
}
