package explore

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"satsim/arch/energy"
	"satsim/arch/fpga"
)

// baseOf simulates the base at every work.
func (x *search) baseOf(ctx context.Context) (Best, error) {
	n := len(x.space.Works)
	b := Best{Design: -1, Cycles: make([]int64, n), Joules: make([]float64, n)}
	x.base, x.baseJ = make([]float64, n), make([]float64, n)
	places := x.space.nowhere()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(x.options.Workers)
	uses := make([]fpga.ResourceUse, len(x.space.Works))
	fits := make([]fpga.Fit, len(x.space.Works))
	for w := range x.space.Works {
		g.Go(func() error {
			sel, err := x.space.selection(places, x.space.Works[w])
			if err != nil {
				return err
			}
			m, err := x.space.models(sel)
			if err != nil {
				return err
			}
			uses[w], fits[w] = fpga.Holds(&m.Spec)
			t, err := x.tiers.Simulate(ctx, sel, m)
			if err != nil {
				return err
			}
			b.Cycles[w], b.Joules[w] = t.Cycles, x.options.Corner.joules(t.Joules)
			x.base[w], x.baseJ[w] = float64(t.Cycles)/float64(m.Spec.Clock), b.Joules[w]
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return b, err
	}
	b.Fit = fits[0]
	b.Values = x.values(&uses[0], 0)
	x.fill(b.Values, x.base, x.baseJ)
	return b, nil
}

// mean of what works take, each relative to the base; of one work what it takes.
func mean(values, base []float64) (sum float64) {
	if len(values) == 1 {
		return values[0]
	}
	for i, v := range values {
		sum += v / base[i]
	}
	return sum / float64(len(values))
}

// values of the resources and of a recipe's accuracy; time and energy are filled in.
func (x *search) values(use *fpga.ResourceUse, recipe int) []float64 {
	out := make([]float64, len(x.columns))
	for i, c := range x.columns {
		switch c.Objective {
		case Time, Energy:
		case Accuracy:
			out[i] = x.space.wrong(recipe, c.Work)
		default:
			out[i] = float64(x.options.Corner.of(use[c.resource()]))
		}
	}
	return out
}

// fill fills in time and energy of works that take so many seconds and joules each.
func (x *search) fill(values, seconds, joules []float64) {
	for i, c := range x.columns {
		of, base := seconds, x.base
		switch c.Objective {
		case Time:
		case Energy:
			of, base = joules, x.baseJ
		case Accuracy: // no work of the machine
			continue
		default: // nor is what is taken of a board
			continue
		}
		if c.Work == All {
			values[i] = mean(of, base)
		} else {
			values[i] = of[c.Work]
		}
	}
}

// update fills in time and energy of a design's works.
func (x *search) update(s *state, clock int64) {
	seconds := make([]float64, len(s.cycles))
	for i, n := range s.cycles {
		seconds[i] = float64(n) / float64(clock)
	}
	x.fill(s.values, seconds, s.joules)
	s.order = mean(seconds, x.base)
}

// joules that a work takes at the least, where it does what is said: that, and what costs energy in each of its cycles.
func (x *search) joules(c *class, s *state, work int, did *energy.ActionCounts) (float64, error) {
	time, err := s.machine.Over(s.cycles[work], c.steps[work].Did())
	if err != nil {
		return 0, err
	}
	time.Add(did)
	return x.options.Corner.joules(c.costs.Total(&time)) * (1 - 1e-9), nil // sums of floats, in another order
}

// bound puts all designs into the queue, with their closed forms; at the end of ctx those that it came to.
func (x *search) bound(ctx context.Context) error {
	const chunk = 4096
	n := x.space.Size
	states := make([]*state, n)
	why := make([]error, n)
	var done atomic.Int64
	var wg sync.WaitGroup // errors are each design's own
	starts := make(chan int)
	for range max(1, x.options.Workers) {
		wg.Go(func() {
			v := x.space.view()
			for from := range starts {
				to := min(from+chunk, n)
				for i := from; i < to && ctx.Err() == nil; i++ {
					states[i], why[i] = x.closed(v, i)
				}
				done.Add(int64(to - from))
			}
		})
	}
	for from := 0; from < n && ctx.Err() == nil; from += chunk {
		select {
		case starts <- from:
		case <-ctx.Done():
			continue
		}
		if x.options.Progress != nil {
			x.options.Progress(Progress{What: "closed forms", Done: int(done.Load()), Total: n})
		}
	}
	close(starts)
	wg.Wait()
	for i, s := range states {
		if s == nil && why[i] == nil {
			continue // ctx ended before
		}
		x.bounded++
		switch {
		case errors.Is(why[i], ErrLeftOut):
			x.counts.LeftOut++
		case errors.Is(why[i], errTooLarge):
			x.counts.TooLarge++
		case why[i] != nil:
			x.refuse(why[i])
		default:
			x.queue = append(x.queue, s)
		}
	}
	if n > 0 && x.counts.LeftOut == n {
		return fmt.Errorf("space %s: no design meets the conditions", x.space.Name)
	}
	heap.Init(&x.queue)
	return nil
}

var errTooLarge = errors.New("too large for the board")

func (x *search) refuse(err error) {
	x.counts.Refused++
	x.reasons[err.Error()]++
}

// closed is a design's bound by closed form.
func (x *search) closed(v *view, design int) (*state, error) {
	places := x.space.places(design)
	if c := x.space.where; c != nil {
		if ok, err := c.hold(x.space, places); err != nil {
			return nil, err
		} else if !ok {
			return nil, ErrLeftOut
		}
	}
	class, m, err := v.spec(places)
	if err != nil {
		return nil, err
	}
	use, fit := fpga.Holds(&m)
	if !x.options.Fit.admits(fit) {
		return nil, errTooLarge
	}
	s := &state{design: design, fit: fit, values: x.values(&use, x.space.recipeOf(places)), cycles: make([]int64, len(class.steps)), words: make([]bool, len(class.steps))}
	if slices.Contains(x.options.Objectives, Energy) {
		machine := energy.MachineOf(&m, use[fpga.FF].Mid()).Steady()
		s.machine, s.joules = &machine, make([]float64, len(class.steps))
	}
	for i, step := range class.steps {
		s.cycles[i] = x.tiers.Closed(step, &m)
		if s.machine != nil {
			if s.joules[i], err = x.joules(class, s, i, &class.did[i]); err != nil {
				return nil, err
			}
		}
	}
	x.update(s, int64(m.Clock))
	return s, nil
}
