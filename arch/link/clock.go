package link

import (
	"math"

	"github.com/sarchlab/akita/v3/sim"
)

// Clock wakes the components that share it: one event of Akita's engine a cycle in which any of them runs, however many do, or one for some such cycles in a row. Those of
// a cycle run in the order in which they joined; nothing may depend on it.
type Clock struct {
	engine  sim.EventScheduler
	of      []*Clocked
	first   []int64 // of each, the first cycle for which it waits; never: none
	order   []int   // in which they run where they are shuffled
	queued  []int64 // cycles for which an event is in the engine; in some of them nobody may be left to run
	free    []*wake
	running bool
	now     int64 // the last cycle that ran

	// Alone says that nobody else has events in the engine: then some cycles in a row are one of its events, and its time is that of the first.
	Alone bool
	// Shuffle has the components of each cycle in another order, for tests; nil: as they joined.
	Shuffle func(n int, swap func(i, j int))
	// Behind is called at the end of a cycle in which it is Wanted, when nobody runs in it any more; it may be nil.
	Behind func(now int64)
	wanted bool
}

// row is how many cycles an event of the engine has at most: few, since it can be paused, and its time is told, between events alone. It changes no figure. Measured on a step of
// resnet18-tiny of which nothing is skipped (BenchmarkStep of sim, processor time): 1.4 times as long at 1 as at 64, 1.1 times at 8, as long at 1024.
const row = 64

// never is after all cycles.
const never = int64(math.MaxInt64)

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

// Handle implements sim.Handler: a cycle, and those after it that are of the same event.
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
	c.running = true
	t := c.cycle(now)
	for n := 1; n < row && c.Alone && len(c.queued) == 0 && t < never; n++ {
		t = c.cycle(t)
	}
	if c.running = false; t < never {
		c.at(t)
	}
	return nil
}

// cycle runs whoever waits for it, and says for which the next one does.
func (c *Clock) cycle(now int64) int64 {
	c.now = now
	if c.Shuffle != nil {
		c.shuffled(now)
	} else {
		for i := range c.first {
			if c.first[i] == now {
				c.of[i].run(now)
			}
		}
	}
	t := c.next()
	if c.wanted && t != now {
		c.wanted = false
		c.Behind(now)
		t = c.next()
	}
	return t
}

// Now is the last cycle in which anybody ran.
func (c *Clock) Now() int64 { return c.now }

// shuffled is a cycle in another order.
func (c *Clock) shuffled(now int64) {
	for i := len(c.order); i < len(c.of); i++ {
		c.order = append(c.order, i)
	}
	c.Shuffle(len(c.order), func(i, j int) { c.order[i], c.order[j] = c.order[j], c.order[i] })
	for _, i := range c.order {
		if c.first[i] == now {
			c.of[i].run(now)
		}
	}
}

// Want asks for Behind at the end of the cycle that runs.
func (c *Clock) Want() { c.wanted = true }

// next is the first cycle for which a component waits.
func (c *Clock) next() int64 {
	first := never
	for _, t := range c.first {
		first = min(first, t)
	}
	return first
}
