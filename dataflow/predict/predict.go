package predict

import (
	"fmt"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Prediction is what a group's words say before they run.
type Prediction struct {
	Busy  [word.Units]int64 // cycles for which each unit is taken; the memory's longest channel
	Bytes [word.Lanes]int64 // moved by each lane of the memory
	Runs  int64             // instructions
	// Cycles is a lower bound on what the group takes, with the fast memory model: see bound.go.
	Cycles int64
}

// Group adds up a group's words by their closed forms.
func Group(s *spec.Spec, fast *memory.Fast, g *word.Group) (Prediction, error) {
	b, err := newBounder(s, fast, g)
	if err != nil {
		return Prediction{}, err
	}
	return b.predicts(), nil
}

// Does is Group, and what the words do, however long it takes: of memory the bits that they move, without what rounds them to bursts, and no activates.
func Does(s *spec.Spec, fast *memory.Fast, g *word.Group) (p Prediction, did unit.Activity, err error) {
	b, err := newBounder(s, fast, g)
	if err != nil {
		return p, did, err
	}
	if did, err = b.did(); err != nil {
		return p, did, fmt.Errorf("counting what words do: %w", err)
	}
	return b.predicts(), did, nil
}

func (b *bounder) predicts() (p Prediction) {
	for i := range b.ops {
		o := &b.ops[i]
		for v, n := range o.counts {
			p.Runs += n
			p.Bytes[o.Lane] += n * o.Variants[v].Work.Bytes
			p.Busy[o.Lane.Unit()] += n * o.issue[v]
		}
	}
	p.Busy[word.Memory] = b.channels() / b.fast.Unit()
	p.Cycles = b.cycles() + b.spec.Controller.Reconfigure
	return p
}

func (b *bounder) did() (did unit.Activity, err error) {
	for i := range b.group.Streams {
		s := &b.group.Streams[i]
		a, err := b.programs.Count(s.Ops, s.Count())
		if err != nil {
			return did, err
		}
		if err := did.Add(&a, 1); err != nil {
			return did, err
		}
	}
	did.Units[word.Memory] = unit.Counts{memory.ReadBits: 8 * did.ReadBytes(), memory.WriteBits: 8 * did.WriteBytes()}
	return did, nil
}

// Least is the fewest cycles that the group can take on a machine. Cycles asks the fast memory model, so it bounds runs on that one only; on the detailed one the other
// units bound.
func (p *Prediction) Least(s *spec.Spec) (n int64) {
	if s.Board.Memory.Model == memory.ModelFast {
		return p.Cycles
	}
	for u, busy := range p.Busy {
		if word.Unit(u) != word.Memory {
			n = max(n, busy)
		}
	}
	return n + s.Controller.Reconfigure
}
