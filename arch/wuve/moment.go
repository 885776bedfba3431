package wuve

import (
	"fmt"

	"satsim/arch/feed"
	"satsim/arch/unit"
)

// What becomes of a cycle at the engine's input.
const (
	TakesWave  = "wave"     // one is taken
	NoOperands = "operands" // one is asked for, and not there
	WaitsShape = "shape"    // a job of another shape waits until the lanes are empty
	Drains     = "drain"    // no job is under way, and results have still to leave
	Idle       = "idle"     // none is, or has just come
)

// ShowsResults is what else is to be seen in a cycle, beside a job and what its feeder does.
const ShowsResults = "results"

// moment is a cycle of the engine, and of what feeds it.
func (w *watch) moment(e edge, around feed.Edge) unit.Moment {
	m := unit.Moment{}
	switch {
	case e.taken != nil:
		m.Cause, m.Says = TakesWave, []string{fmt.Sprintf("job %d, wave %d is taken, on %d lanes", e.taken.job, e.taken.first/w.lanes, e.taken.active)}
	case e.asks:
		m.Cause, m.Says = NoOperands, []string{fmt.Sprintf("a wave of job %d is asked for", e.now)}
	case e.now >= 0:
		m.Cause, m.Says = WaitsShape, []string{fmt.Sprintf("job %d waits", e.now)}
	case e.busy:
		m.Cause = Drains
	default:
		m.Cause = Idle
		m.SayIdle(e.offered)
	}
	for i, of := range [drains]*wave{e.master, e.half, e.states[0], e.states[1]} {
		if of != nil {
			m.Show(true, ShowsResults, fmt.Sprintf("%s of job %d, wave %d leave", [drains]string{"master weights", "FP16 weights", "first state words", "second state words"}[i], of.job, of.first/w.lanes))
		}
	}
	m.ShowJob(e.offered, e.next, e.ready)
	around.Show(&m, e.asks)
	return m
}
