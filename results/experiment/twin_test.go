package experiment_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/results/record"
)

// Operators that differ in nothing but their arithmetic cost the same cycles, bytes, counts and joules, layer by layer: ReLU and ReLU6, GELU
// and SiLU, sigmoid and tanh.
func TestOperatorsOfEqualTraitsCostTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	folder := t.TempDir()
	twins := map[string]string{"relu": "relu6", "gelu": "silu", "sigmoid": "tanh"}
	rapid.Check(t, func(t *rapid.T) {
		var one, other strings.Builder
		both := func(format string, args ...any) {
			fmt.Fprintf(&one, format, args...)
			fmt.Fprintf(&other, format, args...)
		}
		names := []string{"x"}
		pick := func() string { return rapid.SampledFrom(names).Draw(t, "input") }
		for i := range rapid.IntRange(1, 6).Draw(t, "layers") {
			switch rapid.SampledFrom([]string{"conv", "function", "function", "add", "norm"}).Draw(t, "kind") {
			case "conv":
				both("  - {name: l%d, op: conv, input: %s, channels: 8, kernel: 3, pads: 1}\n", i, pick())
			case "function":
				op, in := rapid.SampledFrom([]string{"relu", "gelu", "sigmoid"}).Draw(t, "function"), pick()
				fmt.Fprintf(&one, "  - {name: l%d, op: %s, input: %s}\n", i, op, in)
				fmt.Fprintf(&other, "  - {name: l%d, op: %s, input: %s}\n", i, twins[op], in)
			case "add":
				both("  - {name: l%d, op: add, input: [%s, %s]}\n", i, pick(), pick())
			case "norm":
				both("  - {name: l%d, op: batch_norm, input: %s}\n", i, pick())
			}
			names = append(names, fmt.Sprintf("l%d", i))
		}
		// What nobody reads is added, so that all of it reaches the loss.
		last := names[len(names)-1]
		for i, n := range names[:len(names)-1] {
			if !strings.Contains(one.String(), "input: "+n+",") && !strings.Contains(one.String(), "input: "+n+"}") &&
				!strings.Contains(one.String(), "["+n+",") && !strings.Contains(one.String(), ", "+n+"]") {
				both("  - {name: sum%d, op: add, input: [%s, %s]}\n", i, last, n)
				last = fmt.Sprintf("sum%d", i)
			}
		}
		name := rapid.SampledFrom([]string{"bdwp", "sdgp"}).Draw(t, "recipe")
		want, err := run(folder, "[batch, 4, 4, 8]", one.String(), name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := run(folder, "[batch, 4, 4, 8]", other.String(), name)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := unnamed(got.Runs), unnamed(want.Runs); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\nwant\n%+v\nof\n%s", a, b, one.String())
		}
	})
}

// unnamed are runs without the labels of operators.
func unnamed(runs []record.Run) []record.Run {
	for i := range runs {
		for k := range runs[i].Layers {
			runs[i].Layers[k].Op = ""
		}
	}
	return runs
}
