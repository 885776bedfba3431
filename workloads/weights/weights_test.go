package weights

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/onnx"
)

// figures are what NumPy says of a pruned weight.
type figures struct {
	FFKept      int64   `json:"ff_kept"`
	BPKept      int64   `json:"bp_kept"`
	FFMagnitude float64 `json:"ff_magnitude"`
	BPMagnitude float64 `json:"bp_magnitude"`
	Both        int64   `json:"both"`
	FFOnly      int64   `json:"ff_only"`
	BPOnly      int64   `json:"bp_only"`
	None        int64   `json:"none"`
}

func (f figures) compare(t *testing.T, r *Report) {
	t.Helper()
	if r.FF.Kept != f.FFKept || r.BP.Kept != f.BPKept || r.KeptInBoth != f.Both {
		t.Errorf("kept %d in FF, %d in BP, %d in both; NumPy keeps %d, %d and %d", r.FF.Kept, r.BP.Kept, r.KeptInBoth, f.FFKept, f.BPKept, f.Both)
	}
	for _, m := range [][2]float64{{r.FF.Magnitude, f.FFMagnitude}, {r.BP.Magnitude, f.BPMagnitude}} {
		if math.Abs(m[0]-m[1]) > 1e-12 {
			t.Errorf("kept magnitude %v; NumPy has %v", m[0], m[1])
		}
	}
}

func openFile(t testing.TB, path string) (*os.File, int64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return f, info.Size()
}

func unmarshal(t *testing.T, path string, out any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatal(err)
	}
}

// TestNumPyFiles prunes files that NumPy wrote, in every type, order and layout, and compares figures and packed copies with NumPy's.
func TestNumPyFiles(t *testing.T) {
	var want map[string]struct {
		Layout                Layout
		Outputs, Inputs, Taps int64
		Ratios                map[string]figures
	}
	unmarshal(t, "testdata/expected.json", &want)
	if len(want) != 9 {
		t.Fatalf("%d files", len(want))
	}
	for name, w := range want {
		t.Run(name, func(t *testing.T) {
			f, size := openFile(t, "testdata/"+name+".npy")
			m, err := FromNPY(f, size, name, w.Layout)
			if err != nil {
				t.Fatal(err)
			}
			if s := (workloads.WeightShape{Taps: w.Taps, In: w.Inputs, Out: w.Outputs, Groups: 1}); m.Shape != s {
				t.Fatalf("shape %+v; want %+v", m.Shape, s)
			}
			for text, f := range w.Ratios {
				ratio, err := nm.Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				var ff, bp bytes.Buffer
				r, err := Prune(&m, ratio, 16, &ff, &bp)
				if err != nil {
					t.Fatal(err)
				}
				f.compare(t, r)
				if r.KeptInFFOnly != f.FFOnly || r.KeptInBPOnly != f.BPOnly || r.KeptInNone != f.None {
					t.Errorf("%s: %d in FF only, %d in BP only, %d in none; NumPy has %d, %d, %d", text, r.KeptInFFOnly, r.KeptInBPOnly, r.KeptInNone, f.FFOnly, f.BPOnly, f.None)
				}
				if int64(ff.Len()) != r.FF.Bytes || int64(bp.Len()) != r.BP.Bytes {
					t.Errorf("%s: %d and %d bytes written; %d and %d reported", text, ff.Len(), bp.Len(), r.FF.Bytes, r.BP.Bytes)
				}
				if text != "2:8" {
					continue
				}
				for copy, b := range map[string][]byte{"ff": ff.Bytes(), "bp": bp.Bytes()} {
					got := unpack(t, r, copy, b, ratio.M, 16)
					if pruned := pruned(t, "testdata/"+name+"."+copy+".npy"); !slices.Equal(got, pruned) {
						t.Errorf("the packed %s copy is\n%x\nNumPy's\n%x", copy, got, pruned)
					}
				}
			}
		})
	}
}

// pruned reads a file of FP16 patterns as [out, in, taps].
func pruned(t *testing.T, path string) []uint16 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b = b[10+int(binary.LittleEndian.Uint16(b[8:])):]
	var out []uint16
	for i := 0; i < len(b); i += 2 {
		out = append(out, binary.LittleEndian.Uint16(b[i:]))
	}
	return out
}

