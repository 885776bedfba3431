package uncertainty

import (
	"context"
	"errors"
	"fmt"
	"math"

	"satsim/internal/config"
	"satsim/internal/quantity"
	"satsim/internal/ratio"
	"satsim/internal/sensitivity"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/store"
	"satsim/results/sweep"
)

// Plan of a study.
type Plan struct {
	Samples int // of all assumptions together; 0: none
	Seed    uint64
	Alone   bool // each assumption at the ends of its range, the others at their defaults
}

// row is a point of all assumptions, and what is simulated for it.
type row struct {
	values []value
	steps  []step // a network each
	err    error  // why there are none
}

// step is what is simulated for a network.
type step struct {
	recipe, base, rival string // keys
	batch               int64
	clock, denseClock   int64
	end                 string
}

// Study is a plan with its points.
type Study struct {
	*Space
	Plan
	Jobs []sweep.PlannedPoint // each once

	standard row
	joint    []row
	alone    []Ends[row]
}

// Ends are of an assumption, least and greatest.
type Ends[T any] struct{ Least, Most T }

// NewStudy resolves the points of a plan. It asks before each.
func NewStudy(s *Space, p Plan, by store.Origin, ask query.Ask) (*Study, error) {
	out := &Study{Space: s, Plan: p}
	known := map[string]bool{}
	total := 1 + p.Samples
	if p.Alone {
		total += 2 * len(s.Assumptions)
	}
	done := 0
	add := func(values []value) (row, error) {
		if err := ask.Row("models of points", done, total); err != nil {
			return row{}, err
		}
		done++
		r := row{values: values}
		d := s.draw(values)
		for _, n := range s.Networks {
			x, jobs, err := s.step(n, &d, by)
			if err != nil {
				r.err = fmt.Errorf("%s: %w", n, err)
				return r, nil
			}
			r.steps = append(r.steps, x)
			for _, j := range jobs {
				if !known[j.Key] {
					known[j.Key] = true
					out.Jobs = append(out.Jobs, j)
				}
			}
		}
		return r, nil
	}
	var err error
	standard := s.standards()
	if out.standard, err = add(standard); err != nil {
		return nil, err
	}
	if out.standard.err != nil {
		return nil, fmt.Errorf("with all assumptions at their defaults: %w", out.standard.err)
	}
	if p.Alone {
		for i := range s.Assumptions {
			a := &s.Assumptions[i]
			var e Ends[row]
			if e.Least, err = add(with(standard, i, a.value(0))); err != nil {
				return nil, err
			}
			if e.Most, err = add(with(standard, i, a.value(1))); err != nil {
				return nil, err
			}
			out.alone = append(out.alone, e)
		}
	}
	for _, u := range sensitivity.Latin(p.Samples, len(s.Assumptions), p.Seed) {
		values := make([]value, len(u))
		for i := range u {
			values[i] = s.Assumptions[i].value(u[i])
		}
		r, err := add(values)
		if err != nil {
			return nil, err
		}
		out.joint = append(out.joint, r)
	}
	return out, nil
}

// step is the points of a network under a draw: the baseline on the sampled machine, on the dense-only one at its clock, and the recipe.
func (s *Space) step(network string, d *draw, by store.Origin) (x step, jobs []sweep.PlannedPoint, err error) {
	c := s.selection(network, d.set)
	if d.batch != 1 {
		m, err := s.resolve(c)
		if err != nil {
			return x, nil, err
		}
		if c.Batch = int64(math.Round(float64(m.Step.Images) * d.batch)); c.Batch < 1 {
			return x, nil, fmt.Errorf("%g times a batch of %d; a whole sample is accepted", d.batch, m.Step.Images)
		}
	}
	m, err := s.resolve(c)
	if err != nil {
		return x, nil, err
	}
	x = step{batch: m.Step.Images, clock: int64(m.Spec.Clock), end: d.end}
	x.denseClock = int64(math.Round(float64(x.clock)*d.denseOnly/1e5) * 1e5)
	if d.denseOnly == 1 {
		x.denseClock = x.clock
	}
	base, err := baseline(m, c, by)
	if err != nil {
		return x, nil, err
	}
	rival := base
	if x.denseClock != x.clock {
		other := c
		other.Set = append(c.Set[:len(c.Set):len(c.Set)], config.Override{Path: "clock", Value: quantity.Frequency(x.denseClock).String(), Origin: origin})
		o, err := s.resolve(other)
		if err != nil {
			return x, nil, err
		}
		if rival, err = baseline(o, other, by); err != nil {
			return x, nil, err
		}
	}
	rival.Point.DenseOnly = true
	rival.Key = rival.Point.Key()
	if x.denseClock == x.clock {
		base = rival
	}
	own, err := m.Alone(c, by)
	if err != nil {
		return x, nil, err
	}
	own.Point.Baseline = base.Key
	own.Key = own.Point.Key()
	x.recipe, x.base, x.rival = own.Key, base.Key, rival.Key
	return x, []sweep.PlannedPoint{base, rival, own}, nil
}

