//go:build unix

package train

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"satsim/configs"
	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/train/data"
)

// cpu is the processor time of this process.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkStep is dense training steps of the shipped residual network at batch 32 on one worker, in images per CPU second, and beside them PyTorch's on one
// thread (testdata/torch_step.py), if it is installed.
func BenchmarkStep(b *testing.B) {
	for _, width := range []int64{16, 32} {
		for _, numerics := range []Numerics{FP32, Machine} {
			b.Run(string(numerics)+"-"+strconv.FormatInt(width, 10), func(b *testing.B) {
				tr := shippedResNet(b, width, numerics)
				begin := cpu(b)
				for b.Loop() {
					if err := tr.step(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(32*float64(b.N)/(cpu(b)-begin).Seconds(), "images/cpu-s")
			})
		}
		b.Run("torch-"+strconv.FormatInt(width, 10), func(b *testing.B) {
			out, err := exec.Command("/usr/bin/python3", "testdata/torch_step.py", "60", strconv.FormatInt(width, 10)).Output()
			if err != nil {
				b.Skipf("no PyTorch: %v", err)
			}
			rate, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(rate, "images/cpu-s")
		})
	}
}

func shippedResNet(b *testing.B, width int64, numerics Numerics) *Trainer {
	src, err := config.Resolve("network", "resnet-fmnist", configs.FS)
	if err != nil {
		b.Fatal(err)
	}
	var d network.Description
	if err := config.Decode(src, "network", &d); err != nil {
		b.Fatal(err)
	}
	for name, v := range map[string]int64{"batch": 32, "width": width} {
		if err := d.SetParam(name, v); err != nil {
			b.Fatal(err)
		}
	}
	g, err := d.Graph()
	if err != nil {
		b.Fatal(err)
	}
	o := Options{Epochs: 10000, Seed: 1, Rate: 0.01, Momentum: 0.9, LossScale: 1024, Numerics: numerics, Flush: numerics == Machine, Workers: 1}
	tr, err := New(g, recipes(ratio(2, 8))["dense"], data.Generated(64, 28, 1, 10, 5, 0), data.Generated(32, 28, 1, 10, 5, 1), o)
	if err != nil {
		b.Fatal(err)
	}
	return tr
}
