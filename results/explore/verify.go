package explore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Verified says what was checked of a certificate.
type Verified struct {
	Designs   int // bounded anew
	Scheduled int // of those, how many needed the words of their schedules
	Simulated int // exactly: the front, what no bound rules out, and the sample
	Sample    int
}

// Verify checks a certificate by a plain loop over all designs: each is on the front, or one of the front is no worse than a bound of it (by more than
// the gap, if there is one), or than what it takes. The front is simulated again, and so is a random sample of the others, which may not be
// better than their bounds or the front.
func Verify(ctx context.Context, s *Space, tiers Tiers, c *Certificate, sample int, seed uint64, workers int, progress func(Progress)) (*Verified, error) {
	if s.Size != c.Designs {
		return nil, fmt.Errorf("the space has %d designs, the certificate says %d", s.Size, c.Designs)
	}
	x := &search{space: s, tiers: tiers, options: Options{Objectives: c.Objectives, Fit: c.Fit, Corner: c.Corner, Workers: workers}}
	if _, err := x.baseOf(ctx); err != nil {
		return nil, err
	}
	out := &Verified{}
	on := map[int]bool{}
	view := s.view()
	for i := range c.Front {
		b := &c.Front[i]
		st, err := x.closed(view, b.Design)
		if err != nil {
			return nil, fmt.Errorf("design %d is on the front of the certificate: %w", b.Design, err)
		}
		if err := x.exactly(ctx, st); err != nil {
			return nil, err
		}
		if !slices.Equal(st.values, b.Values) || !slices.Equal(st.cycles, b.Cycles) {
			return nil, fmt.Errorf("design %d (%v) takes %v, %v cycles; the certificate says %v, %v", b.Design, b.Overrides, st.values, st.cycles, b.Values, b.Cycles)
		}
		for k := range c.Front[:i] {
			if within(c.Front[k].Values, b.Values, 0) || within(b.Values, c.Front[k].Values, 0) {
				return nil, fmt.Errorf("designs %d and %d of the front: one is no better than the other", c.Front[k].Design, b.Design)
			}
		}
		on[b.Design] = true
		out.Simulated++
	}
	random := rand.New(rand.NewPCG(seed, 0))
	drawn := map[int]bool{}
	for range min(sample, s.Size) {
		drawn[random.IntN(s.Size)] = true
	}
	gap := c.Gap + 1e-12 // what the gap was rounded by
	beaten := func(values []float64) bool {
		return slices.ContainsFunc(c.Front, func(b Best) bool { return within(b.Values, values, gap) })
	}
	leftOut, tooLarge := 0, 0
	for i := range s.Size {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if progress != nil && i%1024 == 0 {
			progress(Progress{What: "designs", Done: i, Total: s.Size})
		}
		if out.Designs++; on[i] {
			continue
		}
		st, err := x.closed(view, i)
		switch {
		case errors.Is(err, ErrLeftOut):
			leftOut++
			continue
		case errors.Is(err, errTooLarge):
			tooLarge++
			continue
		case err != nil:
			continue // refused: closed does not depend on the certificate
		}
		if drawn[i] {
			if err := x.sampled(ctx, st, c, gap); err != nil {
				return nil, err
			}
			out.Sample++
			out.Simulated++
			continue
		}
		if beaten(st.values) {
			continue
		}
		out.Scheduled++
		bad := false
		for st.known < len(s.Works) && !beaten(st.values) && !bad {
			if err := x.step(ctx, st); err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				bad = true // no schedule: it is refused
			}
		}
		if bad || beaten(st.values) {
			continue
		}
		out.Simulated++
		if err := x.exactly(ctx, st); err != nil {
			return nil, err
		}
		if !beaten(st.values) {
			return nil, fmt.Errorf("design %d (%v) takes %v: no design of the front is as good, within a gap of %g", i, s.Overrides(i), st.values, c.Gap)
		}
	}
	if leftOut != c.Counts.LeftOut || tooLarge != c.Counts.TooLarge {
		return nil, fmt.Errorf("conditions leave %d designs out, and %d are too large for the board; the certificate says %d and %d", leftOut, tooLarge, c.Counts.LeftOut, c.Counts.TooLarge)
	}
	return out, nil
}

// exactly simulates a design, whatever its bounds.
func (x *search) exactly(ctx context.Context, s *state) error {
	s.known = len(x.space.Works)
	return x.step(ctx, s)
}

// sampled simulates a design and holds it against its bounds and the front.
func (x *search) sampled(ctx context.Context, s *state, c *Certificate, gap float64) error {
	for range x.space.Works {
		if err := x.step(ctx, s); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return nil // no schedule: it is refused
		}
	}
	if err := x.step(ctx, s); err != nil { // which refuses a bound that is above what is simulated
		return err
	}
	best := math.Inf(1)
	for _, b := range c.Front {
		if within(b.Values, s.values, gap) {
			return nil
		}
		best = min(best, b.Values[0])
	}
	return fmt.Errorf("design %d (%v), drawn at random, takes %v: no design of the front is as good, within a gap of %g; the best time there is %g", s.design, x.space.Overrides(s.design), s.values, c.Gap, best)
}

// Neighbour is a design one place away from another on one axis.
type Neighbour struct {
	Change string
	Best
	Err error // why there is none
}

// Neighbours are a design's, simulated: what a change of one parameter is worth, whether it fits or not.
func Neighbours(ctx context.Context, s *Space, tiers Tiers, o Options, of *Best, base *Best) ([]Neighbour, error) {
	x := &search{space: s, tiers: tiers, options: o}
	x.options.Fit = FitAny
	if err := x.rebase(base); err != nil {
		return nil, err
	}
	view := s.view()
	var out []Neighbour
	at := s.places(of.Design)
	for i := range s.axes {
		for _, step := range []int{-1, 1} {
			p := slices.Clone(at)
			if p[i] += step; p[i] < 0 || p[i] >= len(s.axes[i].places) {
				continue
			}
			n := Neighbour{}
			n.Design = s.at(p)
			for _, v := range s.axes[i].places[p[i]] {
				if n.Change != "" {
					n.Change += ", "
				}
				n.Change += v.Path + "=" + v.Value
			}
			st, err := x.closed(view, n.Design)
			if err == nil {
				err = x.exactly(ctx, st)
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if n.Err = err; err == nil {
				n.Values, n.Cycles, n.Joules, n.Fit = st.values, st.cycles, st.joules, st.fit
			}
			out = append(out, n)
		}
	}
	return out, nil
}

// rebase takes the base's seconds of a result.
func (x *search) rebase(base *Best) error {
	sel, err := x.space.selection(x.space.nowhere(), x.space.Works[0])
	if err != nil {
		return err
	}
	m, err := x.space.models(sel)
	if err != nil {
		return err
	}
	for _, n := range base.Cycles {
		x.base = append(x.base, float64(n)/float64(m.Spec.Clock))
	}
	x.baseJ = base.Joules
	return nil
}
