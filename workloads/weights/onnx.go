package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"satsim/workloads/onnx"
)

// FromONNX lists the weights of an ONNX file. Open gives the files with elements and their sizes: the model itself for an empty name, else one
// beside it.
func FromONNX(m *onnx.Model, open func(file string) (io.ReaderAt, int64, error)) ([]Matrix, error) {
	list, err := m.Weights()
	if err != nil {
		return nil, err
	}
	var out []Matrix
	for _, w := range list {
		kind, err := typeOf(w.Type, binary.LittleEndian)
		if err != nil {
			return nil, fmt.Errorf("layer %q: %w", w.Layer, err)
		}
		data, size, err := open(w.File)
		if err != nil {
			return nil, fmt.Errorf("layer %q: %w", w.Layer, err)
		}
		if w.Varint {
			if data, size, err = unpacked(data, w, kind); err != nil {
				return nil, fmt.Errorf("layer %q: %w", w.Layer, err)
			}
			w.Offset = 0
		}
		if strings.HasSuffix(w.Type, "int4") {
			if w.Offset > size {
				w.Offset = size
			}
			data, size, w.Offset = &halves{data, w.Offset, w.Type == "int4"}, (size-w.Offset)*2, 0
		}
		if want := w.Shape.Elements() * kind.bytes; want > size || w.Offset > size-want { // before a buffer of that size is made
			return nil, fmt.Errorf("layer %q: weight %q has %d bytes from byte %d on; the file has %d", w.Layer, w.Tensor, want, w.Offset, size)
		}
		out = append(out, Matrix{
			Layer: w.Layer, Tensor: w.Tensor, Shape: w.Shape, strides: w.Strides, kind: kind, data: data, offset: w.Offset, scales: w.Scales,
		})
	}
	return out, nil
}

// maxUnpacked bounds a weight whose elements are stored one by one: it is held in memory.
const maxUnpacked = 1 << 30

// unpacked reads elements that are stored as protobuf's integers, as bytes in the file's order.
func unpacked(r io.ReaderAt, w onnx.Weight, kind Type) (io.ReaderAt, int64, error) {
	if w.Length > maxUnpacked {
		return nil, 0, fmt.Errorf("weight %q: %d bytes of elements stored one by one; %d are accepted", w.Tensor, w.Length, int64(maxUnpacked))
	}
	b := make([]byte, w.Length)
	if n, err := r.ReadAt(b, w.Offset); n < len(b) {
		return nil, 0, fmt.Errorf("reading %s: %w", w.Tensor, err)
	}
	out := make([]byte, 0, w.Shape.Elements()*kind.bytes)
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return nil, 0, fmt.Errorf("weight %q: %w", w.Tensor, protowire.ParseError(n))
		}
		b = b[n:]
		if kind.bytes == 1 {
			out = append(out, byte(v))
		} else {
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		}
	}
	want := w.Shape.Elements() * kind.bytes
	if strings.HasSuffix(w.Type, "int4") {
		want = (want + 1) / 2
	}
	if int64(len(out)) != want {
		return nil, 0, fmt.Errorf("weight %q: %d bytes of elements; its shape takes %d", w.Tensor, len(out), want)
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
