package fpga

import (
	"satsim/arch/fp"
	"satsim/arch/spec"
)

// The modules of the normaliser in Verilog.
const (
	moduleNorm         = "norm_lane"
	moduleNormControl  = "norm_control"
	moduleNormCounters = "norm_counters"
)

// normed is a normaliser by what its modules are built with.
type normed struct {
	lanes, places            int64
	front, mul, add, convert int
	subnormals               fp.Subnormals
}

func (n *normed) latency() int64 { return int64(n.front + n.mul + n.add + n.convert) }

// normaliser is what stands between the memory's ports and the west buffer.
func normaliser(s *spec.Spec) []Part {
	p := s.Norm
	n := normed{lanes: int64(p.Lanes), places: int64(p.Places()), subnormals: s.STCE.Subnormals}
	n.front, n.mul, n.add, n.convert = p.Stages()
	all := of("norm", moduleNorm, n.lanes, n.lane()...)
	all = append(all, of("norm", moduleNormControl, 1, Part{Name: "control", Use: n.control()})...)
	all = append(all, of("norm", moduleNormCounters, 1, Part{Name: "counters", Use: n.counters()})...)
	// Beside the lanes: which of them have an element, a bit each that goes along, and what is told of a wave, as shift registers or not (assumption: 3 to 10 LUTs a lane for its bounds).
	l, told := n.latency(), 8+max(bitsFor(n.places), 1)
	waves := logic(Range{3 * n.lanes, 10*n.lanes + 2*told}, Range{n.lanes + told, (n.lanes + told) * l})
	srl := Range{0, (2*n.lanes + told) * ceil(l, 32)}
	waves[LUT], waves[LUTMemory] = waves[LUT].plus(srl), srl
	// Ports that together bring more than the lanes take wait in turn: a choice of them in front, registers of a beat each (assumption; it has no Verilog).
	m := s.Board.Memory
	brought := int64(m.Channels) * int64(m.PortWidthBits) / 16
	turn := logic(exactly(16*n.lanes*multiplexer(ceil(brought, n.lanes))), Range{0, 16 * brought})
	all = append(all, of("norm", "", 1, Part{Name: "waves", Use: waves}, Part{Name: "turns of the ports", Use: turn})...)
	return append(all, feeders("norm", p.Ports())...)
}

// lane is a multiply-add with a conversion at each end, a choice of each of its operands, a clip, and two tables in distributed RAM.
func (n *normed) lane() []Part {
	ops := kept(n.subnormals, mul32, mul32IEEE).at(n.mul).Plus(addsAlone.of(n.add).at(n.add)).Plus(narrow.at(n.convert)).Plus(widen.at(0))
	front, mul := int64(n.front), int64(n.mul)
	rest := logic(cells(60, 90), Range{90*front + 30*min(mul, 1), 97*front + 33*mul})
	if n.subnormals == fp.IEEE { // numbers that are widened are shifted
		rest[LUT].High += 150
	}
	srl := Range{0, 33 * min(mul, 1)} // the addend, beside the product
	rest[LUT], rest[LUTMemory] = rest[LUT].plus(srl), srl
	tables := storage(spec.StorageLUTRAM, 1, n.places, 32).Times(2)
	return []Part{{Name: "operators", Use: ops}, {Name: "operands and clip", Use: rest}, {Name: "tables", Use: tables}}
}

// control is a job's descriptor, runs, waves and places, and the time until all has left. Flip-flops to the bit, but for what a delay of one bit is built as.
func (n *normed) control() ResourceUse {
	count, place := bitsFor(n.lanes+1), max(bitsFor(n.places), 1)
	ff := 8 + 2 + 3*32 + 2*count + 3*place + place + 1 + max(bitsFor(n.latency()+1), 1)
	u := logic(cells(140, 175), Range{ff, ff + 2})
	u[LUTMemory] = Range{0, ceil(n.latency(), 32)}
	u[LUT] = u[LUT].plus(u[LUTMemory])
	return u
}

// counters are five of 48 bits; how many lanes have an element, and how many have none.
func (n *normed) counters() ResourceUse {
	count := bitsFor(n.lanes + 1)
	return logic(cells(9*count, 10*count+10), exactly(5*48+2*count+3))
}
