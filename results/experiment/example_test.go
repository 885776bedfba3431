package experiment_test

import (
	"context"
	"fmt"
	"log"

	"satsim/results/experiment"
)

// What satsim run --network resnet9 --batch 2 --set stce.rows=16 does.
func Example() {
	c, err := experiment.Load(experiment.Names{Network: "resnet9", Batch: 2}, "stce.rows=16")
	if err != nil {
		log.Fatal(err)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s on %s: %.2fx fewer MACs, faster: %t\n", r.Network.Name, r.ArchName, r.Comparison.MACBound, r.Comparison.Speedup > 1)
	// Output: resnet9 on sat-vcu1525: 1.99x fewer MACs, faster: true
}
