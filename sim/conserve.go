package sim

import (
	"fmt"

	"satsim/arch/word"
)

// conserve compares what ran with what the words say: every variant of every op as often as the nest has it. Periods that were
// skipped are in both.
func conserve(g *word.Group, runs [][]int64) error {
	k := 0
	for si := range g.Streams {
		s := &g.Streams[si]
		for oi, want := range s.Count() {
			for v := range want {
				if got := runs[k][v]; got != want[v] {
					return fmt.Errorf("stream %d, op %d (%s), variant %d ran %d times, the words say %d", si, oi, s.Ops[oi].Lane, v, got, want[v])
				}
			}
			k++
		}
	}
	return nil
}
