package file

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"satsim/workloads/onnx/internal/pb"
)

const (
	// KeepBytes of data are kept of a tensor: shapes, axes and scalars are smaller, weights are larger.
	KeepBytes = 1 << 10
	// maxStructure bounds everything that is kept: the nodes of the largest networks take a few megabytes.
	maxStructure = 64 << 20
)

// Numbers of the fields of TensorProto that hold elements.
var dataFields = []protowire.Number{4, 5, 7, 9, 10, 11}

// Span is where the elements of an initialiser lie in the file.
type Span struct {
	Field  protowire.Number
	Offset int64
	Length int64
	Pieces int // more than one only in files that no exporter writes
}

// File is what is kept of an ONNX file.
type File struct {
	Model        *pb.ModelProto
	Initializers []Span // in the graph's order
	Attributes   []Span // of the nodes' tensors, likewise
}

// Read walks the ONNX file in r, which has size bytes.
func Read(r io.ReaderAt, size int64) (*File, error) {
	head := make([]byte, min(size, 512))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, fmt.Errorf("reading its first bytes: %w", err)
	}
	if other := formatOf(head); other != "" {
		return nil, errors.New("it is no ONNX file: " + other)
	}
	s := sieve{r: r, size: size}
	out := &File{Model: &pb.ModelProto{}}
	b, err := s.message(out.Model.ProtoReflect().Descriptor(), 0, size)
	if errors.Is(err, errShort) && head[0] == 8 {
		return nil, fmt.Errorf("the file has %d bytes and is cut short: was it downloaded or copied whole? (%w)", size, err)
	}
	if err != nil {
		return nil, fmt.Errorf("walking the ONNX file: %w", err)
	}
	if err := proto.Unmarshal(b, out.Model); err != nil {
		return nil, fmt.Errorf("decoding the ONNX file: %w", err)
	}
	out.Initializers, out.Attributes = s.spans, s.attributes
	if len(out.Model.GetGraph().GetNode()) == 0 {
		return nil, errNoGraph
	}
	return out, nil
}

// sieve copies a message without the fields that nobody reads and without the data of large tensors.
type sieve struct {
	r      io.ReaderAt
	size   int64
	window []byte // of the file, from start
	start  int64
	kept   int
	last   Span   // of the tensor that was walked last
	spans  []Span // of the initialisers, in order

	attributes []Span // of the nodes' tensors, in order
}

// at gives the bytes of the file from an offset: at least as many as a tag with a length needs, if there are that many.
func (s *sieve) at(offset int64) ([]byte, error) {
	const need, chunk = 2 * 10, 64 << 10
	have := s.start + int64(len(s.window)) - offset
	if offset >= s.start && have >= min(need, s.size-offset) {
		return s.window[offset-s.start:], nil
	}
	if s.window == nil {
		s.window = make([]byte, chunk)
	}
	s.window = s.window[:min(chunk, s.size-offset)]
	s.start = offset
	if n, err := s.r.ReadAt(s.window, offset); n < len(s.window) {
		return nil, fmt.Errorf("reading at byte %d: %w", offset, err)
	}
	return s.window, nil
}

// field is one field of a message: its tag begins at start, its content at from, and the next field at to.
type field struct {
	number          protowire.Number
	kind            protowire.Type
	start, from, to int64
}

