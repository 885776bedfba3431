package recipe

import (
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// drawnOf is the name of what a layer draws of its gradient, which another layer may have as well, and draws for itself.
func drawnOf(layer string) string { return layer + ".drawn" }

// drawn gives products of WU the unbiased estimate of their gradient, which the vector unit draws where the gradient is made, and which is stored pruned. Groups are whole, or
// the product stays dense.
func (r Recipe) drawn(step *workloads.Step) {
	for i := range step.Items {
		it := &step.Items[i]
		wu := r.wuRule(it)
		if !wu.draws() {
			continue
		}
		for k := range it.Products {
			p := &it.Products[k]
			if p.Stage != workloads.WU || p.Sparse.Ratio.M == 0 {
				continue
			}
			at := makerOf(step, i, p.North.Name)
			if at < 0 || p.Channels%int64(p.Sparse.Ratio.M) != 0 || p.North.Part != 0 {
				p.Sparse = workloads.Sparsity{}
				continue
			}
			y := p.North
			p.North = workloads.Tensor{Name: drawnOf(it.Layer), Role: workloads.Gradient, Elements: y.Elements, Format: nm.Packed(p.Sparse.Ratio)}
			step.Items[at].Passes = append(slices.Clone(step.Items[at].Passes), drawing(y, p.North, it.Layer, wu)...)
		}
	}
}

// makerOf is the last item before another that makes an array; -1: none.
func makerOf(step *workloads.Step, before int, name string) int {
	is := func(t workloads.Tensor) bool { return t.Name == name }
	for i := before - 1; i >= 0; i-- {
		it := &step.Items[i]
		if slices.ContainsFunc(it.Products, func(p workloads.Product) bool { return is(p.Out) }) ||
			slices.ContainsFunc(it.Passes, func(p workloads.Pass) bool { return slices.ContainsFunc(p.Writes, is) }) {
			return i
		}
	}
	return -1
}

// drawing is the work of an estimate, as kinds that the vector unit has programs for: additions, the largest and its place as in a pool, selects as in the gradient of a clip; and what is done once a group, its random number first. The last
// leaves what is drawn beside the gradient.
func drawing(y, to workloads.Tensor, layer string, wu WURule) (out []workloads.Pass) {
	ratio := to.Format.Ratio
	pass := func(kind workloads.PassKind, each, row int64, writes ...workloads.Tensor) {
		if each > 0 {
			out = append(out, workloads.Pass{Kind: kind, Elements: each * y.Elements, Row: row, Reads: []workloads.Tensor{y}, Writes: writes, Layer: layer, Fused: true})
		}
	}
	l, once := wu.drawing(ratio), ratio.DrawingOnce(wu.Estimator == Uniform)
	group := int64(ratio.M)
	pass(workloads.Random, once.Numbers, group)
	pass(workloads.Add, l.Adds, 0)
	pass(workloads.Divide, once.Divides, group)
	for range once.Scales { // one after the other: a pass has an operation a group
		pass(workloads.Scale, 1, group)
	}
	pass(workloads.Pool, l.Compares, 0)
	pass(workloads.ActivateGrad, l.Selects, 0, to)
	return out
}
