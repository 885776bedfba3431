package point

import (
	"context"
	"fmt"

	"satsim/arch/spec"
	"satsim/arch/vector"
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
	// Companions asks for the figures beside the headline, which take further simulations.
	Companions bool
	Progress   func(what string, done, total int)
}

// Compare runs both recipes. A recipe that is the baseline is run once, without a comparison.
func Compare(ctx context.Context, c Case) ([]record.Run, *record.Comparison, error) {
	base, other, err := c.pair(ctx, c.Spec, "")
	if err != nil {
		return nil, nil, err
	}
	if other == nil {
		return []record.Run{*base}, nil, nil
	}
	out := &record.Comparison{
		Speedup:  ratio(base.Total.Cycles, other.Total.Cycles),
		MACBound: ratio(base.Total.PerformedMACs, other.Total.PerformedMACs),
	}
	for i := range base.Stages {
		out.Stages = append(out.Stages, record.StageRatio{Stage: base.Stages[i].Stage, Speedup: ratio(base.Stages[i].Cycles, other.Stages[i].Cycles)})
	}
	if c.Companions {
		if err := c.companions(ctx, base, other, out); err != nil {
			return nil, nil, err
		}
	}
	return []record.Run{*base, *other}, out, nil
}

func ratio(a, b int64) float64 { return float64(a) / float64(b) }

// pair simulates the baseline and the recipe on a spec.
func (c *Case) pair(ctx context.Context, s spec.Spec, what string) (base, other *record.Run, err error) {
	m, err := NewMachine(ctx, s, c.Exhaustive)
	if err != nil {
		return nil, nil, err
	}
	run := func(r recipe.Recipe) (*record.Run, error) {
		if c.Progress != nil {
			m.Progress = func(done, total int) { c.Progress(r.Name+what, done, total) }
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
	b, o, err := c.pair(ctx, bare, " without vector work")
	if err != nil {
		return err
	}
	vb, vo := base.Total.VectorCycles, other.Total.VectorCycles
	out.VectorOverlapped = ratio(max(b.Total.Cycles, vb), max(o.Total.Cycles, vo))
	out.VectorSerial = ratio(b.Total.Cycles+vb, o.Total.Cycles+vo)
	for _, v := range c.variations() {
		b, o, err := c.pair(ctx, v.spec, " with "+v.name)
		if err != nil {
			return err
		}
		out.Sensitivity = append(out.Sensitivity, record.Sensitivity{Override: v.name, Speedup: ratio(b.Total.Cycles, o.Total.Cycles)})
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
