package explore

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// raised at a time: enough for a few workers, few enough that what one finds spares the next.
const raised = 8

// raise raises the bounds of the first few designs by a tier.
func (x *search) raise(ctx context.Context) error {
	var batch []*state
	for len(batch) < raised && len(x.queue) > 0 {
		s := heap.Pop(&x.queue).(*state)
		if x.ruledOut(s) {
			x.out(s)
			continue
		}
		batch = append(batch, s)
	}
	errs := make([]error, len(batch)) // each design's own
	var wg sync.WaitGroup
	var taken atomic.Int64
	for range min(max(1, x.options.Workers), len(batch)) {
		wg.Go(func() {
			for i := int(taken.Add(1)) - 1; i < len(batch); i = int(taken.Add(1)) - 1 {
				errs[i] = x.step(ctx, batch[i])
			}
		})
	}
	wg.Wait()
	for i, s := range batch {
		switch {
		case errors.As(errs[i], new(*BoundError)):
			return errs[i]
		case ctx.Err() != nil:
			heap.Push(&x.queue, s) // what was not finished is left as it was
		case errors.As(errs[i], new(*StoreError)):
			return errs[i]
		case errs[i] != nil:
			x.refuse(errs[i])
		case s.exact:
			x.enter(s)
		default:
			heap.Push(&x.queue, s)
		}
	}
	return nil
}

// step raises a design's bounds: by a schedule of the next work, or by all simulations.
func (x *search) step(ctx context.Context, s *state) error {
	if work := x.next(s); work >= 0 {
		sel, err := x.space.Selection(s.design, work)
		if err != nil {
			return err
		}
		m, err := x.space.models(sel)
		if err != nil {
			return err
		}
		w, err := x.tiers.Schedule(ctx, m)
		if err != nil {
			return err
		}
		s.cycles[work] = max(s.cycles[work], w.Cycles)
		if s.machine != nil {
			n, err := x.joules(x.space.classOf(x.space.places(s.design)), s, work, &w.Did)
			if err != nil {
				return err
			}
			s.joules[work] = max(s.joules[work], n)
		}
		s.words[work] = true
		x.update(s, int64(m.Spec.Clock))
		return nil
	}
	for w := range x.space.Works {
		sel, err := x.space.Selection(s.design, w)
		if err != nil {
			return err
		}
		m, err := x.space.models(sel)
		if err != nil {
			return err
		}
		t, err := x.tiers.Simulate(ctx, sel, m)
		if err != nil {
			return err
		}
		if t.Cycles < s.cycles[w] {
			return &BoundError{fmt.Sprintf("%s took %d cycles, fewer than its bound of %d: a bug of satsim", sel.String(), t.Cycles, s.cycles[w])}
		}
		s.cycles[w] = t.Cycles
		if s.machine != nil {
			j := x.options.Corner.joules(t.Joules)
			if j < s.joules[w] {
				return &BoundError{fmt.Sprintf("%s took %g J, less than its bound of %g J: a bug of satsim", sel.String(), j, s.joules[w])}
			}
			s.joules[w] = j
		}
		x.update(s, int64(m.Spec.Clock))
	}
	s.exact = true
	return nil
}

// next is the work of a design that is scheduled next; negative: all are. If works are judged each, it is one for which a design of the front is too slow to rule this one out: of the design of
// which that is so for the fewest, and for none that is scheduled.
func (x *search) next(s *state) int {
	work, fewest := slices.Index(s.words, false), len(x.columns)+1
	for _, b := range x.front {
		at, n := -1, 0
		for i, c := range x.columns {
			if within(b.Values[i:i+1], s.values[i:i+1], x.options.Gap) {
				continue
			}
			if c.Work == All || s.words[c.Work] {
				n = fewest
				break
			}
			at, n = c.Work, n+1
		}
		if at >= 0 && n < fewest {
			work, fewest = at, n
		}
	}
	return work
}
