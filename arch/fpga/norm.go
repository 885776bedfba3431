package fpga

import "satsim/arch/spec"

// normaliser is what stands between the memory's ports and the west buffer: a lane is a multiply-add with a conversion at each end, a clip, and a table.
func normaliser(s *spec.Spec) []Part {
	p, lanes := s.Norm, int64(s.Norm.Lanes)
	half := p.PipelineLatency / 2
	lane := kept(s.STCE.Subnormals, mul32, mul32IEEE).at(half).Plus(addsAlone.of(p.PipelineLatency - half).at(p.PipelineLatency - half))
	// An FP16 number and two parameters that come as such.
	lane = lane.Plus(widen.at(1).Times(3)).Plus(narrow.at(1))
	// Of each operand of 32 bits one of two, when factors are made; the clip compares 16 bits and selects (assumption: 16 to 48 LUTs), and its bit.
	lane = lane.Plus(logic(Range{3 * 16, 3 * 32}, Range{32, 96})).Plus(logic(Range{16, 48}, Range{1, 17}))
	// Scale and shift of each place, FP32.
	places := ceil(int64(p.Channels), lanes)
	table := storage(spec.StorageLUTRAM, 1, power(max(places, 2)), 64).Plus(logic(Range{0, 2 * bitsFor(places)}, Range{64, 64 + 2*bitsFor(places)}))
	// Ports that together bring more than the lanes take wait in turn: a choice of them in front, registers of a beat each.
	m := s.Board.Memory
	brought := int64(m.Channels) * int64(m.PortWidthBits) / 16
	turn := logic(exactly(16*lanes*multiplexer(ceil(brought, lanes))), Range{0, 16 * brought})
	// Places, runs, the mask's word, four counters of 48 bits, how many lanes have an element (assumption: 100 to 300 LUTs, and one to three a bit of the counters).
	control := logic(Range{100 + 4*48, 300 + 3*4*48}, Range{100 + 4*48, 300 + 4*48})
	all := of("norm", "", lanes, Part{Name: "lanes", Use: lane}, Part{Name: "tables", Use: table})
	return append(all, of("norm", "", 1, Part{Name: "turns of the ports", Use: turn}, Part{Name: "control", Use: control})...)
}
