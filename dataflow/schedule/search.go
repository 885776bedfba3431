package schedule

import (
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
)

// Weigh is the cost of a choice that is predicted to take so many cycles and to do so much.
type Weigh func(cycles int64, a *unit.Activity) float64

// Score is what a choice is judged by, as predicted.
type Score struct {
	Weight float64 // what the objective's function says of the counts; 0 without one
	Cycles int64   // predicted latency
	Bytes  int64   // of the product's operands
	Array  int64   // cycles for which the array is busy
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
	// Stop is asked at every tiling; its error ends the search. nil: nothing does.
	Stop func() error

	estimator *estimate.Estimator
	arrays    []geometry.Array
	orders    [][]word.Dim
	memo      map[string][]Scored
	last      int // the array configuration that won last
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
		Plan: p, Objective: o, Weigh: weigh, estimator: e, memo: map[string][]Scored{},
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
		if err != nil {
			return out, err
		}
		if g, err = s.Plan.Joined(g, c.Choice.Join); err != nil {
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
	name := fmt.Sprintf("%d|%s", most, Key(g))
	if r, ok := s.memo[name]; ok {
		return r, nil
	}
	f := finder{Searcher: s, most: most}
	all, err := s.Plan.Alternatives(g)
	if err != nil {
		return nil, err
	}
	for _, f.group = range all {
		if err := f.tilings(); err != nil {
			return nil, err
		}
	}
	if err := s.estimator.Err(); err != nil {
		return nil, err
	}
	if len(f.best) == 0 {
		return nil, fmt.Errorf("no tiling of %s fits the buffers%s", g.Label, f.tooSmall())
	}
	for i := range f.best {
		c := &f.best[i].Choice
		x, err := s.Plan.Joined(g, c.Join)
		if err == nil {
			err = x.Shape.Complete(c)
		}
		if err != nil {
			return nil, err
		}
	}
	s.memo[name] = f.best
	return f.best, nil
}

// tilings goes through those of the group as the array may take it.
func (f *finder) tilings() error {
	for _, z := range f.group.Shape.Tilings(&f.Plan.Spec) {
		if f.Stop != nil {
			if err := f.Stop(); err != nil {
				return err
			}
		}
		if f.Weigh != nil {
			f.weighed(&z)
		} else {
			f.fast(&z)
		}
	}
	return nil
}

// finder goes through the space of one group.
type finder struct {
	*Searcher
	group *dataflow.Group
	most  int
	best  []Scored  // in order, at most most
	fit   []ordered // orders of the tiling at hand
	fits  [4]bool   // any tile of west, north, out; any pieces of an update
}

// tooSmall names the buffers that no tile fits.
func (f *finder) tooSmall() string {
	text := ""
	for i, name := range []string{"west", "north", "output", "update"} {
		if !f.fits[i] {
			text += fmt.Sprintf("; the smallest tiles are too large for buffers.%s", name)
		}
	}
	return text
}

// ordered is an order of loops and its traffic.
type ordered struct {
	order   []word.Dim
	traffic estimate.Traffic
}

// full is whether a cost cannot be among the best any more; of equals those found first stay.
func (f *finder) full(c *Score) bool {
	return len(f.best) == f.most && !f.Better(c, &f.best[f.most-1].Score)
}

func (f *finder) keep(z *geometry.Sizes, o *ordered, a geometry.Array, c Score) {
	if f.full(&c) {
		return
	}
	at := len(f.best)
	for at > 0 && f.Better(&c, &f.best[at-1].Score) {
		at--
	}
	if len(f.best) == f.most {
		f.best = f.best[:f.most-1]
	}
	f.best = slices.Insert(f.best, at, Scored{
		geometry.Choice{Mode: word.Mode(a.Mode.String()), Over: word.Over(a.Over.String()), Interleave: a.Interleave, Join: f.group.Shape.Join, Order: o.order, Tile: *z}, c,
	})
}

// distinct lists the orders that fit and differ in the loops of more than one trip.
func (f *finder) distinct(z *geometry.Sizes) {
	f.fit = f.fit[:0]
	var seen []uint32
	for _, order := range f.orders {
		sign := f.group.Shape.Signature(order, z)
		if slices.Contains(seen, sign) {
			continue
		}
		seen = append(seen, sign)
		t := f.estimator.Traffic(f.group, z, order)
		f.fits = [4]bool{f.fits[0] || t.WestFits, f.fits[1] || t.NorthFits, f.fits[2] || t.OutFits, f.fits[3] || t.Updates}
		if t.Fits {
			f.fit = append(f.fit, ordered{order, t})
		}
	}
}

// scoreOf is the score of a tiling in an order, given the array's time.
func scoreOf(t *estimate.Traffic, array int64) Score {
	return Score{Cycles: max(t.Busy(), array) + t.First + t.Last, Bytes: t.Bytes(), Array: array}
}

// fast finds the best of a tiling by latency or bytes. The array's time is the same for all orders and traffic for all configurations of
// the array, so the best of each are the best together. The array is asked only if it can be short enough for one of the orders.
func (f *finder) fast(z *geometry.Sizes) {
	f.distinct(z)
	floor := f.group.Shape.Floor(&f.Plan.Spec.STCE)
	promising, ends := false, int64(math.MaxInt64)
	for i := range f.fit {
		t := &f.fit[i].traffic
		if c := scoreOf(t, floor); !f.full(&c) {
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
	array, cycles := f.fastest(z, limit)
	if array < 0 {
		return
	}
	for i := range f.fit {
		f.keep(z, &f.fit[i], f.arrays[array], scoreOf(&f.fit[i].traffic, cycles))
	}
}

// fastest is the array's best configuration for a tiling, the first of equals: its index and cycles. The configuration that won last
// goes first, so that most others can be given up early. None below limit: -1.
func (f *finder) fastest(z *geometry.Sizes, limit int64) (best int, cycles int64) {
	best, cycles = -1, limit
	try := func(i int) {
		least := cycles
		if i < best {
			least++ // an equal that comes earlier wins
		}
		if n, ok := f.estimator.Array(f.group, z, f.arrays[i], least); ok {
			best, cycles = i, n
		}
	}
	try(f.last)
	for i := range f.arrays {
		if i != f.last {
			try(i)
		}
	}
	if best >= 0 {
		f.Searcher.last = best
	}
	return best, cycles
}

// weighed finds the best of a tiling by a function of the counts, of which nothing is known: all is tried.
func (f *finder) weighed(z *geometry.Sizes) {
	f.distinct(z)
	if len(f.fit) == 0 {
		return
	}
	best, with := make([]Score, len(f.fit)), make([]geometry.Array, len(f.fit))
	for k, a := range f.arrays {
		cycles, _ := f.estimator.Array(f.group, z, a, math.MaxInt64)
		actions := f.estimator.Actions(f.group, z, a)
		for i := range f.fit {
			t := &f.fit[i].traffic
			c := scoreOf(t, cycles)
			did := t.Activity(&actions)
			c.Weight = f.Weigh(c.Cycles, &did)
			if k == 0 || f.Better(&c, &best[i]) {
				best[i], with[i] = c, a
			}
		}
	}
	for i := range f.fit {
		f.keep(z, &f.fit[i], with[i], best[i])
	}
}
