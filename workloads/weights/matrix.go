package weights

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

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
	if strings.HasSuffix(name, "int4") { // as bytes
		name = strings.TrimSuffix(name, "4") + "8"
	}
	if f, ok := bytesOf[name]; ok {
		return Type{1, order, func(_ binary.ByteOrder, b []byte) float32 { return f(b[0]) }}, nil
	}
	return Type{}, fmt.Errorf("elements of type %q; float16, bfloat16, float32, float64, four kinds of float8, int8 and int4 are accepted", name)
}

// Matrix is a weight in a file.
type Matrix struct {
	Layer   string
	Tensor  string // in the file
	Shape   workloads.WeightShape
	strides onnx.Strides // in elements
	start   int64        // the element that is its first
	kind    Type
	data    io.ReaderAt
	offset  int64 // of element 0, in bytes
	scales  []onnx.Scale
	lost    int64 // elements that are not zero but are as FP16, of the panels so far
}

// panel reads outputs [from, to) of a group: rows (tap, input), columns outputs, as FP16.
func (m *Matrix) panel(group, from, to int64) ([]uint16, error) {
	rows, cols := m.Shape.Taps*m.Shape.In, to-from
	out := make([]uint16, rows*cols)
	base := m.start + group*m.strides.Group + from*m.strides.Out
	if m.strides.Out >= m.strides.In {
		return out, m.perOutput(out, base, cols)
	}
	// Neighbours in the file are outputs: one run for each row.
	buf := make([]byte, cols*m.strides.Out*m.kind.bytes)
	for tap := range m.Shape.Taps {
		for in := range m.Shape.In {
			first := base + m.strides.At(tap) + in*m.strides.In
			if err := m.read(buf[:((cols-1)*m.strides.Out+1)*m.kind.bytes], first); err != nil {
				return nil, err
			}
			row := out[(tap*m.Shape.In+in)*cols:][:cols]
			for c := range row {
				row[c] = m.half(buf, first, int64(c)*m.strides.Out)
			}
		}
	}
	return out, nil
}

// perOutput reads a panel whose outputs are far apart in the file: all that belongs to one output at a time.
func (m *Matrix) perOutput(out []uint16, base, cols int64) error {
	span := m.strides.At(m.Shape.Taps-1) + (m.Shape.In-1)*m.strides.In + 1
	buf := make([]byte, span*m.kind.bytes)
	for c := range cols {
		if err := m.read(buf, base+c*m.strides.Out); err != nil {
			return err
		}
		for tap := range m.Shape.Taps {
			for in := range m.Shape.In {
				out[(tap*m.Shape.In+in)*cols+c] = m.half(buf, base+c*m.strides.Out, m.strides.At(tap)+in*m.strides.In)
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

// half is an element of a buffer, whose first is number first of the file, as FP16. What is lost to zero counts.
func (m *Matrix) half(buf []byte, first, element int64) uint16 {
	v := m.kind.decode(m.kind.order, buf[element*m.kind.bytes:])
	for k := range m.scales {
		s := &m.scales[k]
		i := s.At(first + element)
		wide := float64(v)
		if s.Zeros != nil {
			wide -= s.Zeros[i]
		}
		v = float32(wide * s.Values[i])
	}
	h := float16.Fromfloat32(v).Bits()
	if v != 0 && h&0x7fff == 0 {
		m.lost++
	}
	return h
}

// bytesOf are the types of one byte.
var bytesOf = map[string]func(b byte) float32{
	"int8": func(b byte) float32 { return float32(int8(b)) }, "uint8": func(b byte) float32 { return float32(b) },
	"float8e4m3fn": func(b byte) float32 {
		if b&0x7f == 0x7f {
			return float32(math.NaN())
		}
		return float8(b, 3, 7)
	},
	"float8e4m3fnuz": func(b byte) float32 { return unsignedZero(b, 3, 8) },
	"float8e5m2": func(b byte) float32 { // as FP16 without its last byte
		return float16.Frombits(uint16(b) << 8).Float32()
	},
	"float8e5m2fnuz": func(b byte) float32 { return unsignedZero(b, 2, 16) },
}

// float8 is a number of one byte with some bits behind the point, and an exponent's bias.
func float8(b byte, mantissa, bias int) float32 {
	exponent := int(b&0x7f) >> mantissa
	part := float64(int(b) & (1<<mantissa - 1))
	if exponent == 0 {
		exponent = 1
	} else {
		part += float64(int(1) << mantissa)
	}
	v := math.Ldexp(part, exponent-bias-mantissa)
	if b&0x80 != 0 {
		v = -v
	}
	return float32(v)
}

// unsignedZero is float8 without a second zero, whose bits stand for what is no number.
func unsignedZero(b byte, mantissa, bias int) float32 {
	if b == 0x80 {
		return float32(math.NaN())
	}
	return float8(b, mantissa, bias)
}
