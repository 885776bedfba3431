package machine

import (
	"context"
	"errors"
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/memo"
	"satsim/results/collect"
	"satsim/results/record"
	"satsim/sim"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Machine simulates steps on one spec. Groups that are equal to one that ran before are not run again. It is not safe for several
// goroutines.
type Machine struct {
	spec     spec.Spec
	platform *sim.Platform
	known    map[string]*sim.Outcome
	key      []byte
	ctx      context.Context // of the machine on which schedules are refined
	refiner  *refiner
	relay    *relay
	// Refine simulates so many of the best candidates of every product and keeps the best; less than 2: the predicted best.
	Refine int
	// Memo remembers searches and outcomes for other machines too; nil: this machine remembers its own.
	Memo *memo.Memo
	// Single: no other machine has this array, so searches leave in the memo what they choose, not what they found of the array on the way.
	Single bool
	// Energy is the table of the scheduler's objectives energy and edp; it may be nil for others.
	Energy *energy.Table
}

// MemoBytes is a memo's size for a run with all that is beside it, or for a sweep; outcomeBytes about that of an outcome and its key, the words left out.
const (
	MemoBytes    = 64 << 20
	outcomeBytes = 8 << 10
)

// Inherit takes what another machine has room for, which simulates nothing from then on.
func (m *Machine) Inherit(old *Machine) { m.platform.Inherit(old.platform) }

// Watcher follows the off-chip requests of steps.
type Watcher interface {
	// Plan says which step follows.
	Plan(p *dataflow.Plan)
	// Group says that group i of the plan follows; offset is what the engine's cycles lack to those of the step.
	Group(i int, offset int64)
	// Hook hears of every instruction that the memory starts.
	sim.Hook
}

// relay is the one hook that a machine has on its memory: hooks cannot be taken off, and each step may have a watcher of its own.
type relay struct{ to Watcher }

// Func implements sim.Hook.
func (r *relay) Func(c sim.HookCtx) {
	if r.to != nil {
		r.to.Func(c)
	}
}

// New builds the machine of a spec. With exhaustive every event is simulated and nothing is remembered; so it is with the detailed memory
// model, on which a group's outcome depends on the rows and queues that the one before in its step has left.
func New(ctx context.Context, s spec.Spec, exhaustive bool) (*Machine, error) {
	exhaustive = exhaustive || s.Board.Memory.Model == memory.ModelDetailed
	p, err := sim.New(ctx, s, !exhaustive)
	if err != nil {
		return nil, err
	}
	m := &Machine{spec: s, platform: p, ctx: ctx}
	if !exhaustive {
		m.known = map[string]*sim.Outcome{}
	}
	return m, nil
}

// Step is a training step on its way through a machine: each stage fills what the next ones read.
type Step struct {
	Dense  *workloads.Step
	Recipe recipe.Recipe
	// Pruned is the dense step under the recipe, for who has it from another machine; nil: the stage plan makes it.
	Pruned *workloads.Step
	// Words gives the plan's products their words, if it has some for this plan; nil: they are searched.
	Words func(*dataflow.Plan) (given bool, err error)
	// Progress is told after each group how many of how many are done; it may be nil.
	Progress func(done, total int)
	// Watch hears of every request to off-chip memory, on an exhaustive machine; it may be nil.
	Watch Watcher

	Plan *dataflow.Plan // of the stage plan; its words of the stage schedule
	Run  record.Run     // of the stage collect

	outcomes []*sim.Outcome // of the stage simulate, by group; equal groups share one
	ran      int64          // groups that were not known
	events   int64          // of those
}

// Stage is a part of a step's way.
type Stage struct {
	Name string
	Do   func(*Machine, *Step) error
}

// Stages lists them in their order.
func Stages() []Stage {
	return []Stage{
		{"plan", (*Machine).plan},
		{"schedule", (*Machine).schedule},
		{"simulate", (*Machine).simulate},
		{"collect", (*Machine).collect},
	}
}

// Do takes a step through all stages.
func (m *Machine) Do(s *Step) error {
	for _, stage := range Stages() {
		if err := stage.Do(m, s); err != nil {
			return err
		}
	}
	return nil
}

// Schedule takes a step through the stages before its simulation: then its plan has words.
func (m *Machine) Schedule(s *Step) error {
	if err := m.plan(s); err != nil {
		return err
	}
	return m.schedule(s)
}

// Time simulates a step that has words, and says how many cycles it takes. Nothing of it is recorded.
func (m *Machine) Time(s *Step) (cycles int64, err error) {
	if err := m.simulate(s); err != nil {
		return 0, err
	}
	for i := range s.outcomes {
		cycles += s.outcomes[i].Cycles
	}
	return cycles, nil
}

// Simulate runs a training step of a network under a recipe.
func (m *Machine) Simulate(dense *workloads.Step, r recipe.Recipe) (record.Run, error) {
	s := Step{Dense: dense, Recipe: r}
	err := m.Do(&s)
	return s.Run, err
}

// plan makes word groups of the step, and holds its footprint against the board.
func (m *Machine) plan(s *Step) error {
	if s.Pruned == nil {
		step, err := s.Recipe.Apply(*s.Dense)
		if err != nil {
			return err
		}
		s.Pruned = &step
	}
	step := s.Pruned
	var err error
	if s.Plan, err = Plan(m.spec, step, s.Recipe); err != nil {
		return err
	}
	if err := s.Plan.Capacity(); err != nil {
		return fmt.Errorf("%s at batch %d on %s: %w", step.Network, step.Images, m.spec.Board.Name, err)
	}
	return nil
}

// Accepts says why a step cannot run on a spec, as far as that is known before its words are searched.
func Accepts(s spec.Spec, dense *workloads.Step, r recipe.Recipe) error {
	return (&Machine{spec: s}).plan(&Step{Dense: dense, Recipe: r})
}

// Scheduled is a step with its words, on no machine: nothing of it can be simulated.
func Scheduled(ctx context.Context, s spec.Spec, dense *workloads.Step, r recipe.Recipe, table *energy.Table, known *memo.Memo) (*dataflow.Plan, error) {
	m := &Machine{spec: s, ctx: ctx, Energy: table, Memo: known}
	step := Step{Dense: dense, Recipe: r}
	err := m.Schedule(&step)
	return step.Plan, err
}

// Plan is a step as word groups, without words for its products.
func Plan(s spec.Spec, step *workloads.Step, r recipe.Recipe) (*dataflow.Plan, error) {
	d := s.Dataflow
	o := dataflow.Options{Interleave: d.InterleaveMapping, Pregenerate: d.Pregeneration, Overlap: d.OverlapPasses, Join: d.JoinGroups, Lanes: d.VectorUpdates, Update: r.Update()}
	for _, k := range d.Omitted() {
		o.Omit = append(o.Omit, workloads.PassKind(k))
	}
	if err := supports(&s, step); err != nil {
		return nil, err
	}
	return dataflow.New(step, s, o)
}

// supports refuses ratios that the hardware was not built for, before anything is planned.
func supports(s *spec.Spec, step *workloads.Step) error {
	n, m, keys := s.STCE.MaxN, s.STCE.MaxM, "stce.max_n, stce.max_m"
	if s.SORE.Built() { // the planner refuses what would have to be sorted without it
		n, m, keys = min(n, s.SORE.MaxN), min(m, s.SORE.MaxM), keys+", sore.max_n, sore.max_m"
	}
	for i := range step.Items {
		for k := range step.Items[i].Products {
			r := step.Items[i].Products[k].Sparse.Ratio
			if r.M > m || r.N > n {
				return fmt.Errorf("%s %s is pruned to %v; this hardware is built for at most %d:%d (%s)", step.Items[i].Layer, step.Items[i].Stage, r, n, m, keys)
			}
		}
	}
	return nil
}

// simulate runs the groups of a scheduled plan.
func (m *Machine) simulate(s *Step) error {
	groups := s.Plan.Groups
	s.outcomes, s.ran, s.events = make([]*sim.Outcome, len(groups)), 0, 0
	if err := m.renew(); err != nil {
		return err
	}
	if m.relay != nil {
		m.relay.to = nil
	}
	if s.Watch != nil {
		if m.known != nil {
			return errors.New("watching requests: the machine skips some; it has to be exhaustive")
		}
		s.Watch.Plan(s.Plan)
		if m.relay == nil {
			m.relay = &relay{}
			m.platform.Hook(word.Memory, m.relay)
		}
		m.relay.to = s.Watch
	}
	at := int64(0)
	for i := range groups {
		g := &groups[i]
		if s.Watch != nil {
			s.Watch.Group(i, at+m.spec.Controller.Reconfigure-m.platform.Now())
		}
		o, fresh, err := m.group(g)
		if err != nil {
			return fmt.Errorf("simulating %s: %w", g.Label, err)
		}
		s.outcomes[i] = o
		at += o.Cycles
		if fresh {
			s.ran++
			s.events += o.Events
		}
		if s.Progress != nil {
			s.Progress(i+1, len(groups))
		}
	}
	return nil
}

// renew gives a step on the detailed memory model a platform of its own: in rows, queues and the refresh interval that the step before has left,
// its outcome would depend on what else the machine was asked for.
func (m *Machine) renew() (err error) {
	if m.spec.Board.Memory.Model != memory.ModelDetailed || m.platform.Now() == 0 {
		return nil
	}
	m.platform, err = sim.New(m.ctx, m.spec, false)
	m.relay = nil // it was the old one's
	return err
}

// group runs a group, unless an equal one ran before on this machine: then its outcome is the same, and took no events. Nobody changes an outcome.
func (m *Machine) group(g *dataflow.Group) (*sim.Outcome, bool, error) {
	if m.known == nil {
		o, err := m.platform.Run(&g.Word)
		return &o, true, err
	}
	m.key = g.Word.AppendKey(m.key[:0])
	if o, ok := m.known[string(m.key)]; ok {
		return o, false, nil
	}
	key := m.reads(&g.Word)
	o, ok := memo.Get[reads, *sim.Outcome](m.Memo, key)
	if !ok {
		ran, err := m.platform.Run(&g.Word)
		if o = &ran; err != nil {
			return o, true, err
		}
		memo.Put(m.Memo, key, o, int64(len(key.words))+outcomeBytes)
	}
	m.known[key.words] = o
	return o, true, nil
}

// collect makes a record's run of the outcomes.
func (m *Machine) collect(s *Step) (err error) {
	if s.Run, err = collect.Run(s.Plan, s.outcomes); err != nil {
		return err
	}
	s.Run.Recipe, s.Run.Sparsity = s.Recipe.Name, Sparsity(s.Plan.Step)
	s.Run.Simulation.GroupsRun, s.Run.Simulation.Events = s.ran, s.events
	s.Run.FootprintBytes = s.Plan.Footprint().Bytes()
	return nil
}

// Sparsity of a step: the N:M of its pruned products, or that of masks that prune at the end of the training; 1:1 if there are none.
func Sparsity(s *workloads.Step) string {
	out := "1:1"
	for i := range s.Items {
		for k := range s.Items[i].Products {
			if r := s.Items[i].Products[k].Sparse.Ratio; r.M > 1 && !r.IsDense() {
				if out != "1:1" && out != r.String() {
					return "mixed"
				}
				out = r.String()
			}
		}
	}
	if out == "1:1" {
		return recipe.EndsAt(s).String()
	}
	return out
}
