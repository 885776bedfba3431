package compare

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/ratio"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// A dense-only array is one without selectors, group registers, indices and SORE, of rows and columns that take no more of the board
// (fpga.DenseOnly); memory, clock, buffers, vector unit, scheduler and interleave are the same. What fits depends on the end of the resource
// estimates, so there are a best one at the low end, at the middle and at the high end, and the comparison is an interval.
//
// Of the arrays that fit at an end, the tried fastest by the array's cycles over the network's dense products, every product one tile in its best
// mode and interleave, or joined as a dense array can, are simulated, and so is the one of the accelerator's own size; the fastest is taken. The accelerator itself is one more
// rival, since selectors and groups of M may serve dense training as well: they join the products of grouped convolutions. So the baseline is never slower than the accelerator
// that runs dense.

// tried is how many arrays are simulated at each end beside the one of the accelerator's size.
const tried = 8

// rival is the fastest machine for dense training at an end of the estimates.
type rival struct {
	end    fpga.End
	size   fpga.Size // of a dense-only array, but if it is
	own    bool      // the accelerator itself
	cycles int64     // of the step
}

// place is the rows and columns of an array, or the accelerator itself.
type place struct {
	rows, cols int
	own        bool
}

// rivals simulates dense-only arrays and keeps the fastest at each end. Those that cannot be faster than what was simulated at all of their ends are not scheduled
// (machine.Floor), or not simulated (machine.Least). What the baseline takes on the accelerator itself may be known; 0: it runs as well.
func (c *Case) rivals(ctx context.Context, known int64, s *spares) ([]rival, error) {
	ends, ranks := fpga.Ends(), newRanking(&c.Spec, c.Step)
	candidates := make([][]fpga.Size, len(ends))
	in := map[place][]int{} // ends
	var places []place
	itself := place{own: true}
	if known == 0 {
		places = append(places, itself)
	}
	for i, e := range ends {
		if known == 0 {
			in[itself] = append(in[itself], i)
		}
		candidates[i] = c.candidates(e, ranks)
		if len(candidates[i]) == 0 {
			return nil, fmt.Errorf("dense-only baseline at the %v end of the estimates: no array fits", e)
		}
		for _, z := range candidates[i] {
			at := place{rows: z.Rows, cols: z.Cols}
			if in[at] == nil {
				places = append(places, at)
			}
			in[at] = append(in[at], i)
		}
	}
	cycles, err := c.race(ctx, places, in, len(ends), known, s)
	if err != nil {
		return nil, err
	}
	of := func(z fpga.Size) int64 { return cycles[place{rows: z.Rows, cols: z.Cols}] }
	own := cmp.Or(known, cycles[itself])
	var out []rival
	for i, e := range ends {
		best := slices.MinFunc(candidates[i], func(a, b fpga.Size) int {
			return cmp.Or(cmp.Compare(of(a), of(b)), cmp.Compare(a.Rows*a.Cols, b.Rows*b.Cols), cmp.Compare(a.Rows, b.Rows))
		})
		r := rival{end: e, size: best, cycles: of(best)}
		if own < r.cycles {
			r = rival{end: e, own: true, cycles: own}
		}
		out = append(out, r)
	}
	return out, nil
}

// products is whether the step has any: what an array is chosen by.
func (c *Case) products() bool {
	return slices.ContainsFunc(c.Step.Items, func(x workloads.Item) bool { return len(x.Products) > 0 })
}

// candidates are the dense-only arrays of an end that are simulated.
func (c *Case) candidates(e fpga.End, r *ranking) []fpga.Size {
	own := &c.Spec.STCE
	sizes := fpga.DenseOnly(&c.Spec, e)
	if z, ok := fpga.Fitted(&c.Spec, e, own.Rows, own.Cols); ok {
		sizes = append([]fpga.Size{z}, sizes...)
	}
	first := sizes[0]
	out := r.fastest(sizes, tried)
	if len(out) > 0 && first.Rows == own.Rows && first.Cols == own.Cols && !slices.Contains(out, first) {
		out = append(out, first)
	}
	return out
}

// denseOnly is the baseline on a dense-only array, as a side with a machine of its own.
func (c *Case) denseOnly(ctx context.Context, z fpga.Size) (Side, error) {
	side, err := c.alone(ctx, z.Spec(c.Spec), c.Baseline, fmt.Sprintf("%s on dense-only %dx%d", c.Baseline.Name, z.Rows, z.Cols))
	if err != nil {
		return side, err
	}
	side.dense, side.machine.Single = z, true
	return side, nil
}

