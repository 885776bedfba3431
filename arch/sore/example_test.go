package sore_test

import (
	"fmt"

	"satsim/arch/sore"
	"satsim/internal/nm"
)

// 64 runs of 16 channels are 128 groups of 8: four waves of 32 lanes, 8 cycles each. Behind the last cycle come two pipeline stages and the two
// values that the last group keeps.
func ExampleParams_Cost() {
	p := sore.Default()
	cost := p.Cost(sore.Job{Runs: 64, Channels: 16, Ratio: nm.Ratio{N: 2, M: 8}})
	fmt.Println(cost.Cycles, "cycles")
	fmt.Println(cost.Counts[sore.Groups], "groups,", cost.Counts[sore.Kept], "values kept")
	// Output:
	// 36 cycles
	// 128 groups, 256 values kept
}
