package sore

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/feed"
	"satsim/arch/unit"
	"satsim/internal/nm"
)

// Two jobs of a group of two, the second one offered in cycle 4 for the first time. By hand, with no register in front of the sorter:
//
//	cycle      0 1 2 3 4 5 6 7
//	slots      0 1       0 1
//	pair           0         0
//	busy       x x x     x x x
//	in_ready   x x       x x
//	job_ready    x x x x   x x    with the last slot of a job, and without a job
//	job taken          x
func TestAJobThatComesLate(t *testing.T) {
	p := Params{Lanes: 1, MaxN: 1, MaxM: 2}
	j := Job{Runs: 1, Channels: 2, Ratio: nm.Ratio{N: 1, M: 2}}
	v, cost, err := p.Vectors([]Job{j, j}, [][]uint16{{1, 2}, {3, 4}}, unit.Gaps{Job: func(cycle int) bool { return cycle < 4 }})
	if err != nil {
		t.Fatal(err)
	}
	var ready, flags string
	for _, line := range strings.Fields(v.Files["edges.hex"]) {
		ready, flags = ready+line[:1], flags+line[1:2]
	}
	// job_ready is 2 and in_ready 1; busy 8, a slot is taken 4, a job 2, first pairs 1.
	if ready != "13222132" || flags != "cc902cc9" || v.Files["held.hex"] != "2\n2\n2\n2\n0\n2\n2\n2\n" {
		t.Errorf("%s %s %q", ready, flags, v.Files["held.hex"])
	}
	if v.Cycles != 8 || cost.Cycles != 6 || cost.Issue != 4 || cost.Counts[Kept] != 2 {
		t.Errorf("%+v, %d cycles", cost, v.Cycles)
	}
}

// Gaps change nothing of what is kept and counted but time.
func TestGapsOnlyTakeTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyParams(t)
		var jobs []Job
		var dense [][]uint16
		for range rapid.IntRange(0, 4).Draw(t, "jobs") {
			j, d := anyJob(t, p)
			jobs, dense = append(jobs, j), append(dense, d)
		}
		kept, cost, err := p.Simulate(jobs, dense)
		if err != nil {
			t.Fatal(err)
		}
		gaps := unit.RandomGaps(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)), rapid.IntRange(2, 9).Draw(t, "one of"))
		late, longer, err := p.simulate(jobs, dense, gaps, nil)
		if err != nil || !reflect.DeepEqual(late, kept) {
			t.Fatalf("%v: %+v, not %+v", err, late, kept)
		}
		if longer.Issue < cost.Issue-int64(p.MaxN*len(jobs)) || longer.Cycles < longer.Issue { // a gap between jobs may spare the wait for a bank
			t.Errorf("%+v with gaps, %+v without", longer, cost)
		}
		longer.Cycles, longer.Issue, longer.Counts[IdleLaneCycles], cost.Cycles, cost.Issue, cost.Counts[IdleLaneCycles] = 0, 0, 0, 0, 0, 0
		if longer != cost {
			t.Errorf("%+v with gaps, %+v without", longer, cost)
		}
	})
}

// An engine that is fed is late once, by what its feeder's contract has; its counts are those of the model, but for the cycles in which it waits.
func TestAFedEngineIsLateOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, read := anyParams(t), rapid.IntRange(1, feed.MostRead).Draw(t, "read")
		var jobs []Job
		var dense [][]uint16
		groups := int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "jobs") {
			j, d := anyJob(t, p)
			jobs, dense, groups = append(jobs, j), append(dense, d), groups+j.Groups()
		}
		_, want, err := p.Simulate(jobs, dense)
		if err != nil {
			t.Fatal(err)
		}
		if late := int64(feed.Late(read, 1)); groups > 0 {
			want.Cycles, want.Issue = want.Cycles+late, want.Issue+late
			want.Counts[IdleLaneCycles] += late * int64(p.Lanes)
		}
		if _, cost, err := p.FedVectors(jobs, dense, unit.Gaps{}, feed.Pace{Read: read}); err != nil || cost != want {
			t.Errorf("%v: %+v, want %+v", err, cost, want)
		}
	})
}
