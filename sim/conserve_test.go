package sim

import (
	"strings"
	"testing"

	"satsim/arch/word"
)

// A nest of 2 by 3 iterations runs its one op 6 times: no more, no less.
func TestConserveCountsEveryRun(t *testing.T) {
	g := &word.Group{Streams: []word.Stream{{
		Loops: []word.Loop{{Trips: 2, Step: 1, Edge: 1}, {Trips: 3, Step: 1, Edge: 1}},
		Ops:   []word.Op{{Lane: word.ReadWest, Level: 2, Variants: []word.Variant{{}}}},
	}}}
	for n, want := range map[int64]string{5: "ran 5 times, the words say 6", 6: "", 7: "ran 7 times, the words say 6"} {
		err := conserve(g, [][]int64{{n}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d runs: %v, want %q", n, err, want)
		}
	}
}
