package explore

import (
	"context"
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/dataflow/least"
	"satsim/dataflow/predict"
	"satsim/internal/memo"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/results/store"
	"satsim/results/sweep"
)

// Tiers are the ways to say what a work takes on a design, in cycles, each dearer than the one before.
type Tiers struct {
	// Closed is what no schedule can beat.
	Closed func(*least.Step, *spec.Spec) int64
	// Schedule is what its words take at the least, and do.
	Schedule func(context.Context, *sweep.Models) (Words, error)
	// Simulate is what it takes.
	Simulate func(context.Context, sweep.Selection, *sweep.Models) (Took, error)
}

// Words is what the words of a step say before they run.
type Words struct {
	Cycles int64               // at the least
	Did    energy.ActionCounts // what units, buffers and memory do, however long it takes; of memory the bits without what rounds them to bursts, and no activates
}

// Took is what a simulated step took.
type Took struct {
	Cycles int64
	Joules energy.Interval
}

func took(r *record.Run) Took {
	t := Took{Cycles: r.Total.Cycles}
	if r.Energy != nil {
		t.Joules = energy.Interval(r.Energy.Joules)
	}
	return t
}

// StoreError is an error of the store, which ends a search.
type StoreError struct{ Err error }

// Error implements error.
func (e *StoreError) Error() string { return e.Err.Error() }

// Unwrap gives the store's own.
func (e *StoreError) Unwrap() error { return e.Err }

// NewTiers are satsim's own. Points that are simulated are kept in a store, and those that it has are not simulated again; nil: none are kept.
func NewTiers(s *store.Store, by store.Origin) Tiers {
	known := memo.New(machine.MemoBytes)
	return Tiers{
		Closed:   (*least.Step).Cycles,
		Schedule: func(ctx context.Context, m *sweep.Models) (Words, error) { return scheduled(ctx, known, m) },
		Simulate: func(ctx context.Context, c sweep.Selection, m *sweep.Models) (Took, error) {
			return simulated(ctx, s, by, known, c, m)
		},
	}
}

// scheduled is what a step's words say: of equal groups once.
func scheduled(ctx context.Context, known *memo.Memo, m *sweep.Models) (all Words, err error) {
	p, err := machine.Scheduled(ctx, m.Spec, m.Step, m.Recipe, m.Energy, known)
	if err != nil {
		return all, err
	}
	fast, err := memory.NewFast(m.Spec.Board.Memory, int64(m.Spec.Clock))
	if err != nil {
		return all, err
	}
	groups, key := map[string]Words{}, []byte(nil)
	for i := range p.Groups {
		g := &p.Groups[i].Word
		key = g.AppendKey(key[:0])
		w, ok := groups[string(key)]
		if !ok {
			x, did, err := predict.Does(&m.Spec, fast, g)
			if err == nil {
				w.Did, err = energy.CountsOf(&did)
			}
			if err != nil {
				return all, fmt.Errorf("bounding %s: %w", p.Groups[i].Label, err)
			}
			w.Cycles = x.Least(&m.Spec)
			groups[string(key)] = w
		}
		all.Cycles += w.Cycles
		all.Did.Add(&w.Did)
	}
	return all, nil
}

func simulated(ctx context.Context, s *store.Store, by store.Origin, known *memo.Memo, c sweep.Selection, m *sweep.Models) (t Took, err error) {
	j, err := m.Alone(c, by)
	if err != nil {
		return t, err
	}
	if s != nil {
		state, err := s.State(ctx, j.Key)
		if err != nil {
			return t, &StoreError{err}
		}
		if state == store.Done {
			run, err := s.Run(ctx, j.Key)
			if err != nil {
				return t, &StoreError{err}
			}
			return took(run), nil
		}
	}
	run, err := sweep.Simulate(ctx, known, &j)
	if err != nil {
		return t, err
	}
	if s != nil {
		p := j.Point
		p.Run = run
		// What is simulated is stored, even if the search is being stopped.
		if err := s.Put(context.WithoutCancel(ctx), &p); err != nil {
			return t, &StoreError{err}
		}
	}
	return took(run), nil
}
