package fpga

import (
	"satsim/arch/spec"
	"satsim/arch/stce"
)

// The modules of the array in Verilog.
const (
	moduleElement   = "stce_uspe"
	moduleRow       = "stce_row"
	moduleColumn    = "stce_column"
	moduleSequencer = "stce_sequencer"
	moduleRegisters = "stce_registers"
	moduleLoader    = "stce_loader"
	moduleCounters  = "stce_counters"
)

// adder is the FP32 adder that a processing element is built with.
func adder(p stce.Params) operator {
	if p.AddIn == stce.AdderLogic {
		return addsInElement.of(p.AddLatency)
	}
	return add32
}

func multiplier(p stce.Params) operator { return kept(p.Subnormals, mul16, mul16IEEE) }

func logicMultiplier(p stce.Params) operator { return kept(p.Subnormals, mul16Logic, mul16LogicIEEE) }

// element is one processing element, part by part.
func element(p stce.Params, kind spec.GroupStorage) []Part {
	mul, add := multiplier(p), adder(p)
	return append([]Part{{Name: mul.name, Use: mul.at(p.MulLatency)}, {Name: add.name, Use: add.at(p.AddLatency)}}, frame(p, kind)...)
}

// frame is a processing element without its operators.
func frame(p stce.Params, kind spec.GroupStorage) []Part {
	depth, w := int64(p.MaxInterleave), int64(p.LinkWidth)
	operands, weights := int64(p.MaxM)*depth, int64(p.MaxN)*depth
	name := "group storage and selector"
	if p.MaxM == 1 {
		name = "operand storage"
	}
	// A bank of operands an operand of the link; a weight has its place beside it. Both are there twice, weights only where they enter beside the fold before.
	words := power(ceil(operands, w))
	banks, sums := int64(1), int64(2) // accumulators, and sums that leave
	if p.Preload != stce.PreloadSerial {
		banks, sums = 2, 3 // and start values
	}
	place := max(bitsFor(int64(p.MaxM)), 1)
	return []Part{
		{Name: name, Use: storage(kind, w, 2*words, 16)},
		{Name: "weight storage", Use: storage(kind, 1, banks*power(weights), 16+place)},
		{Name: "accumulators", Use: storage(spec.StorageLUTRAM, 1, power(depth), 32).Times(sums)},
		{Name: "links and slot control", Use: slots(p, place)},
	}
}

// slots is what moves through an element and decides what it does.
func slots(p stce.Params, place int64) ResourceUse {
	depth, w := int64(p.MaxInterleave), int64(p.LinkWidth)
	one := func(n int64) int64 { return max(bitsFor(n), 1) }
	reach, out, base, register, word := one(int64(p.Cols)+1), one(depth), one(int64(p.MaxM)*depth), one(int64(p.MaxN)*depth), one(ceil(int64(p.MaxM)*depth, w))
	// Registered on their way: a slot, an order to load, one to drain, each with how far it reaches; a word of the link; the weight; a start value and a sum; the tile's mode. To the bit.
	ff := 2 + 4*reach + (6 + out + base + register) + (2 + register) + (1 + out) + (word + 1 + 16*w) + (16 + place) + 64
	// Measured: what an element takes beside operators and memories. Delays of orders, as shift registers: 1 to 14 LUTs.
	u := logic(cells(158, 192), exactly(ff))
	srl := Range{1, 14}
	u[LUT], u[LUTMemory] = u[LUT].plus(srl), srl
	return u
}

// row is what the array has once a row: fill and begin of a fold on their way, its slots, and counters. Measured for arrays of many kinds: sizes of folds are numbers of few bits
// more or less. An array that is so small, or so large and deep, that its widths come to registers beyond that interval has those, and LUTs in proportion. A product of a counter may become a DSP slice.
// Products that follow each other: where the one that is read begins in the west buffer, and two bits of an order.
func row(p stce.Params) ResourceUse {
	n, delays := rowRegisters(p)
	lut, ff, srl := Range{500, 830}, Range{838, 1112}, Range{50, 100}
	if n-rowConstants < ff.Low {
		lut.Low, ff.Low = lut.Low*(n-rowConstants)/ff.Low, n-rowConstants
	}
	if n+1 > ff.High {
		lut.High, ff.High = lut.High*(n+1)/ff.High, n+1
	}
	srl = Range{min(srl.Low, delays-delayConstants), max(srl.High, delays)}
	u := logic(cells(lut.Low, lut.High), ff)
	u[LUT], u[LUTMemory], u[DSP] = u[LUT].plus(srl), srl, Range{0, 1}
	if p.OverlapProducts {
		u = u.Plus(logic(cells(0, addressBits), exactly(addressBits+2)))
	}
	return u
}

// What synthesis finds constant of a row's registers at most, and of its delays.
const (
	rowConstants   = 2
	delayConstants = 10
)

