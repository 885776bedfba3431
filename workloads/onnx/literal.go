package onnx

import (
	"encoding/binary"
	"math"

	"github.com/x448/float16"

	"satsim/workloads/onnx/internal/pb"
)

// maxLiteral bounds the elements of a constant whose numbers are followed: shapes and scalars have a few.
const maxLiteral = 1 << 12

// number is an element of a constant. An integer may be a multiple of the batch.
type number struct {
	i     int64
	f     float64
	batch bool
}

// literal is a constant with its elements.
type literal struct {
	dims  []int64
	elems []number
	float bool
}

func wholeNumbers(values ...int64) *literal {
	l := &literal{dims: []int64{int64(len(values))}}
	for _, v := range values {
		l.elems = append(l.elems, number{i: v})
	}
	return l
}

func literalOf(s shape) *literal {
	l := &literal{dims: []int64{int64(len(s))}}
	for _, e := range s {
		l.elems = append(l.elems, number{i: e.n, batch: e.batch})
	}
	return l
}

// shape reads the elements as extents.
func (l *literal) shape() (shape, bool) {
	if l == nil || l.float || len(l.dims) > 1 {
		return nil, false
	}
	var s shape
	for _, e := range l.elems {
		s = append(s, extent{e.i, e.batch})
	}
	return s, true
}

// ints reads the elements as whole numbers without the batch.
func (l *literal) ints() ([]int64, bool) {
	if l == nil || l.float {
		return nil, false
	}
	var out []int64
	for _, e := range l.elems {
		if e.batch {
			return nil, false
		}
		out = append(out, e.i)
	}
	return out, true
}

// scalar is the value of a constant with one element.
func (l *literal) scalar() (float64, bool) {
	if l == nil || len(l.elems) != 1 || l.elems[0].batch {
		return 0, false
	}
	if l.float {
		return l.elems[0].f, true
	}
	return float64(l.elems[0].i), true
}

// Types of elements, as numbered by ONNX.
const (
	typeFloat32  = 1
	typeUint8    = 2
	typeInt8     = 3
	typeInt32    = 6
	typeInt64    = 7
	typeBool     = 9
	typeFloat16  = 10
	typeFloat64  = 11
	typeBfloat16 = 16
)

func isFloat(t int32) bool {
	return t == typeFloat32 || t == typeFloat16 || t == typeFloat64 || t == typeBfloat16
}

// decodeTensor gives a tensor's elements, or nothing if they are not there, too many, or of a type that no shape has.
func decodeTensor(t *pb.TensorProto) *literal {
	count := int64(1)
	for _, d := range t.GetDims() {
		if d < 0 || d > maxLiteral || count*d > maxLiteral {
			return nil
		}
		count *= d
	}
	l := &literal{dims: t.GetDims(), float: isFloat(t.GetDataType())}
	raw := t.GetRawData()
	width := map[int32]int{
		typeFloat32: 4, typeInt32: 4, typeInt64: 8, typeFloat64: 8, typeBool: 1, typeUint8: 1, typeInt8: 1, typeFloat16: 2, typeBfloat16: 2,
	}[t.GetDataType()]
	if width != 0 && len(raw) == width*int(count) && count > 0 {
		for at := 0; at < len(raw); at += width {
			l.elems = append(l.elems, decodeNumber(t.GetDataType(), raw[at:]))
		}
		return l
	}
	switch t.GetDataType() {
	case typeFloat32:
		for _, v := range t.GetFloatData() {
			l.elems = append(l.elems, number{f: float64(v)})
		}
	case typeFloat64:
		for _, v := range t.GetDoubleData() {
			l.elems = append(l.elems, number{f: v})
		}
	case typeFloat16:
		for _, v := range t.GetInt32Data() {
			l.elems = append(l.elems, number{f: float64(float16.Frombits(uint16(v)).Float32())})
		}
	case typeInt64:
		for _, v := range t.GetInt64Data() {
			l.elems = append(l.elems, number{i: v})
		}
	case typeInt32, typeBool, typeUint8, typeInt8:
		for _, v := range t.GetInt32Data() {
			l.elems = append(l.elems, number{i: int64(v)})
		}
	}
	if int64(len(l.elems)) != count {
		return nil
	}
	return l
}

func decodeNumber(kind int32, b []byte) number {
	switch kind {
	case typeFloat32:
		return number{f: float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))}
	case typeFloat64:
		return number{f: math.Float64frombits(binary.LittleEndian.Uint64(b))}
	case typeFloat16:
		return number{f: float64(float16.Frombits(binary.LittleEndian.Uint16(b)).Float32())}
	case typeBfloat16:
		return number{f: float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))}
	case typeInt64:
		return number{i: int64(binary.LittleEndian.Uint64(b))}
	case typeInt32:
		return number{i: int64(int32(binary.LittleEndian.Uint32(b)))}
	case typeInt8:
		return number{i: int64(int8(b[0]))}
	default:
		return number{i: int64(b[0])}
	}
}
