package weights

import (
	"encoding/binary"
	"fmt"
	"io"

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
		if want := w.Shape.Elements() * kind.bytes; want > size || w.Offset > size-want { // before a buffer of that size is made
			return nil, fmt.Errorf("layer %q: weight %q has %d bytes from byte %d on; the file has %d", w.Layer, w.Tensor, want, w.Offset, size)
		}
		out = append(out, Matrix{
			Layer: w.Layer, Tensor: w.Tensor, Shape: w.Shape, strides: w.Strides, kind: kind, data: data, offset: w.Offset,
		})
	}
	return out, nil
}
