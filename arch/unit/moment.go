package unit

import "fmt"

// ShowsJob is a job that is offered to a unit.
const ShowsJob = "job"

// Moment is what a unit does in a cycle, as its exact model has it: what becomes of the cycle at its input, and what else is to be seen, by the names that the rules of its contract have; and both
// in words, a line each.
type Moment struct {
	Cause string
	Shows []string
	Says  []string
}

// Show adds what else is to be seen, in words, if it is.
func (m *Moment) Show(seen bool, what, says string) {
	if seen {
		m.Shows, m.Says = append(m.Shows, what), append(m.Says, says)
	}
}

// SayIdle says of a cycle without a job under way that none is offered, if none is.
func (m *Moment) SayIdle(offered bool) {
	if !offered {
		m.Says = append(m.Says, "no job is offered")
	}
}

// ShowJob adds the job that is offered, if one is, and whether it is taken.
func (m *Moment) ShowJob(offered bool, job int, taken bool) {
	becomes := "offered"
	if taken {
		becomes = "taken"
	}
	m.Show(offered, ShowsJob, fmt.Sprintf("job %d is %s", job, becomes))
}
