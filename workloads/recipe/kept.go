package recipe

import (
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// keptAlone makes WU of layers whose rule says so give a gradient to what FF's mask keeps alone: masks stay, so dW, masters and state of the others are nobody's. Groups are whole, of one
// product of the layer, and nobody else adds to its gradient; other layers are updated as they are.
func (r Recipe) keptAlone(step *workloads.Step) {
	for i := range step.Items {
		it := &step.Items[i]
		if r.rule(it, workloads.WU).Prune != Weights || len(it.Products) != 1 || it.Products[0].Stage != workloads.WU {
			continue
		}
		p, ratio := &it.Products[0], r.ratio(r.rule(it, workloads.FF))
		alone := func(u workloads.Update) bool { return u.Matrix }
		at := slices.IndexFunc(it.Updates, alone)
		adds := slices.ContainsFunc(it.Passes, func(ps workloads.Pass) bool {
			return slices.ContainsFunc(ps.Reads, func(t workloads.Tensor) bool { return t.Name == p.Out.Name })
		})
		if at < 0 || adds || ratio.IsDense() || it.Weight.In%int64(ratio.M) != 0 || !prunedInFF(step, it.Layer) {
			continue
		}
		n := it.Updates[at].Parameters / int64(ratio.M) * int64(ratio.N)
		p.Sparse, p.Out.Elements = workloads.Sparsity{Ratio: ratio, Held: true}, n
		it.Updates = slices.Clone(it.Updates)
		it.Updates[at].Parameters, it.Updates[at].Weight.Elements, it.Kept = n, n, true
	}
}

// prunedInFF reports whether FF of a layer prunes its weight.
func prunedInFF(step *workloads.Step, layer string) bool {
	return slices.ContainsFunc(step.Items, func(it workloads.Item) bool {
		return it.Layer == layer && slices.ContainsFunc(it.Products, func(p workloads.Product) bool {
			return p.Stage == workloads.FF && p.Sparse.Operand == workloads.North && p.Sparse.Ratio.M > 1 && p.Sparse.Search == nm.TopN
		})
	})
}
