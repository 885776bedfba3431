package fpga

import (
	"satsim/arch/controller"
	"satsim/arch/spec"
	"satsim/arch/word"
)

// areas are what each unit takes, part by part.
var areas = [word.Units]func(*spec.Spec) []Part{
	word.Memory: func(s *spec.Spec) []Part { return ports(s.Board.Memory) },
	word.STCE:   func(s *spec.Spec) []Part { return array(s.STCE, s.FPGA.GroupStorage) },
	word.SORE:   func(s *spec.Spec) []Part { return sorter(s.SORE) },
	word.WUVE:   func(s *spec.Spec) []Part { return updater(s.WUVE) },
	word.Vector: func(s *spec.Spec) []Part { return elementWise(s.Vector, s.STCE.Subnormals) },
	word.Norm:   normaliser,
}

// Known reports whether a unit's area is estimated.
func Known(u word.Unit) bool { return areas[u] != nil }

// Estimate is what an accelerator takes, part by part: the units that are built, the buffers, the memory's ports, and the controller of all its lanes.
func Estimate(s *spec.Spec) []Part {
	var out []Part
	units := s.Units()
	for u, of := range units {
		if of != nil && word.Unit(u) != word.Memory {
			out = append(out, areas[u](s)...)
		}
	}
	out = append(out, buffers(s.Buffers)...)
	if units[word.Memory] != nil {
		out = append(out, areas[word.Memory](s)...)
	}
	return append(out, control(s.Controller, units.Lanes()))
}

// control is the controller: the nest's counters, the schedule's words, and an instruction queue a lane.
func control(p controller.Params, lanes int64) Part {
	// Assumption: 2,000 to 6,000 LUTs for the nest and its comparators, 64 KiB to 256 KiB of schedule words.
	u := ResourceUse{LUT: Range{2000, 6000}, FF: Range{3000, 9000}, BRAM: Range{Blocks(8192, 64), Blocks(32768, 64)}}
	// An instruction is an op, a variant and a class: 64 bits.
	queue, address := storage(spec.StorageLUTRAM, 1, int64(p.QueueDepth), 64), bitsFor(int64(p.QueueDepth))
	queue = queue.Plus(logic(Range{0, 2 * address}, Range{64, 64 + 2*address}))
	return Part{Unit: "controller", Name: "controller", Use: u.Plus(queue.Times(lanes))}
}
