package point

import (
	"context"
	"errors"
	"fmt"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// CompareDenseOnly runs the recipe against the baseline recipe on a dense-only array: without selectors, group registers, indices and SORE,
// of the rows and columns that fit the same DSPs, LUTs, flip-flops and RAMs; memory, clock, buffers, vector unit, scheduler and interleave
// are the same. What fits depends on the end of the resource estimates, so there are two baselines and the result is an interval: the
// comparison's speed-up is its lower end. The runs are the baseline at the low end, at the high end, and the recipe.
//
// Of the arrays that fit, the one is taken whose array cycles over the network's dense products are fewest, every product one tile in its
// best mode and interleave.
func CompareDenseOnly(ctx context.Context, c Case) ([]record.Run, *record.Comparison, error) {
	other, err := c.one(ctx, c.Spec, c.Recipe.Name, c.Recipe)
	if err != nil {
		return nil, nil, err
	}
	var runs []record.Run
	out := &record.Comparison{}
	for _, end := range []struct {
		name string
		high bool
	}{{"low", false}, {"high", true}} {
		size, err := bestSize(&c.Spec, c.Step, end.high)
		if err != nil {
			return nil, nil, fmt.Errorf("dense-only baseline at the %s end of the estimates: %w", end.name, err)
		}
		name := fmt.Sprintf("%s on dense-only %dx%d", c.Baseline.Name, size.Rows, size.Cols)
		base, err := c.one(ctx, size.Spec(c.Spec), name, c.Baseline)
		if err != nil {
			return nil, nil, err
		}
		base.Recipe = name
		d := record.DenseOnly{End: end.name, Rows: size.Rows, Cols: size.Cols, Speedup: ratio(base.Total.Cycles, other.Total.Cycles)}
		if c.Energy != nil {
			p := Pricing(&c.Spec, c.Energy)
			if err := p.Energy(other, c.Step.Images); err != nil {
				return nil, nil, fmt.Errorf("recipe %s: %w", other.Recipe, err)
			}
			p.FlipFlops = size.Use[fpga.FF].Mid()
			if err := p.Energy(base, c.Step.Images); err != nil {
				return nil, nil, fmt.Errorf("recipe %s: %w", base.Recipe, err)
			}
			if d.Energy, err = p.Compare(base, other); err != nil {
				return nil, nil, err
			}
		}
		out.DenseOnly = append(out.DenseOnly, d)
		runs = append(runs, *base)
	}
	out.Speedup = min(out.DenseOnly[0].Speedup, out.DenseOnly[1].Speedup)
	out.MACBound = ratio(runs[0].Total.PerformedMACs, other.Total.PerformedMACs)
	return append(runs, *other), out, nil
}

// one simulates one recipe on one spec; name is for progress and errors.
func (c *Case) one(ctx context.Context, s spec.Spec, name string, r recipe.Recipe) (*record.Run, error) {
	m, err := NewMachine(ctx, s, c.Exhaustive)
	if err != nil {
		return nil, err
	}
	m.Energy, m.Refine = c.Energy, c.Refine
	if name == c.Recipe.Name {
		m.Watch, m.Words = c.Watch, c.wordsOf(r)
	}
	if c.Progress != nil {
		m.Progress = func(done, total int) { c.Progress(name, done, total) }
	}
	out, _, err := m.Simulate(c.Step, r)
	if err != nil {
		return nil, fmt.Errorf("recipe %s: %w", name, err)
	}
	return &out, nil
}

// bestSize is the dense-only array of the fewest array cycles among those that fit.
func bestSize(s *spec.Spec, step *workloads.Step, high bool) (best fpga.Size, err error) {
	least := int64(0)
	for _, z := range fpga.DenseOnly(s, high) {
		d := z.Spec(*s)
		n := arrayCycles(&d.STCE, step, s.Dataflow.InterleaveMapping)
		if least == 0 || n < least {
			best, least = z, n
		}
	}
	if least == 0 {
		return best, errors.New("no array fits, or the network has no products")
	}
	return best, nil
}

// arrayCycles of a step's dense products, each one tile in its best mode and interleave.
func arrayCycles(p *stce.Params, step *workloads.Step, interleave bool) (sum int64) {
	configs := dataflow.Arrays(*p, interleave)
	known := map[dataflow.Shape]int64{}
	for i := range step.Items {
		for k := range step.Items[i].Products {
			shape := dataflow.ShapeOf(&step.Items[i].Products[k])
			n, ok := known[shape]
			if !ok {
				n = productCycles(p, configs, &shape)
				known[shape] = n
			}
			sum += n
		}
	}
	return sum
}

func productCycles(p *stce.Params, configs []dataflow.Array, s *dataflow.Shape) (best int64) {
	t := stce.Tile{Rows: s.B * s.OH * s.OW, Cols: s.F, Taps: s.Taps, Channels: s.C}
	if s.WU {
		t.Rows, t.Taps, t.Channels, t.Spill = s.Taps*s.C, 1, s.B*s.OH*s.OW, true
	}
	for i, a := range configs {
		t.Config = stce.Config{Mode: a.Mode, Over: a.Over, Interleave: a.Interleave, Ratio: nm.Dense}
		if n := p.Tile(t).Cycles * s.G; i == 0 || n < best {
			best = n
		}
	}
	return best
}
