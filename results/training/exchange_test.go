package training

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/workloads/weights"
)

// written is what is read of arrays after they were written to a file.
func written(t *testing.T, name string, arrays []weights.Array) (*Weights, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := writeWeights(path, arrays, nil); err != nil {
		t.Fatal(err)
	}
	return ReadWeights(path)
}

func array(name string, shape []int64, values ...float32) weights.Array {
	return weights.Array{Name: name, Shape: shape, Values: values}
}

// TestTheHashIsOfArrays: the same weights have one hash in whatever file, order and beside whatever masks; another name, shape or bit has another.
func TestTheHashIsOfArrays(t *testing.T) {
	base := []weights.Array{array("a.weight", []int64{2, 3}, 1, -2, 3, 0, 5, 6), array("b.bias", []int64{2}, 0.5, 0.25)}
	masked := append([]weights.Array{base[1]}, base[0], weights.Array{Name: "a.weight.mask_ff", Shape: []int64{6}, Mask: []bool{true, false, true, true, false, true}})
	hash := func(name string, arrays []weights.Array) string {
		t.Helper()
		w, err := written(t, name, arrays)
		if err != nil || len(w.Hash) != hashDigits {
			t.Fatalf("%+v, %v", w, err)
		}
		return w.Hash
	}
	want := hash("w.npz", base)
	for _, name := range []string{"w.npz", "w.safetensors"} {
		if got := hash(name, masked); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		for what, change := range map[string]func(a []weights.Array){
			"name":  func(a []weights.Array) { a[0].Name = "c.weight" },
			"shape": func(a []weights.Array) { a[0].Shape = []int64{3, 2} },
			"sign of zero": func(a []weights.Array) {
				a[0].Values = slices.Clone(a[0].Values)
				a[0].Values[3] = float32(math.Copysign(0, -1))
			},
			"one less": func(a []weights.Array) { a[1].Shape, a[1].Values = []int64{1}, a[1].Values[:1] },
		} {
			other := slices.Clone(base)
			if change(other); hash(name, other) == want {
				t.Errorf("%s: another %s has the same hash", name, what)
			}
		}
	}
}

// TestWeightsThatAreNoNumbers: the file, each array and its first such element are named.
func TestWeightsThatAreNoNumbers(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, name := range []string{"w.npz", "w.safetensors"} {
		_, err := written(t, name, []weights.Array{array("a.weight", []int64{2, 2}, 1, 2, nan, inf), array("b.bias", []int64{2}, 1, 2), array("c.bias", []int64{1}, inf)})
		for _, want := range []string{name, "a.weight [2 2]: element 2 is NaN; numbers are accepted", "c.bias [1]: element 0 is -Inf"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
		}
		if err != nil && strings.Contains(err.Error(), "b.bias") {
			t.Errorf("%v names what is well", err)
		}
	}
}
