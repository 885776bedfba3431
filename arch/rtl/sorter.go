package rtl

import (
	"math/rand/v2"

	"satsim/arch/feed"
	"satsim/arch/sore"
	"satsim/arch/unit"
	"satsim/internal/nm"
	"satsim/internal/verilog"
)

// sorter is the sparse online reduction engine.
func sorter(p sore.Params, o Options) (room, error) {
	r := fedUnit("sore", "sparse online reduction engine", sorterConstants(p), o)
	if err := r.take(sore.RTL); err != nil {
		return r, err
	}
	p.Lanes = min(p.Lanes, o.Side)
	list, dense := sorts(p, o)
	gaps := rand.New(rand.NewPCG(o.Seed, 3))
	v, _, err := p.FedVectors(list, dense, unit.RandomGaps(gaps, oneOf), feed.RandomPace(gaps, o.Read, oneOf))
	if err != nil {
		return r, err
	}
	return r, r.replays(fed(sorterConstants(p), o), v)
}

// sorts draws jobs of every kind of group that the engine takes: dense to sparse, full and short, on any bits at all and on values that tie. Of three the first keeps as many
// as can be, and the second, of groups of one, waits until these have left.
func sorts(p sore.Params, o Options) (list []sore.Job, dense [][]uint16) {
	r := rand.New(rand.NewPCG(o.Seed, 2))
	for i := range o.Tiles {
		n := 1 + r.IntN(p.MaxN)
		m := n + r.IntN(p.MaxM-n+1)
		switch i % 3 {
		case 0:
			n, m = p.MaxN, p.MaxM
		case 1:
			n, m = 1, 1
		}
		j := sore.Job{Runs: int64(1 + r.IntN(2*p.Lanes)), Channels: int64(1 + r.IntN(4*p.MaxM)), Ratio: nm.Ratio{N: n, M: m}}
		values, ties := make([]uint16, j.Elements()), i%2 == 0
		for i := range values {
			values[i] = uint16(r.Uint32())
			if ties {
				values[i] = values[i]&0x8000 | 0x3c00 + values[i]&1
			}
		}
		list, dense = append(list, j), append(dense, values)
	}
	return list, dense
}

func sorterConstants(p sore.Params) []verilog.Parameter {
	return []verilog.Parameter{
		{Name: "LANES", Value: int64(p.Lanes)}, {Name: "MAX_N", Value: int64(p.MaxN)}, {Name: "MAX_M", Value: int64(p.MaxM)}, {Name: "STAGES", Value: int64(p.PipelineLatency)},
	}
}