// baseline is the point of the models' baseline.
func baseline(m *sweep.Models, c sweep.Selection, by store.Origin) (sweep.PlannedPoint, error) {
	if m.Baseline == nil {
		return sweep.PlannedPoint{}, errors.New("the recipe is its own baseline")
	}
	plain := *m.Models
	plain.Recipe = *m.Baseline
	return (&sweep.Models{Models: &plain}).Alone(c, by)
}

// Run simulates what the store does not have.
func (s *Study) Run(ctx context.Context, kept *store.Store, o sweep.Options) error {
	o.FiguresOnly = true
	_, err := sweep.Run(ctx, kept, s.Jobs, o)
	return err
}

// Figures of a network at a point, or their mean over networks.
type Figures struct {
	Time      float64 `json:"time"` // of a sample, relative to the defaults'
	Speedup   float64 `json:"speedup"`
	Resources float64 `json:"same_resources"`
	Energy    float64 `json:"energy"`
}

// reader looks points up.
type reader map[string]*store.Point

var errMissing = errors.New("it is not in the store")

func (r reader) run(key string) (*record.Run, error) {
	p, ok := r[key]
	switch {
	case !ok:
		return nil, fmt.Errorf("point %.12s: %w", key, errMissing)
	case p.Failed():
		return nil, errors.New(p.Error)
	}
	return p.Run, nil
}

// seconds of a sample.
func (x *step) seconds(r *record.Run) float64 {
	return ratio.Of(r.Total.Cycles, x.clock) / float64(x.batch)
}

// figures of a step, time in seconds a sample.
func (r reader) figures(x *step) (f Figures, err error) {
	own, err := r.run(x.recipe)
	if err != nil {
		return f, err
	}
	base, err := r.run(x.base)
	if err != nil {
		return f, err
	}
	rival, err := r.run(x.rival)
	if err != nil {
		return f, err
	}
	f = Figures{Time: x.seconds(own), Speedup: ratio.Of(base.Total.Cycles, own.Total.Cycles), Resources: math.NaN(), Energy: math.NaN()}
	for _, d := range rival.DenseOnly {
		if d.End == x.end {
			f.Resources = ratio.Of(d.Cycles, own.Total.Cycles) * (ratio.Of(x.clock, x.denseClock))
		}
	}
	if own.Energy != nil && base.Energy != nil {
		f.Energy = base.Energy.Joules.Value / own.Energy.Joules.Value
	}
	return f, nil
}

// all figures of a row, a network each, and then their mean.
func (r reader) all(at *row, standard []Figures) ([]Figures, error) {
	if at.err != nil {
		return nil, at.err
	}
	var out []Figures
	var mean Figures
	for i := range at.steps {
		f, err := r.figures(&at.steps[i])
		if err != nil {
			return nil, err
		}
		if standard != nil {
			f.Time /= standard[i].Time
		}
		n := float64(len(at.steps))
		mean.Time, mean.Speedup, mean.Resources, mean.Energy = mean.Time+f.Time/n, mean.Speedup+f.Speedup/n, mean.Resources+f.Resources/n, mean.Energy+f.Energy/n
		out = append(out, f)
	}
	return append(out, mean), nil
}
