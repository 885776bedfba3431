package weights

import (
	"bytes"
	"encoding/binary"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/onnx"
)

// BenchmarkPrune is a convolution of ResNet: 9 x 256 x 256.
func BenchmarkPrune(b *testing.B) {
	data := make([]byte, 9*256*256*4)
	for i := range data {
		data[i] = byte(i * 131 >> 3 & 0x3f)
	}
	kind, err := typeOf("float32", binary.BigEndian)
	if err != nil {
		b.Fatal(err)
	}
	m := Matrix{
		Shape: workloads.WeightShape{Taps: 9, In: 256, Out: 256, Groups: 1}, strides: onnx.Strides{Tap: 1, In: 9, Out: 9 * 256}, kind: kind,
		data: bytes.NewReader(data),
	}
	for b.Loop() {
		var ff, bp bytes.Buffer
		if _, err := Prune(&m, nm.Ratio{N: 2, M: 8}, 64, &ff, &bp); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(9*256*256*b.N)/b.Elapsed().Seconds()/1e6, "Mweights/s")
}
