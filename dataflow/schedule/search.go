package schedule

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/estimate"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
	"satsim/internal/memo"
)

// Weigh is the cost of a choice that is predicted to take so many cycles and to do so much.
type Weigh func(cycles int64, a *unit.Activity) float64

// Score is what a choice is judged by, as predicted.
type Score struct {
	Weight float64 // what the objective's function says of the counts; 0 without one
	Cycles int64   // predicted latency
	Bytes  int64   // of the product's operands
	Array  int64   // cycles for which the array is busy with it, or the vector unit
}

// Scored is a choice and its score.
type Scored struct {
	Choice geometry.Choice
	Score  Score
}

// Searcher chooses words for one plan.
type Searcher struct {
	Plan      *dataflow.Plan
	Objective spec.Objective
	// Weigh is what other objectives minimise; nil: the Objective's own.
	Weigh Weigh
	// Floor is no more than what Weigh says of whatever takes as many cycles or more and does as much of everything or more: by it the search leaves out what cannot be
	// the best. nil: nothing is known, and all is tried.
	Floor Weigh
	// Stop is asked at every tiling; its error ends the search. nil: nothing does.
	Stop func() error
	// Memo remembers what is found without a Weigh, for other searches too. nil: what is found is remembered here.
	Memo *memo.Memo
	// Single: no other search is of this array, so what is found of it alone is not remembered.
	Single bool

	own       *memo.Memo
	estimator *estimate.Estimator
	arrays    []geometry.Array
	orders    [][]word.Dim
	last      int      // the array configuration that won last
	scratch   table    // where it is Single
	keys      []uint64 // bound and place of the tilings of a table that is filled
}

// NewSearcher searches for the machine of a plan.
func NewSearcher(p *dataflow.Plan, o spec.Objective, weigh Weigh) (*Searcher, error) {
	if weigh == nil && o != spec.ObjectiveLatency && o != spec.ObjectiveBytes {
		return nil, fmt.Errorf("preparing the search: objective %q has no cost function; latency and bytes need none", o)
	}
	e, err := estimate.New(&p.Spec, !p.Options.Pregenerate)
	if err != nil {
		return nil, fmt.Errorf("preparing the search: %w", err)
	}
	if weigh != nil {
		e.CountWork()
	}
	return &Searcher{
		Plan: p, Objective: o, Weigh: weigh, estimator: e, own: memo.New(known),
		arrays: geometry.Arrays(p.Spec.STCE, p.Options.Interleave), orders: geometry.Orders(),
	}, nil
}

// Better orders scores: by the objective, then latency, bytes and the array's time, whichever the objective has left.
func (s *Searcher) Better(a, b *Score) bool {
	switch {
	case a.Weight != b.Weight:
		return a.Weight < b.Weight
	case s.Objective == spec.ObjectiveBytes && a.Bytes != b.Bytes:
		return a.Bytes < b.Bytes
	case a.Cycles != b.Cycles:
		return a.Cycles < b.Cycles
	case a.Bytes != b.Bytes:
		return a.Bytes < b.Bytes
	}
	return a.Array < b.Array
}

// Key is equal for groups for which the search gives the same.
func Key(g *dataflow.Group) string {
	u := route.Update{}
	if g.Update != nil {
		u = *g.Update
	}
	return fmt.Sprintf("%+v|%+v|%+v", *g.Shape, g.Path, u)
}

// Measured is a choice's score with the latency that it was simulated to have.
func (s *Searcher) Measured(g *dataflow.Group, c *Scored, cycles int64) (Score, error) {
	out := c.Score
	out.Cycles = cycles
	if s.Weigh != nil {
		a, err := c.Choice.Array()
		if err != nil && c.Choice.Mode != geometry.OnLanes {
			return out, err
		}
		if g, err = s.Plan.As(g, &c.Choice); err != nil {
			return out, err
		}
		t := s.estimator.Traffic(g, &c.Choice.Tile, c.Choice.Order)
		actions := s.estimator.Actions(g, &c.Choice.Tile, a)
		did := t.Activity(&actions)
		out.Weight = s.Weigh(cycles, &did)
	}
	return out, nil
}

// Best finds the best choice of a product's group.
func (s *Searcher) Best(g *dataflow.Group) (Scored, error) {
	r, err := s.Candidates(g, 1)
	if err != nil {
		return Scored{}, err
	}
	return r[0], nil
}

