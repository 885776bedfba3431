package predict

import (
	"satsim/arch/memory"
	"satsim/arch/word"
)

// The least that a group can take. A unit does its instructions one after the other, so for any set of instructions of one unit
//
//	cycles >= head + their work + tail
//
// where head is the earliest cycle at which the first of them can start, and tail the least that follows the end of the last: what
// comes before is the way of the first tile through the machine, what comes after that of the last. The sets are: each op's own, each
// unit's, and the memory's reads. Nor has a lane more than two instructions under way, which bounds short transfers. Where no two ops
// share a unit, buffers have room and tiles are equal, nothing else takes time and the bound is what the group takes. What ops wait for
// each other in a shared unit, the direction of the memory's bus, and buffers that are full are in no bound.

const (
	firstStart = 2 // cycle in which a lane sees its first word: the controller issues it in cycle 1
	hop        = 1 // from the end of an instruction to the start of one that waits for its result
	report     = 2 // the same by way of the controller
	flights    = 2 // instructions of a lane under way
)

// units is the least that a load takes the memory, in cycles: reads alone end with data at the core.
func (b *bounder) units(l *load, reads bool) int64 {
	f, port := b.fast.Floor(), b.spec.Board.Memory.PortUnits(l.port)
	if reads {
		return ceil(max(l.dram, port)+f.Read, b.fast.Unit())
	}
	return ceil(max(l.dram-f.Queue, port, 0), b.fast.Unit())
}

// headOf is the earliest start of an op's first instruction.
func (b *bounder) headOf(i int) int64 {
	o := &b.ops[i]
	if o.headDone {
		return o.head
	}
	o.headDone = true
	o.head = b.base[o.stream]
	var both load
	from := int64(-1)
	for _, e := range o.In {
		if len(b.fill[e.Buffer]) != 1 {
			continue // it is not known whose tile comes first
		}
		p := &b.ops[b.fill[e.Buffer][0]]
		s := p.part(p.sends(e.Buffer), false)
		start := b.headOf(b.fill[e.Buffer][0])
		took := b.takes(p, &s)
		if p.Lane.Unit() == word.Memory && s.n == 1 {
			took = max(took, b.fast.Least(memory.RequestOf(p.Op, &p.Variants[p.Find(p.first())].Work), b.alone(p)))
		}
		o.head = max(o.head, start+took+hop)
		if p.Lane.Unit() == word.Memory { // fetches of both operands share the memory
			both.add(s.load)
			if from < 0 || start < from {
				from = start
			}
		}
	}
	if from >= 0 {
		o.head = max(o.head, from+b.units(&both, true)+hop)
	}
	return o.head
}

// first is the class of an op's first instruction.
func (o *bounded) first() (c word.Class) {
	for i := range o.Level {
		c |= word.First(i)
		if o.loops[i].Trips == 1 {
			c |= word.Last(i)
		}
	}
	return c
}

// sends is the level of an op's end at a buffer.
func (o *bounded) sends(to word.Buffer) int {
	for _, e := range o.Out {
		if e.Buffer == to {
			return e.Level
		}
	}
	return o.Level
}

// alone reports whether an op is the only one of its lane: then its first request is the first of its stream.
func (b *bounder) alone(o *bounded) bool {
	n := 0
	for i := range b.ops {
		if b.ops[i].Lane == o.Lane {
			n++
		}
	}
	return n == 1
}

// tailOf is the least that follows the end of an op's last instruction.
func (b *bounder) tailOf(i int) int64 {
	o := &b.ops[i]
	if o.tailDone {
		return o.tail
	}
	o.tailDone = true
	o.tail = b.after[o.stream]
	for _, e := range o.Out {
		if len(b.fill[e.Buffer]) != 1 || len(b.empty[e.Buffer]) != 1 {
			continue // it is not known who takes the last tile
		}
		at := b.empty[e.Buffer][0]
		c := &b.ops[at]
		level := c.Level
		for _, in := range c.In {
			if in.Buffer == e.Buffer {
				level = in.Level
			}
		}
		s := c.part(level, true)
		o.tail = max(o.tail, hop+b.takes(c, &s)+b.tailOf(at))
	}
	return o.tail
}

