package network

import (
	"satsim/internal/nm"
	"satsim/workloads"
)

// gradient is one consumer's contribution to the gradient of a tensor.
type gradient struct {
	tensor workloads.Tensor
	shared bool // somebody else reads the array, too: it must not be overwritten
	part   bool // it is not all of its array, or is made in several items: nothing can fuse with its making
}

// gradientFor is the backward half of a node, given the gradient of its output.
func (b *builder) gradientFor(n Layer) {
	switch {
	case n.row.ends:
		n.row.backward(b, n, gradient{})
	case b.needs[n.Name]:
		n.row.backward(b, n, b.gradientOf(n))
	}
}

func (b *builder) backwardLoss(n Layer, _ gradient) {
	labels := workloads.Tensor{
		Name: n.Name + ".labels", Role: workloads.Index, Elements: n.In[0].Elements() / n.In[0].last(), Format: nm.Word,
	}
	b.step.Inputs = append(b.step.Inputs, labels)
	d := b.newGradient(n, 0)
	b.pass(n, workloads.BP, workloads.Pass{
		Kind: n.row.bp.kind, Elements: n.In[0].Elements(), Reads: tensors(b.act(n.Inputs[0]), labels), Writes: tensors(d.tensor),
	})
	b.contribute(n, 0, d)
}

// newGradient is an array for what node n adds to the gradient of one of its inputs. The last contribution to a
// gradient takes the gradient's own name.
func (b *builder) newGradient(n Layer, slot int) gradient {
	in := n.Inputs[slot]
	d := gradient{tensor: workloads.Tensor{
		Name: b.gradient[in].name, Role: workloads.Gradient, Elements: b.shape[in].Elements(), Format: nm.FP16,
	}, part: b.gradient[in].sliced}
	if len(b.grads[in]) < len(b.uses[in])-1 {
		d.tensor.Name += "/" + n.Name
		if slot > 0 {
			d.tensor.Name += "/2"
		}
		d.part = false
	}
	if d.part {
		d.tensor.Part = workloads.Slice
	}
	return d
}

// contribute records a gradient of one of n's inputs, unless that input needs none.
func (b *builder) contribute(n Layer, slot int, d gradient) {
	if in := n.Inputs[slot]; b.needs[in] {
		b.grads[in] = append(b.grads[in], d)
	}
}

// gradientOf joins the contributions to the gradient of n's output.
func (b *builder) gradientOf(n Layer) gradient {
	parts := b.grads[n.Name]
	if len(parts) == 1 && !b.gradient[n.Name].parts {
		return parts[0]
	}
	whole := workloads.Tensor{
		Name: b.gradient[n.Name].name, Role: workloads.Gradient, Elements: n.Out.Elements(), Format: nm.FP16,
	}
	if b.gradient[n.Name].sliced {
		whole.Part = workloads.Slice
	}
	if b.gradient[n.Name].parts {
		var covered int64
		for _, p := range parts {
			covered += p.tensor.Elements
		}
		if rest := whole.Elements - covered; rest > 0 {
			fill := whole.Take(rest, workloads.Rest)
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
	if !late.shared && !late.part && !b.gradient[n.Name].sliced {
		pass.Writes = tensors(late.tensor)
	}
	if late.part {
		b.attach(b.made[late.tensor.Name], n, pass)
	} else {
		b.fuse(n, workloads.BP, pass)
	}
	return gradient{tensor: pass.Writes[0], part: b.gradient[n.Name].sliced}
}

// inPlace is the gradient of an element-wise operator's input: in the array of the output's gradient when that is
// nobody else's.
func (b *builder) inPlace(n Layer, slot int, g gradient) gradient {
	if g.shared || g.part || b.gradient[n.Inputs[slot]].sliced {
		return b.newGradient(n, slot)
	}
	return g
}

// elementwise adds a pass whose Reads[0] is the gradient g.
func (b *builder) elementwise(n Layer, g gradient, p workloads.Pass) {
	if g.part || !n.row.fuses {
		b.pass(n, workloads.BP, p)
		return
	}
	b.fuse(n, workloads.BP, p)
}
