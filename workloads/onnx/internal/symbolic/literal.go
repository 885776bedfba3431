package symbolic

import (
	"encoding/binary"
	"math"

	"github.com/x448/float16"

	"satsim/workloads/onnx/internal/pb"

	"satsim/workloads/onnx/internal/file"
)

// maxLiteral bounds the elements of a constant whose numbers are followed: shapes and scalars have a few.
const maxLiteral = 1 << 12

// number is an element of a constant. An integer may be a multiple of the batch.
type number struct {
	i     int64
	f     float64
	batch bool
}

// Literal is a constant with its elements.
type Literal struct {
	dims  []int64
	elems []number
	float bool
}

func wholeNumbers(values ...int64) *Literal {
	l := &Literal{dims: []int64{int64(len(values))}}
	for _, v := range values {
		l.elems = append(l.elems, number{i: v})
	}
	return l
}

func literalOf(s Shape) *Literal {
	l := &Literal{dims: []int64{int64(len(s))}}
	for _, e := range s {
		l.elems = append(l.elems, number{i: e.N, batch: e.Batch})
	}
	return l
}

// shape reads the elements as extents.
func (l *Literal) shape() (Shape, bool) {
	if l == nil || l.float || len(l.dims) > 1 {
		return nil, false
	}
	var s Shape
	for _, e := range l.elems {
		s = append(s, Extent{e.i, e.batch})
	}
	return s, true
}

// Extents reads the elements as extents.
func (l *Literal) Extents() (Shape, bool) { return l.shape() }

// Floats reads the elements as numbers.
func (l *Literal) Floats() ([]float64, bool) {
	if l == nil || !l.float {
		return nil, false
	}
	var out []float64
	for _, e := range l.elems {
		out = append(out, e.f)
	}
	return out, true
}

// Ints reads the elements as whole numbers without the batch.
func (l *Literal) Ints() ([]int64, bool) {
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

// Scalar is the value of a constant with one element.
func (l *Literal) Scalar() (float64, bool) {
	if l == nil || len(l.elems) != 1 || l.elems[0].batch {
		return 0, false
	}
	if l.float {
		return l.elems[0].f, true
	}
	return float64(l.elems[0].i), true
}

// Decode gives a tensor's elements, or nothing if they are not there, too many, or of a type that no shape has.
func Decode(t *pb.TensorProto) *Literal {
	count := int64(1)
	for _, d := range t.GetDims() {
		if d < 0 || d > maxLiteral || count*d > maxLiteral {
			return nil
		}
		count *= d
	}
	l := &Literal{dims: t.GetDims(), float: file.IsFloat(t.GetDataType())}
	raw := t.GetRawData()
	width := map[int32]int{
		file.Float32: 4, file.Int32: 4, file.Int64: 8, file.Float64: 8, file.Bool: 1, file.Uint8: 1, file.Int8: 1, file.Float16: 2, file.Bfloat16: 2,
	}[t.GetDataType()]
	if width != 0 && len(raw) == width*int(count) && count > 0 {
		for at := 0; at < len(raw); at += width {
			l.elems = append(l.elems, decodeNumber(t.GetDataType(), raw[at:]))
		}
		return l
	}
	switch t.GetDataType() {
	case file.Float32:
		for _, v := range t.GetFloatData() {
			l.elems = append(l.elems, number{f: float64(v)})
		}
	case file.Float64:
		for _, v := range t.GetDoubleData() {
			l.elems = append(l.elems, number{f: v})
		}
	case file.Float16:
		for _, v := range t.GetInt32Data() {
			l.elems = append(l.elems, number{f: float64(float16.Frombits(uint16(v)).Float32())})
		}
	case file.Int64:
		for _, v := range t.GetInt64Data() {
			l.elems = append(l.elems, number{i: v})
		}
	case file.Int32, file.Bool, file.Uint8, file.Int8:
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
	case file.Float32:
		return number{f: float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))}
	case file.Float64:
		return number{f: math.Float64frombits(binary.LittleEndian.Uint64(b))}
	case file.Float16:
		return number{f: float64(float16.Frombits(binary.LittleEndian.Uint16(b)).Float32())}
	case file.Bfloat16:
		return number{f: float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16))}
	case file.Int64:
		return number{i: int64(binary.LittleEndian.Uint64(b))}
	case file.Int32:
		return number{i: int64(int32(binary.LittleEndian.Uint32(b)))}
	case file.Int8:
		return number{i: int64(int8(b[0]))}
	default:
		return number{i: int64(b[0])}
	}
}
