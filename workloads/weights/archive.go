package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// maxInflated bounds a compressed array, which is held in memory.
const maxInflated = 1 << 30

// arrays are handed over from an archive, as far as their heads are read, until there is an error.
func arrays(r io.ReaderAt, size int64, each func(name string, h header, data io.ReaderAt, length int64) error) (comment string, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", fmt.Errorf("it is no .npz archive: %w", err)
	}
	for _, f := range z.File {
		name, isArray := strings.CutSuffix(f.Name, ".npy")
		if !isArray {
			continue
		}
		data, length, err := entry(r, size, f)
		if err != nil {
			return "", fmt.Errorf("array %q: %w", name, err)
		}
		h, err := readHeader(data, length)
		if err == nil {
			err = each(name, h, data, length)
		}
		if err != nil {
			return "", fmt.Errorf("array %q: %w", name, err)
		}
	}
	return z.Comment, nil
}

// FromNPZ lists the weights of a .npz archive: its arrays of two to four axes, named as they are. Arrays that are stored as they are stay in the file.
func FromNPZ(r io.ReaderAt, size int64, layout Layout) ([]Matrix, error) {
	var out []Matrix
	_, err := arrays(r, size, func(name string, h header, data io.ReaderAt, length int64) error {
		if len(h.shape) < 2 || len(h.shape) > 4 {
			return nil // biases, counters
		}
		m, err := FromNPY(data, length, name, layout)
		m.Layer = layerOf(name)
		out = append(out, m)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, noWeights(len(out))
}

// entry is a file of an archive of so many bytes.
func entry(r io.ReaderAt, whole int64, f *zip.File) (io.ReaderAt, int64, error) {
	if f.Method == zip.Store {
		at, err := f.DataOffset()
		if err != nil {
			return nil, 0, fmt.Errorf("finding it in the archive: %w", err)
		}
		if f.UncompressedSize64 > uint64(max(whole-at, 0)) {
			return nil, 0, fmt.Errorf("it has %d bytes from byte %d on; the archive has %d", f.UncompressedSize64, at, whole)
		}
		size := int64(f.UncompressedSize64)
		return io.NewSectionReader(r, at, size), size, nil
	}
	if f.UncompressedSize64 > maxInflated {
		return nil, 0, fmt.Errorf("compressed arrays of up to %d bytes are accepted; numpy.savez does not compress", int64(maxInflated))
	}
	from, err := f.Open()
	if err != nil {
		return nil, 0, err
	}
	defer from.Close()
	b, err := io.ReadAll(io.LimitReader(from, maxInflated))
	if err != nil {
		return nil, 0, fmt.Errorf("inflating: %w", err)
	}
	return bytes.NewReader(b), int64(len(b)), nil
}

// maxTensorHeader bounds the head of a safetensors file, as the format itself does.
const maxTensorHeader = 100 << 20

// FromSafetensors lists the weights of a safetensors file: its tensors of two to four axes, in the order of the file. It has no graph: tables of embeddings
// are among them.
func FromSafetensors(r io.ReaderAt, size int64, layout Layout) ([]Matrix, error) {
	tensors, _, start, err := tensorsOf(r, size)
	if err != nil {
		return nil, err
	}
	var out []Matrix
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		t := tensors[name]
		kind, known := map[string]string{
			"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "F8_E4M3": "float8e4m3fn", "F8_E5M2": "float8e5m2", "I8": "int8",
		}[t.Type]
		if len(t.Shape) < 2 || len(t.Shape) > 4 {
			continue
		}
		if !known {
			return nil, fmt.Errorf("tensor %q: elements of type %s; F64, F32, F16, BF16, F8_E4M3, F8_E5M2 and I8 are accepted", name, t.Type)
		}
		h := header{shape: t.Shape}
		if h.kind, err = typeOf(kind, binary.LittleEndian); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		m := Matrix{Layer: layerOf(name), Tensor: name, data: r, offset: start + t.Offsets[0], kind: h.kind}
		if err := m.arrange(h, layout); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if want := m.Shape.Elements() * m.kind.bytes; t.Offsets[0] < 0 || t.Offsets[1]-t.Offsets[0] != want || t.Offsets[1] > size-start {
			return nil, fmt.Errorf("tensor %q: bytes %d to %d of %d; shape %v takes %d", name, t.Offsets[0], t.Offsets[1], size-start, t.Shape, want)
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b Matrix) int { return int(min(max(a.offset-b.offset, -1), 1)) })
	return out, noWeights(len(out))
}

// tensor is the head of one in a safetensors file.
type tensor struct {
	Type    string   `json:"dtype"`
	Shape   []int64  `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// metadata is the name in the head of a safetensors file that is of no tensor.
const metadata = "__metadata__"

// tensorsOf reads the head of a safetensors file: its tensors by name, its metadata, and where the tensors' bytes begin.
func tensorsOf(r io.ReaderAt, size int64) (out map[string]tensor, about map[string]string, start int64, err error) {
	var first [8]byte
	if n, err := r.ReadAt(first[:], 0); n < len(first) {
		return nil, nil, 0, fmt.Errorf("it ends after %d bytes: %w", n, err)
	}
	length := binary.LittleEndian.Uint64(first[:])
	if length > maxTensorHeader || int64(length) > size-8 {
		return nil, nil, 0, fmt.Errorf("its head has %d bytes of a file of %d: it is cut short or no safetensors file", length, size)
	}
	head := make([]byte, length)
	if n, err := r.ReadAt(head, 8); n < len(head) {
		return nil, nil, 0, fmt.Errorf("its head ends early: %w", err)
	}
	var tensors map[string]json.RawMessage
	if err := json.Unmarshal(head, &tensors); err != nil {
		return nil, nil, 0, fmt.Errorf("its head is no list of tensors: %w", err)
	}
	if text, ok := tensors[metadata]; ok {
		if err := json.Unmarshal(text, &about); err != nil {
			return nil, nil, 0, fmt.Errorf("%s is no list of texts: %w", metadata, err)
		}
		delete(tensors, metadata)
	}
	out = map[string]tensor{}
	for name, text := range tensors {
		var t tensor
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, nil, 0, fmt.Errorf("tensor %q: %w", name, err)
		}
		out[name] = t
	}
	return out, about, 8 + int64(length), nil
}

// layerOf is the layer that a tensor is the weight of.
func layerOf(tensor string) string {
	if layer, ok := strings.CutSuffix(tensor, ".weight"); ok && layer != "" {
		return layer
	}
	return tensor
}

func noWeights(found int) error {
	if found == 0 {
		return errors.New("none of its arrays has two to four axes, as weights have")
	}
	return nil
}
