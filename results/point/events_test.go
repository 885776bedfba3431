package point_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"testing"

	"satsim/arch/spec"
	"satsim/configs"
	"satsim/internal/config"
	"satsim/internal/golden"
	"satsim/results/point"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// smaller are parameters with which a network's step fits the default board.
var smaller = map[string]map[string]int64{"llama2-7b": {"layers": 2, "batch": 1}}

func load(t testing.TB, kind, name string, out any) {
	t.Helper()
	src, err := config.Resolve(kind, name, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := config.Decode(src, kind, out); err != nil {
		t.Fatal(err)
	}
}

func stepOf(t testing.TB, name string) *workloads.Step {
	t.Helper()
	var d network.Description
	load(t, "network", name, &d)
	for k, v := range smaller[name] {
		if err := d.SetParam(k, v); err != nil {
			t.Fatal(err)
		}
	}
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func machineSpec(t testing.TB) spec.Spec {
	t.Helper()
	file := spec.File{Arch: spec.DefaultArch()}
	load(t, "arch", "sat-vcu1525", &file)
	s := spec.Spec{Arch: file.Arch, Board: spec.DefaultBoard()}
	load(t, "board", file.Board, &s.Board)
	return s
}

// The events of every shipped network's step under BDWP, pinned: a change of the machine that makes simulation dearer shows. Figures
// of a table, not of a closed form: they say what was.
func TestEventsOfShippedNetworks(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates every shipped network")
	}
	names, err := config.Names("network", configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	load(t, "recipe", "bdwp", &r)
	sp := machineSpec(t)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	write := func(row ...string) {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	write("network", "groups", "groups_run", "events", "instructions", "folds")
	for _, name := range names {
		m, err := point.NewMachine(context.Background(), sp, false)
		if err != nil {
			t.Fatal(err)
		}
		run, _, err := m.Simulate(stepOf(t, name), r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e := run.Simulation
		write(name, fmt.Sprint(e.Groups), fmt.Sprint(e.GroupsRun), fmt.Sprint(e.Events), fmt.Sprint(e.Instructions), fmt.Sprint(e.Folds))
		if e.Events > 500_000 {
			t.Errorf("%s: %d events; the target is 500,000", name, e.Events)
		}
	}
	w.Flush()
	golden.Check(t, "testdata/events.csv", b.Bytes())
}

// BenchmarkRecipe runs one recipe of a step, scheduling included: what the speed targets are about.
func BenchmarkRecipe(b *testing.B) {
	r := recipe.Default()
	load(b, "recipe", "bdwp", &r)
	for _, name := range []string{"resnet18-tiny", "resnet50"} {
		b.Run(name, func(b *testing.B) {
			sp, s := machineSpec(b), stepOf(b, name)
			for b.Loop() {
				m, err := point.NewMachine(context.Background(), sp, false)
				if err != nil {
					b.Fatal(err)
				}
				if _, _, err := m.Simulate(s, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
