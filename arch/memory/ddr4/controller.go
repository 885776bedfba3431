package ddr4

import (
	"fmt"
	"math"
	"math/bits"
)

const never = math.MaxInt64

// Controller is one channel: device timing, queues and scheduler. It advances from command to command; nothing happens between.
type Controller struct {
	p       Params
	m       mapper
	clock   int64 // of the last command, or later
	order   int64
	read    queue
	write   queue
	writing bool // the write queue drains
	begun   bool // a row was closed or opened for a write since the last one was issued
	timing  timing
	lastCol CommandKind
	count   Counters
}

// New builds an idle channel with all banks closed.
func New(p Params) (*Controller, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("building a DDR4 channel: %w", err)
	}
	return &Controller{p: p, m: newMapper(p), read: newQueue(p.ReadQueue, p.Banks()), write: newQueue(p.WriteQueue, p.Banks()),
		timing: newTiming(p), lastCol: Read, clock: -1}, nil
}

// Clock is the DRAM clock that the channel has reached.
func (c *Controller) Clock() int64 { return c.clock }

// Counters is what it has done so far.
func (c *Controller) Counters() Counters { return c.count }

// Room reports whether the queue of a direction takes one more request.
func (c *Controller) Room(write bool) bool { return !c.queue(write).full() }

// Pending is the number of queued requests.
func (c *Controller) Pending() int { return c.read.len() + c.write.len() }

func (c *Controller) queue(write bool) *queue {
	if write {
		return &c.write
	}
	return &c.read
}

// Enqueue adds a burst at the present clock, at which its queue must have room. The first command for it is issued at least a clock
// later.
func (c *Controller) Enqueue(addr int64, write bool, tag uint32) {
	place := c.m.place(addr)
	c.order++
	c.queue(write).push(entry{place: place, arrival: c.clock, order: c.order, tag: tag}, c.timing.banks[place.Bank].row)
}

// Step issues the next command if its clock is no later than limit, and moves the clock to it; else it moves the clock to limit.
func (c *Controller) Step(limit int64) (Command, bool) {
	c.setMode()
	k := c.next()
	if k.clock >= c.timing.refreshDue {
		k = c.timing.refreshStep(c.clock + 1)
	}
	if k.clock > limit {
		c.clock = max(c.clock, limit)
		return Command{}, false
	}
	c.clock = k.clock
	return c.issue(k), true
}

// setMode decides which queue is served: reads, unless writes have reached the high watermark or no read is there; then writes
// down to the low one.
func (c *Controller) setMode() {
	if c.writing {
		c.writing = c.begun || c.write.len() > c.p.DrainLow && c.write.len() > 0 || c.read.len() == 0
	} else {
		c.writing = c.write.len() >= c.p.DrainHigh || c.read.len() == 0 && c.write.len() > 0
	}
}

// choice is a command that could be issued next.
type choice struct {
	clock int64
	kind  CommandKind
	bank  int
	slot  int16
	rank  int8  // 2: for the aged request; 1: column command; 0: row command
	order int64 // of the request's arrival
}

func (a *choice) before(b *choice) bool {
	if a.clock != b.clock {
		return a.clock < b.clock
	}
	if a.rank != b.rank {
		return a.rank > b.rank
	}
	return a.order < b.order
}

// next finds the command that first-ready, first-come-first-served issues next, as if no more requests came: the earliest that
// timing allows; of those allowed at one clock, column commands before row commands, then the oldest request.
//
// A bank may close a row to which requests wait if an older one needs another row, once the request for which the row was opened
// is served: the precharge then takes a clock in which no column command could be issued. When the oldest request of all has
// waited for MaxAge, its bank works for it alone, before all others.
func (c *Controller) next() choice {
	best := choice{clock: never}
	q := c.queue(c.writing)
	if q.busy == 0 {
		return best
	}
	column := Read
	if c.writing {
		column = Write
	}
	now, agedBank := c.clock+1, none
	if o := &q.entries[q.oldest]; now-o.arrival > c.p.MaxAge {
		agedBank = o.place.Bank
	}
	for busy := q.busy; busy != 0; busy &= busy - 1 {
		b := bits.TrailingZeros64(busy)
		bank, head, hit := &c.timing.banks[b], q.head[b], q.hit[b]
		k := choice{bank: b}
		if b == agedBank {
			k.rank = 2
		}
		if hit != none && (b != agedBank || hit == head) {
			k.kind, k.slot, k.rank = column, hit, max(k.rank, 1)
			k.clock, k.order = max(c.timing.column(column, b), now), q.entries[hit].order
			if k.before(&best) {
				best = k
			}
			if hit == head || q.entries[hit].opened {
				continue
			}
			k.rank = 0
		}
		k.slot, k.order = head, q.entries[head].order
		if bank.row == closed {
			k.kind, k.clock = Activate, max(c.timing.activate(b), now)
		} else {
			k.kind, k.clock = Precharge, max(bank.nextPre, now)
		}
		if k.before(&best) {
			best = k
		}
	}
	return best
}

// issue performs a command on device and queues.
func (c *Controller) issue(k choice) Command {
	cmd := Command{Clock: k.clock, Kind: k.kind}
	c.count.Commands[k.kind]++
	switch k.kind {
	case Activate, Precharge:
		e := &c.queue(c.writing).entries[k.slot]
		cmd.Place = e.place
		c.begun = c.writing
		if k.kind == Activate {
			e.opened = true
			c.timing.onActivate(k.clock, k.bank, e.place.Row)
		} else {
			e.closed = true
			cmd.Place.Row = c.timing.banks[k.bank].row
			c.timing.onPrecharge(k.clock, k.bank)
		}
		c.rehit(k.bank)
	case Read, Write:
		q := c.queue(k.kind == Write)
		e := &q.entries[k.slot]
		cmd.Place, cmd.Tag, cmd.Arrival = e.place, e.tag, e.arrival
		cmd.Data = k.clock + c.p.TCL
		if k.kind == Write {
			cmd.Data = k.clock + c.p.TCWL
		}
		cmd.End = cmd.Data + c.p.BL
		c.timing.onColumn(k.kind, k.clock, k.bank)
		c.classify(e, k)
		c.begun = false
		q.remove(k.slot)
	case PrechargeAll:
		for b := range c.timing.banks {
			c.timing.onPrecharge(k.clock, b)
			c.rehit(b)
		}
	case Refresh:
		c.timing.onRefresh(k.clock)
	}
	return cmd
}

// rehit finds the oldest requests to a bank's open row anew.
func (c *Controller) rehit(bank int) {
	row := c.timing.banks[bank].row
	for _, q := range []*queue{&c.read, &c.write} {
		q.hit[bank] = none
		if row != closed {
			q.hit[bank] = q.match(q.head[bank], row)
		}
	}
}

func (c *Controller) classify(e *entry, k choice) {
	switch {
	case e.closed:
		c.count.Conflicts++
	case e.opened:
		c.count.Misses++
	default:
		c.count.Hits++
	}
	if k.rank == 2 {
		c.count.Aged++
	}
	if k.kind != c.lastCol {
		c.count.TurnArounds++
		c.lastCol = k.kind
	}
}
