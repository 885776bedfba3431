package estimate

import (
	"fmt"

	"satsim/arch/buffer"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
	"satsim/internal/memo"
	"satsim/internal/nm"
)

// Estimator predicts what a choice takes, without building its words. It remembers what tiles cost.
type Estimator struct {
	// Memo remembers for other estimators, too, what does not depend on the machine alone; it may be nil.
	Memo *memo.Memo

	spec     *spec.Spec
	fast     *memory.Fast
	units    unit.Set
	ops      [word.Lanes]word.Op // an op of each lane, as far as units ask for it
	fetch    bool                // weights are stored unpruned
	capacity [word.Buffers]int64
	tiles    map[tileKey]int64
	counts   map[tileKey]unit.Counts
	meets    map[geometry.Meeting]int64
	// counting: what units do is added up too, not only for how long.
	counting bool

	of      *dataflow.Group // what the rest is remembered of
	updates *route.Update
	way     route.North
	route   route.Legs
	cuts    route.Cuts
	prune   nm.Ratio // at which SORE sorts
	program [word.Units]unit.Program
	base    load
	before  int64 // bytes that are fetched before the first tile
	beside  int64 // cycles of the vector unit for the passes beside a product on its lanes
	moves   map[geometry.Tiles]*moved
	outs    map[geometry.Tiles]*left
	room    shelf[moved] // of moves
	outRoom shelf[left]  // of outs
	grid    geometry.Grid
	slow    []buffer.Fraction // by place along K
	orders  [][]word.Dim
	turns   [1 << geometry.Slots][]geometry.Turns // of the loops of a shape that turn, the orders that differ
	fitting [2]fitting                            // of what enters from the west and the north
	places  []geometry.Place
	work    word.Work // of the tile at hand
	err     error
}

// meetingBytes is about what a meeting and its key take.
const meetingBytes = 256

// load is what is moved and done, and for how long units are taken: a channel's DRAM and port in units of the memory model, the
// others in cycles.
type load struct {
	reads, writes int64 // bytes
	dram          int64
	port          [2]int64 // reads, writes
	busy          [word.Units]int64
	did           *unit.Activity // by the other units; nil: nothing, or nobody asks. Loads share it, so it is never changed
	overflow      error
}

