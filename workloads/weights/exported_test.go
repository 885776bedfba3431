package weights

import (
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/workloads/onnx"
)

// arraysOf reads an ONNX file of testdata.
func arraysOf(t *testing.T, name string) ([]Array, error) {
	t.Helper()
	f, size := openFile(t, filepath.Join("testdata", name))
	m, err := onnx.Read(f, size)
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	return ReadONNX(m, func(beside string) (io.ReaderAt, int64, error) {
		if opened++; opened > 1 {
			t.Errorf("%s: %d files are opened", name, opened)
		}
		if beside == "" {
			return f, size, nil
		}
		b, size := openFile(t, filepath.Join("testdata", beside))
		return b, size, nil
	})
}

// stateOf is a state_dict that NumPy wrote.
func stateOf(t *testing.T, name string) []Array {
	t.Helper()
	f, size := openFile(t, filepath.Join("testdata", name))
	out, _, err := ReadNPZ(f, size)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameArray(a, b *Array) bool {
	return slices.Equal(a.Shape, b.Shape) && slices.EqualFunc(a.Values, b.Values, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

// TestExportedParameters: what torch.onnx.export wrote has, under the names of the state_dict, its arrays bit for bit, and nothing else. torch_export.py says
// how the files came to be.
func TestExportedParameters(t *testing.T) {
	for file, state := range map[string]string{
		"torch_resnet.onnx": "torch_resnet.npz", "torch_resnet_training.onnx": "torch_resnet.npz", "torch_resnet_external.onnx": "torch_resnet.npz",
		"torch_resnet_float16.onnx": "torch_resnet_few.npz", "torch_resnet_bfloat16.onnx": "torch_resnet_few.npz", "torch_tokens.onnx": "torch_tokens.npz",
	} {
		want := stateOf(t, state)
		slices.SortFunc(want, func(a, b Array) int { return strings.Compare(a.Name, b.Name) })
		got, err := arraysOf(t, file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if len(got) != len(want) || len(got) == 0 {
			t.Errorf("%s: %d arrays; PyTorch has %d", file, len(got), len(want))
			continue
		}
		for i := range want {
			if got[i].Name != want[i].Name || !sameArray(&got[i], &want[i]) {
				t.Errorf("%s: %s %v is not PyTorch's %s %v", file, got[i].Name, got[i].Shape, want[i].Name, want[i].Shape)
			}
		}
	}
}

// TestFoldedLinear: where the exporter folded the transpose of a linear layer, and gave the weight another name, it has PyTorch's axes all the same.
func TestFoldedLinear(t *testing.T) {
	got, err := arraysOf(t, "torch_tokens_folded.onnx")
	if err != nil {
		t.Fatal(err)
	}
	state := stateOf(t, "torch_tokens.npz")
	found := 0
	for i := range got {
		if !strings.HasPrefix(got[i].Name, "onnx::MatMul_") {
			continue
		}
		if slices.ContainsFunc(state, func(a Array) bool { return sameArray(&a, &got[i]) }) {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d of 2 folded weights are PyTorch's", found)
	}
}
