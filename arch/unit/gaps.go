package unit

import "math/rand/v2"

// Gaps are the cycles in which whoever feeds a unit has nothing to offer: operands, which may be taken back, and jobs, which stay once they are offered, until they are taken. Each is asked
// once a cycle, in order, from cycle 0 on; nil: never. Jobs may not be missing for ever.
type Gaps struct{ Operands, Job func(cycle int) bool }

// NoOperands asks whether operands are missing in a cycle.
func (g Gaps) NoOperands(cycle int) bool { return g.Operands != nil && g.Operands(cycle) }

// NoJob asks whether no job is offered that was not before.
func (g Gaps) NoJob(cycle int) bool { return g.Job != nil && g.Job(cycle) }

// RandomGaps are without operands in one of so many cycles. Half of the jobs follow the one before; the others come fewer than 8, or than 64, cycles after they could have been offered.
func RandomGaps(r *rand.Rand, oneOf int) Gaps {
	operands, jobs := rand.New(rand.NewPCG(r.Uint64(), 0)), rand.New(rand.NewPCG(r.Uint64(), 1))
	missing := 0
	return Gaps{
		Operands: func(int) bool { return operands.IntN(oneOf) == 0 },
		Job: func(int) bool {
			if missing == 0 {
				missing = []int{1, 1, 1 + jobs.IntN(8), 1 + jobs.IntN(64)}[jobs.IntN(4)]
			}
			missing--
			return missing > 0
		},
	}
}
