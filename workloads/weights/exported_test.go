package weights

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"satsim/internal/nm"
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
		"torch_lm.onnx": "torch_lm.npz",
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

// TestWholeState: of a whole state_dict, with counters, flags and a text beside, and of arrays that NumPy keeps with the first axis fastest, training and prune have what they
// have of the numbers alone, in the usual order.
func TestWholeState(t *testing.T) {
	want, got := stateOf(t, "torch_resnet_few.npz"), stateOf(t, "torch_state.npz")
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("%d arrays; %d are numbers", len(got), len(want))
	}
	for i := range want {
		if got[i].Name != want[i].Name || !sameArray(&got[i], &want[i]) {
			t.Errorf("%s %v is not %s %v", got[i].Name, got[i].Shape, want[i].Name, want[i].Shape)
		}
	}
	reports := func(name string) (out []Report) {
		f, size := openFile(t, filepath.Join("testdata", name))
		list, err := FromNPZ(f, size, OutFirst)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			r, err := Prune(&list[i], nm.Ratio{N: 1, M: 4}, 64, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, *r)
		}
		return out
	}
	if want, got := reports("torch_resnet_few.npz"), reports("torch_state.npz"); len(got) == 0 || !slices.Equal(got, want) {
		t.Errorf("prune has %+v; of the numbers alone %+v", got, want)
	}
}

// FuzzArrays: whatever a file says, it is read or refused, and no array has more elements than the file has bytes for.
func FuzzArrays(f *testing.F) {
	for _, name := range []string{"torch_tokens.npz", "deflated.npz", "types.safetensors"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	const deflates = 1100 // DEFLATE makes 1,032 bytes of one at most
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func(io.ReaderAt, int64) ([]Array, string, error){ReadNPZ, ReadSafetensors} {
			got, _, err := read(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				continue
			}
			for i := range got {
				n := int64(1)
				for _, d := range got[i].Shape {
					n *= d
				}
				if int64(len(got[i].Values)) != n || n > deflates*int64(len(b)) {
					t.Errorf("%s %v: %d elements of a file of %d bytes", got[i].Name, got[i].Shape, len(got[i].Values), len(b))
				}
			}
		}
	})
}

// TestArraysLargerThanTheirFile: memory is made for what the file has.
func TestArraysLargerThanTheirFile(t *testing.T) {
	head := `{"a":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}}`
	text := string(binary.LittleEndian.AppendUint64(nil, uint64(len(head)))) + head + "1234"
	if _, _, err := ReadSafetensors(strings.NewReader(text), int64(len(text))); err == nil || !strings.Contains(err.Error(), `array "a": bytes 0 to 1073741824 of 4: it is cut short`) {
		t.Error(err)
	}
	b, err := os.ReadFile("testdata/torch_tokens.npz")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("PK\x01\x02")) // the first file's entry in the directory; its size uncompressed is at 24
	binary.LittleEndian.PutUint32(b[at+24:], 1<<30)
	if _, _, err := ReadNPZ(bytes.NewReader(b), int64(len(b))); err == nil || !strings.Contains(err.Error(), "it has 1073741824 bytes from byte") {
		t.Error(err)
	}
}
