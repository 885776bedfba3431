package ablation

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"satsim/arch/spec"
	"satsim/internal/golden"
	"satsim/internal/nm"
	"satsim/results/record"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

func testCase(t *testing.T) Case {
	t.Helper()
	conv := func(name, in string) network.Node {
		return network.Node{Name: name, Op: network.Conv, Inputs: []string{in}, Channels: 64, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}}
	}
	g := &network.Graph{Name: "two", Inputs: []network.Input{{Name: "images", Shape: network.Shape{16, 8, 8, 16}}}, Nodes: []network.Node{
		conv("a", "images"), {Name: "relu", Op: network.ReLU, Inputs: []string{"a"}}, conv("b", "relu"), {Name: "loss", Op: network.Loss, Inputs: []string{"b"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.AddLatency = 8
	s.STCE.Rows, s.STCE.Cols = 8, 8
	s.Buffers.North.Capacity, s.Buffers.West.Capacity = 32<<10, 32<<10
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	r.Name = "both"
	return Case{Spec: s, Step: &step, Baseline: recipe.Default(), Recipe: r.Sparsify(nm.Ratio{N: 2, M: 8})}
}

// What each optimisation can and cannot change, from what it is.
func TestEachOptimisationDoesWhatItIs(t *testing.T) {
	rows, err := Run(context.Background(), testCase(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2*len(Variants()) {
		t.Fatalf("%d rows", len(rows))
	}
	at := func(recipe string, s Switches) *Combination {
		for i := range rows {
			if rows[i].Recipe == recipe && rows[i].Switches == s {
				return &rows[i]
			}
		}
		t.Fatalf("no row of %s with %+v", recipe, s)
		return nil
	}
	// FF prunes both weights, BP the second's: 9*16*64 and 2 * 9*64*64 weights are sorted once a step, when they were updated.
	const sorted = 9*16*64 + 2*9*64*64
	for _, v := range Variants() {
		dense, both := at("dense", v.Switches), at("both", v.Switches)
		without := v.Switches
		without.Pregeneration = false
		if dense.Sorted != 0 || dense.Cycles != at("dense", without).Cycles {
			t.Errorf("%s: a dense step sorts %d elements; %d cycles, without pre-generation %d", v.Name, dense.Sorted, dense.Cycles, at("dense", without).Cycles)
		}
		if v.Pregeneration && both.Sorted != sorted || !v.Pregeneration && both.Sorted < sorted {
			t.Errorf("%s: %d elements sorted, %d once each", v.Name, both.Sorted, sorted)
		}
		if dense.Speedup*float64(dense.Cycles) != float64(at("dense", Switches{}).Cycles) || dense.ToBase != 1 {
			t.Errorf("%s: speed-ups %g and %g of the baseline", v.Name, dense.Speedup, dense.ToBase)
		}
		// A PE without interleaving adds to one sum every add_latency cycles, output stationary.
		if !v.InterleaveMapping && !v.OfflineScheduling && both.Busy.Hazard < 6*both.Busy.Issue {
			t.Errorf("%s: %d cycles of hazards beside %d of issue", v.Name, both.Busy.Hazard, both.Busy.Issue)
		}
		searched := v.Switches
		searched.OfflineScheduling = true
		if n := at("both", searched).Cycles; n > both.Cycles {
			t.Errorf("%s: %d cycles, with offline scheduling %d", v.Name, both.Cycles, n)
		}
	}
}

// The layout of the JSON, whatever the figures: a key that is renamed or goes is a new schema.
func TestSchema(t *testing.T) {
	table := Result{Arch: json.RawMessage(`{"name":"mine"}`), ArchName: "mine", Network: "two", Note: "made up", Images: 16, Rows: []Combination{{
		Optimisations: "interleave", Switches: Switches{InterleaveMapping: true}, Recipe: "bdwp", Sparsity: "2:8", Cycles: 10, TimeS: 5e-8, Speedup: 1.5, ToBase: 1.25,
		Array: record.Lane{Lane: "array", Computing: 7, Filling: 2, Draining: 1, Waits: []record.Wait{}}, Busy: Busy{1, 2, 3, 1}, ReadBytes: 64, WriteBytes: 32, Sorted: 8, SoreCycles: 4,
	}}}
	var text bytes.Buffer
	if err := table.JSON(&text); err != nil {
		t.Fatal(err)
	}
	made := strings.Replace(text.String(), `"version": "`+record.Version+`"`, `"version": "any"`, 1)
	golden.Check(t, "testdata/ablation-2.json", []byte(made))
}

func TestFilesHoldTheRows(t *testing.T) {
	c := testCase(t)
	c.Recipe = c.Baseline
	rows, err := Run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	built := c.Spec
	built.SORE.Lanes = 0 // its column goes, too
	table := Result{Arch: json.RawMessage("{}"), Network: "two", Rows: rows, Units: built.Units()}
	var text, lines bytes.Buffer
	if err := table.JSON(&text); err != nil {
		t.Fatal(err)
	}
	var back Result
	if err := json.Unmarshal(text.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Schema != "satsim.ablation/2" || len(back.Rows) != len(Variants()) || !reflect.DeepEqual(back.Rows, rows) {
		t.Errorf("%s\nis not %+v", text.Bytes(), rows)
	}
	if err := table.Table().CSV(&lines); err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(&lines).ReadAll()
	if err != nil || len(all) != 1+len(rows) {
		t.Fatalf("%d lines: %v", len(all), err)
	}
	var waits []string
	for _, name := range all[0] {
		if strings.HasPrefix(name, "array_wait_") {
			waits = append(waits, name)
		}
	}
	if want := []string{"array_wait_memory_cycles", "array_wait_wuve_cycles", "array_wait_vector_cycles"}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	for i, name := range all[0] {
		if name == "cycles" && all[4][i] != strconv.FormatInt(rows[3].Cycles, 10) {
			t.Errorf("line 4 has %s cycles, row 3 %d", all[4][i], rows[3].Cycles)
		}
	}
}
