package onnx

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
)

// writeLarge writes a model of two linear layers whose weights are holes in a sparse file: size bytes of zeros each. The heads of the messages that
// hold them are written by hand, since no encoder makes a message of gigabytes.
func writeLarge(t *testing.T, rows, cols int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "large.onnx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size := rows * cols * 4
	var tensors [][]byte // without their data
	for _, name := range []string{"a.weight", "b.weight"} {
		b := encodeMessage(t, weight(name, rows, cols))
		b = protowire.AppendTag(b, 9, protowire.BytesType)
		tensors = append(tensors, protowire.AppendVarint(b, uint64(size)))
	}
	small := fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, rows)}, nil, nodeOf("MatMul", "a", []string{"x", "a.weight"}, "m"),
		nodeOf("Gemm", "b", []string{"m", "b.weight"}, "y", intAttr("transB", 1)))
	graph := encodeMessage(t, small.Graph)
	small.Graph = nil
	head := encodeMessage(t, small)
	total := int64(len(graph))
	for _, b := range tensors {
		total += int64(protowire.SizeTag(5)+protowire.SizeVarint(uint64(int64(len(b))+size))+len(b)) + size
	}
	head = protowire.AppendTag(head, 7, protowire.BytesType)
	head = protowire.AppendVarint(head, uint64(total))
	at := int64(0)
	write := func(b []byte) {
		if _, err := f.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
		at += int64(len(b))
	}
	write(head)
	for _, b := range tensors {
		write(protowire.AppendVarint(protowire.AppendTag(nil, 5, protowire.BytesType), uint64(int64(len(b))+size)))
		write(b)
		at += size
	}
	write(graph)
	return path
}

func encodeMessage(t *testing.T, m proto.Message) []byte {
	t.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFileLargerThanMemory imports a file of 4 GiB under a memory limit of 64 MiB, and measures that the heap stays far below that.
func TestFileLargerThanMemory(t *testing.T) {
	const limit = 64 << 20
	path := writeLarge(t, 1<<15, 1<<14) // 2 GiB each
	if info, err := os.Stat(path); err != nil || info.Size() < 4<<30 {
		t.Fatal(info.Size(), err)
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := load(t, path)
	i, err := m.Import(Options{Name: "large"})
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := m.Weights()
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	// All that was ever allocated, not only what was alive at once.
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("importing allocated %d bytes", got)
	}
	if _, parameters := stepMACs(t, i.Graph); parameters != 2<<29 {
		t.Errorf("%d parameters; want 2^30", parameters)
	}
	if len(list) != 2 || list[1].Offset-list[0].Offset < 2<<30 || list[1].Shape.In != 1<<14 || list[1].Strides.Out != 1<<14 {
		t.Errorf("weights %+v", list)
	}
}

// TestSieve: of files with small tensors nothing that matters is lost; large data go, wherever they stand.
func TestSieve(t *testing.T) {
	for _, path := range files(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var whole pb.ModelProto
		if err := proto.Unmarshal(b, &whole); err != nil {
			t.Fatal(err)
		}
		read, err := file.Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for i, tensor := range whole.Graph.Initializer {
			where := read.Initializers[i]
			if raw := tensor.RawData; len(raw) > 0 && !bytes.Equal(raw, b[where.Offset:where.Offset+where.Length]) {
				t.Errorf("%s: the data of %s are not at byte %d", path, tensor.GetName(), where.Offset)
			}
			if len(tensor.RawData) > file.KeepBytes {
				tensor.RawData = nil
			}
		}
		whole.ProtoReflect().SetUnknown(nil)
		forget(&whole)
		if !proto.Equal(&whole, read.Model) {
			t.Errorf("%s: the sieve lost or changed something", path)
		}
	}
}

// forget drops fields that the generated types do not have.
func forget(m *pb.ModelProto) {
	m.Graph.ProtoReflect().SetUnknown(nil)
	for _, n := range m.Graph.Node {
		n.ProtoReflect().SetUnknown(nil)
		for _, a := range n.Attribute {
			a.ProtoReflect().SetUnknown(nil)
		}
	}
}

// TestUnpacked: elements that are written one by one, as a decoder must accept them, are read or dropped as a whole.
func TestUnpacked(t *testing.T) {
	model := func(count int) []byte {
		tensor := encodeMessage(t, &pb.TensorProto{Name: ptr("to"), DataType: ptr[int32](file.Int64), Dims: []int64{int64(count)}})
		for i := range count {
			tensor = protowire.AppendTag(tensor, 7, protowire.VarintType)
			tensor = protowire.AppendVarint(tensor, uint64([]int64{0, 8}[i%2]))
		}
		m := fileOf(13, []*pb.ValueInfoProto{inputOf("x", 0, 4, 2)}, nil, nodeOf("Reshape", "r", []string{"x", "to"}, "y"))
		graph := encodeMessage(t, m.Graph)
		graph = protowire.AppendBytes(protowire.AppendTag(graph, 5, protowire.BytesType), tensor)
		m.Graph = nil
		return protowire.AppendBytes(protowire.AppendTag(encodeMessage(t, m), 7, protowire.BytesType), graph)
	}
	b := model(2)
	m, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Import(Options{}); err != nil {
		t.Error(err)
	}
	b = model(2000)
	if m, err = Read(bytes.NewReader(b), int64(len(b))); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Import(Options{}); err == nil || !strings.Contains(err.Error(), `"r" (Reshape)`) {
		t.Errorf("a target of 2000 extents: %v", err)
	}
}

// TestBrokenFiles: a file that is cut anywhere, or is none, is an error that says so.
func TestBrokenFiles(t *testing.T) {
	b, err := os.ReadFile("testdata/sequence.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(b) {
		m, err := Read(bytes.NewReader(b[:n]), int64(n))
		if err == nil {
			_, err = m.Import(Options{})
		}
		if err == nil {
			t.Errorf("the first %d of %d bytes are accepted", n, len(b))
		}
	}
	for text, want := range map[string]string{
		"":                 "it is empty",
		"\x3a\xff\xff\x7f": "cut short or no ONNX file",
		"\x3b":             "wire type",
		"GIF89a":           "walking the ONNX file",
	} {
		if _, err := Read(strings.NewReader(text), int64(len(text))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v; want %q", text, err, want)
		}
	}
	// A length that does not fit an int64.
	huge := protowire.AppendVarint(protowire.AppendTag(nil, 7, protowire.BytesType), math.MaxUint64)
	if _, err := Read(bytes.NewReader(huge), int64(len(huge))); err == nil {
		t.Error("a graph of 2^64-1 bytes is accepted")
	}
}
