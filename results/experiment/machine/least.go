package machine

import (
	"satsim/arch/memory"
	"satsim/dataflow/predict"
)

// Least is so many cycles as a scheduled step takes at least: the bounds of its groups' words, one after the other. 0 of a machine that is not skipped: its memory
// may be another than the one that the bounds are of.
func (m *Machine) Least(s *Step) (sum int64, err error) {
	if m.known == nil {
		return 0, nil
	}
	fast, err := memory.NewFast(m.spec.Board.Memory, int64(m.spec.Clock))
	if err != nil {
		return 0, err
	}
	least := map[string]int64{}
	for i := range s.Plan.Groups {
		g := &s.Plan.Groups[i].Word
		m.key = g.AppendKey(m.key[:0])
		n, ok := least[string(m.key)]
		if !ok {
			p, err := predict.Group(&m.spec, fast, g)
			if err != nil {
				return 0, err
			}
			n = p.Cycles
			least[string(m.key)] = n
		}
		sum += n
	}
	return sum, nil
}
