package weights

import (
	"archive/zip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Array is a named array of a network as it is trained: FP32 values, exactly, or the bits of a mask. The last axis moves fastest.
type Array struct {
	Name   string
	Shape  []int64
	Values []float32
	Mask   []bool // instead of values
	Alias  bool   // the file has it under another name as well
}

// bytes of an array's elements.
func (a *Array) bytes() []byte {
	var b []byte
	for _, v := range a.Values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	for _, k := range a.Mask {
		if k {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
	}
	return b
}

// noteKey is where the metadata of a safetensors file has a note, and the comment of an archive, which is a JSON object, too: what others keep there is theirs.
const noteKey = "satsim"

// WriteSafetensors writes arrays as F32, masks as BOOL, with a note on them for whoever reads the file, if it is not empty.
func WriteSafetensors(w io.Writer, arrays []Array, note string) error {
	head := map[string]any{}
	if note != "" {
		head[metadata] = map[string]string{noteKey: note}
	}
	var at int64
	for i := range arrays {
		a := &arrays[i]
		t := tensor{"F32", a.Shape, [2]int64{at, at + 4*int64(len(a.Values))}}
		if a.Mask != nil {
			t.Type, t.Offsets[1] = "BOOL", at+int64(len(a.Mask))
		}
		head[a.Name], at = t, t.Offsets[1]
	}
	text, err := json.Marshal(head) // keys in alphabetical order
	if err != nil {
		return fmt.Errorf("writing weights: %w", err)
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	if _, err = w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)); err != nil {
		return fmt.Errorf("writing weights: %w", err)
	}
	for i := range arrays {
		if _, err := w.Write(arrays[i].bytes()); err != nil {
			return fmt.Errorf("writing weights: %w", err)
		}
	}
	return nil
}

// WriteNPZ writes arrays as numpy.savez does: f4, masks i1, with a note on them in the archive's comment, which has at most 65,535 bytes, if it is not empty.
func WriteNPZ(w io.Writer, arrays []Array, note string) error {
	z := zip.NewWriter(w)
	if note != "" {
		comment, err := json.Marshal(map[string]string{noteKey: note})
		if err == nil {
			err = z.SetComment(string(comment))
		}
		if err != nil {
			return fmt.Errorf("writing weights: %w", err)
		}
	}
	for i := range arrays {
		a := &arrays[i]
		f, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return fmt.Errorf("writing weights: %w", err)
		}
		kind, shape := "<f4", ""
		if a.Mask != nil {
			kind = "|i1"
		}
		for _, d := range a.Shape {
			shape += fmt.Sprintf("%d, ", d)
		}
		head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", kind, strings.TrimSuffix(shape, " "))
		head += strings.Repeat(" ", 63-(10+len(head))%64) + "\n"
		b := append([]byte("\x93NUMPY\x01\x00"), binary.LittleEndian.AppendUint16(nil, uint16(len(head)))...)
		if _, err := f.Write(append(append(b, head...), a.bytes()...)); err != nil {
			return fmt.Errorf("writing weights: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("writing weights: %w", err)
	}
	return nil
}

// ReadSafetensors reads all arrays of floating-point numbers of a file, in alphabetical order, and the note on them; others are left out.
func ReadSafetensors(r io.ReaderAt, size int64) (out []Array, note string, err error) {
	tensors, about, start, err := tensorsOf(r, size)
	if err != nil {
		return nil, "", err
	}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		t := tensors[name]
		kind, known := map[string]string{"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}[t.Type]
		if !known {
			continue
		}
		if t.Offsets[0] < 0 || t.Offsets[1] > size-start { // before a buffer of that size is made
			return nil, "", fmt.Errorf("array %q: bytes %d to %d of %d: it is cut short", name, t.Offsets[0], t.Offsets[1], size-start)
		}
		h := header{shape: t.Shape, data: start + t.Offsets[0]}
		if h.kind, err = typeOf(kind, binary.LittleEndian); err != nil {
			return nil, "", err
		}
		a, err := h.array(name, r, start+t.Offsets[1])
		if err != nil {
			return nil, "", fmt.Errorf("array %q: %w", name, err)
		}
		out = append(out, a)
	}
	return out, about[noteKey], nil
}

// ReadNPZ reads all arrays of floating-point numbers of an archive, and the note on them; others are left out.
func ReadNPZ(r io.ReaderAt, size int64) (out []Array, note string, err error) {
	comment, err := arrays(r, size, func(name string, h header, data io.ReaderAt, length int64) error {
		if h.other != nil || h.kind.bytes == 1 {
			return nil // a counter, a mask
		}
		a, err := h.array(name, data, length)
		if err == nil && h.fortran {
			a.fromFortran()
		}
		out = append(out, a)
		return err
	})
	var about map[string]any
	if json.Unmarshal([]byte(comment), &about) == nil {
		note, _ = about[noteKey].(string)
	}
	return out, note, err
}

// fromFortran puts elements in order of which the first axis moves fastest.
func (a *Array) fromFortran() {
	strides, n := make([]int, len(a.Shape)), 1
	for axis, extent := range a.Shape {
		strides[axis] = n
		n *= int(extent)
	}
	values, at := make([]float32, n), make([]int64, len(a.Shape))
	from := 0
	for i := range values {
		values[i] = a.Values[from]
		for axis := len(at) - 1; axis >= 0; axis-- { // to the next place
			at[axis]++
			from += strides[axis]
			if at[axis] < a.Shape[axis] {
				break
			}
			from -= strides[axis] * int(at[axis])
			at[axis] = 0
		}
	}
	a.Values = values
}

// array reads the elements that end at a place.
func (h *header) array(name string, r io.ReaderAt, end int64) (Array, error) {
	n := int64(1)
	for _, d := range h.shape {
		if d < 1 || d > maxInflated/n {
			return Array{}, fmt.Errorf("shape %v has no elements or too many", h.shape)
		}
		n *= d
	}
	if end-h.data != n*h.kind.bytes {
		return Array{}, fmt.Errorf("%d bytes of elements; shape %v takes %d", end-h.data, h.shape, n*h.kind.bytes)
	}
	b := make([]byte, n*h.kind.bytes)
	if got, err := r.ReadAt(b, h.data); got < len(b) {
		return Array{}, fmt.Errorf("it is cut short: %w", err)
	}
	a := Array{Name: name, Shape: h.shape, Values: make([]float32, n)}
	for i := range a.Values {
		a.Values[i] = h.kind.decode(h.kind.order, b[int64(i)*h.kind.bytes:])
	}
	return a, nil
}
