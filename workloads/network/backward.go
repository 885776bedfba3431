package network

import "satsim/workloads"

// gradient is one consumer's contribution to the gradient of a tensor.
type gradient struct {
	tensor workloads.Tensor
	shared bool // somebody else reads the array, too: it must not be overwritten
	part   bool // it is not all of its array, or is made in several items: nothing can fuse with its making
}

// backward writes a node's BP and WU work, given the gradient of its output.
func (b *builder) backward(n Layer) {
	if n.Op == Loss {
		b.backwardLoss(n)
		return
	}
	if !b.needs[n.Name] {
		return
	}
	g := b.gradientOf(n)
	switch n.Op {
	case Conv, Linear:
		b.backwardWeighted(n, g)
	case MatMul:
		b.backwardMatMul(n, g)
	case Embedding:
		b.backwardEmbedding(n, g)
	case BatchNorm, LayerNorm, RMSNorm:
		b.backwardNorm(n, g)
	case MaxPool, AvgPool, GlobalAvgPool:
		p := workloads.Pass{Kind: workloads.PoolGrad, Elements: b.windowElements(n), Reads: tensors(g.tensor)}
		if n.Op == MaxPool {
			p.Reads = append(p.Reads, b.indices(n))
		}
		d := b.newGradient(n, 0)
		p.Writes = tensors(d.tensor)
		b.pass(n, workloads.BP, p)
		b.contribute(n, 0, d)
	case Add:
		b.backwardAdd(n, g)
	case Mul:
		b.backwardMul(n, g)
	case Concat:
		for slot := range n.Inputs {
			part := gradient{tensor: g.tensor, shared: true, part: true}
			part.tensor.Elements = n.In[slot].Elements()
			b.contribute(n, slot, part)
		}
	case Slice:
		b.backwardSlice(n, g)
	case Reshape, Flatten, Transpose:
		if isView(n) {
			b.contribute(n, 0, g)
			return
		}
		d := b.newGradient(n, 0)
		b.pass(n, workloads.BP, workloads.Pass{
			Kind: workloads.Copy, Elements: n.Out.Elements(), Reads: tensors(g.tensor), Writes: tensors(d.tensor),
		})
		b.contribute(n, 0, d)
	default:
		b.backwardElementwise(n, g)
	}
}

func (b *builder) backwardLoss(n Layer) {
	labels := workloads.Tensor{
		Name: n.Name + ".labels", Role: workloads.Index, Elements: n.In[0].Elements() / n.In[0].last(), Bits: indexBits,
	}
	d := b.newGradient(n, 0)
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: workloads.Loss, Elements: n.In[0].Elements(), Reads: tensors(b.act(n.Inputs[0]), labels), Writes: tensors(d.tensor),
	})
	b.contribute(n, 0, d)
}

// newGradient is an array for what node n adds to the gradient of one of its inputs. The last contribution to a
// gradient takes the gradient's own name.
func (b *builder) newGradient(n Layer, slot int) gradient {
	in := n.Inputs[slot]
	d := gradient{tensor: workloads.Tensor{
		Name: b.gradientName(in), Role: workloads.Gradient, Elements: b.shape[in].Elements(), Bits: halfBits,
	}, part: b.sliced(in)}
	if len(b.grads[in]) < len(b.uses[in])-1 {
		d.tensor.Name += "/" + n.Name
		if slot > 0 {
			d.tensor.Name += "/2"
		}
		d.part = false
	}
	return d
}

// contribute records a gradient of one of n's inputs, unless that input needs none.
func (b *builder) contribute(n Layer, slot int, d gradient) {
	if in := n.Inputs[slot]; b.needs[in] {
		b.grads[in] = append(b.grads[in], d)
	}
}

// gradientName is the array of a tensor's gradient: d(x), or that of the tensor which x is a view of.
func (b *builder) gradientName(name string) string {
	for {
		at, ok := b.maker[name]
		if !ok || !isView(b.nodes[at]) {
			break
		}
		base := b.nodes[at].Inputs[0]
		if len(b.uses[base]) > 1 && !b.partition(base) {
			break
		}
		name = base
	}
	return "d(" + name + ")"
}

// sliced reports whether a tensor's gradient is a part of a larger array.
func (b *builder) sliced(name string) bool {
	for {
		at, ok := b.maker[name]
		if !ok || !isView(b.nodes[at]) {
			return false
		}
		n := b.nodes[at]
		base := n.Inputs[0]
		if n.Op == Slice && b.partition(base) {
			return true
		}
		if len(b.uses[base]) > 1 {
			return false
		}
		name = base
	}
}

// partition reports whether all consumers of a tensor are slices that do not overlap, so that each writes its part of
// the gradient and nothing is summed.
func (b *builder) partition(name string) bool {
	uses := b.uses[name]
	for i, u := range uses {
		n := b.nodes[u]
		if n.Op != Slice || n.Axis != b.nodes[uses[0]].Axis {
			return false
		}
		for _, v := range uses[:i] {
			if o := b.nodes[v]; n.Start < o.Start+o.Size && o.Start < n.Start+n.Size {
				return false
			}
		}
	}
	return len(uses) > 0
}

// gradientOf joins the contributions to the gradient of n's output.
func (b *builder) gradientOf(n Layer) gradient {
	parts := b.grads[n.Name]
	if len(parts) == 1 && !b.partition(n.Name) {
		return parts[0]
	}
	whole := workloads.Tensor{
		Name: b.gradientName(n.Name), Role: workloads.Gradient, Elements: n.Out.Elements(), Bits: halfBits,
	}
	if b.partition(n.Name) {
		var covered int64
		for _, p := range parts {
			covered += p.tensor.Elements
		}
		if rest := whole.Elements - covered; rest > 0 {
			fill := whole
			fill.Elements = rest
			// In the item of a part, so that it comes before any product that reads the whole.
			b.attach(b.made[whole.Name], n, workloads.Pass{Kind: workloads.ZeroFill, Elements: rest, Writes: tensors(fill)})
		}
		return gradient{tensor: whole, part: true}
	}
	last := 0
	for i, p := range parts {
		if b.made[p.tensor.Name] >= b.made[parts[last].tensor.Name] {
			last = i
		}
	}
	late := parts[last]
	pass := workloads.Pass{
		Kind: workloads.GradSum, Elements: n.Out.Elements() * int64(len(parts)-1), Reads: tensors(late.tensor), Writes: tensors(whole),
	}
	for i, p := range parts {
		if i != last {
			pass.Reads = append(pass.Reads, p.tensor)
		}
	}
	if !late.shared && !late.part && !b.sliced(n.Name) {
		pass.Writes = tensors(late.tensor)
	}
	if late.part {
		b.attach(b.made[late.tensor.Name], n, pass)
	} else {
		b.fuse(n, workloads.BP, pass)
	}
	return gradient{tensor: pass.Writes[0], part: b.sliced(n.Name)}
}

// inPlace is the gradient of an element-wise operator's input: in the array of the output's gradient when that is
// nobody else's.
func (b *builder) inPlace(n Layer, slot int, g gradient) gradient {
	if g.shared || g.part || b.sliced(n.Inputs[slot]) {
		return b.newGradient(n, slot)
	}
	return g
}

// elementwise adds a pass whose Reads[0] is the gradient g.
func (b *builder) elementwise(n Layer, g gradient, p workloads.Pass) {
	if g.part {
		b.pass(n, workloads.BP, p)
		return
	}
	b.fuse(n, workloads.BP, p)
}
