package machine_test

import (
	"context"
	"fmt"
	"testing"

	"satsim/internal/config"
	"satsim/internal/memo"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/sim"
)

// BenchmarkEventsOfSweep simulates the 200 points of results/sweep's BenchmarkSweep and reports the events a point: alone, on a machine that remembers nothing of other points,
// and together, with what the first of equal groups took.
func BenchmarkEventsOfSweep(b *testing.B) {
	var points []*models.Models
	sizes := []string{"16", "24", "32", "48", "64"}
	for _, rows := range sizes {
		for _, cols := range sizes {
			for _, lanes := range []string{"16", "32", "64", "128"} {
				for _, recipe := range []string{"dense", "bdwp"} {
					m, err := models.Load(models.Names{Arch: "sat-generous", Network: "resnet18-tiny", Recipe: recipe}, []config.Override{
						{Path: "stce.rows", Value: rows}, {Path: "stce.cols", Value: cols}, {Path: "vector.lanes", Value: lanes},
					})
					if err != nil {
						b.Fatal(err)
					}
					points = append(points, m)
				}
			}
		}
	}
	for _, name := range []string{"alone", "together"} {
		b.Run(name, func(b *testing.B) {
			events := int64(0)
			for b.Loop() {
				known, ran := memo.New(machine.MemoBytes), map[*sim.Outcome]bool{}
				for i, p := range points {
					m, err := machine.New(context.Background(), p.Spec, false)
					if err != nil {
						b.Fatal(err)
					}
					if name == "together" {
						m.Memo = known
					}
					s := machine.Step{Dense: p.Step, Recipe: p.Recipe}
					if err := m.Do(&s); err != nil {
						b.Fatal(fmt.Errorf("point %d: %w", i, err))
					}
					for _, o := range machine.Outcomes(&s) {
						if !ran[o] {
							ran[o] = true
							events += o.Events
						}
					}
				}
			}
			b.ReportMetric(float64(events)/float64(b.N)/float64(len(points)), "events/point")
		})
	}
}
