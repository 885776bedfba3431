package vector

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/feed"
	"satsim/arch/fp"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// Sums of two, one and one elements on a lane whose results leave 8 cycles after their word; the last job is offered in cycle 3 for the first time. By hand:
//
//	cycle      0 1 2 3 4 5 6 7 8 9 10 11 12 13
//	operands   0 1 0     0
//	results                    0 1 0        0
//	job_ready    x x x x x x x x x x  x  x  x     the second job waits in cycle 0; the third one, in 4, moves on
//	job taken        x
func TestAJobThatComesLate(t *testing.T) {
	p := Params{Lanes: 1, PipelineLatency: 5, DivideLatency: 5, Strip: 4, Constants: 64, Sums: 2048, Ops: DefaultOps()}
	var jobs []Job
	var in []Operands
	for _, n := range []int{2, 1, 1} {
		jobs = append(jobs, Job{Kind: Add, Elements: int64(n)})
		in = append(in, Operands{Program: microcode.AddTensors(), Columns: 1, Port: [3][]float32{make([]float32, n), make([]float32, n)}, Bit: make([]bool, n)})
	}
	v, cost, err := p.Vectors(fp.Flush, room, jobs, in, unit.Gaps{Job: func(cycle int) bool { return cycle < 3 }})
	if err != nil {
		t.Fatal(err)
	}
	var ready, flags, leave string
	for _, line := range strings.Fields(v.Files["edges.hex"]) {
		ready, flags, leave = ready+line[:1], flags+line[1:2], leave+line[11:12]
	}
	// job_ready is 2 and in_ready 1; busy 8, a wave is taken 4, a job 2; a result leaves 8.
	if ready != "13322322222222" || flags != "ccca8c88888888" || leave != "00000000888008" || strings.ReplaceAll(v.Files["held.hex"], "\n", "") != "22202222222222" {
		t.Errorf("%s %s %s %q", ready, flags, leave, v.Files["held.hex"])
	}
	if v.Cycles != 14 || cost.Cycles != 14 || cost.Issue != 4 {
		t.Errorf("%+v, %d cycles", cost, v.Cycles)
	}
}

// Gaps change nothing of what is made and counted but time.
func TestGapsOnlyTakeTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		b := someUnits(r, 5)[rapid.IntRange(0, 4).Draw(t, "unit")]
		jobs, in := b.drawn(r, hardware(), 4, 40)
		made, cost, err := b.Simulate(b.subnormals, jobs, in)
		if err != nil {
			t.Fatal(err)
		}
		late, longer, err := b.simulate(b.subnormals, jobs, in, unit.RandomGaps(r, rapid.IntRange(2, 9).Draw(t, "one of")), nil)
		if err != nil || fmt.Sprint(late) != fmt.Sprint(made) {
			t.Fatalf("%v: %+v, not %+v", err, late, made)
		}
		longer.Cycles, cost.Cycles = 0, 0 // cycles without operands are none of issue
		if longer != cost {
			t.Errorf("%+v with gaps, %+v without", longer, cost)
		}
	})
}

// A unit that is fed is late once, by what its feeder's contract has; its counts are those of the model: cycles without operands are none of issue.
func TestAFedUnitIsLateOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		b, read := someUnits(r, 5)[rapid.IntRange(0, 4).Draw(t, "unit")], rapid.IntRange(1, feed.MostRead).Draw(t, "read")
		jobs, in := b.drawn(r, hardware(), 4, 40)
		_, want, err := b.Simulate(b.subnormals, jobs, in)
		if err != nil {
			t.Fatal(err)
		}
		if want.Cycles > 0 {
			want.Cycles += int64(feed.Late(read, 2))
		}
		if _, cost, err := b.FedVectors(b.subnormals, room, jobs, in, unit.Gaps{}, feed.Pace{Read: read}); err != nil || cost != want {
			t.Errorf("%v: %+v, want %+v", err, cost, want)
		}
	})
}
