package feed

import (
	"fmt"

	"satsim/arch/unit"
)

// What is to be seen of a reader.
const (
	ShowsStart   = "start"   // it is told of a job
	ShowsAddress = "address" // a word is read
	ShowsHold    = "hold"    // one would be, but for hold
	ShowsNoStart = "missing operands: nothing was to be read"
	ShowsHeld    = "missing operands: held"
)

// Show adds what is to be seen of a reader to a cycle of the unit, which asks for a word or not.
func (e *Edge) Show(m *unit.Moment, asks bool) {
	m.Show(e.Offered && e.Ready, ShowsStart, "the reader is told of its next job")
	m.Show(e.Enable, ShowsAddress, fmt.Sprintf("the reader's address goes out: row %d, word %d of its job %d", e.Row, e.Word, e.Run))
	m.Show(e.Held, ShowsHold, "the reader is held")
	m.Show(asks && e.Missing == NoStart, ShowsNoStart, "the reader was told of the job too late for a word to be there")
	m.Show(asks && e.Missing == Held, ShowsHeld, "the reader was held when this word's address was to go out")
}
