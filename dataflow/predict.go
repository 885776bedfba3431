package dataflow

import (
	"satsim/arch/memory"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// Prediction is what a group's words say before they run.
type Prediction struct {
	Busy  [word.Units]int64 // cycles for which each unit is taken; the memory's longest channel
	Bytes [word.Lanes]int64 // moved by each lane of the memory
	Runs  int64             // instructions
	// Cycles is a lower bound: the busiest unit, and the configuration.
	Cycles int64
}

// Predict adds up a group's words by their closed forms.
func Predict(s *spec.Spec, fast *memory.Fast, g *word.Group) (Prediction, error) {
	var p Prediction
	var dram, port [memory.MaxChannels]int64
	for i := range g.Streams {
		st := &g.Streams[i]
		for oi, counts := range st.Count() {
			o := &st.Ops[oi]
			for v, n := range counts {
				if n == 0 {
					continue
				}
				p.Runs += n
				w := &o.Variants[v].Work
				busy := int64(0)
				switch o.Lane.Unit() {
				case word.Memory:
					p.Bytes[o.Lane] += n * w.Bytes
					d, q := fast.Demand(memory.RequestOf(o, w))
					for c := range dram {
						if o.Channels&(1<<c) != 0 {
							dram[c] += n * d
							port[c] += n * q
						}
					}
				case word.STCE:
					c, err := stce.ConfigOf(g.Array)
					if err != nil {
						return p, err
					}
					cost, stretch := s.STCE.WorkCost(c, w)
					busy = cost.Cycles + stretch
				case word.SORE:
					busy = s.SORE.Cost(sore.JobOf(g.Prune, w)).Issue
				case word.WUVE:
					j, err := wuve.JobOf(g.Update, w)
					if err != nil {
						return p, err
					}
					busy = s.WUVE.Cost(j).Issue
				default:
					c, err := s.Vector.WorkCost(w)
					if err != nil {
						return p, err
					}
					busy = c.Issue
				}
				p.Busy[o.Lane.Unit()] += n * max(busy, 1)
			}
		}
	}
	longest := int64(0)
	for c := range dram {
		longest = max(longest, dram[c], port[c])
	}
	p.Busy[word.Memory] = longest / fast.Unit()
	for _, b := range p.Busy {
		p.Cycles = max(p.Cycles, b)
	}
	p.Cycles += s.Controller.Reconfigure
	return p, nil
}
