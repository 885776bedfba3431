package network

import "satsim/workloads"

// forward writes a node's FF work and what it keeps for the backward pass.
func (b *builder) forward(n Layer) {
	switch n.Op {
	case Conv, Linear:
		b.multiply(n, workloads.FF, b.ffProduct(n))
		b.save(n, n.Inputs[0])
		if n.Bias {
			y := b.act(n.Name)
			b.fuse(n, workloads.FF, workloads.Pass{
				Kind: workloads.Bias, Elements: y.Elements, Reads: tensors(y, b.vector(n)), Writes: tensors(y),
			})
		}
	case MatMul:
		b.multiply(n, workloads.FF, b.matmul(n).forward(b.act(n.Inputs[0]), b.act(n.Inputs[1]), b.act(n.Name)))
		b.saveFactors(n)
	case Embedding:
		out := b.act(n.Name)
		table := b.weight(n)
		table.Elements = out.Elements // rows that are looked up
		b.pass(n, workloads.FF, workloads.Pass{
			Kind: workloads.Gather, Elements: out.Elements, Reads: tensors(b.act(n.Inputs[0]), table), Writes: tensors(out),
		})
		b.save(n, n.Inputs[0])
	case BatchNorm, LayerNorm, RMSNorm:
		b.forwardNorm(n)
	case Loss:
		// The loss and its gradient are one pass, which begins the backward half.
	case MaxPool, AvgPool, GlobalAvgPool:
		b.forwardPool(n)
	case Concat:
		p := workloads.Pass{Kind: workloads.Copy, Elements: n.Out.Elements(), Writes: tensors(b.act(n.Name))}
		for _, in := range n.Inputs {
			p.Reads = append(p.Reads, b.act(in))
		}
		b.pass(n, workloads.FF, p)
	case Transpose, Reshape, Flatten, Slice:
		if !isView(n) {
			b.pass(n, workloads.FF, workloads.Pass{
				Kind: workloads.Copy, Elements: n.Out.Elements(), Reads: tensors(b.act(n.Inputs[0])), Writes: tensors(b.act(n.Name)),
			})
		}
	default:
		b.forwardElementwise(n)
	}
}

func (b *builder) ffProduct(n Layer) workloads.Product {
	w := weightShape(n)
	x, y := n.In[0], b.act(n.Name)
	p := workloads.Product{
		Count: w.Groups, Rows: y.Elements / n.Channels, Cols: w.Out, Taps: w.Taps, Channels: w.In,
		West: b.act(n.Inputs[0]), North: b.weight(n), Out: y, Prunable: prunable(n),
	}
	p.Patches, p.West.Elements = b.gather(n, x)
	return p
}

// gather is the geometry by which a weighted layer reads its input, and how many of its elements that reads.
func (b *builder) gather(n Layer, x Shape) (workloads.Patches, int64) {
	if n.Op == Linear {
		rows := x.Elements() / x.last()
		return rowsOf(x[0], rows/x[0], x.last()), x.Elements()
	}
	g := patchesOf(n)
	h := touched(g.InH, g.OutH, g.KernelH, g.StrideH, g.DilationH, g.PadTop)
	w := touched(g.InW, g.OutW, g.KernelW, g.StrideW, g.DilationW, g.PadLeft)
	return g, g.Images * h * w * g.Channels
}

// prunable reports whether recipes may prune the weight: not that of a depthwise convolution.
func prunable(n Layer) bool { return n.Op == Linear || n.In[0].last() > n.Groups || n.Groups == 1 }

func (b *builder) saveFactors(n Layer) {
	if b.needs[n.Inputs[1]] {
		b.save(n, n.Inputs[0])
	}
	if b.needs[n.Inputs[0]] {
		b.save(n, n.Inputs[1])
	}
}

func (b *builder) forwardNorm(n Layer) {
	x, y, stats := b.act(n.Inputs[0]), b.act(n.Name), b.stats(n)
	if n.Op == BatchNorm {
		b.fuse(n, workloads.FF, workloads.Pass{
			Kind: workloads.BatchNormStats, Elements: x.Elements, Reads: tensors(x), Writes: tensors(stats),
		})
		b.pass(n, workloads.FF, workloads.Pass{
			Kind: workloads.BatchNormApply, Elements: x.Elements, Reads: tensors(stats, x, b.vector(n)), Writes: tensors(y),
			Barrier: true,
		})
	} else {
		kind := workloads.LayerNorm
		if n.Op == RMSNorm {
			kind = workloads.RMSNorm
		}
		b.pass(n, workloads.FF, workloads.Pass{
			Kind: kind, Elements: x.Elements, Reads: tensors(x, b.vector(n)), Writes: tensors(y, stats),
		})
	}
	b.save(n, n.Inputs[0])
	b.saveTensor(n, stats)
}

func (b *builder) forwardPool(n Layer) {
	p := workloads.Pass{
		Kind: workloads.Pool, Elements: b.windowElements(n), Reads: tensors(b.act(n.Inputs[0])), Writes: tensors(b.act(n.Name)),
	}
	if n.Op == MaxPool && b.needs[n.Name] {
		p.Writes = append(p.Writes, b.indices(n))
		b.saveTensor(n, b.indices(n))
	}
	b.pass(n, workloads.FF, p)
}

func (b *builder) windowElements(n Layer) int64 {
	if n.Op == GlobalAvgPool {
		return n.In[0].Elements()
	}
	return n.Out.Elements() * n.Kernel[0] * n.Kernel[1]
}

// forwardElementwise handles operators that can run in the output path of whatever makes their last operand. Softmax
// needs whole rows, so it is a pass of its own.
func (b *builder) forwardElementwise(n Layer) {
	late := b.latest(n)
	p := workloads.Pass{Elements: n.Out.Elements(), Reads: tensors(b.act(n.Inputs[late])), Writes: tensors(b.act(n.Name))}
	needs := b.needs[n.Inputs[0]]
	switch n.Op {
	case ReLU, ReLU6:
		p.Kind = workloads.Activate
		if needs {
			p.Writes = append(p.Writes, b.mask(n))
			b.saveTensor(n, b.mask(n))
		}
	case GELU, SiLU:
		p.Kind = workloads.Transcend
		if needs {
			b.save(n, n.Inputs[0])
		}
	case Sigmoid, Tanh:
		p.Kind = workloads.Transcend
		if needs {
			b.save(n, n.Name)
		}
	case Rotary:
		// Each element is x*cos + turned x*sin: two multiplications.
		p.Kind = workloads.Mul
		p.Elements *= 2
	case Softmax:
		p.Kind = workloads.Softmax
		if needs {
			b.save(n, n.Name)
		}
		b.pass(n, workloads.FF, p)
		return
	case Add, Mul:
		p.Reads = append(p.Reads, b.act(n.Inputs[1-late]))
		p.Kind = workloads.Add
		if n.Op == Mul {
			p.Kind = workloads.Mul
			b.saveFactors(n)
		}
	}
	b.fuse(n, workloads.FF, p)
}

func tensors(t ...workloads.Tensor) []workloads.Tensor { return t }
