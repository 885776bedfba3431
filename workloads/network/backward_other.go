package network

import "satsim/workloads"

func (b *builder) backwardMatMul(n Layer, g gradient) {
	f := b.matmul(n)
	if b.needs[n.Inputs[0]] {
		d := b.newGradient(n, 0)
		b.multiply(n, workloads.BP, f.backwardA(g.tensor, b.act(n.Inputs[1]), d.tensor))
		b.contribute(n, 0, d)
	}
	if b.needs[n.Inputs[1]] {
		d := b.newGradient(n, 1)
		b.multiply(n, workloads.BP, f.backwardB(b.act(n.Inputs[0]), g.tensor, d.tensor))
		b.contribute(n, 1, d)
	}
}

// backwardBatchNorm needs two sums over the whole batch before the first gradient can leave.
func (b *builder) backwardBatchNorm(n Layer, g gradient) {
	x, stats, scale := b.act(n.Inputs[0]), b.stats(n), b.vector(n)
	sums := b.vectorGradient(n)
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: workloads.BatchNormReduce, Elements: x.Elements, Reads: tensors(g.tensor, x, stats), Writes: tensors(sums),
	})
	if b.needs[n.Inputs[0]] {
		d := b.newGradient(n, 0)
		b.contribute(n, 0, d)
		b.pass(n, workloads.BP, workloads.Pass{
			Kind: n.row.bp.kind, Elements: x.Elements, Reads: tensors(sums, g.tensor, x, stats, scale), Writes: tensors(d.tensor),
			Barrier: true,
		})
	}
	b.updateVector(n, -1)
}

// backwardRowNorm makes the gradients of input and parameters in one pass.
func (b *builder) backwardRowNorm(n Layer, g gradient) {
	x, stats, scale := b.act(n.Inputs[0]), b.stats(n), b.vector(n)
	p := workloads.Pass{
		Kind: n.row.bp.kind, Elements: x.Elements, Reads: tensors(g.tensor, x, stats, scale), Writes: tensors(b.vectorGradient(n)),
	}
	if b.needs[n.Inputs[0]] {
		d := b.newGradient(n, 0)
		p.Writes = append(tensors(d.tensor), p.Writes...)
		b.contribute(n, 0, d)
	}
	b.pass(n, workloads.BP, p)
	b.updateVector(n, -1)
}

// backwardPReLU makes the gradient of the input, and that of the slopes: a product and a sum an element.
func (b *builder) backwardPReLU(n Layer, g gradient) {
	x, slope := b.act(n.Inputs[0]), b.vector(n)
	if b.needs[n.Inputs[0]] {
		d := b.newGradient(n, 0)
		b.elementwise(n, g, workloads.Pass{
			Kind: n.row.bp.kind, Elements: n.Out.Elements(), Reads: tensors(g.tensor, x, slope), Writes: tensors(d.tensor),
		})
		b.contribute(n, 0, d)
	}
	b.pass(n, workloads.WU, workloads.Pass{
		Kind: workloads.BiasGrad, Elements: 2 * n.Out.Elements(), Reads: tensors(g.tensor, x), Writes: tensors(b.vectorGradient(n)),
	})
	b.updateVector(n, -1)
}

func (b *builder) backwardPool(n Layer, g gradient) {
	d := b.newGradient(n, 0)
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: n.row.bp.kind, Elements: b.windowElements(n), Reads: append(tensors(g.tensor), b.beside(n)...), Writes: tensors(d.tensor),
	})
	b.contribute(n, 0, d)
}

// backwardConcat: each operand's gradient is read where it lies.
func (b *builder) backwardConcat(n Layer, g gradient) {
	for slot := range n.Inputs {
		b.contribute(n, slot, gradient{tensor: g.tensor.Take(n.In[slot].Elements(), workloads.Slice), shared: true, part: true})
	}
}

