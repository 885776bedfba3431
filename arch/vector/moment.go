package vector

import (
	"fmt"
	"slices"

	"satsim/arch/feed"
	"satsim/arch/unit"
	"satsim/internal/microcode"
)

// What becomes of a cycle of the sequencer.
const (
	TakesWave  = "wave"          // the first word of its elements is issued on a wave that is taken
	IssuesWord = "word"          // another word is
	Folds      = "fold"          // sums of a row are folded
	OnceRow    = "once a row"    // a word once a row is issued
	NoOperands = "operands"      // a wave is asked for, and not there
	WaitsWord  = "wait: word"    // the next word's first wave is not back
	WaitsTurn  = "wait: turn"    // a sum over a row comes round, and is not
	WaitsSums  = "wait: sums"    // sums over columns, or of a window, are not
	WaitsRow   = "wait: row"     // around a fold, and words once a row
	WaitsLong  = "wait: divider" // for a quotient or a root
	Drains     = "drain"         // no job is under way, and results have still to leave
	Idle       = "idle"          // none is, or has just come
)

// What else is to be seen in a cycle, beside a job and what its feeder does.
const (
	ShowsResults = "results"
	ShowsScalar  = "scalar"
)

// moment is a cycle of the unit, and of what feeds it.
func (w *watch) moment(u *datapath, around feed.Edge) unit.Moment {
	m := unit.Moment{}
	job := func(k *work) string { return fmt.Sprintf("job %d (%s)", slices.Index(u.works, k), k.program.Name) }
	switch r := u.issued; {
	case r != nil && r.kind == ofElements:
		m.Cause = IssuesWord
		if r.takes {
			m.Cause = TakesWave
		}
		m.Says = []string{fmt.Sprintf("%s: word %d on elements %d to %d", job(r.work), r.op, r.lo, r.hi-1)}
	case r != nil && r.kind == ofRow:
		m.Cause, m.Says = OnceRow, []string{fmt.Sprintf("%s: word %d once a row, on row %d", job(r.work), r.op, r.lo)}
	case r != nil:
		m.Cause, m.Says = Folds, []string{fmt.Sprintf("%s: sums are folded, on %d lanes", job(r.work), r.lanes)}
	case u.asks:
		m.Cause, m.Says = NoOperands, []string{job(u.strips[0].work) + ": a wave is asked for"}
	case u.jobs.Now >= 0:
		m.Cause = w.waits(&u.queue[u.next])
		m.Says = []string{fmt.Sprintf("%s: %s", job(u.strips[0].work), w.forHowLong(u))}
	case u.busy:
		m.Cause = Drains
	default:
		m.Cause = Idle
		m.SayIdle(u.jobs.Offered)
	}
	if u.issued != nil {
		w.before = u.issued
	}
	for i := range u.arrived {
		switch a := &u.arrived[i]; a.kind {
		case ofElements:
			word := a.work.words[a.op].word
			m.Show(word.To.File == microcode.Out || word.Bit, ShowsResults, fmt.Sprintf("%s: what word %d made of elements %d to %d leaves", job(a.work), a.op, a.lo, a.hi-1))
		case ofRow:
			m.Show(true, ShowsScalar, fmt.Sprintf("%s: scalar %d of row %d leaves", job(a.work), a.set.index, a.lo))
		case ofWays, ofSumsIn, ofSumsOut:
		}
	}
	m.ShowJob(u.jobs.Offered, u.jobs.Next(), u.jobs.Ready(u.ends))
	around.Show(&m, u.asks)
	return m
}

// waits is for what the sequencer waits, which has issued one thing and is to issue another.
func (w *watch) waits(next *issue) string {
	switch before := w.before; {
	case before.long:
		return WaitsLong
	case before.kind == ofElements && next.kind == ofElements && before.op == next.op:
		if before.work.sumsRow(before.op) {
			return WaitsTurn
		}
		return WaitsSums
	case before.kind == ofElements && next.kind == ofElements && before.work.words[before.op].sweep == before.work.words[next.op].sweep:
		return WaitsWord
	}
	return WaitsRow
}

// forHowLong the sequencer has still to wait, this cycle included: it has counted it.
func (w *watch) forHowLong(u *datapath) string {
	return fmt.Sprintf("it waits, %d cycles more", u.pause)
}
