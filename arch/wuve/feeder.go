package wuve

import "satsim/arch/unit"

// feeder holds the jobs at the engine's input: the one under way, one that waits behind it, and the one that is offered.
type feeder struct {
	jobs []Job
	gaps unit.Gaps

	now     int  // the job under way; -1: none
	entered bool // its operands are asked for: it need not wait for the lanes to be empty
	waiting int  // -1: none
	next    int  // the job that comes
	offered bool // it stands at the port, until it is taken
	late    bool // no operands are offered in this cycle
}

// newFeeder has taken the first job two cycles before cycle 0, and the second one in the cycle after that.
func newFeeder(jobs []Job, gaps unit.Gaps) feeder {
	f := feeder{jobs: jobs, gaps: gaps, now: -1, waiting: -1}
	f.next = f.work(0)
	for range 2 {
		f.offered = f.next < len(jobs)
		f.advance(false)
	}
	return f
}

// work is the first job from i on that has some.
func (f *feeder) work(i int) int {
	for i < len(f.jobs) && f.jobs[i].Parameters == 0 {
		i++
	}
	return i
}

func (f *feeder) done() bool { return f.now < 0 && f.waiting < 0 && f.next == len(f.jobs) }

// begin is what stands at the input in a cycle.
func (f *feeder) begin(cycle int) {
	f.late = f.gaps.NoOperands(cycle)
	none := f.gaps.NoJob(cycle)
	f.offered = f.next < len(f.jobs) && (f.offered || !none)
}

// moves says whether the job that waits is under way in the next cycle: nothing else is, or that ends.
func (f *feeder) moves(ends bool) bool { return f.now < 0 || ends }

// ready says whether a job is taken if one is offered: none waits, or the one that does moves on.
func (f *feeder) ready(ends bool) bool { return f.waiting < 0 || f.moves(ends) }

// advance is the end of a cycle, in which the job under way may have ended.
func (f *feeder) advance(ends bool) {
	taken := f.offered && f.ready(ends)
	if f.moves(ends) {
		f.now, f.waiting, f.entered = f.waiting, -1, false
	}
	if taken {
		f.waiting, f.next, f.offered = f.next, f.work(f.next+1), false
	}
}
