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
