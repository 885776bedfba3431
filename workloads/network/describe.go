package network

// Describe writes a graph in the notation: one layer a node, in topological order, with the batch as a parameter. A
// reshape whose first extent is a multiple of the batch leaves that extent open, so that another batch fits, too.
func Describe(g *Graph) (*Description, error) {
	nodes, err := g.Layers()
	if err != nil {
		return nil, err
	}
	d := &Description{Name: g.Name, Note: g.Note, Layers: make([]LayerSpec, 0, len(nodes))}
	batch := int64(0)
	if len(g.Inputs) > 0 {
		batch = g.Inputs[0].Shape[0]
		d.Params = []Param{{Name: "batch", Value: number(batch)}}
	}
	for _, in := range g.Inputs {
		spec := InputSpec{Name: in.Name, Shape: numbers(in.Shape), Indices: in.Indices}
		if in.Shape[0] == batch {
			spec.Shape[0] = "batch"
		}
		d.Inputs = append(d.Inputs, spec)
	}
	for _, n := range nodes {
		d.Layers = append(d.Layers, describe(n, batch))
	}
	return d, nil
}

func describe(n Layer, batch int64) LayerSpec {
	l := LayerSpec{
		Name: n.Name, Op: n.Op, Input: n.Inputs, Bias: n.Bias, TransposeB: n.TransposeB, Causal: n.Causal, Weight: n.Weight, Vector: n.Vector,
		Channels: unlessZero(n.Channels), Rows: unlessZero(n.Rows), Axes: numbers(n.Axes), Axis: unlessZero(n.Axis),
		Start: unlessZero(n.Start), Size: unlessZero(n.Size), Shape: numbers(n.Shape),
	}
	if n.Groups > 1 || n.Groups == 1 && !n.row.slides { // a window's groups are one unless they are said
		l.Groups = number(n.Groups)
	}
	if n.Kernel != [2]int64{} {
		l.Kernel = numbers(n.Kernel[:])
	}
	if n.Stride[0] > 1 || n.Stride[1] > 1 {
		l.Stride = numbers(n.Stride[:])
	}
	if n.Dilation[0] > 1 || n.Dilation[1] > 1 {
		l.Dilation = numbers(n.Dilation[:])
	}
	if n.Pads != [4]int64{} {
		l.Pads = numbers(n.Pads[:])
	}
	open := false
	for _, v := range n.Shape {
		open = open || v == -1
	}
	if n.isView() && len(n.Shape) > 0 && !open && n.Shape[0]%batch == 0 { // a resize's shape has no batch
		l.Shape[0] = "-1"
	}
	return l
}

func numbers(v []int64) []Expr {
	var out []Expr
	for _, x := range v {
		out = append(out, number(x))
	}
	return out
}

func unlessZero(v int64) Expr {
	if v == 0 {
		return ""
	}
	return number(v)
}
