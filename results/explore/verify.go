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
	Sample    int // of those, drawn at random and found to be neither refused nor on the front
}

// Verify checks a certificate: whether its parts agree, its base, and by a plain loop over all designs, that each is on the front, or one of the front is no worse than a
// bound of it (by more than the gap, if there is one), or than what it takes. The front is simulated again, and so is a random sample of the others, which may
// not be better than their bounds or the front. To which tier a design fell, and how many the scheduler refused, depends on the order of the search; of the second no fewer may be
// counted than a search that is complete cannot have ruled out before. Nothing else of these is checked,
// nor are the words of refusals under overrides of a command, which name where those stood.
func Verify(ctx context.Context, s *Space, tiers Tiers, c *Certificate, sample int, seed uint64, workers int, progress func(Progress)) (*Verified, error) {
	if s.Size != c.Designs {
		return nil, fmt.Errorf("the space has %d designs, the certificate says %d", s.Size, c.Designs)
	}
	x := newSearch(s, tiers, Options{Objectives: c.Objectives, Each: c.Each, Fit: c.Fit, Corner: c.Corner, Workers: workers})
	if err := c.agrees(s); err != nil {
		return nil, err
	}
	base, err := x.baseOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.Base.same(&base); err != nil {
		return nil, fmt.Errorf("the base: %w", err)
	}
	out := &Verified{}
	x.front = c.Front // which decides what is scheduled first, and no more
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
		if err := b.same(x.best(st)); err != nil {
			return nil, fmt.Errorf("design %d (%v): %w", b.Design, s.Overrides(b.Design), err)
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
	leftOut, tooLarge, untrained, unscheduled, refused := 0, 0, 0, 0, map[string]int{}
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
		case errors.Is(err, errUntrained): // why is not known without the trainings
			untrained++
			continue
		case err != nil: // closed does not depend on the certificate
			refused[err.Error()]++
			continue
		}
		if drawn[i] {
			ran, err := x.sampled(ctx, st, c, gap)
			switch {
			case err != nil:
				return nil, err
			case ran:
				out.Sample++
				out.Simulated++
			case !beaten(st.values):
				unscheduled++
			}
			continue
		}
		if beaten(st.values) {
			continue
		}
		out.Scheduled++
		bad := false
		for slices.Contains(st.words, false) && !beaten(st.values) && !bad {
			if err := x.step(ctx, st); err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				bad = true // no schedule: it is refused
			}
		}
		if bad {
			unscheduled++
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
	others := c.Counts.Refused
	for _, r := range sortedReasons(refused) { // the scheduler may refuse others, for the same reason
		i := slices.IndexFunc(c.Refused, func(said Reason) bool { return said.Why == r.Why })
		if (i < 0 || c.Refused[i].Designs < r.Designs) && len(c.Set) == 0 { // a reason may name where --set stood
			return nil, fmt.Errorf("%d designs are refused: %s; refused of the certificate does not have them", r.Designs, r.Why)
		}
		others -= r.Designs
	}
	least := untrained
	if c.Complete { // what has no schedule, and is not ruled out by what is known before, was refused, or is open
		least += unscheduled
	}
	if others < least {
		return nil, fmt.Errorf("counts.refused is %d; %d designs or more are refused", c.Counts.Refused, c.Counts.Refused-others+least)
	}
	return out, nil
}

// agrees holds the parts of a certificate against each other, and against its space.
func (c *Certificate) agrees(s *Space) error {
	n := &c.Counts
	sum, refused := 0, 0
	for _, k := range []int{n.LeftOut, n.Refused, n.TooLarge, n.ClosedForm, n.Scheduled, n.Simulated, n.Front, n.Open} {
		if k < 0 || k > s.Size {
			return fmt.Errorf("counts: %d designs of %d; 0 to %[2]d are accepted", k, s.Size)
		}
		sum += k
	}
	for _, r := range c.Refused {
		if r.Designs < 1 || r.Designs > s.Size {
			return fmt.Errorf("refused: %d designs of %d; 1 to %[2]d are accepted", r.Designs, s.Size)
		}
		refused += r.Designs
	}
	switch {
	case c.Bounds != BoundsVersion:
		return fmt.Errorf("its bounds are of version %d, those of this satsim of version %d: by others other designs are ruled out; explore the space again", c.Bounds, BoundsVersion)
	case sum != s.Size:
		return fmt.Errorf("its counts add up to %d designs; the space has %d", sum, s.Size)
	case n.Front != len(c.Front):
		return fmt.Errorf("counts.front is %d; %d designs are on the front", n.Front, len(c.Front))
	case refused != n.Refused:
		return fmt.Errorf("counts.refused is %d; refused has reasons of %d designs", n.Refused, refused)
	case c.Complete != (n.Open == 0):
		return fmt.Errorf("complete is %t; counts.open is %d", c.Complete, n.Open)
	case !slices.Equal(s.Trained(), c.Trained):
		return errors.New("trained has accuracies that are of no recipe of the space, or out of order")
	}
	return nil
}

// same is an error if a certificate's design is not what was found.
func (b *Best) same(found *Best) error {
	switch {
	case b.Design != found.Design:
		return fmt.Errorf("its number is %d; the certificate says %d", found.Design, b.Design)
	case !slices.Equal(b.Overrides, found.Overrides):
		return fmt.Errorf("its overrides are %v; the certificate says %v", found.Overrides, b.Overrides)
	case !slices.Equal(b.Values, found.Values) || !slices.Equal(b.Cycles, found.Cycles):
		return fmt.Errorf("it takes %v, %v cycles; the certificate says %v, %v", found.Values, found.Cycles, b.Values, b.Cycles)
	case !slices.Equal(b.Joules, found.Joules):
		return fmt.Errorf("it takes %v J; the certificate says %v", found.Joules, b.Joules)
	case b.Fit != found.Fit:
		return fmt.Errorf("its fit is %s; the certificate says %s", found.Fit, b.Fit)
	}
	return nil
}

// exactly simulates a design, whatever its bounds.
func (x *search) exactly(ctx context.Context, s *state) error {
	for w := range s.words {
		s.words[w] = true
	}
	return x.step(ctx, s)
}

// sampled simulates a design and holds it against its bounds and the front. One that has no schedule is not simulated: it is refused.
func (x *search) sampled(ctx context.Context, s *state, c *Certificate, gap float64) (ran bool, err error) {
	for range x.space.Works {
		if err := x.step(ctx, s); err != nil {
			return false, ctx.Err()
		}
	}
	if err := x.step(ctx, s); err != nil { // which refuses a bound that is above what is simulated
		return false, err
	}
	best := math.Inf(1)
	for _, b := range c.Front {
		if within(b.Values, s.values, gap) {
			return true, nil
		}
		best = min(best, b.Values[0])
	}
	return true, fmt.Errorf("design %d (%v), drawn at random, takes %v: no design of the front is as good, within a gap of %g; the best time there is %g", s.design, x.space.Overrides(s.design), s.values, c.Gap, best)
}

// Neighbour is a design one place away from another on one axis.
type Neighbour struct {
	Change string
	Best
	Err error // why there is none
}

// Neighbours are a design's, simulated: what a change of one parameter is worth, whether it fits or not.
func Neighbours(ctx context.Context, s *Space, tiers Tiers, o Options, of *Best, base *Best) ([]Neighbour, error) {
	o.Fit = FitAny
	x := newSearch(s, tiers, o)
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
