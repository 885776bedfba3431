package fpga

import (
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/vector"
	"satsim/arch/wuve"
)

// sorter is the sparse online reduction engine: a lane has operand registers, N places of value and index that shift, a comparator
// for each place, and a bank of N places from which one leaves a cycle.
func sorter(p sore.Params) []Part {
	n, index := int64(p.MaxN), bitsFor(int64(p.MaxM))
	word := 16 + index
	compare := int64(8) // 15 bits of magnitude, two a LUT, and its carry
	// A place takes its left neighbour, the new element or itself: a LUT a bit. What leaves is the lowest index that is left:
	// a multiplexer of N. High: half as much again, for control (assumption).
	lut := n*(compare+word) + word*multiplexer(n)
	ff := int64(p.PipelineLatency)*(word+2) + 2*n*(word+1)
	return []Part{{"sore", "sorters", logic(Range{lut, lut + lut/2}, Range{ff, ff + ff/4}).Times(int64(p.Lanes))}}
}

// updater is the weight update vector engine: every operator that its largest optimiser can ask for, once a lane. Operands that wait for
// a longer path pass through shift registers.
func updater(p wuve.Params) []Part {
	n := p.Lane()
	u := mul32.at(p.MulLatency).Times(int64(n.Multiply))
	u = u.Plus(add32.at(p.AddLatency).Times(int64(n.Add)))
	u = u.Plus(div32.at(p.DivLatency).Times(int64(n.Divide)))
	u = u.Plus(sqrt32.at(p.SqrtLatency).Times(int64(n.SquareRoot)))
	u = u.Plus(narrow.at(p.ConvertLatency).Times(int64(n.Convert)))
	// The weight and each state word wait for at most the longest path (assumption: all of them for all of it at the high end, the
	// weight alone for half of it at the low end); a LUT holds a bit for 32 cycles.
	depth := p.Depth(wuve.Job{Optimiser: p.Optimiser, Unscale: true, MaskDecay: true, WeightDecay: true})
	words := int64(1 + wuve.StateWords(p.Optimiser))
	var wait ResourceUse
	wait[LUT] = Range{32 * ceil(max(depth/2, 1), 32), 32 * words * ceil(max(depth, 1), 32)}
	wait[LUTMemory] = wait[LUT]
	wait[FF] = Range{32, 32 * words}
	return []Part{
		{"wuve", "operators", u.Times(int64(p.Lanes))},
		{"wuve", "waiting operands", wait.Times(int64(p.Lanes))},
	}
}

// elementWise is the vector unit: a lane has a multiply-add, conversions at its ports, compare and select, registers of strip elements and
// a table of functions.
func elementWise(p vector.Params) []Part {
	half := p.PipelineLatency / 2
	lane := mul32.at(half).Plus(add32.at(p.PipelineLatency - half))
	lane = lane.Plus(widen.at(1).Times(2)).Plus(narrow.at(1))
	// Compare 32 bits, two a LUT; select; microcode (assumption: 40 to 120 LUTs).
	lane = lane.Plus(logic(Range{16 + 32 + 40, 16 + 32 + 120}, Range{64, 160}))
	// Four registers of strip elements (assumption: two to six).
	regs := storage(spec.StorageLUTRAM, int64(p.Strip), 32, 1)
	for r := range regs {
		regs[r] = Range{2 * regs[r].Low, 6 * regs[r].High}
	}
	// 64 segments x 3 coefficients of 32 bits for each of 8 functions are 48 Kb: two block RAMs, shared by two lanes or not.
	tables := ResourceUse{BRAM: Range{ceil(int64(p.Lanes), 2) * 2, int64(p.Lanes) * 2}}
	return []Part{
		{"vector", "lanes", lane.Times(int64(p.Lanes))},
		{"vector", "registers", regs.Times(int64(p.Lanes))},
		{"vector", "function tables", tables},
	}
}
