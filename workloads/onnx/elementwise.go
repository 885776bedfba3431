package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// arithmetic is an Add, Sub, Mul or Div of activations, or of one with a constant or a parameter.
func (im *importer) arithmetic(n *file.Node, in []*value) ([]*value, error) {
	op := network.Add
	if n.Op == "Mul" || n.Op == "Div" {
		op = network.Mul
	}
	a, b := in[0], in[1]
	if s := symbolic.Aligned(n, a.shape, b.shape); len(s) != b.rank() {
		turned, err := im.viewed(b, s)
		if err != nil {
			return nil, err
		}
		b = turned
	}
	if n.Op == "Div" && b.kind == activation { // a product by what one is divided by it
		inverse, err := im.unary(&file.Node{Name: label(n, "") + ".inverse"}, b, network.Function)
		if err != nil {
			return nil, err
		}
		b = inverse[0]
		b.name = n.Input(1)
	}
	if a.kind == activation && b.kind == activation {
		if x, ok := im.turnsPairs(a, b); ok && op == network.Add {
			y, err := im.emit(network.Node{Name: label(n, ""), Op: network.Rotary, Inputs: []string{x}}, im.shapes[x])
			return like(a, y), err
		}
		return im.join(n, op, a, b)
	}
	x, p := a, b
	if b.kind == activation {
		x, p = b, a
	}
	out, err := symbolic.Broadcast(x.shape, p.shape)
	if err != nil {
		return nil, err
	}
	switch {
	case p.single():
		im.leaveOut(folded)
		y, err := im.reshape(x, out, false)
		return []*value{y}, err
	case out.Equal(x.shape) && im.towardsSoftmax(n.Output()) && (p.kind != parameter || im.isMask(p, n.Op == "Sub" && p == b)):
		if p.kind == parameter {
			im.plays(p, "not trained: a mask of scores")
		}
		im.leaveOut("masks of scores are left out: what they hide is computed all the same (%d)")
		return same(x), nil
	case p.kind == side && !im.trained[x.tensor]:
		return same(x), nil
	case p.kind == side:
		im.leaveOut(outside)
	case out.Equal(x.shape) && !im.trained[x.tensor]:
		im.plays(p, "not trained: scales or shifts the data before the first layer that learns")
		return same(x), nil
	case p.kind == parameter && (op == network.Mul || !im.perChannel(x, p)) && im.isBinary(p):
		im.plays(p, "not trained: a mask of zeros and ones")
		p = p.frozen()
	case p.kind == parameter && im.isWaves(p):
		im.plays(p, "not trained: sines and cosines of positions")
		p = p.frozen()
	case im.perChannel(x, p) && im.beginsNorm(n, x):
		y, err := im.batchNorm(&file.Node{Name: label(n, "") + ".norm"}, []*value{x})
		if err == nil {
			im.keeps(y[0].tensor, p)
			im.plays(p, "scale and shift of the batch norm "+y[0].tensor)
		}
		return y, err
	case im.perChannel(x, p) && im.absorb(x, p, op):
		return same(x), nil
	}
	learned, err := im.table(p, x)
	if err != nil {
		return nil, err
	}
	return im.join(n, op, x, learned)
}

// viewed is a value in a shape of the same elements.
func (im *importer) viewed(v *value, s symbolic.Shape) (*value, error) {
	if v.kind == activation {
		return im.reshape(v, s, false)
	}
	out := *v
	out.shape, out.lit = s, v.lit.As(s)
	return &out, nil
}

// towardsSoftmax reports whether a tensor goes into a softmax, through nothing but arithmetic.
func (im *importer) towardsSoftmax(name string) bool {
	for range 8 {
		readers := im.readers[name]
		if len(readers) != 1 {
			return false
		}
		switch readers[0].Op {
		case "Softmax":
			return true
		case "Add", "Sub", "Mul", "Div", "Where", "Cast", "Identity", "Dropout", "Reshape", "Clip", "QuantizeLinear", "DequantizeLinear":
			name = readers[0].Output()
		default:
			return false
		}
	}
	return false
}

