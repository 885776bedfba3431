package machine

import (
	"satsim/arch/memory"
	"satsim/dataflow/least"
	"satsim/dataflow/predict"
)

// Floor plans a step and says how many cycles it takes at the least, whatever its words.
func (m *Machine) Floor(s *Step) (int64, error) {
	if err := m.plan(s); err != nil {
		return 0, err
	}
	bound, err := least.Of(s.Plan)
	s.Plan = nil // whoever goes on plans it again
	if err != nil {
		return 0, err
	}
	return bound.Cycles(&m.spec), nil
}

// Least is so many cycles as a scheduled step takes at least: the bounds of its groups' words, one after the other.
func (m *Machine) Least(s *Step) (sum int64, err error) {
	fast, err := memory.NewFast(m.spec.Board.Memory, int64(m.spec.Clock))
	if err != nil {
		return 0, err
	}
	known := map[string]int64{}
	for i := range s.Plan.Groups {
		g := &s.Plan.Groups[i].Word
		m.key = g.AppendKey(m.key[:0])
		n, ok := known[string(m.key)]
		if !ok {
			p, err := predict.Group(&m.spec, fast, g)
			if err != nil {
				return 0, err
			}
			n = p.Least(&m.spec)
			known[string(m.key)] = n
		}
		sum += n
	}
	return sum, nil
}
