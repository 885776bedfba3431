package dataflow

import (
	"fmt"

	"satsim/arch/buffer"
	"satsim/arch/memory"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/arch/wuve"
)

// Estimator predicts what a choice takes, without building its words. It remembers what tiles cost.
type Estimator struct {
	spec   *spec.Spec
	fast   *memory.Fast
	fetch  bool // weights are pruned when they are fetched
	tiles  map[tileKey]int64
	counts map[tileKey]stce.TileCounts
	// counting: what units do is added up too, not only for how long.
	counting bool

	of      *Group // what the rest is remembered of
	updates *Update
	base    load
	moves   map[moveKey]moved
	outs    map[moveKey]left
	meets   map[int64]int64
	err     error
}

// load is what is moved and done, and for how long units are taken: a channel's DRAM and port in units of the memory model, the
// others in cycles.
type load struct {
	reads, writes      int64 // bytes
	dram               int64
	port               [2]int64 // reads, writes
	vector, sore, wuve int64
	did                *unit.Activity // by the other units; nil: nothing, or nobody asks. Loads share it, so it is never changed
	overflow           error
}

func (l *load) add(o load, times int64) {
	l.reads += o.reads * times
	l.writes += o.writes * times
	l.dram += o.dram * times
	l.port[0] += o.port[0] * times
	l.port[1] += o.port[1] * times
	l.vector += o.vector * times
	l.sore += o.sore * times
	l.wuve += o.wuve * times
	if o.overflow != nil {
		l.overflow = o.overflow
	}
	if o.did != nil {
		l.book(o.did, times)
	}
}

// book adds what units do.
func (l *load) book(a *unit.Activity, times int64) {
	var sum unit.Activity
	if l.did != nil {
		sum = *l.did
	}
	if err := sum.Add(a, times); err != nil {
		l.overflow = err
	}
	l.did = &sum
}

// count adds what a unit does, if somebody asks for it.
func (e *Estimator) count(l *load, u word.Unit, c *unit.Counts) {
	if e.counting {
		var a unit.Activity
		a.Units[u] = *c
		l.book(&a, 1)
	}
}

// memory is for how many cycles a channel is taken.
func (e *Estimator) memory(l *load) int64 {
	return max(l.dram, e.spec.Board.Memory.PortUnits(l.port)) / e.fast.Unit()
}

// NewEstimator predicts for one machine.
func NewEstimator(sp *spec.Spec, fetch bool) (*Estimator, error) {
	f, err := memory.NewFast(sp.Board.Memory, int64(sp.Clock))
	if err != nil {
		return nil, err
	}
	return &Estimator{
		spec: sp, fast: f, fetch: fetch, tiles: map[tileKey]int64{}, counts: map[tileKey]stce.TileCounts{},
		moves: map[moveKey]moved{}, outs: map[moveKey]left{}, meets: map[int64]int64{},
	}, nil
}

// CountWork makes the estimator add up what units do, which an objective other than time or bytes asks for.
func (e *Estimator) CountWork() { e.counting = true }

// Err is the first error: vector or update work that the machine has no unit for.
func (e *Estimator) Err() error { return e.err }

// about forgets what was remembered of another group.
func (e *Estimator) about(g *Group) {
	if e.of == g && e.updates == g.Update {
		return
	}
	e.of, e.updates = g, g.Update
	clear(e.moves)
	clear(e.outs)
	clear(e.meets)
	e.base = load{}
	if g.Update != nil {
		e.base.add(e.update(g.Update, g.Shape.gradientElements(g.Shape.whole())), 1)
	}
}

// feed is Shape.feed, with the accesses that meet in a bank remembered by the step of the K loop.
func (e *Estimator) feed(s *Shape, a Array, k int64) buffer.Ratio {
	meet := int64(1)
	if s.positionMajor(a) {
		var ok bool
		if meet, ok = e.meets[k]; !ok {
			meet = s.meetings(e.spec, k)
			e.meets[k] = meet
		}
	}
	return s.feedWith(e.spec, a, meet)
}

// transfer is the load of moving bytes over all channels.
func (e *Estimator) transfer(bytes, run int64, write bool) load {
	d, p := e.fast.Demand(memory.Request{Bytes: bytes, Run: run, Write: write})
	if write {
		return load{writes: bytes, dram: d, port: [2]int64{1: p}}
	}
	return load{reads: bytes, dram: d, port: [2]int64{0: p}}
}

// cycles is how long a transfer keeps the channels busy.
func (e *Estimator) cycles(bytes, run int64, write bool) int64 {
	return e.fast.Occupancy(memory.Request{Bytes: bytes, Run: run, Write: write})
}

// vector is the load of parts one after the other.
func (e *Estimator) vector(parts []word.Part) load {
	c, err := e.spec.Vector.WorkCost(&word.Work{Parts: parts})
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("costing vector work: %w", err)
	}
	l := load{vector: c.Issue}
	e.count(&l, word.Vector, &c.Counts)
	return l
}

// update is the load of an update of n parameters whose gradients are on chip, in one piece.
func (e *Estimator) update(u *Update, n int64) load {
	l := e.transfer(u.reads(n), 0, false)
	l.add(e.transfer(u.writes(n), 0, true), 1)
	l.add(e.transfer(u.copies(n), 0, true), 1)
	j, err := wuve.JobOf(u.config(), &word.Work{Elements: n})
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("costing an update: %w", err)
	}
	c := e.spec.WUVE.Cost(j)
	l.wuve = c.Issue
	e.count(&l, word.WUVE, &c.Counts)
	if k := u.sorted(); k > 0 {
		c := e.spec.SORE.Cost(sore.Job{Runs: 1, Channels: k * n, Ratio: u.ratio()})
		l.sore = c.Issue
		e.count(&l, word.SORE, &c.Counts)
	}
	return l
}
