package machine

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/quantity"
	"satsim/results/experiment/models"
	"satsim/workloads/recipe"
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
	if f, _, err := objective(&s, nil); f != nil || err != nil {
		t.Errorf("latency has a function, or an error: %v", err)
	}
	s.Dataflow.Objective = spec.ObjectiveEnergy
	if _, _, err := objective(&s, nil); err == nil {
		t.Error("energy goes without a table")
	}
	joules, _, err := objective(&s, table)
	if err != nil {
		t.Fatal(err)
	}
	s.Dataflow.Objective = spec.ObjectiveEDP
	edp, _, err := objective(&s, table)
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

// By joules and by joules times cycles, on random arrays, memories and buffers, the search by its floor finds what trying all of the legal space finds.
func TestTheFloorOfJoulesLosesNothing(t *testing.T) {
	of, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		s, r := of.Spec, of.Recipe
		s.STCE.Rows, s.STCE.Cols = rapid.IntRange(2, 40).Draw(t, "rows"), rapid.IntRange(2, 40).Draw(t, "cols")
		s.Board.Memory.PortWidthBits = rapid.SampledFrom([]int{64, 512}).Draw(t, "port")
		s.Buffers.West.Capacity = quantity.Bytes(rapid.SampledFrom([]int64{64 << 10, 1 << 20}).Draw(t, "west"))
		s.Dataflow.Objective = rapid.SampledFrom([]spec.Objective{spec.ObjectiveEnergy, spec.ObjectiveEDP}).Draw(t, "objective")
		if rapid.Bool().Draw(t, "dense") {
			r.FF.Prune, r.BP.Prune = recipe.Dense, recipe.Dense
		}
		step, err := r.Apply(*of.Step)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Plan(s, &step, r)
		if err != nil {
			t.Fatal(err)
		}
		by, err := searcher(p, of.Energy)
		if err != nil {
			t.Fatal(err)
		}
		all, err := searcher(p, of.Energy)
		if err != nil {
			t.Fatal(err)
		}
		all.Floor = nil
		most := rapid.IntRange(1, 3).Draw(t, "most")
		var products []*dataflow.Group
		for i := range p.Groups {
			if p.Groups[i].Kind == dataflow.ProductGroup {
				products = append(products, &p.Groups[i])
			}
		}
		g := rapid.SampledFrom(products).Draw(t, "group")
		got, err := by.Candidates(g, most)
		if err != nil {
			t.Fatal(err)
		}
		want, err := all.Candidates(g, most)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: found %+v, all of the space has %+v", g.Label, got, want)
		}
	})
}