func (l *load) add(o *load, times int64) {
	l.reads += o.reads * times
	l.writes += o.writes * times
	l.dram += o.dram * times
	l.port[0] += o.port[0] * times
	l.port[1] += o.port[1] * times
	for u := range l.busy {
		l.busy[u] += o.busy[u] * times
	}
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

// shelf has room for values that are forgotten together, and used again.
type shelf[T any] struct {
	made []*T
	used int
}

// put is the place of a value.
func (s *shelf[T]) put(v T) *T {
	if s.used == len(s.made) {
		s.made = append(s.made, new(T))
	}
	s.used++
	at := s.made[s.used-1]
	*at = v
	return at
}

// memory is for how many cycles a channel is taken.
func (e *Estimator) memory(l *load) int64 {
	return max(l.dram, e.spec.Board.Memory.PortUnits(l.port)) / e.fast.Unit()
}

// New predicts for one machine.
func New(sp *spec.Spec, fetch bool) (*Estimator, error) {
	f, err := memory.NewFast(sp.Board.Memory, int64(sp.Clock))
	if err != nil {
		return nil, err
	}
	out := &Estimator{
		spec: sp, fast: f, units: sp.Units(), fetch: fetch, tiles: map[tileKey]int64{}, counts: map[tileKey]unit.Counts{},
		moves: map[geometry.Tiles]*moved{}, outs: map[geometry.Tiles]*left{}, meets: map[geometry.Meeting]int64{}, orders: geometry.Orders(),
	}
	for b := range out.capacity {
		out.capacity[b] = sp.Buffers.Capacity(word.Buffer(b))
	}
	for l := range out.ops {
		out.ops[l].Lane = word.Lane(l)
	}
	return out, nil
}

// CountWork makes the estimator add up what units do, which an objective other than time or bytes asks for.
func (e *Estimator) CountWork() { e.counting = true }

// Err is the first error: vector or update work that the machine has no unit for.
func (e *Estimator) Err() error { return e.err }

// about forgets what was remembered of another group.
func (e *Estimator) about(g *dataflow.Group) {
	if e.of == g && e.updates == g.Update {
		return
	}
	e.of, e.updates = g, g.Update
	clear(e.moves)
	clear(e.outs)
	e.room.used, e.outRoom.used = 0, 0
	s := g.Shape
	e.way, e.prune, e.program = route.NorthOf(s, e.spec, e.fetch), g.Prune(), [word.Units]unit.Program{}
	e.route, e.cuts = route.Of(s, e.way, &e.spec.Norm, &g.Path, g.Update != nil), route.Cuts{}
	e.base, e.before = load{}, 0
	if g.Update != nil {
		e.cuts = g.Update.Cuts()
		e.base = e.updating(g.Update, s.GradientElements(s.Everything()))
	}
	if e.beside = 0; s.Lanes {
		e.beside = e.passes(g.Beside())
		e.base.busy[word.Vector] += e.beside
	}
	for i := range e.route.Before {
		w := e.route.Before[i].Work(s.Everything())
		e.take(&e.base, e.route.Before[i].Lane, &w)
		e.before += w.Bytes
	}
}

// passes is for how many cycles they take the vector unit.
func (e *Estimator) passes(parts []word.Part) int64 {
	if len(parts) == 0 {
		return 0
	}
	var l load
	return e.take(&l, word.VectorPass, &word.Work{Parts: parts})
}

// Beside is for how many cycles the passes beside a product on the lanes of the vector unit want these.
func (e *Estimator) Beside(g *dataflow.Group) int64 {
	e.about(g)
	return e.beside
}

// feed is Shape.Feed, with the accesses that meet in a bank remembered: by the memo for other estimators, and here, where it is asked for each configuration of the array, without
// the memo's locks.
func (e *Estimator) feed(s *geometry.Shape, a geometry.Array, k int64) buffer.Fraction {
	meet := int64(1)
	if s.PositionMajor(a) {
		meet = e.meeting(s, k)
	}
	return s.FeedWith(e.spec, a, meet)
}

// meeting is how many accesses meet in a bank.
func (e *Estimator) meeting(s *geometry.Shape, k int64) int64 {
	x := s.MeetingOf(e.spec, k)
	meet, ok := e.meets[x]
	if !ok {
		if meet, ok = memo.Get[geometry.Meeting, int64](e.Memo, x); !ok {
			meet = x.Most()
			memo.Put(e.Memo, x, meet, meetingBytes)
		}
		e.meets[x] = meet
	}
	return meet
}

// take adds a lane's work to a load, and says for how many cycles it keeps the channels or its unit busy.
func (e *Estimator) take(l *load, lane word.Lane, w *word.Work) int64 {
	o, u := &e.ops[lane], lane.Unit()
	if u == word.Memory {
		r := memory.RequestOf(o, w)
		dram, port := e.fast.Demand(r)
		l.dram += dram
		if r.Write {
			l.writes, l.port[1] = l.writes+r.Bytes, l.port[1]+port
		} else {
			l.reads, l.port[0] = l.reads+r.Bytes, l.port[0]+port
		}
		return (max(dram, port) + e.fast.Unit() - 1) / e.fast.Unit()
	}
	took, err := e.issue(l, o, w)
	if err != nil && e.err == nil {
		e.err = fmt.Errorf("costing work of %s: %w", lane, err)
	}
	l.busy[u] += took
	return took
}

// issue is for how many cycles an op's work takes its unit; what it does is added to the load, if somebody asks for it.
func (e *Estimator) issue(l *load, o *word.Op, w *word.Work) (int64, error) {
	p, err := e.programOf(o.Lane.Unit())
	if err != nil {
		return 0, err
	}
	s, err := p.Span(o, w)
	if err == nil && e.counting {
		err = l.count(p, o, w)
	}
	return s.AtLeastOne().Issue, err
}

// count adds what a unit does. What it reads and writes on chip is left out.
func (l *load) count(p unit.Program, o *word.Op, w *word.Work) error {
	var all, did unit.Activity
	if err := p.Count(&all, o, w, 1); err != nil {
		return err
	}
	did.Units[o.Lane.Unit()] = all.Units[o.Lane.Unit()]
	l.book(&did, 1)
	return nil
}

// programOf a unit, set up for the group.
func (e *Estimator) programOf(u word.Unit) (unit.Program, error) {
	if e.program[u] == nil {
		if e.units[u] == nil {
			return nil, fmt.Errorf("the machine has no %s", u)
		}
		g := word.Group{Prune: e.prune}
		if e.updates != nil {
			g.Update = e.updates.Config()
		}
		var err error
		if e.program[u], err = e.units[u].Program(&g); err != nil {
			return nil, err
		}
	}
	return e.program[u], nil
}

// updating is the load of an update of n parameters, in one piece.
func (e *Estimator) updating(u *route.Update, n int64) (l load) {
	x := route.Share{N: n, Copies: u.CopiesOf(n)}
	var w word.Work
	e.cuts.OnChip.Each(func(g *route.Leg[route.Share]) {
		w = g.Work(x)
		e.take(&l, g.Lane, &w)
	})
	return l
}
