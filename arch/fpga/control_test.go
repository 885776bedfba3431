package fpga

import (
	"testing"

	"satsim/arch/spec"
)

// A queue of up to 32 instructions of 64 bits is 5 blocks of 32 x 14 bits in 8 LUTs each, and a register of 64 bits for the word that is read. The machine has
// 13 lanes (8 of the memory, 2 of the vector unit, one each of the array, SORE and WUVE), and without SORE 12; each has a queue, beside the 3,000
// flip-flops that the nest takes at least.
func TestControlHasAnInstructionQueueALane(t *testing.T) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Controller.QueueDepth = 8
	for lanes, sorters := range map[int64]int{13: 32, 12: 0} {
		s.SORE.Lanes = sorters
		parts := Estimate(&s)
		p := parts[len(parts)-1]
		if p.Unit != "controller" || p.Use[LUTMemory].Low != 40*lanes || p.Use[FF].Low != 3000+64*lanes {
			t.Errorf("%d sorters: %s takes %v LUTs as memory and %v flip-flops, want %d and %d at least", sorters, p.Unit, p.Use[LUTMemory], p.Use[FF], 40*lanes, 3000+64*lanes)
		}
	}
}
