package onnx

import (
	"errors"
	"fmt"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// fixedExtents gives a weight's extents, none of which may hang on the batch.
func fixedExtents(w *value, rank int) ([]int64, error) {
	if w == nil || w.kind == activation || w.kind == side {
		return nil, errors.New("its weight is no constant and no initialiser")
	}
	if w.whole != "" {
		return nil, fmt.Errorf("its weight %q holds %s numbers; weights of floating point are trained", w.name, w.whole)
	}
	if w.rank() != rank {
		return nil, fmt.Errorf("its weight has shape %v; %d axes are needed", w.shape, rank)
	}
	var out []int64
	for _, e := range w.shape {
		if e.Batch || e.N < 1 {
			return nil, fmt.Errorf("its weight has shape %v", w.shape)
		}
		out = append(out, e.N)
	}
	return out, nil
}

func (im *importer) conv(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	spatial := x.rank() - 2
	if spatial == 3 {
		return im.conv3(n, in)
	}
	if spatial != 1 && spatial != 2 {
		return nil, fmt.Errorf("it convolves %v; one to three axes behind the channels are accepted", x.shape)
	}
	w, err := fixedExtents(in[1], x.rank())
	if err != nil {
		return nil, err
	}
	groups := n.Int("group", 1)
	if channels := x.shape[1]; channels.Batch || groups < 1 || channels.N != w[1]*groups {
		return nil, fmt.Errorf("its weight has shape %v; the input %v and %d groups do not fit that", in[1].shape, x.shape, groups)
	}
	win, err := newWindow(n, x, w[2:])
	if err != nil {
		return nil, err
	}
	if isBlur(n, w, func(taps, groups int64) []float64 { return im.kernels(in[1], taps, groups) }) {
		return im.blur(n, x, in[1], win)
	}
	t, s, err := im.images(x)
	if err != nil {
		return nil, err
	}
	op := network.Node{
		Name: label(n, rootName(in[1])), Op: network.Conv, Inputs: []string{t}, Channels: w[0], Kernel: win.kernel, Stride: win.stride,
		Dilation: win.dilation, Pads: win.pads, Groups: groups, Bias: len(in) > 2 && in[2] != nil,
	}
	if owner, taken := im.ownerOf(in[1], ""); taken {
		op.Name, op.Weight = label(n, ""), owner
		if m := im.maker(owner); m == nil || m.Op != network.Conv || m.Kernel != op.Kernel || m.Channels != op.Channels || m.Groups != op.Groups {
			return nil, fmt.Errorf("it shares its weight with %q, which is no convolution of its shape", owner)
		}
	}
	y, err := im.emit(op, symbolic.Shape{s[0], win.out[0], win.out[1], symbolic.Fixed(w[0])})
	if err != nil {
		return nil, err
	}
	im.ownerOf(in[1], y)
	im.keeps(y, in[2:]...)
	return im.fromImages(y, spatial)
}

// rootName is the initialiser that a weight was made from, or the tensor that it is.
func rootName(w *value) string {
	if w.root != nil {
		return w.root.name
	}
	return w.name
}

// ownerOf is the node that has a whole initialiser as its weight; with a name, that node becomes it.
func (im *importer) ownerOf(w *value, name string) (string, bool) {
	all, err := w.shape.Elements()
	if w.root == nil || err != nil || all.Batch || all.N != w.root.elements {
		return "", false
	}
	owner, ok := im.owners[w.root.name]
	if !ok && name != "" {
		im.owners[w.root.name] = name
	}
	return owner, ok
}

// images is an activation of rank 3 or 4 as images x height x width x channels.
func (im *importer) images(x *value) (string, symbolic.Shape, error) {
	bare := *x
	bare.zeros = nil
	t, err := im.ordered(&bare, channelsLast(x.rank()))
	if err != nil {
		return "", nil, err
	}
	s := im.shapes[t]
	if len(s) == 3 {
		s = symbolic.Shape{s[0], symbolic.Fixed(1), s[1], s[2]}
		t, err = im.reshapeTo(t, s)
	}
	if err == nil && (s[1].Batch || s[2].Batch || s[3].Batch) {
		err = symbolic.ErrBatchAxis
	}
	return t, s, err
}

// fromImages is the inverse of images.
func (im *importer) fromImages(t string, spatial int) ([]*value, error) {
	s := im.shapes[t]
	if spatial == 1 {
		var err error
		if t, err = im.reshapeTo(t, symbolic.Shape{s[0], s[2], s[3]}); err != nil {
			return nil, err
		}
		return []*value{{kind: activation, shape: symbolic.Shape{s[0], s[3], s[2]}, tensor: t, layout: channelsLast(3)}}, nil
	}
	return []*value{{kind: activation, shape: symbolic.Shape{s[0], s[3], s[1], s[2]}, tensor: t, layout: channelsLast(4)}}, nil
}

func (im *importer) gemm(n *file.Node, in []*value) ([]*value, error) {
	if in[0].rank() != 2 || in[1].rank() != 2 {
		return nil, errors.New("it needs two matrices")
	}
	turn := func(v *value, attr string) (*value, error) {
		if n.Int(attr, 0) == 0 {
			return v, nil
		}
		if v.kind != activation {
			out := *v
			out.shape = v.shape.Take([]int{1, 0})
			return &out, nil
		}
		out, err := im.transpose(&file.Node{}, []*value{v})
		if err != nil {
			return nil, err
		}
		return out[0], nil
	}
	a, err := turn(in[0], "transA")
	if err != nil {
		return nil, err
	}
	b, err := turn(in[1], "transB")
	if err != nil {
		return nil, err
	}
	y, err := im.product(n, a, b)
	if err != nil || len(in) < 3 || in[2] == nil {
		return y, err
	}
	c := in[2]
	y[0].name = n.Output()
	if c.kind != activation && c.kind != side {
		if m := im.maker(y[0].tensor); m != nil && m.Op == network.Linear && len(y[0].shape) == 2 {
			m.Bias = true
			im.keeps(m.Name, c)
			return y, nil
		}
	}
	return im.arithmetic(&file.Node{Name: n.Name + ".bias", Op: "Add", Out: n.Out}, []*value{y[0], c})
}

func (im *importer) matmul(n *file.Node, in []*value) ([]*value, error) {
	return im.product(n, in[0], in[1])
}

// product is a linear layer, with the weight on either side, or a product of two activations.
func (im *importer) product(n *file.Node, a, b *value) ([]*value, error) {
	if a.rank() < 2 || b.rank() < 2 {
		return nil, fmt.Errorf("shapes %v and %v: each needs at least 2 axes", a.shape, b.shape)
	}
	switch {
	case a.kind == activation && b.kind == activation:
		return im.activations(n, a, b)
	case a.kind == activation:
		w, err := matrix(b)
		if err != nil {
			return nil, err
		}
		return im.linear(n, a, a.rank()-1, b, w[0], w[1], n.Input(1))
	default:
		w, err := matrix(a)
		if err != nil {
			return nil, err
		}
		return im.linear(n, b, b.rank()-2, a, w[1], w[0], n.Input(0))
	}
}

// matrix is the shape of a weight that is the same for all of a batch.
func matrix(w *value) ([]int64, error) {
	bare := *w
	for len(bare.shape) > 2 && bare.shape[0].Unit() {
		bare.shape = bare.shape[1:]
	}
	return fixedExtents(&bare, 2)
}

// linear multiplies an axis of an activation, of k elements, by a weight that makes it f.
func (im *importer) linear(n *file.Node, x *value, axis int, w *value, k, f int64, weightName string) ([]*value, error) {
	if x.shape[axis] != symbolic.Fixed(k) {
		return nil, fmt.Errorf("its weight has %d rows; the input %v does not fit that", k, x.shape)
	}
	layout := last(x.layout, axis)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	if w.root != nil {
		weightName = w.root.name
	}
	op := network.Node{Name: label(n, weightName), Op: network.Linear, Inputs: []string{t}, Channels: f}
	if owner, taken := im.ownerOf(w, ""); taken {
		if op.Name, op.Weight = label(n, ""), owner; !im.tied(owner, k, f) {
			return nil, fmt.Errorf("it shares its weight with %q, which has another shape or multiplies by its transpose", owner)
		}
	}
	s := append(symbolic.Shape{}, im.shapes[t]...)
	s[len(s)-1] = symbolic.Fixed(f)
	y, err := im.emit(op, s)
	if err != nil {
		return nil, err
	}
	im.ownerOf(w, y)
	out := &value{kind: activation, shape: append(symbolic.Shape{}, x.shape...), tensor: y, layout: layout}
	out.shape[axis] = symbolic.Fixed(f)
	return []*value{out}, nil
}

// tied reports whether a linear layer of k inputs and f outputs can have the owner's weight.
func (im *importer) tied(owner string, k, f int64) bool {
	m := im.maker(owner)
	switch {
	case m == nil:
		return false
	case m.Op == network.Embedding:
		return m.Rows == f && m.Channels == k
	default:
		in := im.shapes[m.Inputs[0]]
		return m.Op == network.Linear && m.Channels == f && in[len(in)-1] == symbolic.Fixed(k)
	}
}

// activations multiplies two activations. The second may stay as it is with its axes swapped.
func (im *importer) activations(n *file.Node, a, b *value) ([]*value, error) {
	ra, rb := a.rank(), b.rank()
	k := a.shape[ra-1]
	if b.shape[rb-2] != k {
		return nil, fmt.Errorf("shapes %v and %v do not fit each other", a.shape, b.shape)
	}
	batch, err := symbolic.Broadcast(a.shape[:ra-2], b.shape[:rb-2])
	if err != nil {
		return nil, err
	}
	x, err := im.ordered(a, identity(ra))
	if err != nil {
		return nil, err
	}
	order := identity(rb)
	swapped := b.layout[rb-1] == rb-2
	if swapped {
		order[rb-2], order[rb-1] = rb-1, rb-2
	}
	y, err := im.ordered(b, order)
	if err != nil {
		return nil, err
	}
	out := append(append(symbolic.Shape{}, batch...), a.shape[ra-2], b.shape[rb-1])
	t, err := im.emit(network.Node{Name: label(n, ""), Op: network.MatMul, Inputs: []string{x, y}, TransposeB: swapped}, out)
	return []*value{{kind: activation, shape: out, tensor: t, layout: identity(len(out))}}, err
}
