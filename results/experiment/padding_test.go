package experiment_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/configtest"
	"satsim/results/experiment"
	"satsim/results/record"
)

// run simulates a step of a network that is written as layers, with one recipe. A Case finds errors of conservation by itself.
func run(folder, input, layers, name string, set ...string) (*record.Record, error) {
	text := "kind: network\nname: drawn\nnote: drawn\nsamples: 100\nparams: [{name: batch, value: 2}]\n" +
		"inputs: [{name: x, shape: " + input + "}]\nlayers:\n" + layers +
		"  - {name: gap, op: global_avg_pool}\n  - {name: fl, op: flatten}\n  - {name: fc, op: linear, channels: 7}\n  - {name: loss, op: loss}\n"
	file := filepath.Join(folder, "network.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	c, err := experiment.LoadWith(experiment.Names{Network: file, Recipe: name}, experiment.Options{}, experiment.Overrides{Set: set})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, text)
	}
	return r, nil
}

// A 1x1 convolution with pad 1, as the last of the published SqueezeNet 1.0: the border of the 10x10 dY multiplies padding alone. The BP
// of 2 images needs 2*8*8*8*2 = 2048 bytes of dY, 8*8*2 = 128 of W, and writes 2048 of dX: 4224 and no byte of the border.
func TestABorderThatMultipliesPaddingIsNotRead(t *testing.T) {
	r, err := run(t.TempDir(), "[batch, 8, 8, 8]",
		"  - {name: a, op: conv, channels: 8, kernel: 1}\n  - {name: c, op: conv, channels: 8, kernel: 1, pads: 1}\n", "dense")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range r.Runs[0].Layers {
		if l.Layer == "c" && l.Stage == "BP" {
			if got := l.ReadBytes + l.WriteBytes; got != 4224 {
				t.Errorf("%d bytes; want 4224", got)
			}
			return
		}
	}
	t.Error("no BP of the convolution")
}

// A learned vector of 16 channels that meets 4*48*48*16 activations of 2 B: its gradient reads 294,912 B to make 16 sums. Pieces of such a pass are cut by
// its bytes, however few elements one of its parts has, so that it fits a buffer of 8 KiB each way. Layer scale of ConvNeXt is such a vector.
func TestASmallTensorThatMeetsALargeOneIsTiled(t *testing.T) {
	text := "kind: network\nname: scale\nsamples: 100\nparams: [{name: batch, value: 4}]\n" +
		"inputs:\n  - {name: x, shape: [batch, 48, 48, 16]}\n  - {name: r, shape: [1, 1], indices: true}\nlayers:\n" +
		"  - {name: fc, op: linear, input: [x], channels: 16}\n  - {name: gamma, op: embedding, input: [r], rows: 1, channels: 16}\n" +
		"  - {name: scale, op: mul, input: [fc, gamma]}\n  - {name: add, op: add, input: [scale, fc]}\n  - {name: loss, op: loss, input: [add]}\n"
	file := filepath.Join(t.TempDir(), "network.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := experiment.LoadWith(experiment.Names{Network: file, Recipe: "dense"}, experiment.Options{}, experiment.Overrides{Set: []string{"buffers.pass.capacity=16KiB"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	// The passes from the loss back to the linear layer run as one: dY and the activations that gamma scaled are read.
	for _, l := range r.Runs[0].Layers {
		if l.Layer == "loss" && l.Stage == "BP" {
			if least := int64(2 * 4 * 48 * 48 * 16 * 2); l.ReadBytes < least {
				t.Errorf("%d B read; dY and the activations alone are %d", l.ReadBytes, least)
			}
			return
		}
	}
	t.Error("no BP of the loss")
}

// Convolutions with any legal pads, strides, dilations, kernels and groups run under every shipped recipe.
func TestRandomConvolutionsAreConserved(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	recipes := configtest.Names(t, "recipe")
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		channels := rapid.SampledFrom([]int64{1, 3, 8, 12, 16}).Draw(t, "input channels")
		side := [2]int64{rapid.Int64Range(1, 9).Draw(t, "height"), rapid.Int64Range(1, 9).Draw(t, "width")}
		input := fmt.Sprintf("[batch, %d, %d, %d]", side[0], side[1], channels)
		var layers strings.Builder
		for i := range rapid.IntRange(1, 3).Draw(t, "convolutions") {
			var kernel, stride, dilation [2]int64
			var pads [4]int64
			for d := range 2 {
				kernel[d] = rapid.Int64Range(1, 4).Draw(t, "kernel")
				stride[d] = rapid.Int64Range(1, 3).Draw(t, "stride")
				dilation[d] = rapid.Int64Range(1, 3).Draw(t, "dilation")
				span := dilation[d]*(kernel[d]-1) + 1
				// Up to two more than the kernel, and enough for one window.
				before := rapid.Int64Range(0, kernel[d]+2).Draw(t, "pad")
				least := max(0, span-side[d]-before)
				pads[d], pads[d+2] = before, rapid.Int64Range(least, least+kernel[d]+2).Draw(t, "pad behind")
				side[d] = (side[d]+before+pads[d+2]-span)/stride[d] + 1
			}
			groups := int64(1)
			if rapid.Bool().Draw(t, "grouped") {
				var divisors []int64
				for g := int64(1); g <= channels; g++ {
					if channels%g == 0 {
						divisors = append(divisors, g)
					}
				}
				groups = rapid.SampledFrom(divisors).Draw(t, "groups")
			}
			channels = groups * rapid.SampledFrom([]int64{1, 2, 5, 8}).Draw(t, "channels")
			fmt.Fprintf(&layers, "  - {name: c%d, op: conv, channels: %d, kernel: %s, stride: %s, dilation: %s, pads: %s, groups: %d}\n",
				i, channels, list(kernel[:]), list(stride[:]), list(dilation[:]), list(pads[:]), groups)
		}
		join := fmt.Sprintf("dataflow.join_groups=%v", rapid.Bool().Draw(t, "join"))
		for _, r := range recipes {
			if _, err := run(folder, input, layers.String(), r, join, "vector.random=4"); err != nil {
				t.Fatalf("recipe %s: %v", r, err)
			}
		}
	})
}

func list(v []int64) string { return strings.ReplaceAll(fmt.Sprint(v), " ", ", ") }