// backwardCopy moves back what is no view.
func (b *builder) backwardCopy(n Layer, g gradient) {
	if n.isView() {
		b.contribute(n, 0, g)
		return
	}
	d := b.newGradient(n, 0)
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: n.row.bp.kind, Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(d.tensor),
	})
	b.contribute(n, 0, d)
}

// backwardAdd hands the gradient on: both operands share its array. An operand that was broadcast sums it.
func (b *builder) backwardAdd(n Layer, g gradient) {
	both := b.needs[n.Inputs[0]] && b.needs[n.Inputs[1]]
	for slot, in := range n.Inputs {
		if !b.needs[in] {
			continue
		}
		if n.In[slot].Elements() == n.Out.Elements() {
			g.shared = g.shared || both
			b.contribute(n, slot, g)
			continue
		}
		d := b.newGradient(n, slot)
		b.elementwise(n, g, workloads.Pass{
			Kind: n.row.bp.kind, Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(d.tensor),
		})
		b.contribute(n, slot, d)
	}
}

// backwardMul is one pass for both gradients; the first that is needed replaces dY. An operand that was broadcast gets
// its products summed in the same pass.
func (b *builder) backwardMul(n Layer, g gradient) {
	p := workloads.Pass{
		Kind: n.row.bp.kind, Elements: n.Out.Elements(), Reads: tensors(g.tensor),
	}
	spare := g
	for slot, in := range n.Inputs {
		if !b.needs[in] {
			continue
		}
		p.Reads = append(p.Reads, b.act(n.Inputs[1-slot]))
		d := b.newGradient(n, slot)
		if n.In[slot].equal(n.Out) {
			d = b.inPlace(n, slot, spare)
			spare.shared = true
		}
		p.Writes = append(p.Writes, d.tensor)
		b.contribute(n, slot, d)
	}
	b.elementwise(n, g, p)
}

// backwardSlice: where all consumers of the operand are disjoint slices the gradient is already in its place; else it
// is copied into zeros.
func (b *builder) backwardSlice(n Layer, g gradient) {
	base := n.Inputs[0]
	if b.gradient[base].parts {
		if want := b.gradient[base].name; g.tensor.Name != want {
			copied := g.tensor
			copied.Name, copied.Part = want, workloads.Slice
			b.pass(n, workloads.BP, workloads.Pass{
				Kind: n.row.bp.kind, Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(copied),
			})
			g.tensor = copied
		}
		g.part, g.shared = true, false
		b.contribute(n, 0, g)
		return
	}
	d := b.newGradient(n, 0)
	part := d.tensor.Take(n.Out.Elements(), workloads.Slice)
	rest := d.tensor.Take(d.tensor.Elements-part.Elements, workloads.Rest)
	if rest.Elements > 0 {
		b.pass(n, workloads.BP, workloads.Pass{Kind: workloads.ZeroFill, Elements: rest.Elements, Writes: tensors(rest)})
	}
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: n.row.bp.kind, Elements: part.Elements, Reads: tensors(g.tensor), Writes: tensors(part),
	})
	b.contribute(n, 0, d)
}

// backwardElementwise works in place on dY where it can, with what was kept.
func (b *builder) backwardElementwise(n Layer, g gradient) {
	d := b.inPlace(n, 0, g)
	p := workloads.Pass{
		Kind: n.row.bp.kind, Elements: n.row.bp.elements(n.Out.Elements()), Reads: append(tensors(g.tensor), b.beside(n)...),
		Writes: tensors(d.tensor),
	}
	switch n.row.keeps {
	case keepsInput:
		p.Reads = append(p.Reads, b.act(n.Inputs[0]))
	case keepsOutput:
		p.Reads = append(p.Reads, b.act(n.Name))
	case keepsMask, keepsIndices: // beside reads them
	case keepsNothing, keepsFactors:
	}
	b.elementwise(n, g, p)
	b.contribute(n, 0, d)
}
