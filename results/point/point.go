package point

import (
	"context"
	"errors"
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/schedule"
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
	known    map[string]sim.Outcome
	key      []byte
	ctx      context.Context // of the machine on which schedules are refined
	refiner  *refiner
	// Words gives a plan's products their words, if it has some for this plan; nil: they are searched.
	Words func(*dataflow.Plan) (given bool, err error)
	// Refine simulates so many of the best candidates of every product and keeps the best; less than 2: the predicted best.
	Refine int
	// Energy is the table of the scheduler's objectives energy and edp; it may be nil for others.
	Energy *energy.Table
	// Progress is told after each group how many of how many are done; it may be nil.
	Progress func(done, total int)
	// Watch hears of every request to off-chip memory, on an exhaustive machine; it may be nil.
	Watch Watcher
}

// Watcher follows the off-chip requests of steps.
type Watcher interface {
	// Plan says which step follows.
	Plan(p *dataflow.Plan)
	// Group says that group i of the plan follows; offset is what the engine's cycles lack to those of the step.
	Group(i int, offset int64)
	// Request implements memory.Watch.
	Request(now, done int64, task int, variant int32)
}

// NewMachine builds the machine of a spec. With exhaustive every event is simulated and nothing is remembered; so it is with the detailed memory
// model, on which a group's outcome depends on the rows and queues that the one before has left.
func NewMachine(ctx context.Context, s spec.Spec, exhaustive bool) (*Machine, error) {
	exhaustive = exhaustive || s.Board.Memory.Model == memory.ModelDetailed
	p, err := sim.New(ctx, s, !exhaustive)
	if err != nil {
		return nil, err
	}
	m := &Machine{spec: s, platform: p, ctx: ctx}
	if !exhaustive {
		m.known = map[string]sim.Outcome{}
	}
	return m, nil
}

// Simulate runs a training step of a network under a recipe.
func (m *Machine) Simulate(dense *workloads.Step, r recipe.Recipe) (record.Run, *dataflow.Plan, error) {
	plan, err := m.Scheduled(dense, r)
	if err != nil {
		return record.Run{}, nil, err
	}
	run, err := m.Run(plan, r)
	return run, plan, err
}

// Scheduled is the plan of a network's training step under a recipe, with words for all its groups.
func (m *Machine) Scheduled(dense *workloads.Step, r recipe.Recipe) (*dataflow.Plan, error) {
	step, err := r.Apply(*dense)
	if err != nil {
		return nil, err
	}
	plan, err := Plan(m.spec, &step, r)
	if err != nil {
		return nil, err
	}
	if err := plan.Capacity(); err != nil {
		return nil, fmt.Errorf("%s at batch %d on %s: %w", step.Network, step.Images, m.spec.Board.Name, err)
	}
	return plan, m.schedule(plan)
}

// Plan is a step as word groups, without words for its products.
func Plan(s spec.Spec, step *workloads.Step, r recipe.Recipe) (*dataflow.Plan, error) {
	d := s.Dataflow
	o := dataflow.Options{Interleave: d.InterleaveMapping, Pregenerate: d.Pregeneration, Overlap: d.OverlapPasses, Update: r.Update()}
	for _, k := range d.Omit {
		o.Omit = append(o.Omit, workloads.PassKind(k))
	}
	if err := supports(&s, step); err != nil {
		return nil, err
	}
	return dataflow.New(step, s, o)
}

// supports refuses ratios that the hardware was not built for, before anything is planned.
func supports(s *spec.Spec, step *workloads.Step) error {
	for i := range step.Items {
		for k := range step.Items[i].Products {
			r := step.Items[i].Products[k].Sparse.Ratio
			if r.M > s.STCE.MaxM || r.N > s.STCE.MaxN || r.M > s.SORE.MaxM || r.N > s.SORE.MaxN {
				return fmt.Errorf("%s %s is pruned to %v; this hardware is built for at most %d:%d (stce.max_n, stce.max_m, sore.max_n, sore.max_m)",
					step.Items[i].Layer, step.Items[i].Stage, r, min(s.STCE.MaxN, s.SORE.MaxN), min(s.STCE.MaxM, s.SORE.MaxM))
			}
		}
	}
	return nil
}

// searcher of words for a plan. The table is for the objectives energy and edp; nil does for the others.
func searcher(p *dataflow.Plan, t *energy.Table) (*schedule.Searcher, error) {
	weigh, err := objective(&p.Spec, t)
	if err != nil {
		return nil, err
	}
	return schedule.NewSearcher(p, schedule.Objective(p.Spec.Dataflow.Objective), weigh)
}

// Run simulates the groups of a scheduled plan.
func (m *Machine) Run(p *dataflow.Plan, r recipe.Recipe) (record.Run, error) {
	outcomes := make([]sim.Outcome, len(p.Groups))
	ran, at := int64(0), int64(0)
	m.platform.Watch(nil)
	if m.Watch != nil {
		if m.known != nil {
			return record.Run{}, errors.New("watching requests: the machine skips some; it has to be exhaustive")
		}
		m.Watch.Plan(p)
		m.platform.Watch(m.Watch.Request)
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		if m.Watch != nil {
			m.Watch.Group(i, at+m.spec.Controller.Reconfigure-m.platform.Now())
		}
		o, fresh, err := m.group(g)
		if err != nil {
			return record.Run{}, fmt.Errorf("simulating %s: %w", g.Label, err)
		}
		outcomes[i] = o
		at += o.Cycles
		if fresh {
			ran++
		}
		if m.Progress != nil {
			m.Progress(i+1, len(p.Groups))
		}
	}
	out, err := collect.Run(p, outcomes)
	if err != nil {
		return out, err
	}
	out.Recipe, out.Sparsity = r.Name, Sparsity(p.Step)
	out.Simulation.GroupsRun = ran
	out.FootprintBytes = p.Footprint().Bytes()
	return out, nil
}

// group runs a group, unless an equal one ran before: then its outcome is the same, and took no events.
func (m *Machine) group(g *dataflow.Group) (sim.Outcome, bool, error) {
	if m.known == nil {
		o, err := m.platform.Run(&g.Word)
		return o, true, err
	}
	m.key = g.Word.AppendKey(m.key[:0])
	if o, ok := m.known[string(m.key)]; ok {
		o.Events = 0
		return o, false, nil
	}
	o, err := m.platform.Run(&g.Word)
	if err == nil {
		m.known[string(m.key)] = o
	}
	return o, true, err
}

// Sparsity of a step: the N:M of its pruned products, 1:1 if there are none.
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
	return out
}
