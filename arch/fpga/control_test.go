package fpga

import (
	"testing"

	"satsim/arch/spec"
)

// A queue of up to 32 instructions of 64 bits is 5 blocks of 32 x 14 bits in 8 LUTs each, and a register of 64 bits for the word that is read; each lane has
// one, beside the 3,000 flip-flops that the nest takes at least.
func TestControlHasAnInstructionQueueALane(t *testing.T) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Controller.QueueDepth = 8
	u := control(&s).Use
	built := s.Units()
	lanes := built.Lanes()
	if want := 40 * lanes; lanes < 8 || u[LUTMemory].Low != want {
		t.Errorf("%d lanes take %v LUTs as memory, want %d", lanes, u[LUTMemory], want)
	}
	if want := 3000 + 64*lanes; u[FF].Low != want {
		t.Errorf("%d lanes take %v flip-flops, want at least %d", lanes, u[FF], want)
	}
}
