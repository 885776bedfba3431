package unit

// Queue is the jobs at a unit's input: the one under way, one that waits behind it, and the one that is offered. A job moves from place to place at the end of a cycle.
//
//	for cycle := 0; !q.Done(); cycle++ {
//		q.Begin(cycle)
//		...  // what happens in that cycle: if a job is offered and q.Ready(ends), it is taken
//		q.Advance(ends)
//	}
type Queue struct {
	jobs []int
	gaps Gaps

	Now     int  // the job under way; -1: none
	waiting int  // -1: none
	Offered bool // a job stands at the port, until it is taken
	Late    bool // no operands are offered in this cycle
}

// NewQueue is that of jobs by their numbers. It has taken the first one two cycles before cycle 0, and the second one in the cycle after that.
func NewQueue(jobs []int, gaps Gaps) *Queue {
	q := &Queue{jobs: jobs, gaps: gaps, Now: -1, waiting: -1}
	for range 2 {
		q.Offered = len(q.jobs) > 0
		q.Advance(false)
	}
	return q
}

// Next is the job that is offered, or will be; -1: none.
func (q *Queue) Next() int {
	if len(q.jobs) == 0 {
		return -1
	}
	return q.jobs[0]
}

// Done says that no job is under way, waits or is to come.
func (q *Queue) Done() bool { return q.Now < 0 && q.waiting < 0 && len(q.jobs) == 0 }

// Begin is what stands at the input in a cycle.
func (q *Queue) Begin(cycle int) {
	q.Late = q.gaps.NoOperands(cycle)
	none := q.gaps.NoJob(cycle)
	q.Offered = len(q.jobs) > 0 && (q.Offered || !none)
}

// moves says whether the job that waits is under way in the next cycle: nothing else is, or that ends in this one.
func (q *Queue) moves(ends bool) bool { return q.Now < 0 || ends }

// Ready says whether a job would be taken: none waits, or the one that does moves on.
func (q *Queue) Ready(ends bool) bool { return q.waiting < 0 || q.moves(ends) }

// Advance is the end of a cycle, in which the job under way may have ended.
func (q *Queue) Advance(ends bool) {
	taken := q.Offered && q.Ready(ends)
	if q.moves(ends) {
		q.Now, q.waiting = q.waiting, -1
	}
	if taken {
		q.waiting, q.jobs, q.Offered = q.jobs[0], q.jobs[1:], false
	}
}
