package experiment_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/word"
	"satsim/results/record"
)

// macsOf a unit in a step, by its counter.
func macsOf(r *record.Record, unit word.Unit, counter string) (n int64) {
	run := &r.Runs[len(r.Runs)-1]
	return run.Total.Units.Of(unit.String()).Counts.Of(counter)
}

// Whole steps with a depthwise convolution, batch norm's passes beside its weight update: what the vector unit takes of the MACs the array does not do, everything else is
// conserved, and no step is slower for the choice, by more than what the search does not know of the machine: 2 % and the ends of a group.
func TestLanesTakeWhatIsFasterThere(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates two hundred steps")
	}
	taken, folder := 0, t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		channels := rapid.SampledFrom([]int{8, 24, 36, 96}).Draw(t, "channels")
		size := rapid.SampledFrom([]int{4, 7, 14}).Draw(t, "size")
		layers := fmt.Sprintf("  - {name: a, op: conv, channels: %[1]d, kernel: 1}\n  - {name: an, op: batch_norm}\n  - {name: c, op: conv, channels: %[1]d, groups: %[1]d, kernel: %d, pads: 1, stride: %d}\n"+
			"  - {name: cn, op: batch_norm}\n", channels, rapid.SampledFrom([]int{3, 3, 5}).Draw(t, "kernel"), rapid.IntRange(1, 2).Draw(t, "stride"))
		objective := rapid.SampledFrom([]string{"latency", "latency", "energy"}).Draw(t, "objective")
		set := []string{
			fmt.Sprintf("stce.rows=%d", rapid.SampledFrom([]int{4, 23, 52}).Draw(t, "rows")), fmt.Sprintf("stce.cols=%d", rapid.SampledFrom([]int{4, 16, 32}).Draw(t, "cols")),
			fmt.Sprintf("vector.lanes=%d", rapid.SampledFrom([]int{4, 36, 72, 128}).Draw(t, "lanes")), fmt.Sprintf("dataflow.overlap_passes=%v", rapid.Bool().Draw(t, "overlap")),
			fmt.Sprintf("recipe.loss_scale=%s", rapid.SampledFrom([]string{"static", "dynamic"}).Draw(t, "loss scale")), "dataflow.objective=" + objective,
		}
		if rapid.Bool().Draw(t, "dense only") {
			set = append(set, "stce.max_n=1", "stce.max_m=1")
		}
		var cycles, lanes, array [2]int64
		for i := range cycles {
			r, err := run(folder, fmt.Sprintf("[batch, %d, %d, 8]", size, size), layers, "dense", append(set, fmt.Sprintf("dataflow.vector_updates=%v", i == 0))...)
			if err != nil {
				t.Fatal(err)
			}
			step := &r.Runs[len(r.Runs)-1]
			cycles[i], lanes[i], array[i] = step.Total.Cycles, macsOf(r, word.Vector, "macs"), macsOf(r, word.STCE, "useful_macs")
			on := 0
			for k := range step.Groups {
				if strings.HasPrefix(step.Groups[k].Word, "vector ") {
					on++
				}
			}
			if (on > 0) != (lanes[i] > 0) || on > 1 || i == 1 && on > 0 {
				t.Fatalf("%d groups on lanes, which do %d MACs; the choice is off: %v", on, lanes[i], i == 1)
			}
			taken += on
		}
		if lanes[1] != 0 || lanes[0]+array[0] != array[1] {
			t.Fatalf("%d MACs on lanes and %d on the array; %d and %d without the choice", lanes[0], array[0], lanes[1], array[1])
		}
		if objective == "latency" && float64(cycles[0]) > 1.02*float64(cycles[1])+100 {
			t.Fatalf("%d cycles with the choice, %d without", cycles[0], cycles[1])
		}
	})
	if taken == 0 {
		t.Error("lanes took nothing")
	}
	t.Logf("%d steps with a product on lanes", taken)
}
