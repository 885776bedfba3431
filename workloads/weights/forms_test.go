package weights

import (
	"io"
	"path/filepath"
	"slices"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/onnx"
)

// TestForms prunes weights from other containers, of other types and behind other nodes, as NumPy, Python's zipfile and ONNX's package wrote them, and compares
// with NumPy's figures: what the machine has of each weight.
func TestForms(t *testing.T) {
	var want map[string][]struct {
		figures
		Layer                 string
		Outputs, Inputs, Taps int64
		Underflow             int64
	}
	unmarshal(t, "testdata/expected_forms.json", &want)
	if len(want) != 9 {
		t.Fatalf("%d files", len(want))
	}
	for file, layers := range want {
		t.Run(file, func(t *testing.T) {
			f, size := openFile(t, "testdata/"+file)
			var list []Matrix
			var err error
			switch filepath.Ext(file) {
			case ".npy":
				var m Matrix
				m, err = FromNPY(f, size, file[:len(file)-4], OutFirst)
				list = []Matrix{m}
			case ".npz":
				list, err = FromNPZ(f, size, OutFirst)
			case ".safetensors":
				list, err = FromSafetensors(f, size, OutFirst)
			default:
				var m *onnx.Model
				if m, err = onnx.Read(f, size); err != nil {
					t.Fatal(err)
				}
				var left []onnx.LeftOut
				list, left, err = FromONNX(m, func(string) (io.ReaderAt, int64, error) { return f, size, nil })
				want := map[string][]onnx.LeftOut{"parts.onnx": {
					{Layer: "joined", Why: `Concat makes "h2" of half, other, which is not followed`}, {Layer: "sum", Why: `Add makes "h3" of half, other, which is not followed`},
				}}[file]
				if !slices.Equal(left, want) {
					t.Errorf("%q are left out; want %q", left, want)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != len(layers) {
				t.Fatalf("%d weights; want %d", len(list), len(layers))
			}
			for i, w := range layers {
				m := &list[i]
				if s := (workloads.WeightShape{Taps: w.Taps, In: w.Inputs, Out: w.Outputs, Groups: 1}); m.Shape != s || m.Layer != w.Layer {
					t.Errorf("%s of shape %+v; want %s of %+v", m.Layer, m.Shape, w.Layer, s)
				}
				r, err := Prune(m, nm.Ratio{N: 2, M: 8}, 16, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				w.compare(t, r)
				if r.KeptInFFOnly != w.FFOnly || r.KeptInNone != w.None || r.Underflow != w.Underflow {
					t.Errorf("%s: %d in FF only, %d in none, %d lost; NumPy has %d, %d, %d", w.Layer, r.KeptInFFOnly, r.KeptInNone, r.Underflow, w.FFOnly, w.None, w.Underflow)
				}
			}
		})
	}
}
