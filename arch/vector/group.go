package vector

import (
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// The kinds of work once a group of elements: a job's elements are those of the groups, and its Row says how many a group has. What there is of a group lies in one lane, so an operation is one
// of a wave of groups. No Ops has a number of them: each is one.
const (
	Random word.PassKind = "random" // a number of the generators
	Scale  word.PassKind = "scale"  // a multiply-add
	Divide word.PassKind = "divide" // a quotient, of the scalar unit
)

// OnceAGroup lists those kinds.
func OnceAGroup() []word.PassKind { return []word.PassKind{Random, Scale, Divide} }

// onceAGroup reports whether a kind is one of them.
func onceAGroup(k word.PassKind) bool { return k == Random || k == Scale || k == Divide }

// Groups are how many a job has, the last of which may not be whole.
func (j Job) Groups() int64 {
	row := max(j.Row, 1)
	return (j.Elements + row - 1) / row
}

// group adds a job of work once a group, and gives the latency of its results.
func (p Params) group(c *unit.Cost, j Job) (latency int64) {
	lanes, n := int64(p.Lanes), j.Groups()
	c.Counts[Elements] += j.Elements
	if n == 0 {
		return 0
	}
	issue := (n + lanes - 1) / lanes
	switch j.Kind {
	case Divide:
		c.Issue += n
		c.Counts[StallCycles] += n
		c.Counts[Quotients] += n
		return int64(p.DivideLatency)
	case Random:
		each := p.each()
		issue = n/lanes*((lanes+each-1)/each) + (n%lanes+each-1)/each
		c.Counts[Numbers] += n
	}
	c.Issue += issue
	c.Counts[Operations] += n
	c.Counts[IdleLaneCycles] += issue*lanes - n
	return int64(p.PipelineLatency)
}

// each is how many numbers reach as many lanes in a cycle.
func (p Params) each() int64 { return int64(max(1, min(p.Random, p.Lanes))) }

// drawn are the numbers of groups [lo, hi) of a job.
func (w *work) drawn(lo, hi int) {
	for i := lo; i < hi; i++ {
		w.numbers[i] = nm.RandomBits(w.key, w.begin+uint64(i))
	}
}

// queueOfGroups are the issues of work once a group: quotients one by one, others wave by wave, numbers as the generators make them.
func (p Params) queueOfGroups(s *strip) (q []issue) {
	kind, width := ofElements, p.Lanes
	switch s.work.kind {
	case Divide:
		kind, width = ofQuotient, 1
	case Random:
		kind, width = ofNumbers, int(p.each())
	}
	wave := p.Lanes
	for first := s.first; first < s.last; first += wave {
		end := min(first+wave, s.last)
		for lo := first; lo < end; lo += width {
			hi := min(lo+width, end)
			q = append(q, issue{kind: kind, lo: lo, hi: hi, lanes: hi - lo, takes: kind != ofNumbers, long: kind == ofQuotient})
		}
	}
	return q
}