// perChannel reports whether a parameter or constant has one number for each channel of an activation.
func (im *importer) perChannel(x, p *value) bool {
	if x.zeros != nil || p.rank() > x.rank() {
		return false
	}
	channels := x.layout[len(x.layout)-1]
	shift := x.rank() - p.rank()
	for i, e := range p.shape {
		if i+shift == channels && e != x.shape[channels] || i+shift != channels && !e.Unit() {
			return false
		}
	}
	return channels >= shift
}

// absorb makes numbers of channels a layer's bias, or a norm's scale or shift: those it has not yet, or those that it has and that the new
// ones only multiply or add to.
func (im *importer) absorb(x, p *value, op network.Op) bool {
	m := im.maker(x.tensor)
	if m == nil || !im.readOnce(x.tensor) {
		return false
	}
	if p.root != nil && im.owners[p.root.name] != "" { // a table that is read elsewhere, too
		return false
	}
	isNorm := m.Op == network.LayerNorm || m.Op == network.RMSNorm
	switch {
	case p.kind == parameter && op == network.Mul && isNorm && im.norms[m.Name]:
		im.norms[m.Name] = false
		im.keeps(m.Name, p)
		if base, ok := strings.CutSuffix(p.root.name, ".weight"); ok {
			im.rename(m.Name, base)
		}
		return true
	case p.kind == parameter && op == network.Add && !m.Bias && (m.Op == network.Conv || m.Op == network.Linear || m.Op == network.LayerNorm):
		m.Bias = true
		im.keeps(m.Name, p)
		return true
	case m.Op == network.BatchNorm, m.Op == network.GroupNorm, m.Op == network.LayerNorm && (op == network.Mul || m.Bias) && !im.norms[m.Name], m.Op == network.RMSNorm && op == network.Mul:
		im.plays(p, "folds into the scale and shift of "+m.Name)
		im.keeps(m.Name, p)
		return true
	case op == network.Add && m.Bias && (m.Op == network.Conv || m.Op == network.Linear):
		im.plays(p, "folds into the bias of "+m.Name)
		im.keeps(m.Name, p)
		return true
	case p.kind == constant && op == network.Mul && (m.Op == network.Conv || m.Op == network.Linear):
		im.plays(p, "folds into the weight of "+m.Name)
		return true
	}
	return false
}

// join adds or multiplies two activations that broadcast.
func (im *importer) join(n *file.Node, op network.Op, a, b *value) ([]*value, error) {
	out, err := symbolic.Broadcast(a.shape, b.shape)
	if err != nil {
		return nil, err
	}
	layout := a.layout
	if a.rank() < len(out) || b.rank() == len(out) && b.shape.Equal(out) && !a.shape.Equal(out) {
		layout = b.layout
	}
	var inputs []string
	for _, v := range []*value{a, b} {
		t, err := im.stretched(v, layout)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, t)
	}
	y, err := im.emit(network.Node{Name: label(n, ""), Op: op, Inputs: inputs}, out.Take(layout))
	return []*value{{kind: activation, shape: out, tensor: y, layout: layout}}, err
}

