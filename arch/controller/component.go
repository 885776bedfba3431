package controller

import (
	"fmt"
	"slices"

	"satsim/arch/link"
	"satsim/arch/word"
)

// Controller is the component that runs one group at a time.
type Controller struct {
	*link.Clocked
	fault  *link.Fault
	queues [word.Lanes]*link.Link
	report []*link.Link // from the workers

	group    *word.Group
	streams  []stream
	hears    bool // a stream waits for another: workers report
	boundary func(now int64)
}

type stream struct {
	cursor word.Cursor
	trips  []int64
	first  int // index of the stream's first op among the group's
	open   int // ops whose last iteration is not reported yet, in streams that others wait for
}

// New makes a controller. boundary is called in a cycle in which a stream began an iteration of any of its loops, other than its first.
func New(name string, clock *link.Clock, fault *link.Fault, boundary func(now int64)) *Controller {
	c := &Controller{fault: fault, boundary: boundary}
	c.Clocked = link.NewClocked(name, clock, fault, c)
	return c
}

// Connect gives the controller the queue of a lane.
func (c *Controller) Connect(l word.Lane, q *link.Link) { c.queues[l] = q }

// Listen adds a worker's link of finished ops.
func (c *Controller) Listen(l *link.Link) { c.report = append(c.report, l) }

// Waited says which streams of g others wait for.
func Waited(g *word.Group) []bool {
	w := make([]bool, len(g.Streams))
	for _, s := range g.Streams {
		for _, a := range s.After {
			w[a] = true
		}
	}
	return w
}

// Start makes g the group to run, from cycle now+1.
func (c *Controller) Start(now int64, g *word.Group) {
	c.group = g
	c.streams = c.streams[:0]
	waited := Waited(g)
	c.hears = slices.Contains(waited, true)
	first := 0
	for i := range g.Streams {
		s := &g.Streams[i]
		st := stream{cursor: word.NewCursor(s), trips: s.Trips(), first: first}
		if waited[i] {
			st.open = len(s.Ops)
		}
		c.streams = append(c.streams, st)
		first += len(s.Ops)
	}
	c.WakeAt(now + 1)
}

// Step implements link.Stepper.
func (c *Controller) Step(now int64) {
	if c.hears {
		c.hear(now)
	}
	crossed := false
	for i := range c.streams {
		if c.ready(i) {
			crossed = c.issue(now, i) || crossed
		}
	}
	if crossed && c.boundary != nil {
		c.boundary(now)
	}
}

// hear takes what workers report.
func (c *Controller) hear(now int64) {
	for _, r := range c.report {
		for m := r.Next(now); m != nil; m = r.Next(now) {
			c.finished(int(m.Op))
			r.Acquire()
			r.Release(now)
		}
	}
}

func (c *Controller) finished(op int) {
	for i := range c.streams {
		s := &c.streams[i]
		if op >= s.first && op < s.first+len(c.group.Streams[i].Ops) {
			s.open--
			return
		}
	}
}

// ready reports whether all streams that stream i waits for have finished.
func (c *Controller) ready(i int) bool {
	for _, a := range c.group.Streams[i].After {
		if c.streams[a].open > 0 {
			return false
		}
	}
	return true
}

// issue hands out the stream's instructions while there is room, and says whether a new iteration of a loop began, other than its first.
func (c *Controller) issue(now int64, i int) bool {
	st, s := &c.streams[i], &c.group.Streams[i]
	begun := st.cursor.Begun
	c.post(now, i, st, s)
	return st.cursor.Begun > begun
}

// post hands out instructions.
func (c *Controller) post(now int64, i int, st *stream, s *word.Stream) {
	for {
		op, class, ok := st.cursor.Peek(s, st.trips)
		if !ok {
			return
		}
		o := &s.Ops[op]
		q := c.queues[o.Lane]
		if !q.Room(now, 1) {
			return
		}
		v := o.Find(class)
		if v < 0 {
			c.fault.Set(c.Name(), now, fmt.Errorf("group %d, stream %d, op %d (%s): no variant covers class %#x", c.group.Tag, i, op, o.Lane, uint32(class)))
			return
		}
		q.Reserve(1)
		q.Post(now, 1, int32(st.first+op), int32(v), uint32(class))
		st.cursor.Advance()
	}
}

// Done reports whether every instruction was issued.
func (c *Controller) Done() bool {
	for i := range c.streams {
		st := &c.streams[i]
		if !st.cursor.Done() {
			if _, _, ok := st.cursor.Peek(&c.group.Streams[i], st.trips); ok {
				return false
			}
		}
	}
	return true
}

// Remaining appends, stream by stream and loop by loop, the iterations that are left, the present one included.
func (c *Controller) Remaining(dst []int64) []int64 {
	for i := range c.streams {
		s := &c.streams[i]
		for j, n := range s.trips {
			dst = append(dst, n-s.cursor.Index[j])
		}
	}
	return dst
}

// Lower takes iterations off the trips of a stream's loop: what is left looks to the machine exactly as before, since no unit knows
// an iteration's number.
func (c *Controller) Lower(stream, loop int, iterations int64) {
	c.streams[stream].trips[loop] -= iterations
}

// AppendState appends what decides the controller's future, apart from iteration numbers and remaining trips.
func (c *Controller) AppendState(b []uint64, now int64) []uint64 {
	b = c.Clocked.AppendState(b, now)
	for i := range c.streams {
		b = c.streams[i].cursor.AppendState(b)
		b = append(b, uint64(c.streams[i].open))
	}
	if c.hears {
		for _, r := range c.report {
			b = r.AppendState(b, now)
		}
	}
	return b
}
