package weights

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"satsim/workloads"
	"satsim/workloads/onnx"
)

// Layout says what the axes of a weight's array are.
type Layout string

// The layouts of frameworks. Both put the taps of a convolution between or before: [out, in, kh, kw] and [kh, kw, in, out].
const (
	OutFirst Layout = "oihw" // PyTorch, ONNX: [out, in], [out, in, k], [out, in, kh, kw]
	InFirst  Layout = "hwio" // TensorFlow, JAX: [in, out], [k, in, out], [kh, kw, in, out]
)

// maxHeader bounds the head of a .npy file; the format itself allows 4 GiB.
const maxHeader = 1 << 16

// maxElements bounds a weight.
const maxElements = 1 << 40

// FromNPY reads the head of a .npy file of size bytes.
func FromNPY(r io.ReaderAt, size int64, name string, layout Layout) (Matrix, error) {
	h, err := readHeader(r, size)
	if err == nil {
		err = h.other
	}
	if err != nil {
		return Matrix{}, err
	}
	m := Matrix{Layer: name, Tensor: name, data: r, offset: h.data, kind: h.kind}
	if err := m.arrange(h, layout); err != nil {
		return Matrix{}, err
	}
	if want := m.Shape.Elements() * m.kind.bytes; size-h.data != want {
		return Matrix{}, fmt.Errorf("%d bytes of elements; shape %v takes %d", size-h.data, h.shape, want)
	}
	return m, nil
}

// arrange gives the axes their meanings.
func (m *Matrix) arrange(h header, layout Layout) error {
	rank := len(h.shape)
	if rank < 2 || rank > 4 {
		return fmt.Errorf("shape %v; a weight has 2 axes, or 3 or 4 for a convolution", h.shape)
	}
	strides := make([]int64, rank)
	all := int64(1)
	for i := range rank {
		a := rank - 1 - i
		if h.fortran {
			a = i
		}
		strides[a] = all
		if h.shape[a] < 1 || h.shape[a] > maxElements/all {
			return fmt.Errorf("shape %v has no elements or too many", h.shape)
		}
		all *= h.shape[a]
	}
	var out, in, taps int // axes; taps: the first of them
	switch layout {
	case OutFirst:
		out, in, taps = 0, 1, 2
	case InFirst:
		out, in, taps = rank-1, rank-2, 0
	default:
		return fmt.Errorf("layout %q; oihw and hwio are accepted", layout)
	}
	m.Shape = workloads.WeightShape{Taps: 1, In: h.shape[in], Out: h.shape[out], Groups: 1}
	m.strides = onnx.Strides{In: strides[in], Out: strides[out]}
	for a := taps; a < taps+rank-2; a++ {
		m.Shape.Taps *= h.shape[a]
	}
	if rank > 2 {
		m.strides.Tap = strides[taps+rank-3]
	}
	if rank == 4 && strides[taps] != strides[taps+1]*h.shape[taps+1] {
		m.strides.Row, m.strides.Width = strides[taps], h.shape[taps+1]
	}
	return nil
}

// header is the head of a .npy file.
type header struct {
	kind    Type
	other   error // its elements are of a type that is not read; nil: they are of kind
	fortran bool
	shape   []int64
	data    int64 // offset of the first element
}

// The head is a Python dictionary of three keys in any order.
var (
	descrKey   = regexp.MustCompile(`'descr'\s*:\s*'([<>|=]?)([^']*)'`)
	fortranKey = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	shapeKey   = regexp.MustCompile(`'shape'\s*:\s*\(([0-9, ]*)\)`)
)

// numbersOf a NumPy type, such as f4.
func numbersOf(descr string, order binary.ByteOrder) (Type, error) {
	name, known := map[string]string{"f2": "float16", "f4": "float32", "f8": "float64", "i1": "int8"}[descr]
	if !known {
		return Type{}, fmt.Errorf("elements of type %s; f2, f4, f8 and i1 are accepted", descr)
	}
	return typeOf(name, order)
}

func readHeader(r io.ReaderAt, size int64) (header, error) {
	var h header
	var head [12]byte
	if n, err := r.ReadAt(head[:], 0); n < len(head) {
		return h, fmt.Errorf("it ends after %d bytes: %w", n, err)
	}
	if string(head[:6]) != "\x93NUMPY" {
		return h, errors.New("it is no .npy file")
	}
	length, start := int64(binary.LittleEndian.Uint16(head[8:])), int64(10)
	if head[6] > 1 {
		length, start = int64(binary.LittleEndian.Uint32(head[8:])), 12
	}
	if head[6] < 1 || head[6] > 3 || length > maxHeader || start+length > size {
		return h, fmt.Errorf("version %d.%d with a head of %d bytes; versions 1.0 to 3.0 are accepted", head[6], head[7], length)
	}
	h.data = start + length
	buf := make([]byte, length)
	if n, err := r.ReadAt(buf, start); n < len(buf) {
		return h, fmt.Errorf("its head ends early: %w", err)
	}
	descr, fortran, shape := descrKey.FindSubmatch(buf), fortranKey.FindSubmatch(buf), shapeKey.FindSubmatch(buf)
	if descr == nil || fortran == nil || shape == nil {
		return h, fmt.Errorf("its head %q names no type, order and shape of plain numbers", buf)
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if string(descr[1]) == ">" {
		order = binary.BigEndian
	}
	h.kind, h.other = numbersOf(string(descr[2]), order)
	h.fortran = string(fortran[1]) == "True"
	for _, f := range strings.Split(string(shape[1]), ",") {
		if f = strings.TrimSpace(f); f == "" {
			continue
		}
		d, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return h, fmt.Errorf("its shape has the extent %q: %w", f, err)
		}
		h.shape = append(h.shape, d)
	}
	return h, nil
}
