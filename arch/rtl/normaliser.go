package rtl

import (
	"math"
	"math/rand/v2"

	"github.com/x448/float16"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/norm"
	"satsim/arch/unit"
	"satsim/internal/verilog"
)

// normaliser is what normalises on the way to the west buffer; it treats subnormals as the array does.
func normaliser(p norm.Params, s fp.Subnormals, o Options) (room, error) {
	r := fedUnit("norm", "normaliser", normaliserConstants(p, s), o)
	if err := r.take(norm.RTL); err != nil {
		return r, err
	}
	small := fewerLanes(p, o)
	gaps := rand.New(rand.NewPCG(o.Seed, 12))
	v, _, err := small.FedVectors(s, normalises(small, o), unit.RandomGaps(gaps, oneOf), feed.RandomPace(gaps, o.Read, oneOf))
	if err != nil {
		return r, err
	}
	return r, r.replays(fed(normaliserConstants(small, s), o), v)
}

// fewerLanes is the unit of the bench: each lane has the tables that it has in the architecture.
func fewerLanes(p norm.Params, o Options) norm.Params {
	places := p.Places()
	p.Lanes = min(p.Lanes, o.Side)
	p.Channels = places * p.Lanes
	return p
}

// normalises draws jobs: every third makes the factors that the two tiles behind it find in the tables, of channels that the lanes divide or not, every other time with scales of 1 and shifts at which elements
// tie where they are rounded; tiles of every clip, on any bits at all. Runs of the second of these two tiles pass the end of the channels, behind which the tables begin again.
func normalises(p norm.Params, o Options) (all []norm.Work) {
	r := rand.New(rand.NewPCG(o.Seed, 11))
	half := func() float16.Float16 { return float16.Frombits(uint16(r.Uint32())) }
	channels := 0
	for i := range o.Tiles {
		if i%3 == 0 {
			channels = 1 + r.IntN(2*p.Lanes*min(p.Places(), 3))
			for !p.Takes(int64(channels)) {
				channels--
			}
			w := norm.Work{Job: norm.Job{Factors: p.InTables(int64(channels))}}
			for k := range int(w.Factors) {
				c := rand.New(rand.NewPCG(o.Seed, uint64(1000*i+k%channels))) // a channel has the same ones wherever it is
				mean, rstd, gamma, beta := float32(c.NormFloat64()), float32(math.Exp(c.NormFloat64())), float16.Fromfloat32(float32(c.NormFloat64())), float16.Fromfloat32(float32(c.NormFloat64()))
				if i%2 == 1 {
					mean, rstd, gamma, beta = -float32(c.IntN(4))/2048, 1, 0x3c00, 0
				}
				w.Of.Mean, w.Of.Rstd, w.Of.Gamma, w.Of.Beta = append(w.Of.Mean, mean), append(w.Of.Rstd, rstd), append(w.Of.Gamma, gamma), append(w.Of.Beta, beta)
			}
			all = append(all, w)
			continue
		}
		places := int(p.InTables(int64(channels))) / p.Lanes
		w := norm.Work{Job: norm.Job{Runs: 1 + r.Int64N(3), Run: 1 + r.Int64N(int64(3*p.Lanes)), Begin: r.Int64N(int64(p.Lanes))}, Channels: channels, Clip: norm.Clip(r.IntN(3))}
		at := r.IntN(places)
		if i%3 == 2 {
			at, w.Run = places-1, int64(p.Lanes)+1+w.Run%int64(2*p.Lanes)
		}
		w.First = (at*p.Lanes + int(w.Begin)) % channels
		for range w.Elements() {
			x := half()
			if r.IntN(2) == 0 { // where the clips are
				x = float16.Fromfloat32(float32(3 * r.NormFloat64()))
			}
			w.X = append(w.X, x)
		}
		all = append(all, w)
	}
	return all
}

func normaliserConstants(p norm.Params, s fp.Subnormals) (all []verilog.Parameter) {
	add := func(name string, v int) {
		all = append(all, verilog.Parameter{Name: name, Value: int64(v)})
	}
	front, mul, adds, convert := p.Stages()
	add("LANES", p.Lanes)
	add("PLACES", p.Places())
	add("FRONT", front)
	add("MUL", mul)
	add("ADD", adds)
	add("CONVERT", convert)
	add("FLUSH", unit.Digit(s == fp.Flush))
	return all
}
