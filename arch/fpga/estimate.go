package fpga

import (
	"satsim/arch/spec"
	"satsim/arch/word"
)

// Estimate is what an accelerator takes, part by part.
func Estimate(s *spec.Spec) []Part {
	return append(array(s.STCE, s.FPGA.GroupStorage), others(s, true)...)
}

// others is all but the array.
func others(s *spec.Spec, sparse bool) []Part {
	var out []Part
	if sparse {
		out = append(out, sorter(s.SORE)...)
	}
	out = append(out, updater(s.WUVE)...)
	out = append(out, elementWise(s.Vector)...)
	out = append(out, buffers(s.Buffers)...)
	out = append(out, ports(s.Board.Memory)...)
	return append(out, control(s))
}

// control is the controller: the nest's counters, the schedule's words, and an instruction queue a lane.
func control(s *spec.Spec) Part {
	// Assumption: 2,000 to 6,000 LUTs for the nest and its comparators, 64 KiB to 256 KiB of schedule words.
	u := Use{LUT: Range{2000, 6000}, FF: Range{3000, 9000}, BRAM: Range{Blocks(8192, 64), Blocks(32768, 64)}}
	// An instruction is an op, a variant and a class: 64 bits.
	queue := storage(spec.StorageLUTRAM, int64(s.Controller.QueueDepth), 64, 1)
	return Part{"controller", "controller", u.Plus(queue.Times(word.Lanes))}
}