// Candidates finds the most best choices of a product's group that differ in tiles or order, each with the configuration of the array that
// is fastest for it. The first is the best of all; there may be fewer.
func (s *Searcher) Candidates(g *dataflow.Group, most int) ([]Scored, error) {
	key, known := s.reads(g, most), s.Memo
	if known == nil || s.Weigh != nil { // whose function is in no key
		known = s.own
	}
	if r, ok := memo.Get[reads, []Scored](known, key); ok {
		return r, nil
	}
	f := finder{Searcher: s, most: most}
	all, err := s.Plan.Alternatives(g)
	if err != nil {
		return nil, err
	}
	order, err := f.promising(all)
	if err != nil {
		return nil, err
	}
	for _, i := range order {
		if err := f.through(i, all[i]); err != nil {
			return nil, err
		}
	}
	if err := s.estimator.Err(); err != nil {
		return nil, err
	}
	if len(f.best) == 0 {
		return nil, fmt.Errorf("no tiling of %s fits the buffers%s", g.Label, s.tooSmall(all)+together(g))
	}
	out := make([]Scored, len(f.best))
	for i := range f.best {
		out[i] = f.best[i].Scored
		c := &out[i].Choice
		x, err := s.Plan.As(g, c)
		if err == nil {
			err = x.Shape.Complete(c)
		}
		if err != nil {
			return nil, err
		}
	}
	memo.Put(known, key, out, int64(1024+256*len(out)))
	return out, nil
}

// finder goes through the space of one group.
type finder struct {
	*Searcher
	group  *dataflow.Group
	arrays []geometry.Array                      // configurations that it may have
	turns  [1 << geometry.Slots][]geometry.Turns // of the loops that turn, the orders that differ
	most   int
	best   []found   // in order, at most most
	fit    []ordered // orders of the tiling at hand

	atArray estimate.AtArray // what the group's product takes of the array at the least
}

// place of a choice in the order of enumeration: the product as the array takes it, tiling, order of loops. Of equals the first wins, whichever is found first.
type place struct{ as, tiling, order int }

func (a place) before(b place) bool {
	return cmp.Or(cmp.Compare(a.as, b.as), cmp.Compare(a.tiling, b.tiling), cmp.Compare(a.order, b.order)) < 0
}

// found is a choice with what ties are broken by.
type found struct {
	Scored
	place
}

// ordered is an order of loops and its traffic.
type ordered struct {
	order   []word.Dim
	traffic estimate.Traffic
}

// full is whether a score cannot be among the best any more.
func (f *finder) full(c *Score, at place) bool {
	if len(f.best) < f.most {
		return false
	}
	return !f.better(c, at, &f.best[f.most-1])
}

func (f *finder) better(c *Score, at place, than *found) bool {
	return f.Better(c, &than.Score) || *c == than.Score && at.before(than.place)
}

func (f *finder) keep(z *geometry.Sizes, o *ordered, a geometry.Array, c Score, from place) {
	if f.full(&c, from) {
		return
	}
	at := len(f.best)
	for at > 0 && f.better(&c, from, &f.best[at-1]) {
		at--
	}
	if len(f.best) == f.most {
		f.best = f.best[:f.most-1]
	}
	f.best = slices.Insert(f.best, at, found{Scored{f.group.Shape.Configured(a, o.order, *z), c}, from})
}

// distinct lists the orders that fit and differ in the loops of more than one trip.
func (f *finder) distinct(z *geometry.Sizes) {
	turning := f.group.Shape.Turning(z)
	turns := f.turns[turning]
	if turns == nil {
		turns = f.group.Shape.DistinctTurns(f.orders, turning)
		f.turns[turning] = turns
	}
	f.fit = f.fit[:0]
	for i := range turns {
		if !f.estimator.Leaves(f.group, &turns[i], z) {
			continue
		}
		f.fit = append(f.fit, ordered{order: turns[i].Order})
		t := &f.fit[len(f.fit)-1].traffic
		f.estimator.TrafficIn(t, f.group, z, &turns[i])
		if !t.Fits {
			f.fit = f.fit[:len(f.fit)-1]
		}
	}
}

// scoreOf is the score of a tiling in an order, given the time of the array, or of the lanes that have the product.
func scoreOf(t *estimate.Traffic, array int64, lanes bool) Score {
	return Score{Cycles: t.Taken(array, lanes) + t.First + t.Last, Bytes: t.Bytes(), Array: array}
}

// score of an order of the group's tiling at hand.
func (f *finder) score(t *estimate.Traffic, array int64) Score {
	return scoreOf(t, array, f.group.Shape.Lanes)
}

