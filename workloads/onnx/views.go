package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

func (im *importer) reshapeNode(n *file.Node, in []*value) ([]*value, error) {
	target, err := im.outputShape(n, in)
	if err != nil {
		return nil, err
	}
	v, err := im.reshape(in[0], target, im.onlyLinear(n.Output()))
	return []*value{v}, err
}

// onlyLinear reports whether nothing but linear layers read a tensor, with element-wise operators between at most: the order of its last axis then
// is the order of a weight's rows and nothing else.
func (im *importer) onlyLinear(name string) bool {
	todo := []string{name}
	for steps := 0; len(todo) > 0; steps++ {
		name, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if steps > 64 || slices.Contains(im.outputs, name) {
			return false
		}
		for _, n := range im.readers[name] {
			switch n.Op {
			case "Gemm", "MatMul":
				if n.Input(0) != name || n.Int("transA", 0) != 0 || !im.isWeight(n.Input(1)) {
					return false
				}
			case "Relu", "LeakyRelu", "Clip", "Sigmoid", "Tanh", "Dropout", "Identity", "Cast", "BatchNormalization", "QuantizeLinear", "DequantizeLinear":
				todo = append(todo, n.Output())
			default:
				return false
			}
		}
	}
	return true
}

// isWeight reports whether a tensor is made from initialisers alone, as far as the nodes so far say.
func (im *importer) isWeight(name string) bool {
	v := im.values[name]
	return v != nil && (v.kind == parameter || v.kind == constant)
}

func (im *importer) transpose(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	perm, err := symbolic.Permutation(n, x.rank())
	if err != nil {
		return nil, err
	}
	if x.zeros != nil {
		return nil, errPadded
	}
	to := make([]int, len(perm)) // old axis -> new axis
	for i, p := range perm {
		to[p] = i
	}
	v := &value{kind: activation, shape: x.shape.Take(perm), tensor: x.tensor}
	for _, a := range x.layout {
		v.layout = append(v.layout, to[a])
	}
	return []*value{v}, nil
}

// concat lays values side by side along an axis.
func (im *importer) concat(n *file.Node, in []*value) ([]*value, error) {
	if len(in) == 1 {
		return same(in[0]), nil
	}
	var like *value
	for _, x := range in {
		if x == nil {
			return nil, errors.New("an input is left out")
		}
		if x.kind == activation && (like == nil || x.rank() > like.rank()) {
			like = x
		}
	}
	axis, err := symbolic.Axis(n.Int("axis", 0), like.rank())
	if err != nil {
		return nil, err
	}
	if axis == 1 && !slices.ContainsFunc(in, func(x *value) bool { return x.rank() != 4 || !x.shape[1].Unit() }) {
		channels := *like // which were apart: to put them last moves nothing
		channels.layout = channelsLast(4)
		like = &channels
	}
	parts := make([]*value, len(in))
	var inputs []string
	for i, x := range in {
		if x.rank() != like.rank() {
			return nil, fmt.Errorf("shapes %v and %v do not fit each other", x.shape, like.shape)
		}
		if x.kind != activation {
			if x, err = im.table(im.repeated(x, like, axis), like); err != nil {
				return nil, err
			}
		}
		parts[i] = x
		t, err := im.ordered(x, like.layout)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, t)
	}
	s, err := im.outputShape(n, parts)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{
		Name: label(n, ""), Op: network.Concat, Inputs: inputs, Axis: int64(like.position(axis)),
	}, s.Take(like.layout))
	return []*value{{kind: activation, shape: s, tensor: y, layout: like.layout}}, err
}

// repeated gives a parameter the batch of its neighbour where the file repeats it as often as its own, fixed, batch.
func (im *importer) repeated(p, like *value, axis int) *value {
	out := *p
	out.shape = append(symbolic.Shape{}, p.shape...)
	for i, e := range like.shape {
		if i != axis && e.Batch && im.hint > 0 && p.shape[i] == symbolic.Fixed(e.N*im.hint) {
			out.shape[i] = e
		}
	}
	return &out
}

func (im *importer) slice(n *file.Node, in []*value) ([]*value, error) {
	cuts, err := symbolic.Cuts(n, tensors(in))
	if err != nil {
		return nil, err
	}
	v := in[0]
	for i, c := range cuts {
		name := label(n, "")
		if i < len(cuts)-1 {
			name = fmt.Sprintf("%s.%d", name, i)
		}
		if c.Step == 1 {
			v, err = im.part(name, v, c.Axis, c.Start, c.Size)
		} else {
			v, err = im.everyNth(name, v, c)
		}
		if err != nil {
			return nil, err
		}
	}
	return same(v), nil
}

