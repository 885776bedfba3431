package link

// Far is how many cycles ahead an end has to lie to be known by itself: nothing that happens before it depends on when it comes.
const Far = 1024

// horizon is what ends are told by: those that are far relative to the first of them.
type horizon struct {
	now, ahead int64
	none       bool // none is far
}

// of a cycle.
func (h *horizon) of(t int64) uint64 {
	if t -= h.now; t <= 0 {
		return 0
	}
	if h.none || t <= Far {
		return uint64(t) << 1
	}
	if h.ahead == 0 {
		h.ahead = t
	}
	return uint64(t-h.ahead)<<1 | 1
}

// AppendState appends what decides the worker's future, relative to now. Ends that are far are relative to the first of them, which lies ahead cycles from now;
// 0: none is far.
func (w *Worker) AppendState(b []uint64, now int64) (state []uint64, ahead int64) {
	if len(w.used) == 0 {
		return b, 0
	}
	h := horizon{now: now, none: w.timed == nil}
	w.sort()
	b = append(b, uint64(len(w.pending)))
	for _, p := range w.pending {
		b = append(b, h.of(p))
	}
	for _, l := range w.used {
		b = append(b, uint64(l.n)<<24|uint64(l.cause)<<16|uint64(l.wait)<<8|flag(l.started), h.of(l.nextFree))
		for j := range l.n {
			f := &l.running[(l.head+j)%flights]
			m := Message{Op: f.task, Variant: f.variant, Class: uint32(f.class)}
			b = append(b, m.word(), h.of(f.done))
		}
		b = l.queue.AppendState(b, now)
	}
	if w.timed != nil {
		return append(b, h.of(w.timed.free)), h.ahead
	}
	return w.server.AppendState(b, now), h.ahead
}

// BringForward brings all ends that are far by so many cycles nearer, fewer than the first of them is ahead: those are left out before it.
func (w *Worker) BringForward(now, by int64) {
	nearer := func(t *int64) {
		if *t-now > Far {
			*t -= by
		}
	}
	for _, l := range w.used {
		for j := range l.n {
			nearer(&l.running[(l.head+j)%flights].done)
		}
		nearer(&l.nextFree)
	}
	nearer(&w.timed.free)
	w.bringForward(now+Far, by)
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
