package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// outside says that numbers arrive with the data.
const outside = "masks and angles that are computed from ids or positions arrive as inputs without gradient (%d)"

// where takes the branch that the network computes, where the other hides scores. Else the mask is an input: a branch is multiplied by it, and another one, by what
// it leaves, is added.
func (im *importer) where(n *file.Node, in []*value) ([]*value, error) {
	mask := in[0]
	if mask.kind == activation {
		return nil, errors.New("what it chooses by is computed from data; masks that ids or constants give are accepted")
	}
	x, other := in[1], in[2]
	if x.kind != activation {
		x, other = other, x
	}
	out, err := symbolic.Broadcast(mask.shape, x.shape)
	if err != nil {
		return nil, err
	}
	if other.kind != activation && other.kind != parameter && out.Equal(x.shape) && im.towardsSoftmax(n.Output()) {
		im.leaveOut("masks of scores are left out: what they hide is computed all the same (%d)")
		return same(x), nil
	}
	if mask.rank() == 0 {
		return nil, errors.New("its mask has no axes: which branch it takes is not known before the network runs")
	}
	base := label(n, "")
	masked := func(v *value, name string) (*value, error) {
		m, err := im.table(mask, v)
		if err != nil {
			return nil, err
		}
		y, err := im.join(&file.Node{Name: name, Out: []string{name}}, network.Mul, v, m)
		if err != nil {
			return nil, err
		}
		y[0].name = name
		return y[0], nil
	}
	im.leaveOut(outside)
	y, err := masked(x, base)
	if err != nil || other.kind != activation && other.single() {
		return []*value{y}, err
	}
	if other.kind != activation {
		if other, err = im.table(other, y); err != nil {
			return nil, err
		}
	}
	z, err := masked(other, base+".other")
	if err != nil {
		return nil, err
	}
	return im.join(&file.Node{Name: base + ".both", Out: n.Out}, network.Add, y, z)
}

// byIDs says how a choice by ids is counted.
const byIDs = "choices by ids that are known as the network runs are counted as slices of as many, or copies where there are more (%d)"

// gatherByIDs takes as many of an axis as there are ids, whichever they are; more than it has are copies.
func (im *importer) gatherByIDs(n *file.Node, x *value, axis int, ids symbolic.Shape, out symbolic.Shape) ([]*value, error) {
	count, err := ids.Elements()
	if err != nil {
		return nil, err
	}
	if count.Batch || x.shape[axis].Batch || count.N < 1 {
		return nil, fmt.Errorf("its ids %v choose from axis %d of %v; ids and an axis without the batch are accepted", ids, axis, x.shape)
	}
	im.leaveOut(byIDs)
	var y *value
	if count.N > x.shape[axis].N {
		y, err = im.copies(label(n, ""), x, axis, count.N)
	} else {
		y, err = im.part(label(n, ""), x, axis, 0, count.N)
	}
	if err != nil {
		return nil, err
	}
	y, err = im.reshape(y, out, false)
	return []*value{y}, err
}

// gatherND takes one row of each sample: such as the token that ends a text.
func (im *importer) gatherND(n *file.Node, in []*value) ([]*value, error) {
	x, ids := in[0], in[1]
	if ids.kind == activation || x.rank() < 2 || ids.rank() != 2 || !x.shape[0].Batch || x.shape[0] != ids.shape[0] || ids.shape[1] != symbolic.Fixed(2-n.Int("batch_dims", 0)) {
		return nil, fmt.Errorf("its ids %v do not choose one row of each sample of %v", ids.shape, x.shape)
	}
	return im.gatherByIDs(n, x, 1, nil, append(symbolic.Shape{x.shape[0]}, x.shape[2:]...))
}

// gatherElements takes some of an axis.
func (im *importer) gatherElements(n *file.Node, in []*value) ([]*value, error) {
	x, ids := in[0], in[1]
	axis, err := symbolic.Axis(n.Int("axis", 0), x.rank())
	if err != nil {
		return nil, err
	}
	if ids.kind == activation || ids.rank() != x.rank() {
		return nil, errors.New("its ids are computed from data")
	}
	for i := range x.shape {
		if i != axis && ids.shape[i] != x.shape[i] {
			return nil, fmt.Errorf("its ids %v do not choose along axis %d of %v alone", ids.shape, axis, x.shape)
		}
	}
	return im.gatherByIDs(n, x, axis, ids.shape[axis:axis+1], ids.shape)
}

// turnsPairs reports whether a sum is x by cosines and x in another order by sines: rotary positions. It gives x.
func (im *importer) turnsPairs(a, b *value) (string, bool) {
	for _, pair := range [][2]*value{{a, b}, {b, a}} {
		x, okX := im.byAngles(pair[0].tensor)
		t, okT := im.byAngles(pair[1].tensor)
		if !okX || !okT || !im.shapes[x].Equal(im.shapes[pair[0].tensor]) || !slices.Equal(pair[0].layout, pair[1].layout) {
			continue
		}
		m := im.maker(t)
		last := im.shapes[x][len(im.shapes[x])-1]
		if m != nil && (m.Op == network.Concat || m.Op == network.Reshape) && im.reordered(t, x, 12) && !last.Batch && last.N%2 == 0 {
			return x, true
		}
	}
	return "", false
}

// byAngles is what a product multiplies by numbers that arrive with the data.
func (im *importer) byAngles(tensor string) (string, bool) {
	m := im.maker(tensor)
	if m == nil || m.Op != network.Mul {
		return "", false
	}
	given := func(t string) bool { return im.maker(t) == nil && im.given[t] }
	view := func(t string) string {
		for v := im.maker(t); v != nil && v.Op == network.Reshape; v = im.maker(t) {
			t = v.Inputs[0]
		}
		return t
	}
	switch {
	case given(view(m.Inputs[1])):
		return m.Inputs[0], true
	case given(view(m.Inputs[0])):
		return m.Inputs[1], true
	}
	return "", false
}

// reordered reports whether a tensor is nothing but parts of another one.
func (im *importer) reordered(t, of string, depth int) bool {
	if t == of {
		return true
	}
	m := im.maker(t)
	if m == nil || depth == 0 {
		return false
	}
	switch m.Op {
	case network.Slice, network.Concat, network.Reshape, network.Transpose:
		return !slices.ContainsFunc(m.Inputs, func(in string) bool { return !im.reordered(in, of, depth-1) })
	}
	return false
}
