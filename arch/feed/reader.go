package feed

import (
	"math/rand/v2"
	"slices"
)

// MostRead is the most cycles in which a buffer may answer.
const MostRead = 3

// Run is what a reader is told of a job: rows of words, and where each of its parts begins.
type Run struct {
	Base        []int64 // addresses, by part
	Rows, Words int64   // 1 or more
}

// Pace is what surrounds a reader: buffers that answer in so many cycles, 1 to MostRead, and cycles in which no address may go out, or no start is offered that was not before; each is
// asked once a cycle, in order, from cycle 0 on, and nil is never.
type Pace struct {
	Read          int
	Hold, NoStart func(cycle int) bool
}

// RandomPace holds in one of so many cycles, and has starts come late in as many; 0: never.
func RandomPace(r *rand.Rand, read, oneOf int) Pace {
	p := Pace{Read: read}
	if oneOf == 0 {
		return p
	}
	holds, starts := rand.New(rand.NewPCG(r.Uint64(), 2)), rand.New(rand.NewPCG(r.Uint64(), 3))
	left := 0 // cycles of a hold: some are longer than what is read ahead
	p.Hold = func(int) bool {
		if left == 0 && holds.IntN(oneOf) == 0 {
			left = []int{1, 1, 1 + holds.IntN(4), 1 + holds.IntN(16)}[holds.IntN(4)]
		}
		if left == 0 {
			return false
		}
		left--
		return true
	}
	p.NoStart = func(int) bool { return starts.IntN(oneOf) == 0 }
	return p
}

// Late is for how many cycles a unit waits for its first word, if it and its reader take the job in one cycle and it asks so many cycles later.
func Late(read, asks int) int { return read + 2 - asks }

// Edge is what crosses a reader's edges in a cycle.
type Edge struct {
	Offered, Ready bool // a start is offered; one would be taken
	Held           bool
	Enable         bool
	Row, Word      int64 // of the run that is read, if Enable
	Run            int   // likewise
	Valid          bool  // a word is offered
	Missing        Missing
	Busy           bool
}

// Missing is why no word is offered: what kept its address back, READ + 1 cycles before.
type Missing string

const (
	NoStart Missing = "start" // nothing was to be read
	Held    Missing = "hold"
)

// Reader is every register of feed_reader but for data: which words of which run are where.
type Reader struct {
	pace Pace
	runs []Run
	next int // run to be offered; len(runs): none

	offered bool
	active  bool
	run     int
	row     int64
	word    int64
	coming  []bool // by cycles until it is there
	kept    []Missing
	waiting int // behind the one that is offered
	valid   bool
}

// NewReader is one that has nothing to do, and is going to be told of runs, in order. The first is offered in the cycle that comes.
func NewReader(p Pace, runs []Run) *Reader {
	return &Reader{pace: p, runs: runs, offered: len(runs) > 0, coming: make([]bool, p.Read), kept: slices.Repeat([]Missing{NoStart}, p.Read+1)}
}

// Valid says that a word is offered in the cycle that comes.
func (r *Reader) Valid() bool { return r.valid }

// Step is a cycle, in which the word that is offered is taken or not. Before cycle 0, which is the unit's, starts are offered at once, and nothing is held.
func (r *Reader) Step(cycle int, ready bool) Edge {
	early := cycle < 0
	none := !early && r.pace.NoStart != nil && r.pace.NoStart(cycle)
	r.offered = r.next < len(r.runs) && (r.offered || !none)
	e := Edge{Offered: r.offered, Held: !early && r.pace.Hold != nil && r.pace.Hold(cycle), Valid: r.valid}
	under := r.waiting
	for _, c := range r.coming {
		if c {
			under++
		}
	}
	if r.valid {
		under++
	}
	e.Busy = r.active || under > 0
	e.Enable = r.active && !e.Held && under < r.pace.Read+2
	var kept Missing // back, in this cycle
	switch {
	case !r.active:
		kept = NoStart
	case e.Held:
		kept = Held
	}
	if !e.Valid {
		e.Missing = r.kept[0]
	}
	r.kept = append(r.kept[1:], kept)
	last := false
	if e.Enable {
		e.Run, e.Row, e.Word = r.run, r.row, r.word
		r.word++
		if r.word == r.runs[r.run].Words {
			r.row, r.word = r.row+1, 0
		}
		last = r.row == r.runs[r.run].Rows
	}
	e.Ready = !r.active || last

	comes := r.coming[r.pace.Read-1]
	copy(r.coming[1:], r.coming[:r.pace.Read-1])
	r.coming[0] = e.Enable
	if comes {
		r.waiting++
	}
	if !r.valid || ready {
		if r.valid = r.waiting > 0; r.valid {
			r.waiting--
		}
	}
	if e.Ready {
		if r.active = r.offered; r.active {
			r.run, r.row, r.word = r.next, 0, 0
			r.next, r.offered = r.next+1, false
		}
	}
	return e
}
