package sweep

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"satsim/results/store"
)

// BenchmarkSweep simulates and stores the points of two sweeps of ResNet-18 at 64x64, batch 512, under BDWP and dense, into an empty store in memory: arrays and lanes, 200
// points, and lanes alone. It reports points a second. Memory is collected as rarely as the program does.
func BenchmarkSweep(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	for name, axes := range map[string]string{
		"arrays": `
  - {path: stce.rows, values: [16, 24, 32, 48, 64]}
  - {path: stce.cols, values: [16, 24, 32, 48, 64]}
  - {path: vector.lanes, values: [16, 32, 64, 128]}
`,
		"lanes": `
  - {path: vector.lanes, values: [4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 72, 80, 96, 128]}
`,
	} {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), name+".yaml")
			text := "kind: sweep\nname: bench\narch: sat-generous\nnetworks: [resnet18-tiny]\nrecipes: [bdwp]\naxes:" + axes
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				b.Fatal(err)
			}
			ctx, points := context.Background(), 0
			b.ReportAllocs()
			for b.Loop() {
				p, err := Read(path, nil, store.Origin{}, nil)
				if err != nil {
					b.Fatal(err)
				}
				s, err := store.Open(ctx, store.Memory)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := Run(ctx, s, p.Jobs, Options{Workers: 2}); err != nil {
					b.Fatal(err)
				}
				points += len(p.Jobs)
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(points)/b.Elapsed().Seconds(), "points/s")
		})
	}
}
