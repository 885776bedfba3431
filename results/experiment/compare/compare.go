package compare

import (
	"context"
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/internal/memo"
	"satsim/internal/ratio"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Case is what is compared: a recipe with a baseline.
type Case struct {
	Spec       spec.Spec
	Step       *workloads.Step // dense
	Baseline   recipe.Recipe
	Recipe     recipe.Recipe
	Exhaustive bool
	// DenseOnly compares with a dense-only array of the same resources instead of the same machine.
	DenseOnly bool
	// Watch hears of the off-chip requests of the recipe's run, not of the baseline's; the case has to be exhaustive. It may be nil.
	Watch machine.Watcher
	// Energy prices the runs; nil: no joules.
	Energy *energy.Table
	// Words gives plans of the baseline's and the recipe's run, not of the companions', their words, if it has some; it may be nil.
	Words func(p *dataflow.Plan, r recipe.Recipe) (given bool, err error)
	// Refine simulates so many of the best words of every product and keeps the best.
	Refine int
	// Companions are the figures beside the headline, which take further simulations.
	Companions Companions
	// Memo is what the machines of a case share; it may be nil.
	Memo *memo.Memo
	// Progress is told what advances; it may be called from several goroutines and may be nil.
	Progress func(what string, done, total int)

	pruned map[string]*workloads.Step // of recipes whose runs are there; companions have the same
}

// Side is a recipe on a machine.
type Side struct {
	machine *machine.Machine
	step    machine.Step
	name    string    // for progress and errors
	dense   fpga.Size // of a dense-only array
	own     bool      // it is the accelerator itself
	end     fpga.End  // of the estimates, at which it is the best one
}

// Do takes the side through a stage.
func (s *Side) Do(stage machine.Stage) error {
	if err := stage.Do(s.machine, &s.step); err != nil {
		return fmt.Errorf("recipe %s: %w", s.name, err)
	}
	return nil
}

// words gives the side's step its words.
func (s *Side) words() error {
	if err := s.machine.Schedule(&s.step); err != nil {
		return fmt.Errorf("recipe %s: %w", s.name, err)
	}
	return nil
}

// time is the cycles of the side's step, which has words: all that is asked of a companion.
func (s *Side) time() (int64, error) {
	n, err := s.machine.Time(&s.step)
	if err != nil {
		return 0, fmt.Errorf("recipe %s: %w", s.name, err)
	}
	return n, nil
}

// Sides builds the machines of a case and what runs on them, in the order of the record: baselines first. A recipe that is the baseline
// is run once.
func (c *Case) Sides(ctx context.Context) ([]Side, error) {
	if c.DenseOnly && c.products() {
		return c.denseOnlySides(ctx)
	}
	return c.pair(ctx, c.Spec, "")
}

// side is a recipe on a machine; its runs of the headline get words and are watched.
func (c *Case) side(m *machine.Machine, r recipe.Recipe, name string) Side {
	s := Side{machine: m, step: machine.Step{Dense: c.Step, Recipe: r, Pruned: c.pruned[r.Name]}, name: name}
	if c.Progress != nil {
		s.step.Progress = func(done, total int) { c.Progress(name, done, total) }
	}
	return s
}

// pair is the baseline and the recipe on one machine; what is the companion that they are for, if any.
func (c *Case) pair(ctx context.Context, s spec.Spec, what string) ([]Side, error) {
	m, err := machine.New(ctx, s, c.Exhaustive)
	if err != nil {
		return nil, err
	}
	m.Energy, m.Memo = c.Energy, c.Memo
	if what == "" {
		m.Refine = c.Refine
	}
	recipes := []recipe.Recipe{c.Baseline}
	if c.Recipe.Name != c.Baseline.Name {
		recipes = append(recipes, c.Recipe)
	}
	var out []Side
	for _, r := range recipes {
		side := c.side(m, r, r.Name+what)
		if what == "" {
			side.step.Words = c.wordsOf(r)
			if r.Name == c.Recipe.Name {
				side.step.Watch = c.Watch
			}
		}
		out = append(out, side)
	}
	return out, nil
}

// wordsOf is what gives words to plans under a recipe, or nil.
func (c *Case) wordsOf(r recipe.Recipe) func(*dataflow.Plan) (bool, error) {
	if c.Words == nil {
		return nil
	}
	return func(p *dataflow.Plan) (bool, error) { return c.Words(p, r) }
}

// Run takes the sides through all stages and compares them.
func (c *Case) Run(ctx context.Context) ([]record.Run, *record.Comparison, error) {
	sides, err := c.Sides(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := through(sides); err != nil {
		return nil, nil, err
	}
	return c.Compare(ctx, sides)
}

func through(sides []Side) error {
	for _, stage := range machine.Stages() {
		for i := range sides {
			if err := sides[i].Do(stage); err != nil {
				return err
			}
		}
	}
	return nil
}

// Compare says what the sides' runs decide, once they are through all stages: nothing if there is only one.
func (c *Case) Compare(ctx context.Context, sides []Side) ([]record.Run, *record.Comparison, error) {
	runs := make([]record.Run, len(sides))
	for i := range sides {
		runs[i] = sides[i].step.Run
	}
	if c.DenseOnly && c.products() {
		out, err := c.compareDenseOnly(sides, runs)
		return runs, out, err
	}
	if len(runs) == 1 {
		return runs, nil, c.price(runs, nil)
	}
	base, other := &runs[0], &runs[1]
	if base.Total.PerformedMACs == 0 { // a layer without products: nothing that a recipe could speed up
		return runs, nil, c.price(runs, nil)
	}
	out := &record.Comparison{
		Speedup:  ratio.Of(base.Total.Cycles, other.Total.Cycles),
		MACBound: ratio.Of(base.Total.PerformedMACs, other.Total.PerformedMACs),
	}
	for i := range base.Stages {
		if other.Stages[i].Cycles == 0 { // a network whose only weighted layer is the first has no BP
			continue
		}
		out.Stages = append(out.Stages, record.StageRatio{Stage: base.Stages[i].Stage, Speedup: ratio.Of(base.Stages[i].Cycles, other.Stages[i].Cycles)})
	}
	if c.Companions != NoCompanions {
		c.pruned = map[string]*workloads.Step{}
		for i := range sides {
			c.pruned[sides[i].step.Recipe.Name] = sides[i].step.Pruned
		}
		s := newSpares()
		s.give(sides[0].machine)
		if err := c.companions(ctx, base, other, out, s); err != nil {
			return nil, nil, err
		}
		if err := c.sameResources(ctx, base, other, out, s); err != nil {
			return nil, nil, err
		}
	}
	return runs, out, c.price(runs, out)
}
