package collect

import (
	"fmt"
	"reflect"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/predict"
	"satsim/sim"
)

// did is what a group did: a function of its words and its outcome, whatever they are for.
type did struct {
	outcome      *sim.Outcome
	streams      []streamDid
	over         energy.ActionCounts // by taking time
	predicted    predict.Prediction
	lanes        []lane // that were busy
	instructions int64
}

// streamDid is what a stream of the group did.
type streamDid struct {
	unit.Activity
	actions energy.ActionCounts
}

// collector finds what groups did, of equal ones once.
type collector struct {
	plan    *dataflow.Plan
	fast    *memory.Fast
	units   unit.Set
	machine energy.Machine
	burst   int64 // bytes of the DRAM's
	known   map[string]*did
	key     []byte
}

func newCollector(p *dataflow.Plan) (*collector, error) {
	fast, err := memory.NewFast(p.Spec.Board.Memory, int64(p.Spec.Clock))
	if err != nil {
		return nil, err
	}
	device, err := p.Spec.Board.Memory.Device()
	if err != nil {
		return nil, fmt.Errorf("counting bursts: board.memory.%w", err)
	}
	return &collector{
		plan: p, fast: fast, units: p.Spec.Units(), machine: energy.MachineOf(&p.Spec, 0), burst: device.BurstBytes, known: map[string]*did{},
	}, nil
}

// of a group's words and outcome.
func (c *collector) of(g *word.Group, o *sim.Outcome) (*did, error) {
	c.key = g.AppendKey(c.key[:0])
	if d := c.known[string(c.key)]; d != nil && same(d.outcome, o) {
		return d, nil
	}
	programs, err := c.units.Programs(g)
	if err != nil {
		return nil, err
	}
	d := &did{outcome: o, streams: make([]streamDid, len(g.Streams))}
	at := 0
	for si := range g.Streams {
		ops := g.Streams[si].Ops
		ran := o.Runs[at : at+len(ops)]
		if d.streams[si].Activity, err = programs.Count(ops, ran); err != nil {
			return nil, err
		}
		for _, r := range ran {
			for _, n := range r {
				d.instructions += n
			}
		}
		at += len(ops)
	}
	if err := c.actions(o, d); err != nil {
		return nil, err
	}
	if d.predicted, err = predict.Group(&c.plan.Spec, c.fast, g); err != nil {
		return nil, err
	}
	d.lanes = lanesOf(g, o, c.plan.Spec.Controller.Reconfigure)
	c.known[string(c.key)] = d
	return d, nil
}

// same outcomes, but for the events that they took.
func same(a, b *sim.Outcome) bool {
	return a.Cycles == b.Cycles && a.Lanes == b.Lanes && a.MemoryHz == b.MemoryHz && reflect.DeepEqual(a.Runs, b.Runs) && reflect.DeepEqual(a.Memory, b.Memory)
}
