package recipe

import (
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// activations reports whether FF prunes what a layer reads: there are as many channels as a group has.
func (r Recipe) activations(it *workloads.Item) bool {
	ff := r.rule(it, workloads.FF)
	ratio := r.ratio(ff)
	return ff.Prune == Activations && !ratio.IsDense() && it.Weight.In >= int64(ratio.M)
}

// exchange gives a product of WU its transposed form: dW^T = dY^T X, in which X takes the value-serial side. Every position of both is read once, and by itself.
func exchange(p *workloads.Product) {
	p.West, p.North = p.North, p.West
	p.Rows, p.Cols = p.Cols, p.Rows
	p.Patches.Channels = p.Rows
}

// masked makes what FF pruned of activations get no gradient: the vector unit finds their places anew, in the output path of BP, which reads X beside.
func (r Recipe) masked(step *workloads.Step) {
	read := map[string]workloads.Tensor{} // by layer, what FF prunes
	for i := range step.Items {
		it := &step.Items[i]
		for k := range it.Products {
			p := &it.Products[k]
			switch {
			case p.Stage == workloads.FF && p.Sparse.Operand == workloads.West && p.Sparse.Ratio.M > 0:
				read[it.Layer] = p.West
			case p.Stage != workloads.BP || k > 0: // products of one item make parts of one gradient
			case read[it.Layer].Name != "":
				ratio := r.ratio(r.rule(it, workloads.FF))
				it.Passes = slices.Concat(masking(it, read[it.Layer], ratio), it.Passes)
			}
		}
	}
}

// masking is the work of it, as kinds that the vector unit has programs for: the N largest of each group and their places, as in a pool, and a select as in the gradient of a clip.
func masking(it *workloads.Item, x workloads.Tensor, ratio nm.Ratio) []workloads.Pass {
	d, elements := it.Products[0].Out, int64(0)
	for k := range it.Products {
		elements += it.Products[k].Out.Elements
	}
	d.Elements = elements
	l := ratio.Masking()
	pass := func(kind workloads.PassKind, each int64, beside ...workloads.Tensor) workloads.Pass {
		return workloads.Pass{Kind: kind, Elements: each * elements, Reads: append([]workloads.Tensor{d}, beside...), Writes: []workloads.Tensor{d}, Layer: it.Layer, Fused: true}
	}
	return []workloads.Pass{pass(workloads.Pool, l.Compares, x), pass(workloads.ActivateGrad, l.Selects)}
}