// part is a run of an activation along an axis.
func (im *importer) part(name string, v *value, axis int, start, size int64) (*value, error) {
	if size < 1 {
		return nil, fmt.Errorf("nothing is left of axis %d of %v", axis, v.shape)
	}
	x, err := im.plain(v)
	if err != nil {
		return nil, err
	}
	s := append(symbolic.Shape{}, v.shape...)
	s[axis] = symbolic.Fixed(size)
	y, err := im.emit(network.Node{
		Name: name, Op: network.Slice, Inputs: []string{x}, Axis: int64(v.position(axis)), Start: start, Size: size,
	}, s.Take(v.layout))
	return &value{kind: activation, shape: s, tensor: y, layout: v.layout}, err
}

func (im *importer) split(n *file.Node, in []*value) ([]*value, error) {
	axis, sizes, err := symbolic.Parts(n, tensors(in))
	if err != nil {
		return nil, err
	}
	var out []*value
	start := int64(0)
	for i, size := range sizes {
		v := same(in[0])[0]
		if len(sizes) > 1 {
			if v, err = im.part(n.Out[i], in[0], axis, start, size); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
		start += size
	}
	return out, nil
}

// gather picks one index of an activation, or a run of them.
func (im *importer) gather(n *file.Node, in []*value) ([]*value, error) {
	s, err := im.outputShape(n, in)
	if err != nil {
		return nil, err
	}
	axis, err := symbolic.Axis(n.Int("axis", 0), in[0].rank())
	if err != nil {
		return nil, err
	}
	index, ok := in[1].lit.Ints()
	if !ok && (in[1].kind == side || in[1].kind == constant && in[1].lit == nil) {
		return im.gatherByIDs(n, in[0], axis, in[1].shape, s)
	}
	if !ok || len(index) == 0 || in[0].shape[axis].Batch {
		return nil, errors.New("its indices are no fixed numbers along an axis other than the batch")
	}
	for i := range index {
		if index[i] < 0 {
			index[i] += in[0].shape[axis].N
		}
	}
	v, err := im.runs(label(n, ""), in[0], axis, index)
	if err != nil {
		return nil, err
	}
	v, err = im.reshape(v, s, false)
	return []*value{v}, err
}

// maxRuns bounds the slices that one choice of indices becomes.
const maxRuns = 64

// runs takes indices of an axis: a slice for each run of them, side by side.
func (im *importer) runs(name string, x *value, axis int, index []int64) (*value, error) {
	var parts []*value
	for i := 0; i < len(index); {
		size := 1
		for i+size < len(index) && index[i+size] == index[i]+int64(size) {
			size++
		}
		if len(parts) == maxRuns {
			im.leaveOut("choices of many fixed places are copies of as many, by a resize (%d)")
			return im.copies(name, x, axis, int64(len(index)))
		}
		own := name
		if i > 0 || size < len(index) {
			own = fmt.Sprintf("%s.%d", name, len(parts))
		}
		part, err := im.part(own, x, axis, index[i], int64(size))
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		i += size
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return im.concatenated(name, parts, axis)
}

// isLookup reports whether a Gather reads rows of a table by ids.
func (im *importer) isLookup(n *file.Node, in []*value) bool {
	return in[0].kind == parameter && in[0].rank() == 2 && n.Int("axis", 0) == 0 &&
		in[1].kind != activation && in[1].rank() > 0
}

// embedding is a table whose rows are looked up by ids, which come from outside.
func (im *importer) embedding(n *file.Node, in []*value) ([]*value, error) {
	table, ids := in[0], in[1]
	if _, taken := im.owners[table.root.name]; taken {
		return nil, fmt.Errorf("its table %q is the weight of an earlier layer", table.root.name)
	}
	if table.shape[0].Batch || table.shape[1].Batch {
		return nil, symbolic.ErrBatchAxis
	}
	name := ids.origin
	switch {
	case ids.kind == constant:
		name = label(n, table.root.name) + ".ids"
	case name == "":
		name = ids.name
		im.leaveOut("ids that are computed from other ids arrive as inputs (%d)")
	}
	order := batchFirst(ids.shape, identity(ids.rank()))
	index := im.indexInput(name, ids.shape.Take(order))
	s := append(ids.shape.Take(order), table.shape[1])
	y, err := im.emit(network.Node{
		Name: label(n, table.root.name), Op: network.Embedding, Inputs: []string{index}, Rows: table.shape[0].N, Channels: table.shape[1].N,
	}, s)
	im.owners[table.root.name] = y
	return []*value{{kind: activation, shape: append(append(symbolic.Shape{}, ids.shape...), table.shape[1]), tensor: y, layout: append(order, ids.rank())}}, err
}

// indexInput is the graph's input for ids of a name and shape.
func (im *importer) indexInput(name string, s symbolic.Shape) string {
	for _, in := range im.graph.Inputs {
		if in.Indices && in.Name == clean(name) && im.shapes[in.Name].Equal(s) {
			return in.Name
		}
	}
	return im.newInput(name, s, true)
}
