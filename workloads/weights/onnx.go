package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"satsim/workloads/onnx"
)

// Opener gives the files with elements and their sizes in bytes: the model itself for an empty name, else one beside it.
type Opener func(file string) (io.ReaderAt, int64, error)

// once asks for each file once.
func (open Opener) once() Opener {
	type opened struct {
		data io.ReaderAt
		size int64
	}
	files := map[string]opened{}
	return func(file string) (io.ReaderAt, int64, error) {
		f, ok := files[file]
		if !ok {
			var err error
			if f.data, f.size, err = open(file); err != nil {
				return nil, 0, err
			}
			files[file] = f
		}
		return f.data, f.size, nil
	}
}

// FromONNX lists the weights of an ONNX file, and the layers whose weights are not followed.
func FromONNX(m *onnx.Model, open Opener) ([]Matrix, []onnx.LeftOut, error) {
	list, left, err := m.Weights()
	if err != nil {
		return nil, nil, err
	}
	open = open.once()
	var out []Matrix
	for _, w := range list {
		e, err := elementsOf(w.Stored, open)
		if err != nil {
			return nil, nil, fmt.Errorf("layer %q: weight %q: %w", w.Layer, w.Tensor, err)
		}
		out = append(out, Matrix{
			Layer: w.Layer, Tensor: w.Tensor, Shape: w.Shape, strides: w.Strides, start: w.Start, kind: e.kind, data: e.data, offset: e.offset, scales: w.Scales,
		})
	}
	return out, left, nil
}

// ReadONNX reads all initialisers of floating-point numbers of an ONNX file, and those that Identity nodes name, in alphabetical order, with the axes that
// PyTorch has.
func ReadONNX(m *onnx.Model, open Opener) ([]Array, error) {
	list, err := m.Parameters()
	if err != nil {
		return nil, err
	}
	open = open.once()
	var out []Array
	for i := range list {
		p := &list[i]
		e, err := elementsOf(p.Stored, open)
		if err != nil {
			return nil, fmt.Errorf("initialiser %q: %w", p.Name, err)
		}
		h := header{kind: e.kind, shape: slices.Clone(p.Dims), data: e.offset}
		a, err := h.array(p.Name, e.data, e.offset+p.Count*e.kind.bytes)
		if err != nil {
			return nil, fmt.Errorf("initialiser %q: %w", p.Name, err)
		}
		if p.Turned {
			a.turn()
		}
		a.Alias = p.Alias
		out = append(out, a)
	}
	return out, nil
}

// turn makes [inputs, outputs] of a matrix [outputs, inputs].
func (a *Array) turn() {
	rows, cols := int(a.Shape[0]), int(a.Shape[1])
	values := make([]float32, len(a.Values))
	for r := range rows {
		for c := range cols {
			values[c*rows+r] = a.Values[r*cols+c]
		}
	}
	a.Values = values
	slices.Reverse(a.Shape)
}

// elements are numbers of a type, from an offset on, in bytes.
type elements struct {
	data   io.ReaderAt
	offset int64
	kind   Type
}

// elementsOf finds what is stored, and looks whether the file has it.
func elementsOf(s onnx.Stored, open Opener) (elements, error) {
	kind, err := typeOf(s.Type, binary.LittleEndian)
	if err != nil {
		return elements{}, err
	}
	data, size, err := open(s.File)
	if err != nil {
		return elements{}, err
	}
	if s.Varint {
		if data, size, err = unpacked(data, s, kind); err != nil {
			return elements{}, err
		}
		s.Offset = 0
	}
	if strings.HasSuffix(s.Type, "int4") {
		if s.Offset > size {
			s.Offset = size
		}
		data, size, s.Offset = &halves{data, s.Offset, s.Type == "int4"}, (size-s.Offset)*2, 0
	}
	if want := s.Count * kind.bytes; want > size || s.Offset > size-want { // before a buffer of that size is made
		return elements{}, fmt.Errorf("it has %d bytes from byte %d on; the file has %d", want, s.Offset, size)
	}
	return elements{data, s.Offset, kind}, nil
}

// maxUnpacked bounds a weight whose elements are stored one by one: it is held in memory.
const maxUnpacked = 1 << 30

// unpacked reads elements that are stored as protobuf's integers, as bytes in the file's order.
func unpacked(r io.ReaderAt, w onnx.Stored, kind Type) (io.ReaderAt, int64, error) {
	if w.Length > maxUnpacked {
		return nil, 0, fmt.Errorf("%d bytes of elements stored one by one; %d are accepted", w.Length, int64(maxUnpacked))
	}
	b := make([]byte, w.Length)
	if n, err := r.ReadAt(b, w.Offset); n < len(b) {
		return nil, 0, fmt.Errorf("reading it: %w", err)
	}
	out := make([]byte, 0, min(w.Count, w.Length)*kind.bytes) // one takes a byte at least
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return nil, 0, protowire.ParseError(n)
		}
		b = b[n:]
		if kind.bytes == 1 {
			out = append(out, byte(v))
		} else {
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		}
	}
	want := w.Count * kind.bytes
	if strings.HasSuffix(w.Type, "int4") {
		want = (want + 1) / 2
	}
	if int64(len(out)) != want {
		return nil, 0, fmt.Errorf("%d bytes of elements; its shape takes %d", len(out), want)
	}
	return bytes.NewReader(out), want, nil
}

// halves gives the numbers of four bits of a file, which begin at a byte, a byte each: the lower half is the first.
type halves struct {
	r      io.ReaderAt
	offset int64
	signed bool
}

func (h *halves) ReadAt(p []byte, off int64) (int, error) {
	first := off / 2
	b := make([]byte, (off+int64(len(p))+1)/2-first)
	n, err := h.r.ReadAt(b, h.offset+first)
	done := int(max(0, min(int64(len(p)), 2*(first+int64(n))-off)))
	for i := range p[:done] {
		at := off + int64(i)
		v := b[at/2-first] >> (4 * (at % 2)) & 15
		if h.signed && v > 7 {
			v |= 0xf0
		}
		p[i] = v
	}
	if done == len(p) {
		err = nil
	}
	return done, err
}