// unpack reads the tiles of a copy back into [out, in, taps], by the format that the package's documentation gives.
func unpack(t *testing.T, r *Report, copy string, b []byte, m, burst int) []uint16 {
	t.Helper()
	out := make([]uint16, r.Elements)
	put := func(o, i, tap int, v uint16) { out[(o*int(r.Inputs)+i)*int(r.Taps)+tap] = v }
	for from := 0; from < int(r.Outputs); from += m {
		outputs := min(m, int(r.Outputs)-from)
		tile := nm.Tile{Ratio: r.FF.Ratio, Runs: outputs * int(r.Taps), Channels: int(r.Inputs)}
		if copy == "bp" {
			tile = nm.Tile{Ratio: r.BP.Ratio, Runs: int(r.Taps * r.Inputs), Channels: outputs}
		}
		n := int(tile.Bytes(burst))
		c, err := tile.Unpack(b[:n], burst)
		if err != nil {
			t.Fatal(err)
		}
		b = b[n:]
		dense, err := tile.Expand(c)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range dense {
			run, channel := k/tile.Channels, k%tile.Channels
			if copy == "bp" {
				put(from+channel, run%int(r.Inputs), run/int(r.Inputs), v)
			} else {
				put(from+run/int(r.Taps), channel, run%int(r.Taps), v)
			}
		}
	}
	if len(b) > 0 {
		t.Errorf("%d bytes are left behind the last tile", len(b))
	}
	return out
}

