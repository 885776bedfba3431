package sore

import (
	"fmt"

	"satsim/arch/feed"
	"satsim/arch/unit"
)

// What becomes of a cycle at the engine's input.
const (
	TakesSlot  = "slot"     // one is taken
	NoOperands = "operands" // one is asked for, and not there
	WaitsBank  = "bank"     // a group would be complete before the pairs of one before it have left
	Drains     = "drain"    // no job is under way, and pairs have still to leave
	Idle       = "idle"
)

// ShowsPairs is what else is to be seen in a cycle, beside a job and what its feeder does.
const ShowsPairs = "pairs"

// moment is a cycle of the engine, and of what feeds it.
func (w *watch) moment(e edge, around feed.Edge) unit.Moment {
	m := unit.Moment{}
	at := fmt.Sprintf("job %d, wave %d, slot %d", e.job, e.wave, e.slot)
	switch {
	case e.in.valid:
		m.Cause, m.Says = TakesSlot, []string{at + " is taken"}
	case e.active && e.asks:
		m.Cause, m.Says = NoOperands, []string{at + " is asked for"}
	case e.active:
		m.Cause, m.Says = WaitsBank, []string{at + " waits"}
	case e.busy:
		m.Cause = Drains
	default:
		m.Cause = Idle
		m.SayIdle(e.offered)
	}
	m.Show(e.from.valid, ShowsPairs, fmt.Sprintf("pair %d of %d of each group of job %d, wave %d leaves", e.pair, e.from.n, e.from.job, e.from.wave))
	m.ShowJob(e.offered, e.next, e.ready)
	around.Show(&m, e.asks)
	return m
}
