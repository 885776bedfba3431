package rtl

import (
	"math/rand/v2"

	"satsim/arch/sore"
	"satsim/internal/nm"
	"satsim/internal/verilog"
)

// depth is the words of each memory of SORE's bench.
const depth = 65536

// sorter is the sparse online reduction engine.
func sorter(p sore.Params, o Options) (room, error) {
	r := room{unit: "sore", means: "sparse online reduction engine", parameters: sorterConstants(p)}
	if err := r.take(sore.RTL); err != nil {
		return r, err
	}
	p.Lanes = min(p.Lanes, o.Side)
	list, dense := sorts(p, o)
	held := rand.New(rand.NewPCG(o.Seed, 3))
	late := map[int]bool{}
	v, _, err := p.Vectors(list, dense, func(cycle int) bool {
		if _, asked := late[cycle]; !asked {
			late[cycle] = held.IntN(8) == 0
		}
		return late[cycle]
	})
	if err != nil {
		return r, err
	}
	r.bench = bench{
		module: "sore_bench", parameters: append(sorterConstants(p), verilog.Parameter{Name: "DEPTH", Value: depth}), files: map[string][]byte{},
		args: []string{plus("jobs", v.Jobs), plus("slots", v.Slots), plus("cycles", v.Cycles)}, jobs: v.Jobs,
	}
	for name, text := range v.Files {
		r.bench.files[name] = []byte(text)
	}
	return r, nil
}

// sorts draws jobs of every kind of group that the engine takes: dense to sparse, full and short, on any bits at all and on values that tie.
func sorts(p sore.Params, o Options) (list []sore.Job, dense [][]uint16) {
	r := rand.New(rand.NewPCG(o.Seed, 2))
	for range o.Tiles {
		n := 1 + r.IntN(p.MaxN)
		j := sore.Job{Runs: int64(1 + r.IntN(2*p.Lanes)), Channels: int64(1 + r.IntN(2*p.MaxM)), Ratio: nm.Ratio{N: n, M: n + r.IntN(p.MaxM-n+1)}}
		values, ties := make([]uint16, j.Elements()), r.IntN(2) == 0
		for i := range values {
			values[i] = uint16(r.Uint32())
			if ties {
				values[i] = values[i]&0x8000 | 0x3c00 + values[i]&3
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
