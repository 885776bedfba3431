package link

import "github.com/sarchlab/akita/v3/sim"

// Clock wakes the components that share it: one event of Akita's engine a cycle in which any of them runs, however many do. Those of a cycle run in the order in which
// they joined; nothing may depend on it.
type Clock struct {
	engine  sim.EventScheduler
	of      []*Clocked
	queued  []int64 // cycles for which an event is in the engine; in some of them nobody may be left to run
	free    []*wake
	running bool

	// Shuffle has the components of each cycle in another order, for tests; nil: as they joined.
	Shuffle func(n int, swap func(i, j int))
	// Behind is called at the end of a cycle in which it is Wanted, when nobody runs in it any more; it may be nil.
	Behind func(now int64)
	wanted bool
}

// wake is a reused event. Akita's EventBase would cost a string ID each.
type wake struct {
	at int64
	c  *Clock
}

func (w *wake) Time() sim.VTimeInSec { return sim.VTimeInSec(w.at) }
func (w *wake) Handler() sim.Handler { return w.c }
func (w *wake) IsSecondary() bool    { return false }

// NewClock is one that nobody shares yet.
func NewClock(engine sim.EventScheduler) *Clock { return &Clock{engine: engine} }

// at makes sure that there is an event at cycle t, or at one before it.
func (c *Clock) at(t int64) {
	if c.running { // what is next is found once, behind the cycle
		return
	}
	for _, q := range c.queued {
		if q <= t {
			return
		}
	}
	c.queued = append(c.queued, t)
	var w *wake
	if n := len(c.free); n > 0 {
		w, c.free = c.free[n-1], c.free[:n-1]
	} else {
		w = &wake{c: c}
	}
	w.at = t
	c.engine.Schedule(w)
}

// Handle implements sim.Handler: a cycle.
func (c *Clock) Handle(e sim.Event) error {
	w := e.(*wake)
	now := w.at
	c.free = append(c.free, w)
	for i, q := range c.queued {
		if q == now {
			last := len(c.queued) - 1
			c.queued[i] = c.queued[last]
			c.queued = c.queued[:last]
			break
		}
	}
	if c.Shuffle != nil {
		c.Shuffle(len(c.of), func(i, j int) { c.of[i], c.of[j] = c.of[j], c.of[i] })
	}
	c.running = true
	for _, o := range c.of {
		if o.due(now) {
			o.run(now)
		}
	}
	t := c.next()
	if c.wanted && t != now {
		c.wanted = false
		c.Behind(now)
		t = c.next()
	}
	if c.running = false; t >= 0 {
		c.at(t)
	}
	return nil
}

// Want asks for Behind at the end of the cycle that runs.
func (c *Clock) Want() { c.wanted = true }

// next is the first cycle for which a component waits; -1: none does.
func (c *Clock) next() int64 {
	first := int64(-1)
	for _, o := range c.of {
		for _, t := range o.pending {
			if first < 0 || t < first {
				first = t
			}
		}
	}
	return first
}
