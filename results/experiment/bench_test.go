package experiment

import (
	"context"
	"testing"
)

// BenchmarkRun is a whole run of a step with nothing, the headline's and all companions beside it: what satsim run costs.
func BenchmarkRun(b *testing.B) {
	for _, network := range []string{"resnet18-tiny", "resnet50"} {
		for _, beside := range []string{CompanionsNone, CompanionsHeadline, CompanionsAll} {
			b.Run(network+"/"+beside, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c, err := LoadWith(Names{Network: network}, Options{Companions: beside})
					if err != nil {
						b.Fatal(err)
					}
					if _, err := c.Run(context.Background()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkRunDeep is a run of BERT-base with 384 layers, batch 1: what does not grow with what differs should not grow with depth.
func BenchmarkRunDeep(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := LoadWith(Names{Network: "bert-base", Batch: 1}, Options{}, Overrides{"benchmark", []string{"network.layers=384"}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Run(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRunEnergy is a run of ResNet-50 whose words take the fewest joules.
func BenchmarkRunEnergy(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := LoadWith(Names{Network: "resnet50"}, Options{}, Overrides{"benchmark", []string{"dataflow.objective=energy"}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Run(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
