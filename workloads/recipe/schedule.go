package recipe

import (
	"fmt"
	"math"
)

// StepKind is a kind of step, of which a training has Steps.
type StepKind struct {
	Name   string
	Steps  int64
	Recipe Recipe // of these steps: without schedule, its masks refreshed or fixed
}

// During is the recipe in a phase: of the steps of a training that is this phase alone.
func (r Recipe) During(p Phase) Recipe {
	if p.Sparsity != (OptionalRatio{}) {
		r = r.Sparsify(p.Sparsity.Ratio)
	}
	r.FF, r.BP, r.WU = or(p.FF, r.FF), or(p.BP, r.BP), p.WU.or(r.WU)
	if p.Masks != 0 {
		r.Masks = p.Masks
	}
	if p.Adapters != 0 {
		r.Adapters = p.Adapters
	}
	r.Name += " " + p.Name
	return r.alone()
}

// alone is the recipe without its schedule, and without what no rule outside of it uses: what a phase had it for would be refused.
func (r Recipe) alone() Recipe {
	r.Schedule, r.Epochs = nil, 0
	if !r.masksFF() {
		r.SRSTELambda = 0
	}
	if !r.transposable() {
		r.Search = ""
	}
	if !r.permutes() {
		r.Permutation = Permutation{}
	}
	if !r.fades() {
		r.Decay, r.DecayLeft = "", 0
	}
	if !r.late() {
		r.L1Decay, r.Scales = 0, 0
	}
	return r
}

// Variants lists the kinds of steps of the whole training, in the order in which they begin. A phase whose masks are
// refreshed every k steps begins with a refresh and has two kinds of steps.
func (r Recipe) Variants(stepsPerEpoch int64) ([]StepKind, error) {
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	if stepsPerEpoch < 1 || stepsPerEpoch > math.MaxInt64/maxEpochs {
		return nil, fmt.Errorf("recipe %s: %d steps an epoch; at least 1 is accepted", r.Name, stepsPerEpoch)
	}
	if r.Epochs == 0 {
		return nil, fmt.Errorf("recipe %s: epochs is not given; the cost of a training needs it", r.Name)
	}
	var out []StepKind
	left := r.Epochs
	for _, p := range r.Schedule {
		out = append(out, split(r.During(p), p.Epochs*stepsPerEpoch)...)
		left -= p.Epochs
	}
	return append(out, split(r.alone(), left*stepsPerEpoch)...), nil
}

// sharedSteps an epoch are so many that the last few of masks that are kept are none.
const sharedSteps = 1000

// Shares lists the kinds of steps of the whole training, of which nothing but their shares counts. A recipe without epochs is one step.
func (r Recipe) Shares() ([]StepKind, error) {
	if r.Epochs == 0 {
		return []StepKind{{Name: r.Name, Steps: 1, Recipe: r}}, nil
	}
	return r.Variants(sharedSteps)
}

// split divides steps into those that search masks and those that keep them.
func split(r Recipe, steps int64) []StepKind {
	if steps == 0 {
		return nil
	}
	sparse := !r.ratio(r.FF).IsDense() && r.FF.Prune == Weights || !r.ratio(r.BP).IsDense() && r.BP.Prune == Weights
	for _, e := range r.Exceptions {
		ff, bp := or(e.FF, r.FF), or(e.BP, r.BP)
		sparse = sparse || ff.Prune == Weights && !r.ratio(ff).IsDense() || bp.Prune == Weights && !r.ratio(bp).IsDense()
	}
	k := int64(r.Masks)
	what, keep := "masks", r
	switch {
	case sparse && k > 1:
		keep.Masks = Never
	case r.Permutation.Steps > 1:
		what, k, keep.Permutation.Steps = "order", int64(r.Permutation.Steps), Never
	default:
		return []StepKind{{Name: r.Name, Steps: steps, Recipe: r}}
	}
	refreshes := (steps + k - 1) / k // what they find is for k steps
	out := []StepKind{{Name: r.Name + ", new " + what, Steps: refreshes, Recipe: r}}
	if steps > refreshes {
		out = append(out, StepKind{Name: r.Name + ", kept " + what, Steps: steps - refreshes, Recipe: keep})
	}
	return out
}

// Total is the cost of a training: that of a step of each variant, times their numbers.
func Total(variants []StepKind, cost func(StepKind) (int64, error)) (int64, error) {
	var sum int64
	for _, v := range variants {
		c, err := cost(v)
		if err != nil {
			return 0, fmt.Errorf("cost of %s: %w", v.Name, err)
		}
		if c < 0 || c > 0 && v.Steps > (math.MaxInt64-sum)/c {
			return 0, fmt.Errorf("cost of %s: %d times %d steps does not fit 64 bits", v.Name, c, v.Steps)
		}
		sum += c * v.Steps
	}
	return sum, nil
}
