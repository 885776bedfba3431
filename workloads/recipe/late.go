package recipe

import (
	"fmt"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

const maxScales = 1000

// Late is the N:M to which the weight of a layer is pruned at the end of its phase alone; until then products are dense, and the masks are those of a decay. 1:1: it is not.
func (r Recipe) Late(it *workloads.Item) nm.Ratio {
	ff := r.rule(it, workloads.FF)
	if ratio := r.ratio(ff); ff.Prune == Weights && ff.Mask == LateMask && it.Weight.In >= int64(ratio.M) {
		return ratio
	}
	return nm.Dense
}

// EndsAt is the N:M of masks that prune at the end of a training and no product of the step yet: late ones, or those that are learned; 1:1: there are none.
func EndsAt(step *workloads.Step) nm.Ratio {
	for i := range step.Items {
		it := &step.Items[i]
		for k := range it.Updates {
			if it.Updates[k].Late.M > 0 {
				return it.Updates[k].Late
			}
		}
		if it.Of != "" && it.Layer == it.Of+logitsOf {
			return LearnedRatio()
		}
	}
	return nm.Dense
}

// late: some mask is, outside of the schedule.
func (r Recipe) late() bool {
	return r.FF.Mask == LateMask || slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.FF.Mask == LateMask })
}

// Pulled is the part of late masks' decay in a step of so many of their phase, counted from 0: it rises in a line from 0 in the first step to 1 behind the last.
func (r Recipe) Pulled(step, steps int64) float64 { return float64(step) / float64(steps) }

// ofLate names what does not fit of late masks, of what goes with them, and of a teacher. late: some mask is, in the schedule, too.
func (r Recipe) ofLate(late bool, bad func(key, problem, accepted string)) {
	if r.L1Decay != 0 && !late {
		bad("l1_decay", "no mask prunes weights at the end alone", "ff.mask: late, in the recipe, an exception or a phase, or no l1_decay")
	}
	if r.L1Decay != 0 && r.Optimiser != Adam && r.Optimiser != AdamW {
		bad("l1_decay", fmt.Sprintf("it is part of Adam's step, and the optimiser is %s", r.Optimiser), "optimiser: adam or adamw, or no l1_decay")
	}
	if r.Scales != 0 && !late {
		bad("scales", "no mask prunes weights at the end alone", "ff.mask: late, in the recipe, an exception or a phase, or no scales")
	}
	if r.Teacher && (r.Distilled <= 0 || r.Distilled > 1) {
		bad("distilled", fmt.Sprintf("%g of the loss is the teacher's", r.Distilled), "more than 0, up to 1")
	}
	if !r.Teacher && r.Distilled != 0 {
		bad("distilled", "there is no teacher", "teacher: true, or no distilled")
	}
}

// lateWords say what is done to weights beside the search of late masks.
func (r Recipe) lateWords(ff Rule) string {
	w := r.ending()
	text := fmt.Sprintf(" (%d compares a weight where they are found", r.ratio(ff).N)
	if n := w.Operations(1); n > 0 {
		text += fmt.Sprintf(", %d operations a weight in each step", n)
	}
	text += ")"
	if r.L1Decay != 0 {
		text += fmt.Sprintf("; what they do not keep is pulled to zero in %s's step: (1 - a) m + a * %g sign(W) in the place of the mean gradient m, a from 0 to 1", r.Optimiser, r.L1Decay)
	}
	if r.Scales != 0 {
		text += fmt.Sprintf("; %d trained factors of each output's weights", r.Scales)
	}
	return text
}
