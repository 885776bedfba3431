package fpga

import (
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// The modules of the lanes in Verilog.
const (
	moduleSorter         = "sore_lane"
	moduleSorterControl  = "sore_control"
	moduleSorterCounters = "sore_counters"
	moduleLane           = "wuve_lane"
	moduleLaneControl    = "wuve_control"
	moduleLaneWaves      = "wuve_waves"
	moduleLaneCounters   = "wuve_counters"
)

// sorter is the sparse online reduction engine.
func sorter(p sore.Params) []Part {
	stages := int64(p.PipelineLatency)
	// In front of a sorter: registers of an element and of whether it is there, the last with its magnitude too, in which every NaN is one.
	front := logic(cells(15, 30), exactly(0))
	if stages > 0 {
		front[FF] = exactly(17*(stages-1) + 32)
	}
	lanes := int64(p.Lanes)
	all := of("sore", moduleSorter, lanes, Part{Name: "sorters", Use: sorterLane(p)})
	all = append(all, of("sore", "", lanes, Part{Name: "operands", Use: front})...)
	all = append(all, of("sore", moduleSorterControl, 1, Part{Name: "control", Use: logic(cells(55, 225), Range{44, 61})})...)
	all = append(all, of("sore", moduleSorterCounters, 1, Part{Name: "counters", Use: sorterCounters(p)})...)
	return append(all, feeders("sore", p.Ports())...)
}

// sorterCounters are six of 48 bits; how many lanes had what, at three places, at two of them by halves; and a product of two of these, in a DSP slice unless it is of few bits. Of more than 32
// lanes ones are counted by parts of 16, and what they come to, n, and whether it is to be counted, stand in a register more: flip-flops to the bit.
func sorterCounters(p sore.Params) ResourceUse {
	lanes, n := int64(p.Lanes), bitsFor(int64(p.MaxN)+1)
	ones := bitsFor(lanes + 1)
	ff := 6*48 + 5*ones + n + 1
	u := logic(cells(50+7*lanes, 60+9*lanes), Range{ff - 4, ff}) // half of the lanes may be numbers of a bit less
	if lanes > 32 {
		parts := lanes / 16 * bitsFor(16+1)
		parts += bitsFor(lanes%16 + 1)
		u = logic(cells(50+6*lanes, 130+8*lanes), exactly(6*48+3*(parts+ones)+2*(n+1)))
	}
	u[DSP] = Range{0, 1}
	return u
}

// sorterLane is a sorter: n places of value and index that shift, each with a comparison of 15 bits of magnitude; a bank of n places, from which the pair of the lowest
// index leaves: who is before whom is a bit for every two places.
func sorterLane(p sore.Params) ResourceUse {
	n, word := int64(p.MaxN), 16+max(bitsFor(int64(p.MaxM)), 1)
	lut := n*(8+word) + word*multiplexer(n)
	return logic(cells(lut+7*n*n/2, lut+4*n*n+20), exactly(2*n*(word+1)+n*(n-1)))
}

// updater is the weight update vector engine.
func updater(p wuve.Params) []Part {
	lanes := int64(p.Lanes)
	all := of("wuve", moduleLane, lanes, updaterLane(p)...)
	bits := bitsFor(p.Depth(whole(p)) + 2)
	all = append(all, of("wuve", moduleLaneControl, 1, Part{Name: "control", Use: updaterControl(lanes, bits)})...)
	all = append(all, of("wuve", moduleLaneWaves, 1, Part{Name: "waves", Use: updaterWaves(lanes, bits)})...)
	all = append(all, of("wuve", moduleLaneCounters, 1, Part{Name: "counters", Use: updaterCounters(lanes)})...)
	// Registers of eight times and of thirteen choices; of seven of the times and the choices, a table of the shape for each of two jobs, and which of them (assumption: one to three LUTs a bit).
	of7 := 7*bits + 13
	all = append(all, of("wuve", "", 1, Part{Name: "times", Use: logic(Range{of7, 3 * of7}, exactly(8*bits+13))})...)
	return append(all, feeders("wuve", p.Ports())...)
}

// updaterControl is two jobs, each with a shape, waves of 32 bits and lanes of the last, and the time until all has left. Flip-flops to the bit.
func updaterControl(lanes, bits int64) ResourceUse {
	return logic(cells(75, 100), exactly(83+2*bitsFor(lanes+1)+bits))
}

// updaterWaves is where waves are, a bit a cycle of which four are chosen, and in four rings how many lanes each has, which every lane compares with its number.
func updaterWaves(lanes, bits int64) ResourceUse {
	cycles, count := int64(1)<<bits, bitsFor(lanes+1)
	u := logic(cells(2*cycles+8*lanes, 3*cycles+12*lanes), exactly(cycles-1))
	rings := exactly(4 * lutRAM(cycles, count))
	u[LUT], u[LUTMemory] = u[LUT].plus(rings), rings
	return u
}

// updaterCounters are eight of 48 bits, and products of lanes and operators, in DSP slices unless they are of few bits.
func updaterCounters(lanes int64) ResourceUse {
	count := bitsFor(lanes + 1)
	u := logic(cells(115, 145), exactly(8*48+count+10))
	u[DSP] = Range{0, 2}
	return u
}

// whole is a job that asks for everything that the engine has.
func whole(p wuve.Params) wuve.Job {
	return wuve.Job{Optimiser: p.Optimiser, Unscale: true, SRSTE: true, WeightDecay: true}
}

// updaterLane is a lane: every operator that its largest optimiser can ask for, and what waits for a longer path.
func updaterLane(p wuve.Params) []Part {
	n, s := p.Lane(), p.Subnormals
	ops := kept(s, mul32, mul32IEEE).at(p.MulLatency).Times(int64(n.Multiply))
	ops = ops.Plus(addsAlone.of(p.AddLatency).at(p.AddLatency).Times(int64(n.Add)))
	ops = ops.Plus(kept(s, div32, div32IEEE).at(p.DivLatency).Times(int64(n.Divide)))
	ops = ops.Plus(kept(s, sqrt32, sqrt32IEEE).at(p.SqrtLatency).Times(int64(n.SquareRoot)))
	ops = ops.Plus(narrow.at(p.ConvertLatency).Times(int64(n.Convert)))
	return []Part{{Name: "operators", Use: ops}, {Name: "waiting operands", Use: waiting(p)}}
}

// choices are what a lane takes beside operators and what waits, measured, by its words of state.
var choices = [...]Range{cells(110, 175), cells(160, 250), cells(440, 650)}

// waiting is what moves operands past operators that are not theirs: delays of 32 bits, as shift registers; rings of memory, whose length is set, each with the
// difference of its addresses and a way past it; and choices of 32 bits.
func waiting(p wuve.Params) ResourceUse {
	mul, add := int64(p.MulLatency), int64(p.AddLatency)
	gradient := mul + 2*add
	words := int64(wuve.StateWords(p.Optimiser)) // 0: SGD, 1: momentum, 2: Adam
	delays, rings := []int64{add}, []int64{gradient + add + mul}
	if words > 0 {
		rings = append(rings, gradient)
	}
	if words > 1 {
		moments := 2*mul + int64(p.SqrtLatency) + add
		delays, rings = append(delays, mul, moments), append(rings, gradient)
		rings[0] = gradient + 4*mul + 2*add + int64(p.SqrtLatency+p.DivLatency)
	}
	if p.Optimiser == word.AdamW {
		delays = append(delays, mul)
	}
	u := logic(choices[words], exactly(0))
	for _, d := range delays {
		srl := Range{0, 32 * ceil(d, 32)}
		u[LUT], u[LUTMemory], u[FF] = u[LUT].plus(srl), u[LUTMemory].plus(srl), u[FF].plus(Range{0, 64})
	}
	for _, d := range rings {
		ram := storage(spec.StorageLUTRAM, 1, power(max(d, 2)), 32)
		u = u.Plus(ram).Plus(logic(cells(30, 60), exactly(0)))
	}
	return u
}