// channels is for how many units of the memory model the busiest channel is taken.
func (b *bounder) channels() (most int64) {
	for c := range b.spec.Board.Memory.Channels {
		l := b.channel(c, func(*bounded) bool { return true })
		most = max(most, l.dram, b.spec.Board.Memory.PortUnits(l.port))
	}
	return most
}

// channel is the load of a channel by some ops.
func (b *bounder) channel(c int, with func(*bounded) bool) load {
	var s stretch
	for i := range b.ops {
		if o := &b.ops[i]; o.Lane.Unit() == word.Memory && o.Channels&(1<<c) != 0 && with(o) {
			for v, n := range o.counts {
				s.add(o, v, n)
			}
		}
	}
	return s.load
}

// cycles is the bound for the group.
func (b *bounder) cycles() (least int64) {
	// Streams wait for earlier ones only: starts go forwards, what follows backwards.
	for si := range b.group.Streams {
		b.base[si] = firstStart
		for _, a := range b.group.Streams[si].After {
			b.base[si] = max(b.base[si], b.ends(a)+report)
		}
	}
	for si := len(b.streams) - 1; si >= 0; si-- {
		took := b.length(si) + b.after[si]
		for _, a := range b.group.Streams[si].After {
			b.after[a] = max(b.after[a], report+took)
		}
	}
	for i := range b.ops {
		o := &b.ops[i]
		s := o.part(0, true)
		least = max(least, b.headOf(i)+b.takes(o, &s)+b.tailOf(i))
	}
	for u := word.Unit(0); u < word.Units; u++ {
		if u != word.Memory {
			least = max(least, b.unit(u))
		}
	}
	for c := range b.spec.Board.Memory.Channels {
		for _, reads := range []bool{true, false} {
			with := func(o *bounded) bool { return !(reads && o.Lane.IsWrite()) }
			l := b.channel(c, with)
			least = max(least, b.around(b.units(&l, reads), func(o *bounded) bool {
				return o.Lane.Unit() == word.Memory && o.Channels&(1<<c) != 0 && with(o)
			}))
		}
	}
	return least
}

// ends is the least cycle at which all ops of a stream have ended.
func (b *bounder) ends(si int) (end int64) {
	for i := b.streams[si][0]; i < b.streams[si][1]; i++ {
		s := b.ops[i].part(0, true)
		end = max(end, b.headOf(i)+b.takes(&b.ops[i], &s))
	}
	return end
}

// length is the least from the start of a stream to its end.
func (b *bounder) length(si int) (n int64) {
	alone := true
	for i := b.streams[si][0]; i < b.streams[si][1]; i++ {
		o := &b.ops[i]
		for _, e := range o.In {
			for _, p := range b.fill[e.Buffer] {
				alone = alone && b.ops[p].stream == si
			}
		}
		s := o.part(0, true)
		n = max(n, b.takes(o, &s))
	}
	if alone { // then starts do not depend on when other streams come so far
		n = max(n, b.ends(si)-b.base[si])
	}
	return n
}

// unit is the bound by all ops of a unit other than the memory.
func (b *bounder) unit(u word.Unit) int64 {
	issue, late := int64(0), int64(-1)
	for i := range b.ops {
		o := &b.ops[i]
		if o.Lane.Unit() != u {
			continue
		}
		s := o.part(0, true)
		issue += s.issue
		if late < 0 || s.late < late {
			late = s.late
		}
	}
	return b.around(issue+max(late, 0), func(o *bounded) bool { return o.Lane.Unit() == u })
}

// around adds the least head and the least tail of some ops to what they take.
func (b *bounder) around(took int64, with func(*bounded) bool) int64 {
	head, tail := int64(-1), int64(-1)
	for i := range b.ops {
		if !with(&b.ops[i]) {
			continue
		}
		if h := b.headOf(i); head < 0 || h < head {
			head = h
		}
		if t := b.tailOf(i); tail < 0 || t < tail {
			tail = t
		}
	}
	if head < 0 {
		return 0
	}
	return head + took + tail
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }
