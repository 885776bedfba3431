package onnx

import (
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// maxName bounds names in the graph; the notation takes 200 characters.
const maxName = 180

// fresh makes a name that the notation accepts and that nobody has.
func (im *importer) fresh(name string) string {
	name = clean(name)
	out := name
	for i := 2; im.taken[out]; i++ {
		out = fmt.Sprintf("%s_%d", name, i)
	}
	im.taken[out] = true
	return out
}

func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 127 || r == '\uFFFD' {
			return '_'
		}
		return r
	}, strings.TrimPrefix(name, "/"))
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	if name == "" {
		return "unnamed"
	}
	return name
}

// label names a node after its weight, without the ending that says it is one, or after the file's node.
func label(n *file.Node, weight string) string {
	if base, ok := strings.CutSuffix(weight, ".weight"); ok && base != "" {
		return base
	}
	if n.Name != "" {
		return n.Name
	}
	return n.Output()
}

// emit adds a node; its output has shape s, in the graph's order.
func (im *importer) emit(n network.Node, s symbolic.Shape) (string, error) {
	if _, err := s.Elements(); err != nil {
		return "", err
	}
	n.Name = im.fresh(n.Name)
	im.at[n.Name] = len(im.graph.Nodes)
	im.graph.Nodes = append(im.graph.Nodes, n)
	im.shapes[n.Name] = s
	im.trained[n.Name] = learns(n.Op) || slices.ContainsFunc(n.Inputs, func(in string) bool { return im.trained[in] })
	if len(n.Inputs) > 0 {
		im.outer[n.Name] = im.outer[n.Inputs[0]]
	}
	return n.Name, nil
}

// maker is the graph's node that makes a tensor, or nothing for inputs.
func (im *importer) maker(tensor string) *network.Node {
	if i, ok := im.at[tensor]; ok {
		return &im.graph.Nodes[i]
	}
	return nil
}

// plain is the graph's tensor of an activation.
func (im *importer) plain(v *value) (string, error) {
	if v.kind != activation {
		return "", fmt.Errorf("its input %q does not come from the network's data", v.name)
	}
	if v.zeros != nil {
		return "", errPadded
	}
	return v.tensor, nil
}

// ordered is the graph's tensor with its axes in an order, through a transpose if need be.
func (im *importer) ordered(v *value, layout []int) (string, error) {
	x, err := im.plain(v)
	if err != nil || slices.Equal(layout, v.layout) {
		return x, err
	}
	from := im.shapes[x]
	axes := make([]int, len(layout))
	var moved []int // axes of more than one element
	for i, a := range layout {
		axes[i] = v.position(a)
		if !from[axes[i]].Unit() {
			moved = append(moved, axes[i])
		}
	}
	to := from.Take(axes)
	if slices.IsSorted(moved) {
		return im.reshapeTo(x, to)
	}
	key := fmt.Sprint(x, axes)
	if t, ok := im.views[key]; ok {
		return t, nil
	}
	n := network.Node{Name: x + ".transpose", Op: network.Transpose, Inputs: []string{x}}
	for _, a := range axes {
		n.Axes = append(n.Axes, int64(a))
	}
	t, err := im.emit(n, to)
	im.views[key] = t
	return t, err
}

// reshapeTo is a tensor in another shape of the same order.
func (im *importer) reshapeTo(x string, to symbolic.Shape) (string, error) {
	if m := im.maker(x); m != nil && m.Op == network.Reshape {
		x = m.Inputs[0]
	}
	if im.shapes[x].Equal(to) {
		return x, nil
	}
	key := fmt.Sprint(x, to)
	if t, ok := im.views[key]; ok {
		return t, nil
	}
	t, err := im.emit(network.Node{Name: x + ".reshape", Op: network.Reshape, Inputs: []string{x}, Shape: to.At(im.batch)}, to)
	im.views[key] = t
	return t, err
}

// made records which of the file's tensors are a tensor of the graph.
func (im *importer) made(v *value) { im.aliases[v.tensor] = append(im.aliases[v.tensor], v.name) }