// fast finds the best of a tiling by latency or bytes. The array's time is the same for all orders and traffic for all configurations of
// the array, so the best of each are the best together. The array is asked only if it can be short enough for one of the orders.
func (f *finder) fast(z *geometry.Sizes, from place, t *table, b *bounded) {
	least := t.least(b)
	if f.slower(least) {
		return
	}
	f.distinct(z)
	promising, ends := false, int64(math.MaxInt64)
	for i := range f.fit {
		from.order = i
		t := &f.fit[i].traffic
		if c := f.score(t, least); !f.full(&c, from) {
			promising, ends = true, min(ends, t.First+t.Last)
		}
	}
	if !promising {
		return
	}
	limit := int64(math.MaxInt64)
	if len(f.best) == f.most && f.Objective == spec.ObjectiveLatency {
		limit = f.best[f.most-1].Score.Cycles - ends + 1
	}
	array, cycles := f.fastest(z, t, b.place, limit)
	if array < 0 {
		return
	}
	for i := range f.fit {
		from.order = i
		f.keep(z, &f.fit[i], f.arrays[array], f.score(&f.fit[i].traffic, cycles), from)
	}
}

// fastest is the array's best configuration for a tiling, the first of equals: its index and cycles. The configuration that won last
// goes first, so that most others can be given up early. None below limit: -1. What is found is written into the table.
func (f *finder) fastest(z *geometry.Sizes, t *table, place int, limit int64) (best int, cycles int64) {
	known := answer(t.found[place].Load())
	if n, array, ok := known.exact(); ok && n < limit {
		f.Searcher.last = array
		return array, n
	}
	if known.least() >= limit {
		return -1, limit
	}
	bounds := t.of(place)
	best, cycles = -1, limit
	try := func(i int) {
		least := cycles
		if i < best {
			least++ // an equal that comes earlier wins
		}
		if int64(bounds[i]) >= least {
			return
		}
		if n, ok := f.estimator.Array(f.group, z, f.arrays[i], least); ok {
			best, cycles = i, n
		}
	}
	if f.last < len(f.arrays) {
		try(f.last)
	}
	for i := range f.arrays {
		if i != f.last {
			try(i)
		}
	}
	now := answer(-limit)
	if best >= 0 {
		f.Searcher.last = best
		now = exactly(cycles, best)
	}
	if limit > 0 && limit < math.MaxInt64 || best >= 0 {
		t.found[place].CompareAndSwap(int64(known), int64(now))
	}
	return best, cycles
}

// weighed finds the best of a tiling by a function of the counts. Where nothing is known of that, all is tried; by its floor, those configurations of the array that cannot
// be among the best in any order are not.
func (f *finder) weighed(z *geometry.Sizes, from place, bounds []uint32) {
	f.distinct(z)
	if len(f.fit) == 0 {
		return
	}
	best, with, found := make([]Score, len(f.fit)), make([]geometry.Array, len(f.fit)), false
	for k, a := range f.arrays {
		if !f.group.Shape.Takes(a) || f.hopeless(f.floor(int64(bounds[k]))) {
			continue
		}
		cycles, _ := f.estimator.Array(f.group, z, a, math.MaxInt64)
		actions := f.estimator.Actions(f.group, z, a)
		for i := range f.fit {
			t := &f.fit[i].traffic
			c := f.score(t, cycles)
			did := t.Activity(&actions)
			c.Weight = f.Weigh(c.Cycles, &did)
			if !found || f.Better(&c, &best[i]) {
				best[i], with[i] = c, a
			}
		}
		found = true
	}
	for i := range f.fit {
		if !found {
			return
		}
		from.order = i
		f.keep(z, &f.fit[i], with[i], best[i], from)
	}
}

// floor is the least that any order of the tiling at hand weighs whose array takes so many cycles or more; 0 where nothing is known.
func (f *finder) floor(array int64) float64 {
	if f.Floor == nil {
		return 0
	}
	least := math.Inf(1)
	for i := range f.fit {
		t := &f.fit[i].traffic
		did := t.Activity(&f.atArray)
		least = min(least, f.Floor(f.score(t, array).Cycles, &did))
	}
	return least
}

// hopeless is whether what weighs so much or more cannot be among the best.
func (f *finder) hopeless(weight float64) bool {
	return len(f.best) == f.most && weight > f.best[f.most-1].Score.Weight
}
