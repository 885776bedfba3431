package machine

import (
	"context"
	"errors"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/sim"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// Requested is what a step asks its off-chip memory for.
type Requested struct {
	Asked    memory.TrafficResult // as the machine asked, waiting for its other units too
	Requests []memory.Request     // in their order
}

// Traffic simulates a step and keeps its off-chip requests.
func Traffic(ctx context.Context, s spec.Spec, step *workloads.Step, r recipe.Recipe) (Requested, error) {
	m, err := New(ctx, s, true)
	if err != nil {
		return Requested{}, err
	}
	rec := recorder{tally: memory.NewTally()}
	asks := Step{Dense: step, Recipe: r, Watch: &rec}
	if err := m.Do(&asks); err != nil {
		return Requested{}, err
	}
	if len(rec.requests) == 0 {
		return Requested{}, errors.New("this part of the step moves nothing off-chip")
	}
	whole := asks.Run.Memory.Stages[len(asks.Run.Memory.Stages)-1]
	use := memory.Use{Mix: memory.Mix(whole.Mix), Shares: memory.Shares(whole.Shares)}
	return Requested{rec.tally.Result(s.Board.Memory, use, whole.Cycles, int64(s.Clock)), rec.requests}, nil
}

// recorder is a Watcher that keeps everything.
type recorder struct {
	plan     *dataflow.Plan
	ops      []*word.Op // of the group that runs
	tally    *memory.Tally
	requests []memory.Request
}

// Plan implements Watcher.
func (c *recorder) Plan(p *dataflow.Plan) { c.plan = p }

// Group implements Watcher.
func (c *recorder) Group(i int, _ int64) {
	c.ops = c.ops[:0]
	for si := range c.plan.Groups[i].Word.Streams {
		s := &c.plan.Groups[i].Word.Streams[si]
		for oi := range s.Ops {
			c.ops = append(c.ops, &s.Ops[oi])
		}
	}
}

// Func implements Watcher.
func (c *recorder) Func(ctx sim.HookCtx) {
	s, ok := sim.Started(ctx)
	if !ok {
		return
	}
	o := c.ops[s.Task]
	r := memory.RequestOf(o, &o.Variants[s.Variant].Work)
	if r.Bytes == 0 {
		return
	}
	c.tally.Add(s.Start, s.Done, &r)
	c.requests = append(c.requests, r)
}