// readOnce reports whether one node of the file reads a tensor of the graph, under whatever name.
func (im *importer) readOnce(tensor string) bool {
	for _, name := range im.aliases[tensor] {
		if len(im.readers[name]) != 1 {
			return false
		}
	}
	return true
}

// rename gives a node of the graph that nothing reads yet another name.
func (im *importer) rename(old, name string) {
	name = im.fresh(name)
	im.graph.Nodes[im.at[old]].Name = name
	im.at[name], im.shapes[name], im.aliases[name], im.norms[name] = im.at[old], im.shapes[old], im.aliases[old], im.norms[old]
	im.outer[name], im.trained[name], im.vectors[name] = im.outer[old], im.trained[old], im.vectors[old]
	delete(im.vectors, old)
	for _, alias := range im.aliases[name] {
		im.values[alias].tensor = name
	}
}

// like is an activation in the order of another, made by a tensor of the graph.
func like(v *value, tensor string) []*value {
	return []*value{{kind: activation, shape: v.shape, tensor: tensor, layout: v.layout}}
}

// same is an activation under another name.
func same(v *value) []*value {
	out := *v
	return []*value{&out}
}

// reshape is an activation with other axes. Axes that are joined must follow one another in the graph: else they are brought together
// first. Extents of 1 come and go as they like.
func (im *importer) reshape(v *value, target symbolic.Shape, anyOrder bool) (*value, error) {
	blocks, err := symbolic.Align(v.shape, target, im.batch)
	if err != nil {
		return nil, err
	}
	positions := func(b symbolic.Block) []int { // where its axes stand in the graph
		var at []int
		for _, a := range b.From {
			at = append(at, v.position(a))
		}
		return at
	}
	var order [][]int
	inOrder := true
	for _, b := range blocks {
		order = append(order, positions(b))
	}
	busy := map[int]int{} // position in the graph -> block
	for i, at := range order {
		for _, p := range at {
			busy[p] = i
		}
	}
	for i, at := range order {
		b := blocks[i]
		for k := 1; k < len(at); k++ {
			ascending := at[k] > at[k-1]
			if anyOrder && len(b.To) == 1 {
				ascending = true
			}
			inOrder = inOrder && ascending
		}
		for p := slices.Min(at); p <= slices.Max(at); p++ {
			if owner, ok := busy[p]; ok && owner != i {
				inOrder = false
			}
		}
	}
	// Blocks stay where their last axis stands: the graph's last axis stays last, and moving others moves no data.
	slices.SortFunc(blocks, func(a, b symbolic.Block) int { return slices.Max(positions(a)) - slices.Max(positions(b)) })
	x, err := im.plain(v)
	if err != nil {
		return nil, err
	}
	if !inOrder {
		var layout []int
		for _, b := range blocks {
			layout = append(layout, b.From...)
		}
		for a := range v.shape {
			if !slices.Contains(layout, a) {
				layout = append(layout, a) // of one element
			}
		}
		if x, err = im.ordered(v, layout); err != nil {
			return nil, err
		}
	}
	out := &value{kind: activation, shape: target}
	for _, b := range blocks {
		for _, a := range b.To {
			// Extents of 1 stand before the axis that they stand before in the file.
			first := a
			for first > 0 && target[first-1].Unit() {
				first--
			}
			for u := first; u <= a; u++ {
				out.layout = append(out.layout, u)
			}
		}
	}
	// Those at the end stand before the last axis, which keeps channels last.
	for a := range target {
		if !slices.Contains(out.layout, a) {
			out.layout = slices.Insert(out.layout, max(0, len(out.layout)-1), a)
		}
	}
	if out.tensor, err = im.reshapeTo(x, target.Take(out.layout)); err != nil {
		return nil, err
	}
	im.outer[out.tensor] = im.outside(v) * v.shape.BeforeBatch() / target.BeforeBatch()
	return out, nil
}