// denseOnlySides runs the recipe against the baseline recipe on dense-only arrays: the sides are the best array of each end, low to high, and the recipe.
func (c *Case) denseOnlySides(ctx context.Context) ([]Side, error) {
	best, err := c.rivals(ctx, 0, newSpares())
	if err != nil {
		return nil, err
	}
	var out []Side
	for _, r := range best {
		var base Side
		if r.own {
			base, err = c.alone(ctx, c.Spec, c.Baseline, c.Baseline.Name+" on the machine itself")
		} else {
			base, err = c.denseOnly(ctx, r.size)
		}
		if err != nil {
			return nil, err
		}
		base.end, base.own = r.end, r.own
		out = append(out, base)
	}
	other, err := c.alone(ctx, c.Spec, c.Recipe, c.Recipe.Name)
	if err != nil {
		return nil, err
	}
	other.step.Watch, other.step.Words = c.Watch, c.wordsOf(c.Recipe)
	return append(out, other), nil
}

// alone is a side with a machine of its own.
func (c *Case) alone(ctx context.Context, s spec.Spec, r recipe.Recipe, name string) (Side, error) {
	m, err := machine.New(ctx, s, c.Exhaustive)
	if err != nil {
		return Side{}, err
	}
	m.Energy, m.Refine, m.Memo = c.Energy, c.Refine, c.Memo
	return c.side(m, r, name), nil
}

// sameResources puts beside a comparison on one machine the speed-up over the best dense-only arrays, if the baseline prunes nothing.
func (c *Case) sameResources(ctx context.Context, base, other *record.Run, out *record.Comparison, s *spares) error {
	if base.Total.PerformedMACs != base.Total.DenseMACs {
		return nil
	}
	best, err := c.rivals(ctx, base.Total.Cycles, s)
	if err != nil {
		return err
	}
	for _, r := range best {
		out.DenseOnly = append(out.DenseOnly, c.against(r, other))
	}
	return nil
}

// against is the speed-up of a run over the rival.
func (c *Case) against(r rival, other *record.Run) record.DenseOnly {
	return record.DenseOnly{DenseOnlyStep: c.stepOf(r), Speedup: ratio.Of(r.cycles, other.Total.Cycles)}
}

func (c *Case) stepOf(r rival) record.DenseOnlyStep {
	if r.own {
		return record.DenseOnlyStep{End: r.end.String(), Rows: c.Spec.STCE.Rows, Cols: c.Spec.STCE.Cols, Own: true, Cycles: r.cycles}
	}
	return record.DenseOnlyStep{End: r.end.String(), Rows: r.size.Rows, Cols: r.size.Cols, Cycles: r.cycles}
}

// DenseOnlySteps is what the case's baseline takes on the fastest dense-only arrays of its machine's resources, from the low to the high end, where it takes so many cycles on
// the machine itself.
func (c *Case) DenseOnlySteps(ctx context.Context, own int64) ([]record.DenseOnlyStep, error) {
	best, err := c.rivals(ctx, own, newSpares())
	if err != nil {
		return nil, err
	}
	var out []record.DenseOnlyStep
	for _, r := range best {
		out = append(out, c.stepOf(r))
	}
	return out, nil
}

// compareDenseOnly compares the last run with the others.
func (c *Case) compareDenseOnly(sides []Side, runs []record.Run) (*record.Comparison, error) {
	out := &record.Comparison{}
	last := len(runs) - 1
	other := &runs[last]
	for i := range runs[:last] {
		base, side := &runs[i], &sides[i]
		base.Recipe = side.name
		d := c.against(rival{side.end, side.dense, side.own, base.Total.Cycles}, other)
		if c.Energy != nil {
			p := Pricing(&c.Spec, c.Energy)
			if err := p.Energy(other, c.Step.Images); err != nil {
				return nil, fmt.Errorf("recipe %s: %w", other.Recipe, err)
			}
			alone := p
			if !side.own {
				built := side.dense.Spec(c.Spec)
				alone = Pricing(&built, c.Energy)
				alone.FlipFlops = side.dense.Use[fpga.FF].Mid()
			}
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
	out.Speedup = out.SameResources()[0]
	out.MACBound = ratio.Of(runs[0].Total.PerformedMACs, other.Total.PerformedMACs)
	return out, nil
}
