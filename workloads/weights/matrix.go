package weights

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/x448/float16"

	"satsim/workloads"
	"satsim/workloads/onnx"
)

// Type is how an element is stored.
type Type struct {
	bytes  int64
	order  binary.ByteOrder
	decode func(order binary.ByteOrder, b []byte) float32
}

// typeOf knows the types by name.
func typeOf(name string, order binary.ByteOrder) (Type, error) {
	switch name {
	case "float16":
		return Type{2, order, func(o binary.ByteOrder, b []byte) float32 { return float16.Frombits(o.Uint16(b)).Float32() }}, nil
	case "bfloat16":
		return Type{2, order, func(o binary.ByteOrder, b []byte) float32 { return math.Float32frombits(uint32(o.Uint16(b)) << 16) }}, nil
	case "float32":
		return Type{4, order, func(o binary.ByteOrder, b []byte) float32 { return math.Float32frombits(o.Uint32(b)) }}, nil
	case "float64":
		return Type{8, order, func(o binary.ByteOrder, b []byte) float32 { return float32(math.Float64frombits(o.Uint64(b))) }}, nil
	}
	return Type{}, fmt.Errorf("elements of type %q; float16, bfloat16, float32 and float64 are accepted", name)
}

// Matrix is a weight in a file.
type Matrix struct {
	Layer   string
	Tensor  string // in the file
	Shape   workloads.WeightShape
	strides onnx.Strides // in elements
	kind    Type
	data    io.ReaderAt
	offset  int64 // of the first element
}

// panel reads outputs [from, to) of a group: rows (tap, input), columns outputs, as FP16.
func (m *Matrix) panel(group, from, to int64) ([]uint16, error) {
	rows, cols := m.Shape.Taps*m.Shape.In, to-from
	out := make([]uint16, rows*cols)
	base := group*m.strides.Group + from*m.strides.Out
	if m.strides.Out >= m.strides.In {
		return out, m.perOutput(out, base, cols)
	}
	// Neighbours in the file are outputs: one run for each row.
	buf := make([]byte, cols*m.strides.Out*m.kind.bytes)
	for tap := range m.Shape.Taps {
		for in := range m.Shape.In {
			if err := m.read(buf[:((cols-1)*m.strides.Out+1)*m.kind.bytes], base+tap*m.strides.Tap+in*m.strides.In); err != nil {
				return nil, err
			}
			row := out[(tap*m.Shape.In+in)*cols:][:cols]
			for c := range row {
				row[c] = m.half(buf, int64(c)*m.strides.Out)
			}
		}
	}
	return out, nil
}

// perOutput reads a panel whose outputs are far apart in the file: all that belongs to one output at a time.
func (m *Matrix) perOutput(out []uint16, base, cols int64) error {
	span := (m.Shape.Taps-1)*m.strides.Tap + (m.Shape.In-1)*m.strides.In + 1
	buf := make([]byte, span*m.kind.bytes)
	for c := range cols {
		if err := m.read(buf, base+c*m.strides.Out); err != nil {
			return err
		}
		for tap := range m.Shape.Taps {
			for in := range m.Shape.In {
				out[(tap*m.Shape.In+in)*cols+c] = m.half(buf, tap*m.strides.Tap+in*m.strides.In)
			}
		}
	}
	return nil
}

func (m *Matrix) read(buf []byte, element int64) error {
	if n, err := m.data.ReadAt(buf, m.offset+element*m.kind.bytes); n < len(buf) {
		return fmt.Errorf("reading %s from byte %d: %w", m.Tensor, m.offset+element*m.kind.bytes, err)
	}
	return nil
}

// half is an element of a buffer as FP16.
func (m *Matrix) half(buf []byte, element int64) uint16 {
	b := buf[element*m.kind.bytes:]
	return float16.Fromfloat32(m.kind.decode(m.kind.order, b)).Bits()
}
