package fpga

import (
	"satsim/arch/spec"
	"satsim/arch/stce"
)

// indexBits of the groups that an array is built for.
func indexBits(p stce.Params) int64 { return bitsFor(int64(p.MaxM)) }

// element is one processing element without its operators, part by part.
func element(p stce.Params, kind spec.GroupStorage) []Part {
	depth, index, w := int64(p.MaxInterleave), indexBits(p), int64(p.LinkWidth)
	n, m := int64(p.MaxN), int64(p.MaxM)
	name := "group storage and selector"
	if m == 1 {
		name = "operand storage"
	}
	// Accumulators, and one set each that starts and that leaves beside them where the array overlaps them. Low: the adder's pipeline
	// is long enough to hold as many sums as rounds have slots, so only what is left over needs storage.
	sums := storage(spec.StorageLUTRAM, depth, 32, 1)
	acc := ResourceUse{LUT: Range{32, 32}, FF: exactly(32)}.Plus(sums) // 32: start value, own sum or the sum from the north
	if p.Drain == stce.DrainOverlap {
		acc = acc.Plus(sums)
	}
	if p.Preload == stce.PreloadShadow {
		acc = acc.Plus(sums)
	}
	if depth <= int64(p.AddLatency) {
		acc[LUT].Low -= sums[LUT].Low
		acc[LUTMemory].Low -= sums[LUTMemory].Low
		acc[FF].Low -= sums[FF].Low
	}
	// West word and its valid bit, weight, its index and valid bit, a sum or result on its way south and its valid bit, and the
	// multiplexer of result and sum; the slot's control word goes along (assumption: 8 to 16 bits, 10 to 40 LUTs).
	links := logic(Range{32 + 10, 32 + 40}, Range{16*w + 1 + 16 + index + 1 + 33 + 8, 16*w + 1 + 16 + index + 1 + 33 + 16})
	return []Part{
		{"stce", name, storage(kind, 2*depth*m, 16, w)},
		{"stce", "weight storage", storage(kind, 2*depth*n, 16+index, 1)},
		{"stce", "accumulators", acc},
		{"stce", "links and slot control", links},
	}
}

// edges are what the array has once a row and once a column.
func edges(p stce.Params) ResourceUse {
	// A row: its feeder's address and skew (assumption: 30 to 80 LUTs, 40 to 100 FF).
	row := logic(Range{30, 80}, Range{40, 100})
	// A column: the same for weights, and the rounding to FP16 of what leaves.
	col := row.Plus(narrow.at(2))
	return row.Times(int64(p.Rows)).Plus(col.Times(int64(p.Cols)))
}

// array is the tensor engine, part by part.
func array(p stce.Params, kind spec.GroupStorage) []Part {
	pes := int64(p.Rows) * int64(p.Cols)
	out := []Part{
		{"stce", mul16.name, mul16.at(p.MulLatency).Times(pes)},
		{"stce", add32.name, add32.at(p.AddLatency).Times(pes)},
	}
	for _, q := range element(p, kind) {
		q.Use = q.Use.Times(pes)
		out = append(out, q)
	}
	return append(out, Part{"stce", "edges", edges(p)})
}
