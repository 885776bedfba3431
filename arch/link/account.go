package link

import (
	"math/bits"
	"slices"

	"satsim/arch/word"
)

// Cause is what a lane's time went to.
type Cause uint8

// The causes, in the order of the counters: four, then the waits for a tile in each buffer, then those for room in each.
const (
	Working  Cause = iota // an instruction runs, or is served in its turn
	NoWord                // no instruction is there
	Filling               // before the group's first instruction could start
	Draining              // after the group's last instruction ended
	firstWait
	Causes = int(firstWait) + 2*word.Buffers
)

// WaitTile is the wait for a tile in a buffer.
func WaitTile(b word.Buffer) Cause { return firstWait + Cause(b) }

// WaitRoom is the wait for room in a buffer.
func WaitRoom(b word.Buffer) Cause { return firstWait + word.Buffers + Cause(b) }

// Buffer is what a wait is about; wait is false for other causes.
func (c Cause) Buffer() (b word.Buffer, room, wait bool) {
	switch {
	case c < firstWait:
		return 0, false, false
	case c < firstWait+word.Buffers:
		return word.Buffer(c - firstWait), false, true
	}
	return word.Buffer(c - firstWait - word.Buffers), true, true
}

// idle is a wait for cause, unless an earlier instruction of the lane still runs.
func (l *lane) idle(now int64, cause Cause) {
	if l.n > 0 {
		cause = Working
	}
	l.account(now, cause)
}

func (l *lane) account(now int64, cause Cause) {
	l.time[l.cause] += now - l.since
	l.cause, l.since = cause, now
}

// Flush books the time of the lanes that are used up to now, so that counters can be read or compared.
func (w *Worker) Flush(now int64) {
	for _, l := range w.used {
		l.account(now, l.cause)
	}
}

// AppendCounters appends how often each variant of each task ran, and where the time of the lanes that are used went, up to now: of causes that they can have.
func (w *Worker) AppendCounters(dst []int64, now int64) []int64 {
	dst = append(dst, w.runs...)
	for _, l := range w.used {
		l.account(now, l.cause)
		for c := l.causes; c != 0; c &= c - 1 {
			dst = append(dst, l.time[bits.TrailingZeros64(c)])
		}
	}
	return dst
}

// AddCounters adds what AppendCounters says of a period, times over, and gives what is left of it.
func (w *Worker) AddCounters(delta []int64, times int64) []int64 {
	for i := range w.runs {
		w.runs[i] += delta[i] * times
	}
	delta = delta[len(w.runs):]
	for _, l := range w.used {
		for c := l.causes; c != 0; c &= c - 1 {
			l.time[bits.TrailingZeros64(c)] += delta[0] * times
			delta = delta[1:]
		}
	}
	return delta
}

// LaneTime is where the time of lane i went since the group began, up to the last Flush.
func (w *Worker) LaneTime(i int) *[Causes]int64 { return &w.lanes[i].time }

// Close books the time of all lanes up to the group's end, and as draining what lay after a lane's last instruction. Lanes that are not used had no instruction in so many
// cycles, those that are left out included.
func (w *Worker) Close(end, cycles int64) {
	w.Flush(end)
	for i := range w.lanes {
		switch l := &w.lanes[i]; {
		case l.started:
			l.time[Draining] += l.time[NoWord] - l.idle0
			l.time[NoWord] = l.idle0
		case !slices.Contains(w.used, l):
			l.time[NoWord] = cycles
		}
	}
}

// Waiting reports whether lane i has an instruction that has not ended, and what it waits for.
func (w *Worker) Waiting(i int) (cause Cause, busy bool) {
	l := &w.lanes[i]
	return l.cause, l.n > 0 || l.queue.acquired < l.queue.n
}
