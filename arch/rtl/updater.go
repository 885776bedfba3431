package rtl

import (
	"math"
	"math/rand/v2"
	"slices"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/arch/wuve"
	"satsim/internal/verilog"
)

// updater is the weight update vector engine.
func updater(p wuve.Params, o Options) (room, error) {
	r := fedUnit("wuve", "weight update vector engine", updaterConstants(p), o)
	if err := r.take(wuve.RTL); err != nil {
		return r, err
	}
	p.Lanes = min(p.Lanes, o.Side)
	list, in := updates(p, o)
	// What an optimiser's documentation has as defaults, but for rates that make every term count.
	step := wuve.StepParams{
		LearningRate: 0.1, Momentum: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0.01, SRSTELambda: 0.02, LossScale: 1024, Number: 3,
	}
	gaps := rand.New(rand.NewPCG(o.Seed, 5))
	v, _, err := p.FedVectors(list, step, in, unit.RandomGaps(gaps, oneOf), feed.RandomPace(gaps, o.Read, oneOf))
	if err != nil {
		return r, err
	}
	return r, r.replays(fed(updaterConstants(p), o), v)
}

// updates draws jobs of the engine's optimiser with all that may be added to it, the second of three of the first one's shape, on finite numbers of any size.
func updates(p wuve.Params, o Options) (list []wuve.Job, in []wuve.Operands) {
	r := rand.New(rand.NewPCG(o.Seed, 4))
	number := func() float32 { return math.Float32frombits(r.Uint32()&0x807fffff | uint32(97+r.IntN(40))<<23) }
	numbers := func(n int64, of func() float32) []float32 {
		all := make([]float32, n)
		for i := range all {
			all[i] = of()
		}
		return all
	}
	for i := range o.Tiles {
		j := wuve.Job{Optimiser: p.Optimiser, Parameters: 1 + r.Int64N(int64(3*p.Lanes)), Unscale: r.IntN(2) == 0, SRSTE: r.IntN(2) == 0, WeightDecay: r.IntN(2) == 0}
		if i%3 == 1 {
			j.Unscale, j.SRSTE, j.WeightDecay = list[i-1].Unscale, list[i-1].SRSTE, list[i-1].WeightDecay
		}
		x := wuve.Operands{Master: numbers(j.Parameters, number), Gradient: numbers(j.Parameters, number)}
		for s := range wuve.StateWords(p.Optimiser) {
			of := number
			if s == 1 { // second moments are sums of squares
				of = func() float32 { return float32(math.Abs(float64(number()))) }
			}
			x.States = append(x.States, numbers(j.Parameters, of))
		}
		if j.SRSTE {
			for range j.Parameters {
				x.Kept = append(x.Kept, r.IntN(4) == 0)
			}
		}
		list, in = append(list, j), append(in, x)
	}
	return list, in
}

func updaterConstants(p wuve.Params) (all []verilog.Parameter) {
	add := func(name string, v int) {
		all = append(all, verilog.Parameter{Name: name, Value: int64(v)})
	}
	add("LANES", p.Lanes)
	add("OPTIMISER", slices.Index(wuve.Optimisers(), p.Optimiser))
	add("MUL", p.MulLatency)
	add("ADD", p.AddLatency)
	add("DIV", p.DivLatency)
	add("SQRT", p.SqrtLatency)
	add("CONVERT", p.ConvertLatency)
	flush := 0
	if p.Subnormals == fp.Flush {
		flush = 1
	}
	add("FLUSH", flush)
	return all
}
