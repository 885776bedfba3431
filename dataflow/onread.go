package dataflow

import (
	"fmt"
	"slices"

	"satsim/internal/diag"
	"satsim/workloads"
)

// OnRead lists the batch norms that the machine can apply where their result is read, instead of in a pass: those that the step allows, whose channels the
// normaliser's tables hold, and of which nothing is left out by name.
func (p *Plan) OnRead() []string {
	var out []string
	if !p.Spec.Norm.Built() || p.omitted(workloads.BatchNormApply) || p.omitted(workloads.Activate) {
		return nil
	}
	for _, f := range p.Step.Foldable() {
		if p.Spec.Norm.Takes(f.Channels) {
			out = append(out, f.Layer)
		}
	}
	return out
}

// Fold is the plan with some of them applied so. No product of it has words.
func (p *Plan) Fold(layers []string) (*Plan, error) {
	can := p.OnRead()
	for _, l := range layers {
		if !slices.Contains(can, l) {
			return nil, diag.Field("on_read", fmt.Sprintf("%q is no batch norm that this machine applies where its result is read", l), fmt.Sprintf("of %v", can))
		}
	}
	step, err := p.Step.OnRead(layers)
	if err != nil {
		return nil, err
	}
	q, err := New(&step, p.Spec, p.Options)
	if err != nil {
		return nil, err
	}
	q.Folded = slices.Concat(p.Folded, layers)
	return q, nil
}
