package unit

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// By hand: the first two jobs are taken before cycle 0; the third is offered from cycle 1 on, and stays, though the unit is told in 2 that there is none. It is taken when the
// first job ends in cycle 3, for the second then moves on, and waits until that ends in cycle 5.
func TestQueueByHand(t *testing.T) {
	q := NewQueue([]int{7, 8, 9}, Gaps{Job: func(cycle int) bool { return cycle != 1 }, Operands: func(cycle int) bool { return cycle == 4 }})
	got := ""
	for cycle := 0; !q.Done(); cycle++ {
		q.Begin(cycle)
		ends := q.Now >= 0 && cycle%2 == 1 && cycle > 1
		got += fmt.Sprintf("%d:%d,%v,%v,%v ", cycle, q.Now, q.Offered, q.Ready(ends), q.Late)
		q.Advance(ends)
	}
	if want := "0:7,false,false,false 1:7,true,false,false 2:7,true,false,false 3:7,true,true,false 4:8,false,false,true 5:8,false,true,false 6:9,false,true,false 7:9,false,true,false "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// Gaps are there, and end; a seed gives the same ones.
func TestRandomGaps(t *testing.T) {
	draw := func() (operands, jobs, longest int) {
		g, run := RandomGaps(rand.New(rand.NewPCG(1, 2)), 4), 0
		for cycle := range 4000 {
			if g.NoOperands(cycle) {
				operands++
			}
			if g.NoJob(cycle) {
				jobs++
				run++
				longest = max(longest, run)
			} else {
				run = 0
			}
		}
		return operands, jobs, longest
	}
	operands, jobs, longest := draw()
	if operands < 900 || operands > 1100 || jobs == 0 || longest < 8 || longest > 63 {
		t.Errorf("%d cycles of 4000 are without operands, %d without jobs, %d of them in a row", operands, jobs, longest)
	}
	if a, b, c := draw(); a != operands || b != jobs || c != longest {
		t.Error("the same seed gives other gaps")
	}
	if (Gaps{}).NoOperands(0) || (Gaps{}).NoJob(0) {
		t.Error("no gaps are some")
	}
}