// stretched is an activation in an order of more axes, so that it broadcasts: aligned at the end, extents of 1 where it has no axis.
func (im *importer) stretched(v *value, layout []int) (string, error) {
	shift := len(layout) - v.rank()
	var own []int
	for _, a := range layout {
		if a >= shift {
			own = append(own, a-shift)
		}
	}
	t, err := im.ordered(v, own)
	if err != nil || slices.IsSortedFunc(layout, func(a, b int) int { return boolCompare(a >= shift, b >= shift) }) {
		return t, err
	}
	var to symbolic.Shape
	for _, a := range layout {
		if a < shift {
			to = append(to, symbolic.Fixed(1))
		} else {
			to = append(to, v.shape[a-shift])
		}
	}
	return im.reshapeTo(t, to)
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// table makes a parameter or constant an activation whose axes stand as those of x do: a parameter is an embedding with a row
// for each of its vectors, a constant an input without gradient.
func (im *importer) table(p, x *value) (*value, error) {
	shift := x.rank() - p.rank()
	var layout []int
	for _, a := range x.layout {
		if a >= shift {
			layout = append(layout, a-shift)
		}
	}
	if shift < 0 {
		layout = batchFirst(p.shape, identity(p.rank()))
	}
	s := p.shape.Take(layout)
	if p.kind != parameter {
		key := fmt.Sprint("given ", p.name, s)
		t, ok := im.views[key]
		if !ok {
			t = im.newInput(p.name, s, false)
			im.views[key], im.given[t] = t, true
		}
		return &value{name: p.name, kind: activation, shape: p.shape, tensor: t, layout: layout}, nil
	}
	t, s, err := im.lookup(p, s)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(p.shape)
	for i, a := range layout {
		out[a] = s[i]
	}
	return &value{name: p.name, kind: activation, shape: out, tensor: t, layout: layout}, nil
}

// lookup adds an embedding that gives a parameter of shape s. One that gives its numbers to every sample serves where they are wanted once.
func (im *importer) lookup(p *value, s symbolic.Shape) (string, symbolic.Shape, error) {
	key := fmt.Sprint(p.root.name, s)
	if t, ok := im.views[key]; ok {
		return t, s, nil
	}
	for _, own := range im.tables[p.root.name] {
		if len(own) == len(s) && !slices.ContainsFunc(identity(len(s)), func(i int) bool {
			return own[i] != s[i] && !(s[i].Unit() && own[i] == symbolic.Extent{N: 1, Batch: true})
		}) {
			return im.views[fmt.Sprint(p.root.name, own)], own, nil
		}
	}
	if owner, taken := im.owners[p.root.name]; taken {
		return "", nil, fmt.Errorf("its input %q comes from %q, which %q uses in another way", p.name, p.root.name, owner)
	}
	ids, channels := s[:len(s)-1], s[len(s)-1]
	if len(ids) == 0 {
		ids = symbolic.Shape{symbolic.Fixed(1)}
	}
	if channels.Batch || channels.N < 1 || p.root.elements%channels.N != 0 {
		return "", nil, fmt.Errorf("its input %q of shape %v is no table of vectors", p.name, p.shape)
	}
	index := im.newInput(p.root.name+".rows", ids, true)
	t, err := im.emit(network.Node{
		Name: label(&file.Node{Name: p.root.name}, p.root.name), Op: network.Embedding, Inputs: []string{index}, Channels: channels.N,
		Rows: p.root.elements / channels.N,
	}, append(append(symbolic.Shape{}, ids...), channels))
	im.views[key], im.owners[p.root.name] = t, t
	im.tables[p.root.name] = append(im.tables[p.root.name], s)
	im.plays(p, "learned: a table "+t)
	return t, s, err
}

func (im *importer) sum(n *file.Node, in []*value) ([]*value, error) {
	acc := in[0]
	for i, x := range in[1:] {
		if x == nil {
			return nil, errors.New("an input is left out")
		}
		out := n.Output()
		if i < len(in)-2 {
			out = fmt.Sprintf("%s.%d", out, i)
		}
		y, err := im.arithmetic(&file.Node{Name: n.Name, Op: "Add", Out: []string{out}}, []*value{acc, x})
		if err != nil {
			return nil, err
		}
		acc = y[0]
	}
	return same(acc), nil
}

// power knows the square; other powers are nothing that a network has.
func (im *importer) power(n *file.Node, in []*value) ([]*value, error) {
	if in[1].kind != activation {
		if e, ok := in[1].scalar(); ok && e == 2 {
			return im.join(n, network.Mul, in[0], in[0])
		}
		if in[1].single() {
			return im.unary(n, in[0], network.Function)
		}
	}
	return nil, errors.New("only powers of one number have a counterpart in a network")
}
