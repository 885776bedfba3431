package explore

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"satsim/arch/energy"
	"satsim/arch/fpga"
)

// Options of a search.
type Options struct {
	Objectives []Objective // time first
	Each       bool        // time, energy and accuracy of each work are objectives, not their means
	Fit        FitRule
	Corner     Corner
	Gap        float64       // designs that can be better by no more than this are left; 0: none is
	Limit      time.Duration // of the search; 0: none
	Workers    int
	// Progress is told what goes on; it may be nil. It is called by one goroutine at a time.
	Progress func(Progress)
}

// FitRule says which designs are let in.
type FitRule string

// The rules.
const (
	FitCertain  FitRule = "certain"  // the high end of every estimate fits the board
	FitPossible FitRule = "possible" // the low end does
	FitAny      FitRule = "any"      // all
)

// ParseFit reads a rule.
func ParseFit(text string) (FitRule, error) {
	switch r := FitRule(text); r {
	case FitCertain, FitPossible, FitAny:
		return r, nil
	}
	return "", fmt.Errorf("fit %q; certain, possible and any are accepted", text)
}

func (r FitRule) admits(f fpga.Fit) bool {
	return r == FitAny || f == fpga.Fits || r == FitPossible && f == fpga.Undecided
}

// Progress of a search.
type Progress struct {
	What        string
	Done, Total int // designs bounded; of a search 0
	Open        int // designs left
	Exact       int // designs simulated
	Gap         float64
}

// state of a design that is not ruled out.
type state struct {
	design  int
	values  []float64 // bounds of the columns
	order   float64   // the mean of the works' times, by which the search goes
	cycles  []int64   // bounds of the works
	joules  []float64 // likewise, if energy is an objective
	machine *energy.Machine
	words   []bool // of the works: scheduled
	exact   bool
	fit     fpga.Fit
}

// BoundError says that a bound was above what it bounds: nothing that was ruled out by it is proven.
type BoundError struct{ Problem string }

// Error implements error.
func (e *BoundError) Error() string { return e.Problem }

// queue orders designs by the bound of time.
type queue []*state

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].order != q[j].order {
		return q[i].order < q[j].order
	}
	return q[i].design < q[j].design
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(*state)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	old[len(old)-1], *q = nil, old[:len(old)-1]
	return x
}

// search is a search on its way.
type search struct {
	space   *Space
	tiers   Tiers
	options Options
	columns []Column
	base    []float64 // seconds of each work
	baseJ   []float64 // joules
	front   []Best
	queue   queue
	counts  Counts
	reasons map[string]int
	stats   Progress
	bounded int // designs that closed forms were asked of
}

func newSearch(s *Space, tiers Tiers, o Options) *search {
	return &search{space: s, tiers: tiers, options: o, columns: Columns(o.Objectives, len(s.Works), o.Each), reasons: map[string]int{}}
}

// Search goes through a space. At the end of ctx, or of the time that it was given, it returns what it has, with the gap that it has reached: none, and all
// designs open that no closed form was asked of, if they were not all bounded by then.
func Search(ctx context.Context, s *Space, tiers Tiers, o Options) (*Result, error) {
	x := newSearch(s, tiers, o)
	if o.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.Limit)
		defer cancel()
	}
	base, err := x.baseOf(ctx)
	switch {
	case err == nil:
		if err := x.bound(ctx); err != nil {
			return nil, err
		}
	case ctx.Err() != nil:
		base = Best{Design: -1}
	default:
		return nil, fmt.Errorf("space %s: its base, %s without axes: %w", s.Name, s.base.Arch, err)
	}
	for len(x.queue) > 0 && ctx.Err() == nil {
		if err := x.raise(ctx); err != nil {
			return nil, err
		}
		x.tell(len(x.queue)%64 == 0)
	}
	x.prune()
	x.counts.Front, x.counts.Open = len(x.front), len(x.queue)+s.Size-x.bounded
	slices.SortFunc(x.front, func(a, b Best) int {
		if c := slices.Compare(a.Values, b.Values); c != 0 {
			return c
		}
		return a.Design - b.Design
	})
	gap := x.gap()
	if x.bounded < s.Size {
		gap = -1
	}
	return &Result{Front: x.front, Counts: x.counts, Reasons: sortedReasons(x.reasons), Gap: gap, Base: base, Bounded: x.bounded}, nil
}

// ruledOut reports whether a design of the front is no worse than a design can be, or not by more than the gap.
func (x *search) ruledOut(s *state) bool {
	return slices.ContainsFunc(x.front, func(b Best) bool { return within(b.Values, s.values, x.options.Gap) })
}

// within reports whether values are no more than 1+gap times bounds.
func within(values, bounds []float64, gap float64) bool {
	for i := range values {
		if values[i] > bounds[i]*(1+gap) {
			return false
		}
	}
	return true
}

// out counts a design that is ruled out, by the tier of its bound.
func (x *search) out(s *state) {
	switch {
	case s.exact:
		x.counts.Simulated++
	case slices.Contains(s.words, true):
		x.counts.Scheduled++
	default:
		x.counts.ClosedForm++
	}
}

// enter puts a simulated design on the front if nothing there is as good, and takes off what is no better than it.
func (x *search) enter(s *state) {
	x.stats.Exact++
	if slices.ContainsFunc(x.front, func(b Best) bool { return within(b.Values, s.values, 0) }) {
		x.counts.Simulated++
		return
	}
	kept := x.front[:0]
	for _, b := range x.front {
		if within(s.values, b.Values, 0) {
			x.counts.Simulated++
			continue
		}
		kept = append(kept, b)
	}
	x.front = append(kept, *x.best(s))
}

// best is a simulated design, as a front has it.
func (x *search) best(s *state) *Best {
	return &Best{Design: s.design, Overrides: x.space.Overrides(s.design), Values: s.values, Cycles: s.cycles, Joules: s.joules, Fit: s.fit}
}

// prune rules out what is left in the queue and can be.
func (x *search) prune() {
	kept := x.queue[:0]
	for _, s := range x.queue {
		if x.ruledOut(s) {
			x.out(s)
		} else {
			kept = append(kept, s)
		}
	}
	x.queue = kept
}

// gap is how much better a design that is left may be in all objectives; negative: nothing was simulated that says so.
func (x *search) gap() float64 {
	if len(x.queue) == 0 {
		return x.options.Gap
	}
	worst := x.options.Gap
	for _, s := range x.queue {
		least := math.Inf(1)
		for _, b := range x.front {
			most := 0.0
			for i := range b.Values {
				most = max(most, above(b.Values[i], s.values[i]))
			}
			least = min(least, most)
		}
		worst = max(worst, least)
	}
	if math.IsInf(worst, 1) {
		return -1
	}
	return worst
}

// above is by which part a value is above a bound; it is infinite above a bound of 0.
func above(value, bound float64) float64 {
	switch {
	case value <= bound:
		return 0
	case bound <= 0:
		return math.Inf(1)
	}
	return value/bound - 1
}

// tell reports progress; the gap is asked for now and then, since it goes through all that is left.
func (x *search) tell(full bool) {
	if x.options.Progress == nil {
		return
	}
	x.stats.What, x.stats.Open = "search", len(x.queue)
	if full || x.stats.Gap == 0 {
		x.prune()
		heap.Init(&x.queue)
		x.stats.Open, x.stats.Gap = len(x.queue), x.gap()
	}
	x.options.Progress(x.stats)
}
