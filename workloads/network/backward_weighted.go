package network

import "satsim/workloads"

// backwardWeighted writes BP (one product for each phase of the stride), then WU and the update.
func (b *builder) backwardWeighted(n Layer, g gradient) {
	if b.needs[n.Inputs[0]] {
		d := b.newGradient(n, 0)
		if !n.row.slides {
			b.multiply(n, workloads.BP, b.bpLinear(n, g, d))
		} else {
			b.bpConv(n, g, d)
		}
		b.contribute(n, 0, d)
	}
	w := b.weight(n)
	dw := weightGradient(w)
	shared := n.Weight != "" && !b.nodes[b.maker[n.Weight]].row.adds
	if shared {
		dw.Name += "/" + n.Name
	}
	at := b.multiply(n, workloads.WU, b.wuProduct(n, g, dw))
	if n.Weight == "" {
		for _, other := range b.tied[n.Name] {
			from := dw
			from.Name += "/" + other
			b.fuse(n, workloads.WU, workloads.Pass{
				Kind: workloads.GradSum, Elements: dw.Elements, Reads: tensors(dw, from), Writes: tensors(dw),
			})
		}
		b.update(at, w, true)
	}
	if n.Bias {
		b.biasGradient(n, g)
		b.updateVector(n, at)
	}
}

// updateVector adds what others made of the gradient of a node's vector, and updates it; one that is another's is updated there.
func (b *builder) updateVector(n Layer, item int) {
	if n.Vector != "" {
		return
	}
	v, d := b.vector(n), b.vectorGradient(n)
	for _, other := range b.same[n.Name] {
		from := d
		from.Name += "/" + other
		item = b.pass(n, workloads.WU, workloads.Pass{Kind: workloads.GradSum, Elements: d.Elements, Reads: tensors(d, from), Writes: tensors(d)})
	}
	if item < 0 {
		item = b.item(n, workloads.WU)
	}
	b.update(item, v, false)
}

func (b *builder) update(item int, w workloads.Tensor, matrix bool) {
	it := &b.step.Items[item]
	it.Updates = append(it.Updates, workloads.Update{Parameters: w.Elements, Weight: w, Matrix: matrix})
}

// biasGradient sums dY over positions, beside the making of dY where that can be.
func (b *builder) biasGradient(n Layer, g gradient) {
	p := workloads.Pass{
		Kind: n.row.bp.kind, Elements: g.tensor.Elements, Reads: tensors(g.tensor), Writes: tensors(b.vectorGradient(n)),
	}
	if g.part {
		b.pass(n, workloads.WU, p)
		return
	}
	b.fuse(n, workloads.WU, p)
}

func (b *builder) bpLinear(n Layer, g, d gradient) workloads.Product {
	x := n.In[0]
	rows := x.Elements() / x.last()
	return workloads.Product{
		Count: 1, Rows: rows, Cols: x.last(), Taps: 1, Channels: n.Channels,
		West: g.tensor, North: b.weight(n), Out: d.tensor,
		Patches: rowsOf(x[0], rows/x[0], n.Channels), Prunable: true,
	}
}

// bpConv writes a product for each pair of residues that has taps, and one zero_fill for the input positions that no
// tap reaches.
func (b *builder) bpConv(n Layer, g, d gradient) {
	x, w := n.In[0], n.row.weight(n)
	var zeros int64
	high := phases(x[1], n.Kernel[0], n.Stride[0], n.Dilation[0], n.Pads[0])
	wide := phases(x[2], n.Kernel[1], n.Stride[1], n.Dilation[1], n.Pads[1])
	for i, h := range high {
		for j, v := range wide {
			rows, taps := x[0]*h.positions*v.positions, h.taps*v.taps
			if rows == 0 {
				continue
			}
			if taps == 0 {
				zeros += rows * x[3]
				continue
			}
			p := workloads.Product{
				Phase: i*len(wide) + j, Count: w.Groups, Rows: rows, Cols: w.In, Taps: taps, Channels: w.Out,
				West: g.tensor, North: b.weight(n), Out: d.tensor, Prunable: prunable(n),
				Patches: workloads.Patches{
					Images: x[0], OutH: h.positions, OutW: v.positions, InH: n.Out[1], InW: n.Out[2], Channels: n.Channels,
					KernelH: h.taps, KernelW: v.taps, StrideH: 1, StrideW: 1, DilationH: h.dilation, DilationW: v.dilation,
					PadTop: h.pad, PadLeft: v.pad,
				},
			}
			// A window that saw padding only is a row of dY that multiplies nothing.
			p.West = p.West.Take(x[0]*n.Channels*touched(n.Out[1], h.positions, h.taps, 1, h.dilation, h.pad)*
				touched(n.Out[2], v.positions, v.taps, 1, v.dilation, v.pad), workloads.Reached)
			p.North = p.North.Take(taps*w.In*w.Out*w.Groups, workloads.Phase)
			p.Out = p.Out.Take(rows*x[3], workloads.Phase)
			b.multiply(n, workloads.BP, p)
		}
	}
	if zeros > 0 {
		b.pass(n, workloads.BP, workloads.Pass{Kind: workloads.ZeroFill, Elements: zeros, Writes: tensors(d.tensor.Take(zeros, workloads.Rest))})
	}
}

func (b *builder) wuProduct(n Layer, g gradient, dw workloads.Tensor) workloads.Product {
	w := n.row.weight(n)
	p := workloads.Product{
		Count: w.Groups, Rows: w.Taps * w.In, Cols: w.Out, Taps: 1, Channels: n.Out.Elements() / n.Channels, North: g.tensor, Out: dw,
	}
	p.Patches, p.West = b.gather(n)
	return p
}

// backwardLookup adds dY into rows of the table's gradient and updates the whole table: the gradient is dense, as
// optimisers with state need it.
func (b *builder) backwardLookup(n Layer, g gradient) {
	w := b.weight(n)
	dw := weightGradient(w)
	if len(b.tied[n.Name]) == 0 {
		b.pass(n, workloads.WU, workloads.Pass{Kind: workloads.ZeroFill, Elements: dw.Elements, Writes: tensors(dw)})
	}
	rows := dw
	rows.Elements, rows.Part = n.Out.Elements(), workloads.Rows
	at := b.pass(n, workloads.WU, workloads.Pass{
		Kind: n.row.bp.kind, Elements: n.Out.Elements(), Reads: tensors(g.tensor, b.act(n.Inputs[0]), rows), Writes: tensors(rows),
	})
	b.update(at, w, len(b.tied[n.Name]) > 0)
}
