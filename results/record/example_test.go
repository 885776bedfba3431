package record_test

import (
	"fmt"
	"log"
	"os"

	"satsim/results/record"
)

// The file is one that satsim run --out wrote; of an older one Read makes the same fields.
func ExampleRead() {
	f, err := os.Open("testdata/record-2.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	r, err := record.Read(f)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Network.Name, "on", r.ArchName)
	for i := range r.Runs {
		run := &r.Runs[i]
		fmt.Printf("%-6s %s %7d cycles, SORE sorted %d elements\n", run.Recipe, run.Sparsity, run.Total.Cycles, run.Total.Units.Of("sore").Counts.Of("elements"))
	}
	fmt.Printf("%.3fx\n", r.Comparison.Speedup)
	// Output:
	// tiny on sat-vcu1525
	// dense  1:1   10469 cycles, SORE sorted 0 elements
	// bdwp   2:8    8668 cycles, SORE sorted 4864 elements
	// 1.208x
}
