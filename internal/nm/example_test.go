package nm_test

import (
	"fmt"

	"github.com/x448/float16"

	"satsim/internal/nm"
)

// Of four weights the two largest by magnitude stay; of a tie, the one of the lower index.
func ExampleRatio_Keep() {
	r := nm.Ratio{N: 2, M: 4}
	var group []uint16
	for _, w := range []float32{0.5, -2, 0.5, 0.25} {
		group = append(group, float16.Fromfloat32(w).Bits())
	}
	fmt.Printf("%04b\n", r.Keep(group)) // bit i stands for element i
	fmt.Println(r.Kept(6), "of 6 channels stay: 2 of the first four, and both of the last two")
	// Output:
	// 0011
	// 4 of 6 channels stay: 2 of the first four, and both of the last two
}
