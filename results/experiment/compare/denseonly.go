package compare

import (
	"context"
	"errors"
	"fmt"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/internal/ratio"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// denseOnlySides runs the recipe against the baseline recipe on a dense-only array: without selectors, group registers, indices and SORE,
// of the rows and columns that fit the same DSPs, LUTs, flip-flops and RAMs; memory, clock, buffers, vector unit, scheduler and interleave
// are the same. What fits depends on the end of the resource estimates, so there are two baselines and the result is an interval: the
// comparison's speed-up is its lower end. The sides are the baseline at the low end, at the high end, and the recipe.
//
// Of the arrays that fit, the one is taken whose array cycles over the network's dense products are fewest, every product one tile in its
// best mode and interleave.
func (c *Case) denseOnlySides(ctx context.Context) ([]Side, error) {
	var out []Side
	for _, e := range ends() {
		size, err := bestSize(&c.Spec, c.Step, e.high)
		if err != nil {
			return nil, fmt.Errorf("dense-only baseline at the %s end of the estimates: %w", e.name, err)
		}
		name := fmt.Sprintf("%s on dense-only %dx%d", c.Baseline.Name, size.Rows, size.Cols)
		base, err := c.alone(ctx, size.Spec(c.Spec), c.Baseline, name)
		if err != nil {
			return nil, err
		}
		base.dense = size
		out = append(out, base)
	}
	other, err := c.alone(ctx, c.Spec, c.Recipe, c.Recipe.Name)
	if err != nil {
		return nil, err
	}
	other.step.Watch, other.step.Words = c.Watch, c.wordsOf(c.Recipe)
	return append(out, other), nil
}

// end of the resource estimates.
type end struct {
	name string
	high bool
}

func ends() []end { return []end{{"low", false}, {"high", true}} }

// alone is a side with a machine of its own.
func (c *Case) alone(ctx context.Context, s spec.Spec, r recipe.Recipe, name string) (Side, error) {
	m, err := machine.New(ctx, s, c.Exhaustive)
	if err != nil {
		return Side{}, err
	}
	m.Energy, m.Refine = c.Energy, c.Refine
	return c.side(m, r, name), nil
}

// compareDenseOnly compares the last run with the others.
func (c *Case) compareDenseOnly(sides []Side, runs []record.Run) (*record.Comparison, error) {
	out := &record.Comparison{}
	last := len(runs) - 1
	other := &runs[last]
	for i, e := range ends() {
		base, size := &runs[i], &sides[i].dense
		base.Recipe = sides[i].name
		d := record.DenseOnly{End: e.name, Rows: size.Rows, Cols: size.Cols, Speedup: ratio.Of(base.Total.Cycles, other.Total.Cycles)}
		if c.Energy != nil {
			p := Pricing(&c.Spec, c.Energy)
			if err := p.Energy(other, c.Step.Images); err != nil {
				return nil, fmt.Errorf("recipe %s: %w", other.Recipe, err)
			}
			built := size.Spec(c.Spec)
			alone := Pricing(&built, c.Energy)
			alone.FlipFlops = size.Use[fpga.FF].Mid()
			if err := alone.Energy(base, c.Step.Images); err != nil {
				return nil, fmt.Errorf("recipe %s: %w", base.Recipe, err)
			}
			var err error
			if d.Energy, err = p.Compare(base, other); err != nil {
				return nil, err
			}
		}
		out.DenseOnly = append(out.DenseOnly, d)
	}
	out.Speedup = min(out.DenseOnly[0].Speedup, out.DenseOnly[1].Speedup)
	out.MACBound = ratio.Of(runs[0].Total.PerformedMACs, other.Total.PerformedMACs)
	return out, nil
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
	configs := geometry.Arrays(*p, interleave)
	known := map[geometry.Shape]int64{}
	for i := range step.Items {
		for k := range step.Items[i].Products {
			shape := geometry.ShapeOf(&step.Items[i].Products[k])
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

func productCycles(p *stce.Params, configs []geometry.Array, s *geometry.Shape) (best int64) {
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
