package word

import "fmt"

// Cursor walks a stream's ops in program order. The zero Cursor stands before the first op; it holds no trip counts, so a
// controller may lower a loop's trips while it walks.
type Cursor struct {
	Index []int64 // iteration of each loop
	Begun int64   // iterations that began, but for the first of each loop
	level int     // loops entered
	op    int     // next op to look at, at this level
	post  bool
	done  bool
}

// NewCursor stands before the first op of s.
func NewCursor(s *Stream) Cursor { return Cursor{Index: make([]int64, len(s.Loops))} }

// Done reports whether all ops were passed.
func (c *Cursor) Done() bool { return c.done }

// Peek moves to the next op and returns its index and class; ok is false when there is none. trips holds the trip count of
// each loop: Peek sets it when it enters the loop, its owner may lower it while the loop runs. Calling Peek again returns the
// same op until Advance.
func (c *Cursor) Peek(s *Stream, trips []int64) (op int, class Class, ok bool) {
	for !c.done {
		for ; c.op < len(s.Ops); c.op++ {
			if o := &s.Ops[c.op]; o.Level == c.level && o.Post == c.post {
				return c.op, c.class(trips), true
			}
		}
		c.op = 0
		switch {
		case !c.post && c.level < len(s.Loops): // enter the next loop
			c.Index[c.level], trips[c.level] = 0, s.Loops[c.level].Trips
			c.level++
		case !c.post: // innermost body done: its post ops
			c.post = true
		case c.level == 0:
			c.done = true
		case c.Index[c.level-1]+1 < trips[c.level-1]: // next iteration
			c.Index[c.level-1]++
			c.Begun++
			c.post = false
		default: // leave the loop
			c.level--
		}
	}
	return 0, 0, false
}

// Advance passes the op that Peek returned.
func (c *Cursor) Advance() { c.op++ }

func (c *Cursor) class(trips []int64) Class {
	var k Class
	for i := 0; i < c.level; i++ {
		if c.Index[i] == 0 {
			k |= First(i)
		}
		if c.Index[i] == trips[i]-1 {
			k |= Last(i)
		}
	}
	return k
}

// AppendState appends where the cursor stands, without iteration numbers: loops entered, next op, and for each loop whether it
// is at its first trip.
func (c *Cursor) AppendState(b []uint64) []uint64 {
	var flags uint64
	if c.post {
		flags |= 1
	}
	if c.done {
		flags |= 2
	}
	for i := range c.level {
		if c.Index[i] == 0 {
			flags |= 4 << i
		}
	}
	return append(b, uint64(c.level)<<32|uint64(c.op), flags)
}

// Trips copies the trip counts of a stream's loops.
func (s *Stream) Trips() []int64 {
	t := make([]int64, len(s.Loops))
	for i, l := range s.Loops {
		t[i] = l.Trips
	}
	return t
}

// Count is how often each variant of each op runs: the closed form of walking the whole nest.
func (s *Stream) Count() [][]int64 {
	counts := make([][]int64, len(s.Ops))
	for i := range s.Ops {
		counts[i] = s.countOp(&s.Ops[i])
	}
	return counts
}

// countOp enumerates the classes of an op's loops, not their iterations: per loop first and last (one trip), or first, middle
// (trips-2) and last.
func (s *Stream) countOp(o *Op) []int64 {
	n := make([]int64, len(o.Variants))
	var walk func(level int, c Class, times int64)
	walk = func(level int, c Class, times int64) {
		if level == o.Level {
			if v := o.Find(c); v >= 0 {
				n[v] += times
			}
			return
		}
		t := s.Loops[level].Trips
		if t == 1 {
			walk(level+1, c|First(level)|Last(level), times)
			return
		}
		walk(level+1, c|First(level), times)
		if t > 2 {
			walk(level+1, c, times*(t-2))
		}
		walk(level+1, c|Last(level), times)
	}
	walk(0, 0, 1)
	return n
}

// Validate reports words that no controller could run: trip counts and sizes that are not positive, levels outside the nest,
// iterations that no variant covers, ends that two lanes do not agree on.
func (g *Group) Validate() error {
	for si := range g.Streams {
		s := &g.Streams[si]
		if len(s.Loops) > 15 {
			return fmt.Errorf("stream %d has %d loops; at most 15 are accepted", si, len(s.Loops))
		}
		for _, l := range s.Loops {
			if l.Trips < 1 || l.Edge < 1 || l.Step < l.Edge {
				return fmt.Errorf("stream %d, loop %s: trips %d, step %d, edge %d; 1 <= trips and 1 <= edge <= step are accepted", si, l.Dim, l.Trips, l.Step, l.Edge)
			}
		}
		for _, a := range s.After {
			if a < 0 || a >= si {
				return fmt.Errorf("stream %d waits for stream %d; only an earlier stream is accepted", si, a)
			}
		}
		for oi := range s.Ops {
			o := &s.Ops[oi]
			if o.Lane >= Lanes {
				return fmt.Errorf("stream %d, op %d: lane %d does not exist", si, oi, o.Lane)
			}
			if o.Level < 0 || o.Level > len(s.Loops) {
				return fmt.Errorf("stream %d, op %d (%s): level %d; 0 to %d are accepted", si, oi, o.Lane, o.Level, len(s.Loops))
			}
			if len(o.Out) > 2 || len(o.In) > 2 {
				return fmt.Errorf("stream %d, op %d (%s): more than two inputs or outputs", si, oi, o.Lane)
			}
			for _, e := range append(append([]End{}, o.In...), o.Out...) {
				if e.Level < 0 || e.Level > o.Level || e.Buffer >= Buffers {
					return fmt.Errorf("stream %d, op %d (%s): buffer %d at level %d; levels 0 to %d are accepted", si, oi, o.Lane, e.Buffer, e.Level, o.Level)
				}
			}
			for _, e := range o.In {
				if !e.Buffer.EmptiedBy(o.Lane.Unit()) {
					return fmt.Errorf("stream %d, op %d (%s): %s has no way out of buffer %s", si, oi, o.Lane, o.Lane.Unit(), e.Buffer)
				}
			}
			for _, e := range o.Out {
				if !e.Buffer.FilledBy(o.Lane.Unit()) {
					return fmt.Errorf("stream %d, op %d (%s): %s has no way into buffer %s", si, oi, o.Lane, o.Lane.Unit(), e.Buffer)
				}
			}
			if err := s.covered(o); err != nil {
				return fmt.Errorf("stream %d, op %d (%s): %w", si, oi, o.Lane, err)
			}
		}
	}
	return nil
}

// covered reports an iteration that no variant of o covers.
func (s *Stream) covered(o *Op) error {
	total := int64(1)
	for _, l := range s.Loops[:o.Level] {
		total *= l.Trips
	}
	var n int64
	for _, c := range s.countOp(o) {
		n += c
	}
	if n != total {
		return fmt.Errorf("variants cover %d of %d iterations", n, total)
	}
	return nil
}
