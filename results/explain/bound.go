package explain

import (
	"satsim/arch/spec"
	"satsim/internal/ratio"
	"satsim/results/record"
)

// Bound is where a part of a step stands under the roofline.
type Bound struct {
	Cycles  int64   `json:"cycles"`
	Array   int64   `json:"array_bound_cycles"`  // performed MACs over the processing elements
	Memory  int64   `json:"memory_bound_cycles"` // bytes over what the ports carry
	By      string  `json:"bound_by"`            // the larger one: array or memory
	MACs    int64   `json:"performed_macs"`
	Bytes   int64   `json:"bytes"`
	PerByte float64 `json:"operations_per_byte"`
	Ridge   float64 `json:"ridge_operations_per_byte"` // where the two bounds are equal
}

// Least is the larger bound.
func (b *Bound) Least() int64 { return max(b.Array, b.Memory) }

// Saving is what a machine could save that has the same array and ports, and everything else for nothing.
func (b *Bound) Saving() int64 { return max(b.Cycles-b.Least(), 0) }

// boundOf is that of figures on a machine.
func boundOf(s *spec.Spec, f *record.Figures) Bound {
	elements := int64(s.STCE.Rows) * int64(s.STCE.Cols)
	bytes := f.ReadBytes + f.WriteBytes
	// bytes x clock over bytes a second, rounded up, without a product that 64 bits do not hold
	rate := float64(s.Board.Memory.PortBandwidth()) * float64(s.Board.Memory.Channels) / float64(s.Clock)
	b := Bound{Cycles: f.Cycles, MACs: f.PerformedMACs, Bytes: bytes, Array: (f.PerformedMACs + elements - 1) / elements, Memory: int64(float64(bytes) / rate), By: "array"}
	b.Ridge = 2 * float64(elements) / rate
	if bytes > 0 {
		b.PerByte = 2 * ratio.Of(f.PerformedMACs, bytes)
	}
	if b.Memory > b.Array {
		b.By = "memory"
	}
	return b
}
