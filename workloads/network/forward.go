package network

import "satsim/workloads"

// forwardWeighted is a product, and the bias behind it.
func (b *builder) forwardWeighted(n Layer) {
	b.multiply(n, workloads.FF, b.ffProduct(n))
	b.keep(n)
	if n.Bias {
		y := b.act(n.Name)
		b.fuse(n, workloads.FF, workloads.Pass{
			Kind: n.row.ff.kind, Elements: y.Elements, Reads: tensors(y, b.vector(n)), Writes: tensors(y),
		})
	}
}

func (b *builder) forwardMatMul(n Layer) {
	b.multiply(n, workloads.FF, b.matmul(n).forward(b.act(n.Inputs[0]), b.act(n.Inputs[1]), b.act(n.Name)))
	b.keep(n)
}

func (b *builder) forwardLookup(n Layer) {
	out := b.act(n.Name)
	table := b.weight(n)
	table.Elements, table.Part = out.Elements, workloads.Rows
	b.pass(n, workloads.FF, workloads.Pass{
		Kind: n.row.ff.kind, Elements: out.Elements, Reads: tensors(b.act(n.Inputs[0]), table), Writes: tensors(out),
	})
	b.keep(n)
}

// forwardCopy moves what is no view.
func (b *builder) forwardCopy(n Layer) {
	if n.isView() {
		return
	}
	p := workloads.Pass{Kind: n.row.ff.kind, Elements: n.Out.Elements(), Writes: tensors(b.act(n.Name))}
	for _, in := range n.Inputs {
		p.Reads = append(p.Reads, b.act(in))
	}
	b.pass(n, workloads.FF, p)
}

func (b *builder) ffProduct(n Layer) workloads.Product {
	w := n.row.weight(n)
	y := b.act(n.Name)
	p := workloads.Product{
		Count: w.Groups, Rows: y.Elements / n.Channels, Cols: w.Out, Taps: w.Taps, Channels: w.In,
		North: b.weight(n), Out: y, Prunable: prunable(n),
	}
	p.Patches, p.West = b.gather(n)
	return p
}

// gather is the geometry by which a weighted layer reads its input, and what of it that reads.
func (b *builder) gather(n Layer) (workloads.Patches, workloads.Tensor) {
	x, t := n.In[0], b.act(n.Inputs[0])
	if !n.row.slides {
		rows := x.Elements() / x.last()
		return rowsOf(x[0], rows/x[0], x.last()), t
	}
	g := patchesOf(n)
	h := touched(g.InH, g.OutH, g.KernelH, g.StrideH, g.DilationH, g.PadTop)
	w := touched(g.InW, g.OutW, g.KernelW, g.StrideW, g.DilationW, g.PadLeft)
	return g, t.Take(g.Images*h*w*g.Channels, workloads.Reached)
}

// prunable reports whether recipes may prune the weight: not that of a depthwise convolution.
func prunable(n Layer) bool { return n.In[0].last() > n.Groups || n.Groups == 1 }

// keep saves what the backward pass of a node needs, as far as a gradient needs it.
func (b *builder) keep(n Layer) {
	switch n.row.keeps {
	case keepsNothing:
	case keepsInput:
		b.save(n, n.Inputs[0])
	case keepsOutput:
		b.save(n, n.Name)
	case keepsFactors:
		if b.needs[n.Inputs[1]] {
			b.save(n, n.Inputs[0])
		}
		if b.needs[n.Inputs[0]] {
			b.save(n, n.Inputs[1])
		}
	case keepsMask:
		b.saveTensor(n, b.mask(n))
	case keepsIndices:
		b.saveTensor(n, b.indices(n))
	}
}

// beside is what a node writes beside its output for the backward pass, and reads there again.
func (b *builder) beside(n Layer) []workloads.Tensor {
	switch n.row.keeps {
	case keepsMask:
		return tensors(b.mask(n))
	case keepsIndices:
		return tensors(b.indices(n))
	case keepsNothing, keepsInput, keepsOutput, keepsFactors:
	}
	return nil
}

// forwardBatchNorm sums beside the making of its input, and can begin only when that is done.
func (b *builder) forwardBatchNorm(n Layer) {
	x, y, stats := b.act(n.Inputs[0]), b.act(n.Name), b.stats(n)
	b.fuse(n, workloads.FF, workloads.Pass{
		Kind: workloads.BatchNormStats, Elements: x.Elements, Reads: tensors(x), Writes: tensors(stats),
	})
	b.pass(n, workloads.FF, workloads.Pass{
		Kind: n.row.ff.kind, Elements: x.Elements, Reads: tensors(stats, x, b.vector(n)), Writes: tensors(y), Barrier: true,
	})
	b.keep(n)
	b.saveTensor(n, stats)
}

// forwardRowNorm needs sums of a row, which stays on chip.
func (b *builder) forwardRowNorm(n Layer) {
	x, y, stats := b.act(n.Inputs[0]), b.act(n.Name), b.stats(n)
	b.pass(n, workloads.FF, workloads.Pass{
		Kind: n.row.ff.kind, Elements: x.Elements, Reads: tensors(x, b.vector(n)), Writes: tensors(y, stats),
	})
	b.keep(n)
	b.saveTensor(n, stats)
}

func (b *builder) forwardPool(n Layer) {
	p := workloads.Pass{
		Kind: n.row.ff.kind, Elements: b.windowElements(n), Reads: tensors(b.act(n.Inputs[0])), Writes: tensors(b.act(n.Name)),
	}
	if b.needs[n.Name] {
		p.Writes = append(p.Writes, b.beside(n)...)
		b.keep(n)
	}
	b.pass(n, workloads.FF, p)
}

// forwardPReLU reads its slopes beside the data.
func (b *builder) forwardPReLU(n Layer) {
	p := workloads.Pass{Kind: n.row.ff.kind, Elements: n.Out.Elements(), Reads: tensors(b.act(n.Inputs[0]), b.vector(n)), Writes: tensors(b.act(n.Name))}
	b.keep(n)
	if b.joins(n) {
		b.fuse(n, workloads.FF, p)
	} else {
		b.pass(n, workloads.FF, p)
	}
}

func (b *builder) windowElements(n Layer) int64 {
	if n.Kernel[0] == 0 {
		return n.In[0].Elements()
	}
	return n.Out.Elements() * n.Kernel[0] * n.Kernel[1]
}

// forwardElementwise makes each element from those of the operands at its place, or in its row. What fuses runs in the output path
// of whatever makes its last operand, where that is as large as the result.
func (b *builder) forwardElementwise(n Layer) {
	late := b.latest(n)
	p := workloads.Pass{
		Kind: n.row.ff.kind, Elements: n.row.ff.elements(n.Out.Elements()), Reads: tensors(b.act(n.Inputs[late])),
		Writes: tensors(b.act(n.Name)),
	}
	for slot, in := range n.Inputs {
		if slot != late {
			p.Reads = append(p.Reads, b.act(in))
		}
	}
	if b.needs[n.Name] {
		p.Writes = append(p.Writes, b.beside(n)...)
		b.keep(n)
	}
	if b.joins(n) {
		b.fuse(n, workloads.FF, p)
	} else {
		b.pass(n, workloads.FF, p)
	}
}

func tensors(t ...workloads.Tensor) []workloads.Tensor { return t }
