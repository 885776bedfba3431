package norm

import (
	"fmt"

	"satsim/arch/feed"
	"satsim/arch/unit"
)

// What becomes of a cycle at the unit's input.
const (
	TakesWave   = "wave"     // one is taken
	NoOperands  = "operands" // one is asked for, and not there
	WaitsScales = "scales"   // shifts wait for their scales
	WaitsTables = "tables"   // a tile waits for the factors of the job before it
	Drains      = "drain"    // no job is under way, and results have still to leave
	Idle        = "idle"
)

// What else is to be seen in a cycle, beside a job and what its feeder does.
const (
	ShowsElements = "elements"
	ShowsFactors  = "factors"
)

// moment is a cycle of the unit, and of what feeds it.
func (w *watch) moment(e edge, around feed.Edge) unit.Moment {
	m := unit.Moment{}
	what := func(job int, run, wave int64) string {
		if w.work[job].Factors == 0 {
			return fmt.Sprintf("job %d, run %d, wave %d", job, run, wave)
		}
		return fmt.Sprintf("job %d, %s of wave %d", job, [2]string{"scales", "shifts"}[run], wave)
	}
	at := what(e.job, e.run, e.wave)
	switch {
	case e.taken.valid:
		m.Cause, m.Says = TakesWave, []string{at + ": taken"}
	case e.asks:
		m.Cause, m.Says = NoOperands, []string{at + ": asked for"}
	case e.active && e.run > 0:
		m.Cause, m.Says = WaitsScales, []string{at + ": not asked for yet"}
	case e.active:
		m.Cause, m.Says = WaitsTables, []string{at + ": not asked for yet"}
	case e.busy:
		m.Cause = Drains
	default:
		m.Cause = Idle
		m.SayIdle(e.offered)
	}
	if l := &e.leaves; l.valid && w.work[l.job].Factors == 0 {
		m.Show(true, ShowsElements, what(l.job, l.run, l.wave)+": leaves")
	} else if l.valid {
		m.Show(true, ShowsFactors, what(l.job, l.run, l.wave)+": in the tables")
	}
	m.ShowJob(e.offered, e.next, e.ready)
	around.Show(&m, e.asks)
	return m
}
