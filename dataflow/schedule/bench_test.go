package schedule_test

import (
	"testing"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/schedule"
	"satsim/internal/configtest"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// step is a shipped network's training step.
func step(t testing.TB, name string) *workloads.Step {
	t.Helper()
	var d network.Description
	configtest.Read(t, "network", name, &d)
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

func plan(t testing.TB, s *workloads.Step, sp spec.Spec) *dataflow.Plan {
	t.Helper()
	p, err := dataflow.New(s, sp, dataflow.Options{Interleave: true, Pregenerate: true, Overlap: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkSearch(b *testing.B) {
	for _, name := range []string{"resnet18-tiny", "resnet50"} {
		b.Run(name, func(b *testing.B) {
			s := step(b, name)
			sp := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
			for b.Loop() {
				p := plan(b, s, sp)
				se, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
				if err != nil {
					b.Fatal(err)
				}
				if err := se.All(true); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