// rowRegisters are the flip-flops of stce_row.v by the widths that it has, of one product a tile, and the bits of its delays of three cycles and more, which become shift registers.
func rowRegisters(p stce.Params) (ff, delays int64) {
	bits := func(n int64) int64 { return max(bitsFor(n), 1) } // STCE_BITS
	n, m, depth, w := int64(p.MaxN), int64(p.MaxM), int64(p.MaxInterleave), int64(p.LinkWidth)
	longest := max(depth, int64(p.AddLatency))
	reach, rows, out, word, base, register, size := bits(int64(p.Cols)+1), bits(int64(p.Rows)+1), bits(depth), bits(ceil(m*depth, w)), bits(m*depth), bits(n*depth), bits(w+1)
	kept, group, deep, at, skew := bits(n+1), bits(m+1), bits(depth+1), bits(longest+1), bits((n-1)*longest+int64(p.AddLatency)+1)
	words, operands, wait := bits(ceil(m*depth, w)+1), bits(m*depth+1), bits(int64(p.Rows)*depth+1)
	turn := 2 + 3*deep + 2*reach
	fold := 4*deep + at + kept + 2*words + 4*operands + 2*reach + wait // what a fold says, here and on its way to the row below
	ff = 35 + 2*kept + 2*group                                         // a tile on its way
	ff += 2*(1+skew) + 20 + 2*rows + skew + 2*words + 4*operands + reach + 51 + 2*rows + skew + deep + fold
	ff += 5 + fold + 56 + kept + at + register + base                              // the fold, and where its slots are
	ff += words + operands + word + size + 34 + reach + reach + 7                  // words of the link, and a slot that was made
	ff += reach + rows + register + 1 + 2 + 2*turn + wait + deep + reach + 2 + out // weights, results and their turns
	ff += 8*40 + 2*reach + size                                                    // eight counters, and what two of them count
	ff += 3*reach - 2                                                              // first registers of three delays, which a reset of the reach keeps out of shift registers
	delays = 2 + reach + word + 1 + reach + 6 + out + base + register + 1 + turn + wait + reach + 3
	return ff, delays
}

// addressBits of a buffer, as the Verilog has them.
const addressBits = 16

func column(p stce.Params) ResourceUse {
	choice := 32 * multiplexer(int64(p.Rows)) // of the row whose result it is
	place, reach := max(bitsFor(int64(p.MaxM)), 1), max(bitsFor(int64(p.Cols)+1), 1)
	return logic(cells(600+choice, 680+choice), exactly(495+4*reach+place+max(bitsFor(int64(p.Rows)), 1)))
}

// once is what the array has once: its sequencer, the registers of a tile and of its kinds of folds, the loader of weights, and 13 counters of 40 bits.
func once(p stce.Params) []Part {
	reach := max(bitsFor(int64(p.Cols)+1), 1)
	registers := logic(cells(70, 85), Range{480, 490})
	registers[LUT], registers[LUTMemory] = registers[LUT].plus(exactly(592)), exactly(592)
	sequencer := logic(cells(640, 880), Range{2551, 2554})
	loader := logic(cells(75, 120), loaderRegisters(p, Range{75, 105}))
	if p.OverlapProducts { // how many there are, and how many are left
		registers, sequencer = registers.Plus(logic(Range{}, exactly(32))), sequencer.Plus(logic(cells(60, 160), exactly(37)))
	}
	if p.Preload == stce.PreloadChase { // rows are counted both ways
		loader = loader.Plus(logic(cells(20, 30), Range{0, 6}))
	} else { // the place in its tap of a fold's last row, whose weights enter first
		sequencer = sequencer.Plus(logic(cells(60, 150), exactly(32)))
	}
	return []Part{
		{Name: "sequencer", Module: moduleSequencer, Use: sequencer},
		{Name: "registers", Module: moduleRegisters, Use: registers},
		{Name: "loader", Module: moduleLoader, Use: loader},
		{Name: "counters", Module: moduleCounters, Use: logic(cells(255, 290), exactly(13*40+12+4*reach))},
	}
}

// loaderRegisters are the flip-flops of stce_loader.v: an interval that most arrays lie in, and to the bit where its widths are fewer or more. A chase counts rows both ways, which is not among them.
func loaderRegisters(p stce.Params, most Range) Range {
	bits := func(n int64) int64 { return max(bitsFor(n), 1) }
	n, depth := int64(p.MaxN), int64(p.MaxInterleave)
	ff := 19 + 3*bits(int64(p.Rows)+1) + 5*bits(depth+1) + 2*bits(n+1) + 3*bits(int64(p.Cols)+1) + 2*bits(n*depth)
	return Range{min(most.Low, ff), max(most.High, ff)}
}

// edges are what the array has beside its elements.
func edges(p stce.Params) (all []Part) {
	all = append(all, of("stce", moduleRow, int64(p.Rows), Part{Name: "rows", Use: row(p)})...)
	all = append(all, of("stce", moduleColumn, int64(p.Cols), Part{Name: "columns", Use: column(p)})...)
	for _, part := range once(p) {
		all = append(all, of("stce", part.Module, 1, part)...)
	}
	return all
}

// array is the tensor engine, part by part.
func array(p stce.Params, kind spec.GroupStorage) []Part {
	return append(of("stce", moduleElement, int64(p.Rows)*int64(p.Cols), element(p, kind)...), edges(p)...)
}
