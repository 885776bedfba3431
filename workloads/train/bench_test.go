package train

import (
	"testing"

	"satsim/configs"
	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/train/data"
)

// BenchmarkStep is a training step of the shipped residual network at batch 32, on one worker: images a second. testdata/torch.py does the same
// network in PyTorch.
func BenchmarkStep(b *testing.B) {
	for _, numerics := range []Numerics{FP32, Machine} {
		b.Run(string(numerics), func(b *testing.B) {
			src, err := config.Resolve("network", "resnet-fmnist", configs.FS)
			if err != nil {
				b.Fatal(err)
			}
			var d network.Description
			if err := config.Decode(src, "network", &d); err != nil {
				b.Fatal(err)
			}
			if err := d.SetParam("batch", 32); err != nil {
				b.Fatal(err)
			}
			g, err := d.Graph()
			if err != nil {
				b.Fatal(err)
			}
			o := Options{Epochs: 1000, Seed: 1, Rate: 0.01, Momentum: 0.9, LossScale: 1024, Numerics: numerics, Workers: 1}
			tr, err := New(g, recipes(ratio(2, 8))["dense"], data.Generated(64, 28, 1, 10, 5, 0), data.Generated(32, 28, 1, 10, 5, 1), o)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := tr.step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(32*float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
