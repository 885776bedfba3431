package link

import (
	"encoding/binary"
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
	engine sim.EventScheduler
	fault  *Fault
	step   Stepper

	// Steps counts the cycles in which the component ran.
	Steps int64

	pending []int64 // cycles for which an event is queued
	free    []*wake
}

// wake is a reused event. Akita's EventBase would cost a string ID each.
type wake struct {
	at int64
	c  *Clocked
}

func (w *wake) Time() sim.VTimeInSec { return sim.VTimeInSec(w.at) }
func (w *wake) Handler() sim.Handler { return w.c }
func (w *wake) IsSecondary() bool    { return false }

// NewClocked makes the base of a component that runs s. The name follows Akita's rules.
func NewClocked(name string, engine sim.EventScheduler, fault *Fault, s Stepper) *Clocked {
	return &Clocked{ComponentBase: sim.NewComponentBase(name), engine: engine, fault: fault, step: s}
}

// WakeAt runs the component at cycle t, which must not lie in the past.
func (c *Clocked) WakeAt(t int64) {
	for _, p := range c.pending {
		if p == t {
			return
		}
	}
	c.pending = append(c.pending, t)
	var w *wake
	if n := len(c.free); n > 0 {
		w, c.free = c.free[n-1], c.free[:n-1]
	} else {
		w = &wake{c: c}
	}
	w.at = t
	c.engine.Schedule(w)
}

// Handle implements sim.Handler.
func (c *Clocked) Handle(e sim.Event) error {
	w := e.(*wake)
	now := w.at
	c.free = append(c.free, w)
	i := slices.Index(c.pending, now)
	if i < 0 { // it was brought forward
		return nil
	}
	last := len(c.pending) - 1
	c.pending[i] = c.pending[last]
	c.pending = c.pending[:last]
	c.Steps++
	c.fault.Enter(c.Name())
	if c.fault.Err() != nil {
		return nil
	}
	c.step.Step(now)
	return nil
}

// AppendState appends the cycles, relative to now, at which the component is going to run.
func (c *Clocked) AppendState(b []byte, now int64) []byte {
	slices.Sort(c.pending)
	b = append(b, byte(len(c.pending)))
	for _, p := range c.pending {
		b = binary.LittleEndian.AppendUint64(b, uint64(p-now))
	}
	return b
}

// bringForward brings what is queued for later than a cycle forward by so many.
func (c *Clocked) bringForward(later, by int64) {
	was := slices.Clone(c.pending)
	c.pending = slices.DeleteFunc(c.pending, func(p int64) bool { return p > later })
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
