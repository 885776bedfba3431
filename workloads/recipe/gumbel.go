package recipe

import (
	"fmt"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// Gumbel is how masks are learned of logits: a Gumbel softmax of the six logits of a group, times a scale that grows, at a temperature that falls. The masks of the largest logits are those that stay.
type Gumbel struct {
	Temperature    float64 `yaml:"temperature,omitempty"`     // of the softmax in the first step
	TemperatureEnd float64 `yaml:"temperature_end,omitempty"` // behind the last; in between in a line
	Scale          float64 `yaml:"scale,omitempty"`           // of logits in the first step
	ScaleEnd       float64 `yaml:"scale_end,omitempty"`       // behind the last; in between in a line
	Prior          float64 `yaml:"prior,omitempty"`           // deviations of the first logits by which those of the largest weights begin above others
	Pull           float64 `yaml:"pull,omitempty"`            // of the loss a square of a kept weight takes off in the first step; falls in a line to 0 behind the last
}

// At is the softmax's temperature, the scale of the logits and the pull in a step of so many, counted from 0.
func (g Gumbel) At(step, steps int64) (temperature, scale, pull float64) {
	t := float64(step) / float64(steps)
	return g.Temperature + float64((g.TemperatureEnd-g.Temperature)*t), g.Scale + float64((g.ScaleEnd-g.Scale)*t), g.Pull * (1 - t)
}

// words say how masks are learned.
func (g Gumbel) words() string {
	text := fmt.Sprintf("whose softmax is at temperatures from %g to %g, of logits times %g to %g", g.Temperature, g.TemperatureEnd, g.Scale, g.ScaleEnd)
	if g.Prior != 0 {
		text += fmt.Sprintf(", with a prior of %g deviations for the largest weights", g.Prior)
	}
	if g.Pull != 0 {
		text += fmt.Sprintf(", %g times the squares of masked weights taken off the loss at first, and nothing at the end", g.Pull)
	}
	return text
}

// learning names what does not fit of masks that are learned.
func (r Recipe) learning(bad func(key, problem, accepted string)) {
	if !r.Logits {
		if r.Gumbel != (Gumbel{}) {
			bad("gumbel", "no mask is learned", "logits: true, or no gumbel")
		}
		return
	}
	if r.Sparsity != (OptionalRatio{}) && r.Sparsity.Ratio != LearnedRatio() {
		bad("sparsity", fmt.Sprintf("%v, and masks that are learned are of %v", r.Sparsity, LearnedRatio()), "2:4, or none")
	}
	if dense := func(o Operand) bool { return o == Dense || o == "" }; !dense(r.FF.Prune) || !dense(r.BP.Prune) || !dense(r.WU.Prune) || len(r.Schedule) > 0 {
		bad("logits", "masks are learned of dense weights, in all steps", "no rules but dense ones, no schedule")
	}
	for i, e := range r.Exceptions {
		if e.FF.Prune != Dense || e.BP.Prune != "" && e.BP.Prune != Dense || e.WU.Prune != "" && e.WU.Prune != Dense {
			bad(fmt.Sprintf("exceptions[%d].ff.prune", i), fmt.Sprintf("%s: masks are learned of dense weights, and an exception says of which layers none are", e.FF.Prune), "dense")
		}
	}
	for _, k := range []struct {
		key   string
		value float64
	}{{"temperature", r.Gumbel.Temperature}, {"temperature_end", r.Gumbel.TemperatureEnd}, {"scale", r.Gumbel.Scale}, {"scale_end", r.Gumbel.ScaleEnd}} {
		if k.value <= 0 {
			bad("gumbel."+k.key, fmt.Sprintf("%g, and masks are learned", k.value), "more than 0")
		}
	}
}

// LearnedRatio is that of masks that are learned: logits are of those of 2:4.
func LearnedRatio() nm.Ratio { return nm.Ratio{N: 2, M: LogitsGroup} }

// spared are layers of which no masks are learned.
func (r Recipe) spared(it *workloads.Item) bool {
	return slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.holds(it) })
}

// Learned reports whether a step with the recipe applied learns masks of a layer's weight.
func Learned(step *workloads.Step, layer string) bool {
	return slices.ContainsFunc(step.Items, func(it workloads.Item) bool { return it.Of == layer && it.Layer == layer+logitsOf })
}
