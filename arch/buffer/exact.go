package buffer

// Exact serves sets of accesses one set after the other, every bank one word a cycle, and returns the cycles and the words read: what
// Conflicts and the banks' supply say in closed form.
func (s Geometry) Exact(sets [][]Access) (cycles, words int64) {
	queues := make([][]Access, s.Banks)
	for _, set := range sets {
		for b := range queues {
			queues[b] = queues[b][:0]
		}
		for _, a := range set {
			b := s.Bank(a)
			if !seen(queues[b], a) {
				queues[b] = append(queues[b], a)
			}
		}
		for left := true; left; {
			left = false
			served := false
			for b := range queues {
				if len(queues[b]) > 0 {
					queues[b] = queues[b][1:]
					words++
					served = true
					left = left || len(queues[b]) > 0
				}
			}
			if served {
				cycles++
			}
		}
	}
	return cycles, words
}
