package collect

import (
	"slices"

	"satsim/arch/memory"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/results/record"
	"satsim/sim"
	"satsim/workloads"
)

// traffic is what the memory did in a stage.
type traffic struct {
	cycles   int64
	channels []memory.ChannelCounters
	hz       int64
	bytes    map[operand]int64
}

// operand is one of the words' names for what a lane moves.
type operand struct {
	lane word.Lane
	name string
}

// add adds a group.
func (t *traffic) add(g *word.Group, o *sim.Outcome) {
	t.cycles += o.Cycles
	t.hz = o.MemoryHz
	if t.channels == nil {
		t.channels = make([]memory.ChannelCounters, len(o.Memory))
		t.bytes = map[operand]int64{}
	}
	for i := range o.Memory {
		t.channels[i].Add(&o.Memory[i])
	}
	k := 0
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			op := &g.Streams[si].Ops[oi]
			if op.Lane.Unit() == word.Memory {
				for v := range op.Variants {
					t.bytes[operand{op.Lane, op.Operand}] += op.Variants[v].Work.Bytes * o.Runs[k][v]
				}
			}
			k++
		}
	}
}

// memoryOf reports the memory of a step.
func memoryOf(p *dataflow.Plan, outcomes []*sim.Outcome) *record.Memory {
	params := &p.Spec.Board.Memory
	hz := int64(p.Spec.Clock)
	out := &record.Memory{Model: string(params.Model), Peak: float64(params.PeakBandwidth()) * float64(params.Channels)}
	var sums [4]traffic // by stage, and of the step
	for i := range p.Groups {
		g, o := &p.Groups[i], outcomes[i]
		sums[p.Step.Items[g.Item].Stage].add(&g.Word, o)
		sums[len(sums)-1].add(&g.Word, o)
	}
	whole := &sums[len(sums)-1]
	for i := range whole.channels {
		c := &whole.channels[i]
		out.Channels = append(out.Channels, record.MemoryChannel{
			Channel: i, ReadBytes: c.ReadBytes, WriteBytes: c.WriteBytes, Use: use(params.Use(1, c, whole.cycles, hz, whole.hz)),
		})
	}
	stages := append(workloads.Stages(), -1)
	for i := range sums {
		t := &sums[i]
		if t.cycles == 0 {
			continue
		}
		st := record.MemoryStage{Stage: "step", Cycles: t.cycles}
		if s := stages[i]; s >= 0 {
			st.Stage = s.String()
		}
		var all memory.ChannelCounters
		for k := range t.channels {
			all.Add(&t.channels[k])
		}
		st.Use = use(params.Use(len(t.channels), &all, t.cycles, hz, t.hz))
		peak := out.Peak * p.Spec.Seconds(t.cycles)
		for l := word.Lane(0); l < word.Lanes; l++ {
			for _, name := range names(t.bytes, l) {
				n := t.bytes[operand{l, name}]
				st.Operands = append(st.Operands, record.MemoryOperand{Operand: name, Lane: l.String(), Bytes: n, Share: float64(n) / peak})
			}
		}
		out.Stages = append(out.Stages, st)
	}
	return out
}

func use(u memory.Use) record.Use {
	return record.Use{Mix: record.Mix(u.Mix), Shares: record.Shares(u.Shares)}
}

// names are the operands that a lane moved, in alphabetical order.
func names(bytes map[operand]int64, l word.Lane) []string {
	var out []string
	for o, n := range bytes {
		if o.lane == l && n > 0 {
			out = append(out, o.name)
		}
	}
	slices.Sort(out)
	return out
}
