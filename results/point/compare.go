package point

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/arch/vector"
	"satsim/dataflow"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Case is what run compares: a recipe against a baseline, everything else equal.
type Case struct {
	Spec       spec.Spec
	Step       *workloads.Step // dense
	Baseline   recipe.Recipe
	Recipe     recipe.Recipe
	Exhaustive bool
	// Watch hears of the off-chip requests of the recipe's run, not of the baseline's; the case has to be exhaustive. It may be nil.
	Watch Watcher
	// Energy prices the runs; nil: no joules.
	Energy *energy.Table
	// Words gives plans of the baseline's and the recipe's run, not of the companions', their words, if it has some; it may be nil.
	Words func(p *dataflow.Plan, r recipe.Recipe) (given bool, err error)
	// Refine simulates so many of the best words of every product and keeps the best.
	Refine int
	// Companions asks for the figures beside the headline, which take further simulations.
	Companions bool
	// Progress is told what advances; it may be called from several goroutines and may be nil.
	Progress func(what string, done, total int)
}

// Compare runs both recipes. A recipe that is the baseline is run once, without a comparison.
func Compare(ctx context.Context, c Case) ([]record.Run, *record.Comparison, error) {
	base, other, err := c.pair(ctx, c.Spec, "")
	if err != nil {
		return nil, nil, err
	}
	if other == nil {
		runs := []record.Run{*base}
		return runs, nil, c.price(runs, nil)
	}
	out := &record.Comparison{
		Speedup:  ratio(base.Total.Cycles, other.Total.Cycles),
		MACBound: ratio(base.Total.PerformedMACs, other.Total.PerformedMACs),
	}
	for i := range base.Stages {
		if other.Stages[i].Cycles == 0 { // a network whose only weighted layer is the first has no BP
			continue
		}
		out.Stages = append(out.Stages, record.StageRatio{Stage: base.Stages[i].Stage, Speedup: ratio(base.Stages[i].Cycles, other.Stages[i].Cycles)})
	}
	if c.Companions {
		if err := c.companions(ctx, base, other, out); err != nil {
			return nil, nil, err
		}
	}
	runs := []record.Run{*base, *other}
	return runs, out, c.price(runs, out)
}

func ratio(a, b int64) float64 { return float64(a) / float64(b) }

// pair simulates the baseline and the recipe on a spec.
func (c *Case) pair(ctx context.Context, s spec.Spec, what string) (base, other *record.Run, err error) {
	m, err := NewMachine(ctx, s, c.Exhaustive)
	if err != nil {
		return nil, nil, err
	}
	m.Energy = c.Energy
	if what == "" {
		m.Refine = c.Refine
	}
	run := func(r recipe.Recipe) (*record.Run, error) {
		if m.Words = nil; what == "" {
			m.Words = c.wordsOf(r)
		}
		if c.Progress != nil {
			m.Progress = func(done, total int) { c.Progress(r.Name+what, done, total) }
		}
		if m.Watch = nil; what == "" && r.Name == c.Recipe.Name {
			m.Watch = c.Watch
		}
		out, _, err := m.Simulate(c.Step, r)
		if err != nil {
			return nil, fmt.Errorf("recipe %s%s: %w", r.Name, what, err)
		}
		return &out, nil
	}
	if base, err = run(c.Baseline); err != nil {
		return nil, nil, err
	}
	if c.Recipe.Name == c.Baseline.Name {
		return base, nil, nil
	}
	other, err = run(c.Recipe)
	return base, other, err
}

// wordsOf is what gives words to plans under a recipe, or nil.
func (c *Case) wordsOf(r recipe.Recipe) func(*dataflow.Plan) (bool, error) {
	if c.Words == nil {
		return nil
	}
	return func(p *dataflow.Plan) (bool, error) { return c.Words(p, r) }
}

// companions puts beside the headline what decides it.
//
//	overlapped  vector work hidden as far as it can be: max(products alone, vector work alone)
//	serial      nothing hidden: products alone + vector work alone
//
// products alone is the step simulated without any vector work and its traffic; vector work alone is the unit's busy time.
func (c *Case) companions(ctx context.Context, base, other *record.Run, out *record.Comparison) error {
	bare := c.Spec
	bare.Dataflow.Omit = nil
	for _, k := range vector.Kinds() {
		bare.Dataflow.Omit = append(bare.Dataflow.Omit, string(k))
	}
	all := append([]variation{{"without vector work", bare}}, c.variations()...)
	type pair struct{ base, other *record.Run }
	pairs := make([]pair, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, v := range all {
		g.Go(func() error {
			b, o, err := c.pair(ctx, v.spec, " "+v.name)
			pairs[i] = pair{b, o}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b, o := pairs[0].base.Total.Cycles, pairs[0].other.Total.Cycles
	vb, vo := base.Total.VectorCycles, other.Total.VectorCycles
	out.VectorOverlapped = ratio(max(b, vb), max(o, vo))
	out.VectorSerial = ratio(b+vb, o+vo)
	for i, v := range all[1:] {
		p := pairs[i+1]
		out.Sensitivity = append(out.Sensitivity, record.Sensitivity{Override: v.name, Speedup: ratio(p.base.Total.Cycles, p.other.Total.Cycles)})
	}
	return nil
}

type variation struct {
	name string
	spec spec.Spec
}

// variations halve and double what decides the headline: vector lanes and bandwidth.
func (c *Case) variations() []variation {
	var out []variation
	for _, lanes := range []int{c.Spec.Vector.Lanes / 2, c.Spec.Vector.Lanes * 2} {
		s := c.Spec
		if s.Vector.Lanes = lanes; lanes > 0 {
			out = append(out, variation{fmt.Sprintf("vector.lanes=%d", lanes), s})
		}
	}
	for _, bits := range []int{c.Spec.Board.Memory.PortWidthBits / 2, c.Spec.Board.Memory.PortWidthBits * 2} {
		s := c.Spec
		s.Board.Memory.PortWidthBits = bits
		if s.Board.Memory.Validate() == nil {
			out = append(out, variation{fmt.Sprintf("board.memory.port_width_bits=%d", bits), s})
		}
	}
	return out
}