// next reads a field's head; the field must end before end.
func (s *sieve) next(offset, end int64) (field, error) {
	b, err := s.at(offset)
	if err != nil {
		return field{}, err
	}
	f := field{start: offset}
	var n int
	if f.number, f.kind, n = protowire.ConsumeTag(b); n < 0 {
		return f, fmt.Errorf("byte %d: no field begins here: %w", offset, parseError(n))
	}
	f.from = offset + int64(n)
	length := int64(0)
	switch f.kind {
	case protowire.BytesType:
		v, m := protowire.ConsumeVarint(b[n:])
		if m < 0 {
			return f, fmt.Errorf("byte %d: field %d has no length: %w", offset, f.number, parseError(m))
		}
		if v > uint64(end-offset) {
			return f, fmt.Errorf("byte %d: field %d has %d bytes, but what holds it ends at byte %d: %w",
				offset, f.number, v, end, errShort)
		}
		f.from += int64(m)
		length = int64(v)
	case protowire.VarintType:
		_, m := protowire.ConsumeVarint(b[n:])
		if m < 0 {
			return f, fmt.Errorf("byte %d: field %d: %w", offset, f.number, parseError(m))
		}
		length = int64(m)
	case protowire.Fixed32Type:
		length = 4
	case protowire.Fixed64Type:
		length = 8
	default:
		return f, fmt.Errorf("byte %d: field %d has wire type %d, which ONNX does not use", offset, f.number, f.kind)
	}
	f.to = f.from + length
	if f.to > end {
		return f, fmt.Errorf("byte %d: field %d ends at byte %d, behind its message's end at %d: %w",
			offset, f.number, f.to, end, errShort)
	}
	return f, nil
}

// message copies the message from offset to end.
func (s *sieve) message(d protoreflect.MessageDescriptor, offset, end int64) ([]byte, error) {
	tensor := d.FullName() == tensorName
	var out, data []byte
	var where Span
	for offset < end {
		f, err := s.next(offset, end)
		if err != nil {
			return nil, err
		}
		offset = f.to
		fd := d.Fields().ByNumber(f.number)
		switch {
		case fd == nil:
		case fd.Kind() == protoreflect.MessageKind && f.kind == protowire.BytesType:
			b, err := s.message(fd.Message(), f.from, f.to)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", fd.Name(), err)
			}
			switch fd.FullName() {
			case initializerName:
				s.spans = append(s.spans, s.last)
			case attributeName:
				s.attributes = append(s.attributes, s.last)
			}
			out = protowire.AppendTag(out, f.number, protowire.BytesType)
			out = protowire.AppendBytes(out, b)
		case tensor && slices.Contains(dataFields, f.number):
			if where.Pieces++; where.Pieces == 1 {
				where.Field, where.Offset = f.number, f.from
			}
			where.Length += f.to - f.from
			if where.Length <= KeepBytes {
				if data, err = s.copy(data, f); err != nil {
					return nil, err
				}
			}
		default:
			if out, err = s.copy(out, f); err != nil {
				return nil, err
			}
		}
	}
	if tensor {
		s.last = where
		if where.Length <= KeepBytes {
			out = append(out, data...)
		}
	}
	return out, nil
}

func (s *sieve) copy(to []byte, f field) ([]byte, error) {
	n := f.to - f.start
	if n > maxStructure || s.kept+int(n) > maxStructure {
		return nil, fmt.Errorf("nodes and names take more than %d MiB", maxStructure>>20)
	}
	s.kept += int(n)
	w, err := s.at(f.start)
	if err != nil {
		return nil, err
	}
	if n <= int64(len(w)) {
		return append(to, w[:n]...), nil
	}
	b := make([]byte, n)
	if m, err := s.r.ReadAt(b, f.start); m < len(b) {
		return nil, fmt.Errorf("reading at byte %d: %w", f.start, err)
	}
	return append(to, b...), nil
}

// Names of what the sieve treats in its own way.
var (
	tensorName      = (&pb.TensorProto{}).ProtoReflect().Descriptor().FullName()
	initializerName = (&pb.GraphProto{}).ProtoReflect().Descriptor().Fields().ByName("initializer").FullName()
	attributeName   = (&pb.AttributeProto{}).ProtoReflect().Descriptor().Fields().ByName("t").FullName()
)

var errShort = errors.New("the file is cut short or no ONNX file")

// parseError is what is wrong with a number that ends behind the file's end, or is none.
func parseError(n int) error {
	if err := protowire.ParseError(n); !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errShort
}

var errNoGraph = errors.New("it has no graph: is it an ONNX file? (a tensor or a test's input in protobuf has none either)")
