package fpga

import (
	"satsim/arch/fp"
	"satsim/arch/spec"
	"satsim/arch/vector"
)

// The modules of the vector unit in Verilog.
const (
	modulePass         = "vector_lane"
	modulePassScalar   = "vector_scalar"
	modulePassControl  = "vector_control"
	modulePassFront    = "vector_front"
	modulePassShuffle  = "vector_shuffle"
	modulePassCounters = "vector_counters"
)

// passer is a vector unit by what its modules are built with.
type passer struct {
	lanes, strip, mul, add, divide, words int
	second, last, sums                    Range // bits of places in a lane's memories
	columns, sum, tables                  int   // bits of places in programs' jobs
	subnormals                            fp.Subnormals
}

// manySums are what 64 lanes hold each of 2,048 channels, which is as many as a shipped network has.
const manySums = 2048 * 32 / 64

// elementWise is the vector unit: low with the sums that it is built with, high with many.
func elementWise(p vector.Params, s fp.Subnormals) []Part {
	built := p.Room()
	more := built
	more.Sums = max(built.Sums, manySums)
	second, last, sums := built.Places(p.Strip)
	_, _, most := more.Places(p.Strip)
	mul, add := p.Stages()
	u := passer{
		lanes: p.Lanes, strip: p.Strip, mul: mul, add: add, divide: p.DivideLatency, words: built.Words, second: exactly(int64(second)), last: exactly(int64(last)),
		sums: Range{int64(sums), int64(most)}, columns: int(bitsFor(int64(built.Columns))), sum: int(bitsFor(int64(more.Sums))), tables: int(bitsFor(int64(built.Tables))), subnormals: s,
	}
	all := of("vector", modulePass, int64(p.Lanes), u.lane()...)
	all = append(all, of("vector", modulePassScalar, 1, Part{Name: "work once a row", Use: u.scalar()})...)
	all = append(all, of("vector", modulePassControl, 1, Part{Name: "control", Use: u.control()})...)
	all = append(all, of("vector", modulePassFront, 1, Part{Name: "words", Use: u.front()})...)
	all = append(all, of("vector", modulePassShuffle, 1, Part{Name: "folds between lanes", Use: u.shuffle()})...)
	all = append(all, of("vector", modulePassCounters, 1, Part{Name: "counters", Use: u.counters()})...)
	if p.Random > 0 {
		all = append(all, of("vector", "", int64(p.Random), Part{Name: "random numbers", Use: generator()})...)
		all = append(all, of("vector", "", 1, Part{Name: "work once a group", Use: groups(int64(p.Lanes))})...)
	}
	return append(all, feeders("vector", p.Ports())...)
}

// generator is SplitMix64, a number a cycle, as yosys makes it of arch/vector/testdata/random.v (a test): low, its LUTs and its shift registers of 16 bits in pairs, and some of its registers within the DSP slices.
func generator() ResourceUse {
	u := logic(cells(generatorLUTs, generatorLUTs), Range{generatorFFs / 2, generatorFFs})
	srl := Range{generatorSRLs / 2, generatorSRLs}
	u[LUT], u[LUTMemory], u[DSP] = u[LUT].plus(srl), srl, exactly(generatorDSPs)
	return u
}

const generatorLUTs, generatorSRLs, generatorFFs, generatorDSPs = 494, 187, 839, 14

// groups is what brings numbers to lanes and what lanes have once a group to the divider. Assumption: a register of 23 bits a lane and up to as many LUTs that choose it, and a choice of 32 bits among the lanes.
func groups(lanes int64) ResourceUse {
	choice := 32 * multiplexer(lanes)
	return logic(Range{choice, choice + 23*lanes}, exactly(23*lanes+32))
}

