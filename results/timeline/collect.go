package timeline

import (
	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/sim"
)

// slice is a part of a lane's time, in cycles of its group.
type slice struct {
	lane       word.Lane
	start, end int64
	done       int64 // when the results are there
	task       int   // of the group's ops
	variant    int32
	number     int64 // of the op's instructions
	cut        bool  // periods are left out before or behind it
	// Of periods that are left out; 0 of an instruction.
	periods, cycles, busy int64
}

// flow goes from the instruction that fills a tile to the first that uses it: places in a group's slices.
type flow struct{ from, to int }

// sample is a buffer's filling at a cycle.
type sample struct {
	buffer    word.Buffer
	at, bytes int64
}

// moved is how many bytes the memory's instructions moved that ended at a cycle, or in periods that are left out up to then.
type moved struct {
	write     bool
	at, bytes int64
}

// group is what one word group did.
type group struct {
	slices  []slice
	flows   []flow
	samples []sample
	moved   []moved
	cycles  int64
}

// none is the place of an instruction that is not among the slices.
const none = -1

// collector hears of a group as it runs.
type collector struct {
	platform *sim.Platform
	ops      []*word.Op
	offset   int64 // from engine cycles to those of the group
	at       *group
	open     [word.Lanes]slice // the last instruction of each lane, while it has no end
	is       [word.Lanes]bool
	place    [word.Lanes]int     // that the open slice will have
	running  map[int][]int       // by op: places of what is under way, the oldest first
	tiles    [word.Buffers][]int // places of those that filled the tiles of a buffer which nobody used yet
	level    [word.Buffers]int64 // of the last sample
}

// listen hangs a collector on a platform, which has it from then on.
func listen(p *sim.Platform) *collector {
	c := &collector{platform: p}
	for u := range word.Unit(word.Units) {
		p.Hook(u, c)
	}
	p.HookJumps(c)
	return c
}

// begin prepares for a group; reconfigure is when its first instruction can start.
func (c *collector) begin(g *word.Group, reconfigure int64) {
	c.ops = c.ops[:0]
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			c.ops = append(c.ops, &g.Streams[si].Ops[oi])
		}
	}
	c.offset = reconfigure - c.platform.Now()
	c.at, c.is = &group{}, [word.Lanes]bool{}
	c.running = map[int][]int{}
	c.tiles, c.level = [word.Buffers][]int{}, [word.Buffers]int64{}
}

// finish is the group.
func (c *collector) finish(cycles int64) *group {
	for l := range c.is {
		c.close(word.Lane(l), c.open[l].end)
	}
	c.at.cycles = cycles
	return c.at
}

// Func implements Akita's hook.
func (c *collector) Func(x sim.HookCtx) {
	if s, ok := sim.Started(x); ok {
		c.started(s)
	} else if s, ok := sim.Ended(x); ok {
		c.ended(s)
	} else if j, ok := sim.Jumped(x); ok {
		c.jumped(j)
	}
}

func (c *collector) started(s *link.Served) {
	o := c.ops[s.Task]
	l, now := o.Lane, s.Start+c.offset
	end := s.Done + c.offset
	if c.is[l] { // the lane works until both have ended
		end = max(end, c.open[l].end)
	}
	c.close(l, now)
	place := len(c.at.slices)
	c.at.slices = append(c.at.slices, slice{})
	c.open[l] = slice{lane: l, start: now, end: end, done: s.Done + c.offset, task: s.Task, variant: s.Variant, number: s.Number}
	c.is[l], c.place[l] = true, place
	c.running[s.Task] = append(c.running[s.Task], place)
	for _, e := range o.In {
		if e.Opens(o.Level, s.Class) && len(c.tiles[e.Buffer]) > 0 {
			if from := c.tiles[e.Buffer][0]; from != none {
				c.at.flows = append(c.at.flows, flow{from, place})
			}
			c.tiles[e.Buffer] = c.tiles[e.Buffer][1:]
		}
	}
	c.sample(o, now)
}

func (c *collector) ended(s *link.Served) {
	o := c.ops[s.Task]
	from := none
	if r := c.running[s.Task]; len(r) > 0 {
		from, c.running[s.Task] = r[0], r[1:]
	}
	for _, e := range o.Out {
		if e.Closes(o.Level, s.Class) {
			c.tiles[e.Buffer] = append(c.tiles[e.Buffer], from)
		}
	}
	if o.Lane.Unit() == word.Memory {
		c.at.moved = append(c.at.moved, moved{o.Lane.IsWrite(), s.Done + c.offset, o.Variants[s.Variant].Work.Bytes})
	}
	c.sample(o, s.Done+c.offset)
}

// sample notes the buffers of an op if they changed.
func (c *collector) sample(o *word.Op, now int64) {
	for _, ends := range [][]word.End{o.In, o.Out} {
		for _, e := range ends {
			if n := c.platform.Occupied(e.Buffer); n != c.level[e.Buffer] {
				c.level[e.Buffer] = n
				c.at.samples = append(c.at.samples, sample{e.Buffer, now, n})
			}
		}
	}
}

// close ends a lane's open slice at a cycle, or before if it was over.
func (c *collector) close(l word.Lane, at int64) {
	if !c.is[l] {
		return
	}
	s := c.open[l]
	s.end = min(s.end, at)
	c.at.slices[c.place[l]] = s
	c.is[l] = false
}

// jumped leaves periods out.
func (c *collector) jumped(j *sim.Jump) {
	now, skipped := j.At+c.offset, j.Periods*j.Cycles
	for l := range word.Lane(word.Lanes) {
		o := &c.open[l]
		running := c.is[l] && o.end > now
		if running && j.Sleeping[l.Unit()] && o.end-now > link.Far {
			continue // it goes on through all of them
		}
		rest := *o
		if running {
			o.cut = true
			c.close(l, now)
		}
		if busy := j.Working[l]; busy > 0 {
			c.at.slices = append(c.at.slices, slice{lane: l, start: now, end: now + skipped, done: now + skipped, task: none, periods: j.Periods, cycles: j.Cycles, busy: busy})
		}
		if running {
			rest.start, rest.end, rest.done, rest.cut = now+skipped, rest.end+skipped, rest.done+skipped, true
			c.open[l], c.is[l], c.place[l] = rest, true, len(c.at.slices)
			c.at.slices = append(c.at.slices, slice{})
		}
	}
	for task, runs := range j.Moved {
		for v, n := range runs {
			if n > 0 {
				o := c.ops[task]
				c.at.moved = append(c.at.moved, moved{o.Lane.IsWrite(), now, 0}, moved{o.Lane.IsWrite(), now + skipped, n * o.Variants[v].Work.Bytes})
			}
		}
	}
	for task, r := range c.running { // arrows do not cross
		for i := range r {
			r[i] = none
		}
		c.running[task] = r
	}
	for b := range c.tiles {
		for i := range c.tiles[b] {
			c.tiles[b][i] = none
		}
	}
	c.offset += skipped
}
