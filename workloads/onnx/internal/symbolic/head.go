package symbolic

import (
	"io"

	"satsim/workloads/onnx/internal/file"
)

// Head reads the first elements, count at most, of bytes of raw data that begin at an offset; nothing for types that hold neither floating-point numbers nor bytes.
func Head(r io.ReaderAt, kind int32, offset, bytes, count int64) []float64 {
	if kind == file.Int4 || kind == file.Uint4 {
		return halves(Head(r, file.Uint8, offset, bytes, (count+1)/2), kind == file.Int4, count)
	}
	width := map[int32]int64{file.Float32: 4, file.Float64: 8, file.Float16: 2, file.Bfloat16: 2, file.Int8: 1, file.Uint8: 1}[kind]
	if width == 0 || count < 1 {
		return nil
	}
	b := make([]byte, min(count, bytes/width)*width)
	if n, _ := r.ReadAt(b, offset); n < len(b) {
		return nil
	}
	var out []float64
	for at := int64(0); at < int64(len(b)); at += width {
		v := decodeNumber(kind, b[at:])
		out = append(out, v.f+float64(v.i))
	}
	return out
}

// halves are the numbers of four bits in bytes, the lower half first.
func halves(bytes []float64, signed bool, count int64) []float64 {
	var out []float64
	for _, b := range bytes {
		for _, v := range []int{int(b) & 15, int(b) >> 4} {
			if signed && v > 7 {
				v -= 16
			}
			out = append(out, float64(v))
		}
	}
	return out[:min(count, int64(len(out)))]
}