// lane is a lane: operators, files of a strip in distributed RAM, and what is measured beside them: choices of operands, the split, the comparison and the exponent that is raised.
func (u *passer) lane() []Part {
	ops := kept(u.subnormals, mul32, mul32IEEE).at(u.mul).Plus(addsAlone.of(u.add).at(u.add)).Plus(narrow.at(2)).Plus(widen.at(0).Times(3))
	mul, add := int64(u.mul), int64(u.add)
	rest := logic(cells(740, 870), Range{180 + 38*mul + 45*add, 400 + 38*mul + 50*add})
	if u.subnormals == fp.IEEE { // numbers that are widened are shifted, and those that are narrowed
		rest[LUT].High += 150
	}
	srl := Range{10, 40} // what waits for the last split's whole part, and bits of results
	rest[LUT], rest[LUTMemory] = rest[LUT].plus(srl), srl
	var files ResourceUse
	for _, bits := range []int64{32, 19, 19, 1, 32, 32, 18} { // ports, the bit, registers, splits
		files = files.Plus(storage(spec.StorageLUTRAM, 1, int64(u.strip), bits))
	}
	var blocks ResourceUse
	halves := Range{}
	for _, bits := range []Range{u.second, u.last, u.sums, u.sums} {
		halves = halves.plus(Range{half(bits.Low), half(bits.High)})
	}
	blocks[BRAM] = Range{ceil(halves.Low, 2), ceil(halves.High, 2)}
	return []Part{{Name: "operators", Use: ops}, {Name: "operands and results", Use: rest}, {Name: "files", Use: files}, {Name: "constants and sums", Use: blocks}}
}

// half is how many halves of block RAMs, 512 x 36 bits each, 2 to the power of so many words of 32 bits take.
func half(bits int64) int64 {
	if bits <= 9 {
		return 1
	}
	return 2 * Blocks(1<<bits, 32)
}

// scalar is the work once a row: operators as a lane has them, a divider and a root, and files of five scalars.
func (u *passer) scalar() ResourceUse {
	use := kept(u.subnormals, mul32, mul32IEEE).at(u.mul).Plus(addsAlone.of(u.add).at(u.add))
	use = use.Plus(kept(u.subnormals, div32, div32IEEE).at(u.divide - 2)).Plus(kept(u.subnormals, sqrt32, sqrt32IEEE).at(u.divide - 3))
	use = use.Plus(storage(spec.StorageLUTRAM, 1, int64(u.strip), 32).Times(5)).Plus(logic(cells(560, 780), Range{380, 740}))
	srl := Range{20, 100}
	use[LUT], use[LUTMemory] = use[LUT].plus(srl), use[LUTMemory].plus(srl)
	return use
}

// control is two jobs' descriptors, where the one under way is, and programs with the word under way and the job's first.
func (u *passer) control() ResourceUse {
	const word, rows, scalars = 76, 32, 64
	one := func(n int64) int64 { return max(bitsFor(n), 1) }
	count, place := bitsFor(int64(u.lanes)+1), one(int64(u.strip))
	job := 2*one(int64(u.words)) + rows + 4*(place+1) + 2*count + 2*int64(u.sum) + 2*int64(u.columns) + 4 + int64(u.tables) + scalars
	use := logic(cells(500, 860), Range{2*job + 2*word + 130, 2*job + 2*word + 260})
	programs := 2 * lutRAM(int64(u.words), word) // the word that follows and the first of the next job are read
	use[LUT], use[LUTMemory] = use[LUT].plus(Range{programs, programs}), exactly(programs)
	return use
}

// front is what lanes are told, cycle after cycle.
func (u *passer) front() ResourceUse {
	use := logic(cells(70, 160), Range{100, 220})
	srl := Range{40, 120}
	use[LUT], use[LUTMemory] = use[LUT].plus(srl), srl
	return use
}

// shuffle chooses for each lane among itself and those that it folds from: of 64 lanes the first has six, the second five, and the upper half none. Which lanes work is a bit each.
func (u *passer) shuffle() ResourceUse {
	low, high := int64(0), int64(0)
	for lane := range u.lanes {
		from := int64(1)
		for above := 1; above < u.lanes; above *= 2 {
			if lane < above && lane+above < u.lanes {
				from++
			}
		}
		low += 32 * multiplexer(from)
		high += 32 * (from - 1)
	}
	lanes := int64(u.lanes)
	return logic(cells(low, high+6*lanes+10), exactly(lanes))
}

// counters are five of 48 bits, and how many lanes did what.
func (u *passer) counters() ResourceUse {
	count := bitsFor(int64(u.lanes) + 1)
	return logic(cells(10, 140), exactly(5*48+3*count+2))
}
