package link

import (
	"slices"

	"github.com/sarchlab/akita/v3/sim"
)

// Stepper is what a component does in a cycle in which something may have changed for it.
type Stepper interface {
	Step(now int64)
}

// Clocked is the base of our components: it wakes its Stepper at given cycles, once a cycle at most, however many reasons there are.
type Clocked struct {
	*sim.ComponentBase
	clock *Clock
	place int // in the clock
	fault *Fault
	step  Stepper
	name  string

	// Steps counts the cycles in which the component ran.
	Steps int64

	pending []int64 // cycles in which it is going to run
}

// NewClocked makes the base of a component that runs s, and gives it a place in the clock. The name follows Akita's rules.
func NewClocked(name string, clock *Clock, fault *Fault, s Stepper) *Clocked {
	c := &Clocked{ComponentBase: sim.NewComponentBase(name), clock: clock, fault: fault, step: s, name: name}
	c.place = len(clock.of)
	clock.of, clock.first = append(clock.of, c), append(clock.first, never)
	return c
}

// WakeAt runs the component at cycle t, which must not lie in the past.
func (c *Clocked) WakeAt(t int64) {
	for _, p := range c.pending {
		if p == t {
			return
		}
	}
	c.pending = append(c.pending, t)
	if first := &c.clock.first[c.place]; t < *first {
		*first = t
	}
	c.clock.at(t)
}

// run is a cycle for which the component waited.
func (c *Clocked) run(now int64) {
	first, at := never, 0
	for i, p := range c.pending {
		if p == now {
			at = i
		} else {
			first = min(first, p)
		}
	}
	last := len(c.pending) - 1
	c.pending[at] = c.pending[last]
	c.pending = c.pending[:last]
	c.clock.first[c.place] = first
	c.Steps++
	c.fault.Enter(c.name)
	if c.fault.Err() == nil {
		c.step.Step(now)
	}
}

// Handle implements sim.Handler: events are the clock's.
func (c *Clocked) Handle(e sim.Event) error { return c.clock.Handle(e) }

// AppendState appends the cycles, relative to now, at which the component is going to run.
func (c *Clocked) AppendState(b []uint64, now int64) []uint64 {
	c.sort()
	b = append(b, uint64(len(c.pending)))
	for _, p := range c.pending {
		b = append(b, uint64(p-now))
	}
	return b
}

// sort puts the few cycles that are pending in order.
func (c *Clocked) sort() {
	for i := 1; i < len(c.pending); i++ {
		for j := i; j > 0 && c.pending[j] < c.pending[j-1]; j-- {
			c.pending[j], c.pending[j-1] = c.pending[j-1], c.pending[j]
		}
	}
}

// bringForward brings what is queued for later than a cycle forward by so many.
func (c *Clocked) bringForward(later, by int64) {
	was := slices.Clone(c.pending)
	c.pending = slices.DeleteFunc(c.pending, func(p int64) bool { return p > later })
	c.clock.first[c.place] = never
	for _, p := range c.pending {
		c.clock.first[c.place] = min(c.clock.first[c.place], p)
	}
	for _, p := range was {
		if p > later {
			c.WakeAt(p - by)
		}
	}
}

// NotifyRecv wakes the component when the message becomes visible.
func (c *Clocked) NotifyRecv(now sim.VTimeInSec, _ sim.Port) { c.WakeAt(int64(now)) }

// NotifyPortFree wakes the component when the space can be used.
func (c *Clocked) NotifyPortFree(now sim.VTimeInSec, _ sim.Port) { c.WakeAt(int64(now)) }
