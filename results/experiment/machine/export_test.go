package machine

import "satsim/sim"

// Outcomes are those of a simulated step's groups. Groups that are equal, on whatever machine of a memo, share one, which one of them ran.
func Outcomes(s *Step) []*sim.Outcome { return s.outcomes }
