package compare

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"satsim/arch/fpga"
)

// racer is a dense-only array with its words.
type racer struct {
	place
	side  Side
	least int64 // cycles that its words take at least
}

// race is what the baseline's step takes on dense-only arrays, each in some of so many ends. All are scheduled; then they are simulated in the order of what their words
// take at least. One that takes at least longer than the fastest of each of its ends cannot be the fastest of any: it is left out, as endless.
func (c *Case) race(ctx context.Context, places []place, in map[place][]int, ends int) (map[place]int64, error) {
	racers := make([]racer, len(places))
	err := each(len(places), func(i int) error {
		r := &racers[i]
		r.place = places[i]
		var err error
		if r.side, err = c.denseOnly(ctx, fpga.Size{Rows: r.rows, Cols: r.cols}); err != nil {
			return err
		}
		if err := r.side.words(); err != nil {
			return err
		}
		r.least, err = r.side.machine.Least(&r.side.step)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(racers, func(a, b racer) int { return cmp.Compare(a.least, b.least) })
	var mu sync.Mutex
	cycles := map[place]int64{}
	fastest := slices.Repeat([]int64{math.MaxInt64}, ends)
	err = each(len(racers), func(i int) error {
		r := &racers[i]
		mu.Lock()
		hopeless := !slices.ContainsFunc(in[r.place], func(e int) bool { return r.least <= fastest[e] })
		cycles[r.place] = math.MaxInt64
		mu.Unlock()
		if hopeless {
			return nil
		}
		n, err := r.side.time()
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		cycles[r.place] = n
		for _, e := range in[r.place] {
			fastest[e] = min(fastest[e], n)
		}
		return nil
	})
	return cycles, err
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