// TestONNXFiles prunes the initialisers of a file that PyTorch wrote, and of the same model with its tensors in another file, as ONNX's own
// package wrote it; what is expected was computed from the arrays that ONNX's package reads.
func TestONNXFiles(t *testing.T) {
	var want []struct {
		figures
		Layer                         string
		Groups, Outputs, Inputs, Taps int64
	}
	unmarshal(t, "testdata/expected_onnx.json", &want)
	for _, path := range []string{"../onnx/testdata/small_opset16.onnx", "testdata/external.onnx"} {
		f, size := openFile(t, path)
		m, err := onnx.Read(f, size)
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := FromONNX(m, func(name string) (io.ReaderAt, int64, error) {
			if name == "" {
				return f, size, nil
			}
			beside, size := openFile(t, "testdata/"+name)
			return beside, size, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != len(want) {
			t.Fatalf("%s: %d weights; want %d", path, len(list), len(want))
		}
		for i, w := range want {
			r, err := Prune(&list[i], nm.Ratio{N: 2, M: 4}, 64, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Layer != w.Layer || r.Groups != w.Groups || r.Outputs != w.Outputs || r.Inputs != w.Inputs || r.Taps != w.Taps {
				t.Errorf("%s: %+v; want %+v", path, r, w)
			}
			w.compare(t, r)
		}
	}
}

// TestSizeByHand packs 4 inputs x 5 outputs at 2:4 with bursts of 8 bytes. FF: tiles of 4 outputs and of 1; a run of 4 inputs keeps 2 values
// of 16 bits and indices of 2: 36 bits. BP: the first tile's 4 runs of 4 outputs keep 2 each, the second's 4 runs of 1 output keep 1.
func TestSizeByHand(t *testing.T) {
	data := make([]byte, 4*5*2)
	m := Matrix{
		Shape: workloads.WeightShape{Taps: 1, In: 4, Out: 5, Groups: 1}, strides: onnx.Strides{In: 1, Out: 4},
		kind: mustType(t, "float16"), data: bytes.NewReader(data),
	}
	r, err := Prune(&m, nm.Ratio{N: 2, M: 4}, 8, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	// 144 bits are 3 bursts of 64, 36 bits are 1; 144 bits again, and 4*(16+2) = 72 bits are 2.
	if r.FF.Bytes != 4*8 || r.BP.Bytes != 5*8 || r.FF.Kept != 10 || r.BP.Kept != 12 || r.FF.Tiles != 2 {
		t.Errorf("%+v", r)
	}
	if r.FF.Magnitude != 1 || r.BP.Magnitude != 1 {
		t.Error("of zeros, all magnitude is kept")
	}
}

func mustType(t *testing.T, name string) Type {
	t.Helper()
	kind, err := typeOf(name, binary.LittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	return kind
}

// TestInfinite: elements that FP16 cannot hold are counted, and make no sum infinite.
func TestInfinite(t *testing.T) {
	var b []byte
	for _, v := range []float32{1, 1e6, float32(math.Inf(-1)), float32(math.NaN()), 2, 3, 4, 5} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	m := Matrix{
		Shape: workloads.WeightShape{Taps: 1, In: 8, Out: 1, Groups: 1}, strides: onnx.Strides{In: 1, Out: 8}, kind: mustType(t, "float32"),
		data: bytes.NewReader(b),
	}
	r, err := Prune(&m, nm.Ratio{N: 4, M: 8}, 64, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Kept are the three that are too large and 5, of 1+2+3+4+5.
	if r.Infinite != 3 || math.Abs(r.FF.Magnitude-5.0/15) > 1e-12 {
		t.Errorf("%d infinite, magnitude %v", r.Infinite, r.FF.Magnitude)
	}
}

// TestWeightLargerThanMemory prunes and packs a weight of 32 MiB (a hole in a sparse file) under a memory limit of 16 MiB.
func TestWeightLargerThanMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a large file")
	}
	const limit, rows, cols = 16 << 20, 8, 1 << 20
	path := filepath.Join(t.TempDir(), "large.npy")
	head := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n", cols, rows)
	head = "\x93NUMPY\x01\x00" + string([]byte{byte(len(head)), 0}) + head
	if err := os.WriteFile(path, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, int64(len(head))+rows*cols*4); err != nil {
		t.Fatal(err)
	}
	f, size := openFile(t, path)
	m, err := FromNPY(f, size, "large", OutFirst)
	if err != nil {
		t.Fatal(err)
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit))
	peak := &peakWriter{}
	if _, err := Prune(&m, nm.Ratio{N: 2, M: 8}, 64, peak, io.Discard); err != nil {
		t.Fatal(err)
	}
	if peak.writes == 0 || peak.heap > limit {
		t.Errorf("%d writes, a heap of %d bytes", peak.writes, peak.heap)
	}
}

// peakWriter looks at the heap now and then.
type peakWriter struct {
	writes int
	heap   uint64
}

func (p *peakWriter) Write(b []byte) (int, error) {
	if p.writes++; p.writes%4096 == 1 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		p.heap = max(p.heap, s.HeapAlloc)
	}
	return len(b), nil
}

// A shape may say anything: memory is made for what the file has.
func TestOneByOneShapeLargerThanFile(t *testing.T) {
	kind := mustType(t, "float16")
	w := onnx.Stored{Type: "float16", Length: 3, Count: 1 << 40}
	if _, _, err := unpacked(strings.NewReader("\x01\x80\x01"), w, kind); err == nil || !strings.Contains(err.Error(), "4 bytes of elements; its shape takes 2199023255552") {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	file := func(head string, elements int) string {
		return "\x93NUMPY\x01\x00" + string([]byte{byte(len(head)), byte(len(head) >> 8)}) + head + strings.Repeat("\x00", elements)
	}
	for want, text := range map[string]string{
		"it is no .npy file":       "PK\x03\x04PK\x03\x04PK\x03\x04",
		"it ends after 3 bytes":    "\x93NU",
		"elements of type i8":      file("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }", 32),
		"elements of type f16":     file("{'descr': '<f16', 'fortran_order': False, 'shape': (2, 2), }", 64),
		"names no type, order and": file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }", 16),
		"a weight has 2 axes":      file("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", 16),
		"no elements or too many":  file("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", 0),
		"15 bytes of elements":     file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 15),
		"a head of 65535 bytes":    "\x93NUMPY\x01\x00\xff\xff{}",
	} {
		if _, err := FromNPY(strings.NewReader(text), int64(len(text)), "w", OutFirst); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want %s", err, want)
		}
	}
	good := file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 16)
	if _, err := FromNPY(strings.NewReader(good), int64(len(good)), "w", "nchw"); err == nil || !strings.Contains(err.Error(), "oihw and hwio") {
		t.Errorf("layout nchw: %v", err)
	}
	m, err := FromNPY(strings.NewReader(good), int64(len(good)), "w", OutFirst)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Prune(&m, nm.Ratio{N: 3, M: 2}, 64, nil, nil); err == nil {
		t.Error("3:2 is accepted")
	}
	if _, err := Prune(&m, nm.Ratio{N: 1, M: 2}, 0, nil, nil); err == nil {
		t.Error("bursts of 0 bytes are accepted")
	}
}

func FuzzNPY(f *testing.F) {
	for _, name := range []string{"float16", "fortran", "conv_in_first", "version2"} {
		b, err := os.ReadFile("testdata/" + name + ".npy")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, name == "conv_in_first")
	}
	f.Fuzz(func(t *testing.T, b []byte, inFirst bool) {
		layout := OutFirst
		if inFirst {
			layout = InFirst
		}
		m, err := FromNPY(bytes.NewReader(b), int64(len(b)), "w", layout)
		if err != nil {
			return
		}
		// What the head promises is there: reading cannot fail.
		r, err := Prune(&m, nm.Ratio{N: 2, M: 8}, 64, io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if r.KeptInBoth+r.KeptInFFOnly+r.KeptInBPOnly+r.KeptInNone != r.Elements {
			t.Errorf("%+v: masks do not add up", r)
		}
	})
}
