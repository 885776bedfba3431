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

// backwardNorm: batch norm needs two sums over the whole batch before the first gradient can leave; layer and RMS norm
// need sums of a row, which stays on chip.
func (b *builder) backwardNorm(n Layer, g gradient) {
	x, stats, scale := b.act(n.Inputs[0]), b.stats(n), b.vector(n)
	sums := weightGradient(scale)
	needs := b.needs[n.Inputs[0]]
	if n.Op == BatchNorm {
		b.pass(n, workloads.BP, workloads.Pass{
			Kind: workloads.BatchNormReduce, Elements: x.Elements, Reads: tensors(g.tensor, x, stats), Writes: tensors(sums),
		})
	}
	grad := workloads.Pass{
		Kind: workloads.BatchNormGrad, Elements: x.Elements, Reads: tensors(sums, g.tensor, x, stats, scale), Barrier: true,
	}
	if n.Op != BatchNorm {
		grad = workloads.Pass{
			Kind: workloads.LayerNormGrad, Elements: x.Elements, Reads: tensors(g.tensor, x, stats, scale), Writes: tensors(sums),
		}
		if n.Op == RMSNorm {
			grad.Kind = workloads.RMSNormGrad
		}
	}
	if needs {
		d := b.newGradient(n, 0)
		grad.Writes = append(tensors(d.tensor), grad.Writes...)
		b.contribute(n, 0, d)
	}
	if needs || n.Op != BatchNorm {
		b.pass(n, workloads.BP, grad)
	}
	b.update(b.item(n, workloads.WU), scale, false)
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
			Kind: workloads.GradSum, Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(d.tensor),
		})
		b.contribute(n, slot, d)
	}
}

// backwardMul is one pass for both gradients; the first that is needed replaces dY. An operand that was broadcast gets
// its products summed in the same pass.
func (b *builder) backwardMul(n Layer, g gradient) {
	p := workloads.Pass{
		Kind: workloads.MulGrad, Elements: n.Out.Elements(), Reads: tensors(g.tensor),
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
			copied.Name = want
			b.pass(n, workloads.BP, workloads.Pass{
				Kind: workloads.Copy, Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(copied),
			})
			g.tensor = copied
		}
		g.part, g.shared = true, false
		b.contribute(n, 0, g)
		return
	}
	d := b.newGradient(n, 0)
	part, rest := d.tensor, d.tensor
	part.Elements = n.Out.Elements()
	rest.Elements = d.tensor.Elements - part.Elements
	if rest.Elements > 0 {
		b.pass(n, workloads.BP, workloads.Pass{Kind: workloads.ZeroFill, Elements: rest.Elements, Writes: tensors(rest)})
	}
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: workloads.Copy, Elements: part.Elements, Reads: tensors(g.tensor), Writes: tensors(part),
	})
	b.contribute(n, 0, d)
}

// backwardElementwise handles operators that can run in the output path of whatever makes dY, and softmax, which needs
// whole rows.
func (b *builder) backwardElementwise(n Layer, g gradient) {
	d := b.inPlace(n, 0, g)
	p := workloads.Pass{Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(d.tensor)}
	switch n.Op {
	case ReLU, ReLU6:
		p.Kind = workloads.ActivateGrad
		p.Reads = append(p.Reads, b.mask(n))
	case GELU, SiLU:
		p.Kind = workloads.TranscendGrad
		p.Reads = append(p.Reads, b.act(n.Inputs[0]))
	case Sigmoid, Tanh:
		p.Kind = workloads.TranscendGrad
		p.Reads = append(p.Reads, b.act(n.Name))
	case Rotary:
		p.Kind = workloads.Mul
		p.Elements *= 2
	case Softmax:
		p.Kind = workloads.SoftmaxGrad
		p.Reads = append(p.Reads, b.act(n.Name))
		b.pass(n, workloads.BP, p)
		b.contribute(n, 0, d)
		return
	}
	b.elementwise(n, g, p)
	b.contribute(n, 0, d)
}
