package compare

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"satsim/arch/fpga"
)

// racer is a dense-only array with its step.
type racer struct {
	place
	side  Side
	floor int64 // cycles that no schedule of its step beats
	least int64 // that its words do not beat
}

// abreast is how many arrays are scheduled before it is looked again which of the others can win. It does not depend on the processors, so that what runs does not.
const abreast = 2

// race is what the baseline's step takes on dense-only arrays and the like, each in some of so many ends; known is what something else takes at every end (0: nothing
// is known). They are scheduled in the order of what no schedule of them beats, and those scheduled together simulated in the order of what their words do not beat. One that takes at least longer than the fastest of each of its ends, by that or by its words, cannot be the fastest of any: it is left out, as endless.
func (c *Case) race(ctx context.Context, places []place, in map[place][]int, ends int, known int64, s *spares) (map[place]int64, error) {
	racers := make([]racer, len(places))
	err := each(len(places), func(i int) error {
		r := &racers[i]
		r.place = places[i]
		var err error
		if r.own {
			r.side, err = c.alone(ctx, c.Spec, c.Baseline, c.Baseline.Name)
		} else {
			r.side, err = c.denseOnly(ctx, fpga.Size{Rows: r.rows, Cols: r.cols})
		}
		if err != nil {
			return err
		}
		r.floor, err = r.side.machine.Floor(&r.side.step)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(racers, func(a, b racer) int { return cmp.Compare(a.floor, b.floor) })
	cycles, fastest := map[place]int64{}, slices.Repeat([]int64{cmp.Or(known, math.MaxInt64)}, ends)
	for _, at := range places {
		cycles[at] = math.MaxInt64
	}
	hopeless := func(at place, least int64) bool {
		return !slices.ContainsFunc(in[at], func(e int) bool { return least <= fastest[e] })
	}
	for {
		racers = slices.DeleteFunc(racers, func(r racer) bool { return hopeless(r.place, r.floor) })
		if len(racers) == 0 {
			return cycles, nil
		}
		now := racers[:min(abreast, len(racers))]
		err := each(len(now), func(i int) (err error) {
			r := &now[i]
			if err = r.side.words(); err == nil {
				r.least, err = r.side.machine.Least(&r.side.step)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(now, func(a, b racer) int { return cmp.Compare(a.least, b.least) })
		for i := range now {
			r := &now[i]
			if !hopeless(r.place, r.least) {
				s.take(r.side.machine)
				took, err := r.side.time()
				s.give(r.side.machine)
				if err != nil {
					return nil, err
				}
				cycles[r.place] = took
				for _, e := range in[r.place] {
					fastest[e] = min(fastest[e], took)
				}
			}
			r.side = Side{} // a deep network's plan is large
		}
		racers = racers[len(now):]
	}
}

// each does n things, as many at a time as there are processors, in their order. The first error is that of all; machines of the context that they share go on until
// it ends.
func each(n int, do func(int) error) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error { return do(i) })
	}
	return g.Wait()
}
