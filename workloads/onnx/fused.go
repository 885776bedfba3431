package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// cacheSlots are the inputs of operators that hold keys and values of earlier tokens.
var cacheSlots = map[string][]int{
	microsoftDomain + ".Attention": {4}, microsoftDomain + ".MultiHeadAttention": {6, 7}, microsoftDomain + ".GroupQueryAttention": {3, 4}, "Attention": {4, 5},
}

// biasSlots are the inputs of operators that are added to scores.
var biasSlots = map[string]int{
	microsoftDomain + ".Attention": 5, microsoftDomain + ".MultiHeadAttention": 5, microsoftDomain + ".GroupQueryAttention": 10, "Attention": 3,
}

// biased adds what an operator adds to its scores, where that is learned or computed by the network. Several heads may share one of keys: of those each has its own
// scores.
func (im *importer) biased(n *file.Node, in []*value, scores *value, shared int64) (*value, error) {
	at := biasSlots[n.Op]
	if at == 0 || at >= len(in) || in[at] == nil {
		return scores, nil
	}
	p := in[at]
	if p.kind == parameter && im.isMask(p, false) {
		im.plays(p, "not trained: a mask of scores")
		p = p.frozen()
	}
	if p.kind == constant || p.kind == side {
		im.leaveOut("masks of scores are left out: what they hide is computed all the same (%d)")
		return scores, nil
	}
	if shared > 1 && p.rank() > 2 {
		s := slices.Clone(p.shape)
		h := len(s) - 3
		each := symbolic.Fixed(1)
		if !s[h].Batch && s[h].N > 1 {
			if s[h].N%shared != 0 {
				return nil, fmt.Errorf("its bias %v does not fit %d heads a head of keys", p.shape, shared)
			}
			s[h], each = symbolic.Fixed(s[h].N/shared), symbolic.Fixed(shared)
		}
		var err error
		if p, err = im.viewed(p, slices.Insert(s, h+1, each)); err != nil {
			return nil, err
		}
	}
	scores.name = label(n, "") + ".scores"
	y, err := im.arithmetic(&file.Node{Name: label(n, "") + ".biased", Op: "Add", Out: []string{n.Output() + ".biased"}}, []*value{scores, p})
	if err != nil {
		return nil, fmt.Errorf("its bias of scores: %w", err)
	}
	return y[0], nil
}

// isCache reports whether nothing reads an input of the file but attention, as keys and values of earlier tokens.
func (im *importer) isCache(name string) bool {
	for _, n := range im.readers[name] {
		for i, in := range n.In {
			if in == name && !slices.Contains(cacheSlots[n.Op], i) {
				return false
			}
		}
	}
	return len(im.readers[name]) > 0
}

// withoutCache leaves a cache out that comes from outside.
func (im *importer) withoutCache(n *file.Node, in []*value) error {
	for _, i := range cacheSlots[n.Op] {
		switch {
		case i >= len(in) || in[i] == nil:
		case in[i].kind != side:
			return errors.New("it reads a cache of keys and values that the network computes, which training does not have")
		default:
			im.leaveOut("caches of keys and values are left out: training sees all tokens at once (%d)")
		}
	}
	return nil
}

// embedNorm is ONNX Runtime's sum of tables of words, positions and segments, normalised.
func (im *importer) embedNorm(n *file.Node, in []*value) ([]*value, error) {
	at := func(i int) *value {
		if i < len(in) {
			return in[i]
		}
		return nil
	}
	ids, word, place := at(0), at(2), at(3)
	if ids == nil || word == nil || place == nil || ids.rank() != 2 || word.kind != parameter || place.kind != parameter {
		return nil, errors.New("ids of two axes, and tables of words and positions in the file, are accepted")
	}
	base := label(n, "")
	look := func(name string, table, ids *value) (*value, error) {
		y, err := im.embedding(&file.Node{Name: base + "." + name, Out: []string{base + "." + name}}, []*value{table, ids})
		if err != nil {
			return nil, err
		}
		y[0].name = base + "." + name
		im.made(y[0])
		return y[0], nil
	}
	add := func(name string, a, b *value) (*value, error) {
		y, err := im.join(&file.Node{Name: base + "." + name, Out: []string{base + "." + name}}, network.Add, a, b)
		if err != nil {
			return nil, err
		}
		y[0].name = base + "." + name
		return y[0], nil
	}
	sum, err := look("words", word, ids)
	if err != nil {
		return nil, err
	}
	positions := at(8)
	if positions == nil {
		positions = &value{kind: constant, name: base + ".positions", shape: ids.shape[1:]}
	}
	p, err := look("places", place, positions)
	if err != nil {
		return nil, err
	}
	if sum, err = add("placed", sum, p); err != nil {
		return nil, err
	}
	if at(1) != nil && at(4) != nil {
		s, err := look("segments", at(4), at(1))
		if err != nil {
			return nil, err
		}
		if sum, err = add("sum", sum, s); err != nil {
			return nil, err
		}
	}
	norm := &file.Node{Name: base, Op: "LayerNormalization", In: []string{"", n.Input(5)}, Out: n.Out}
	y, err := im.layerNorm(norm, []*value{sum, at(5), at(6)})
	if err != nil {
		return nil, err
	}
	return []*value{y[0], {kind: side, shape: ids.shape[:1]}, sum}, nil
}

// fusedMatmul is a product whose operands may have their last two axes swapped.
func (im *importer) fusedMatmul(n *file.Node, in []*value) ([]*value, error) {
	if n.Int("transBatchA", 0) != 0 || n.Int("transBatchB", 0) != 0 {
		return nil, errors.New("it moves the axes of its batch")
	}
	if n.Float("alpha", 1) != 1 {
		im.leaveOut(folded)
	}
	turn := func(v *value, attr string) (*value, error) {
		if n.Int(attr, 0) == 0 || v.rank() < 2 {
			return v, nil
		}
		perm := identity(v.rank())
		perm[v.rank()-2], perm[v.rank()-1] = v.rank()-1, v.rank()-2
		if v.kind != activation {
			out := *v
			out.shape = v.shape.Take(perm)
			return &out, nil
		}
		var axes []int64
		for _, a := range perm {
			axes = append(axes, int64(a))
		}
		return im.turned(v, axes...)
	}
	a, err := turn(in[0], "transA")
	if err != nil {
		return nil, err
	}
	b, err := turn(in[1], "transB")
	if err != nil {
		return nil, err
	}
	return im.product(n, a, b)
}

// fusedOperators are those of ONNX Runtime that are taken apart, with what each is but for its function.
var fusedOperators = map[string]string{"FusedConv": "Conv", "FusedGemm": "Gemm"}

// unfused takes an operator of ONNX Runtime with an activation function behind it, and perhaps a sum, apart.
func unfused(n *file.Node) []*file.Node {
	op := fusedOperators[n.Op]
	if n.Domain != microsoftDomain || op == "" || len(n.Out) == 0 {
		return []*file.Node{n}
	}
	first := *n
	first.Op, first.Domain, first.In = op, "", n.In[:min(3, len(n.In))]
	out := []*file.Node{&first}
	then := func(next *file.Node) {
		before := fmt.Sprintf("%s.before%d", n.Output(), len(out))
		out[len(out)-1].Out = []string{before}
		next.In, next.Out, next.Opset = append([]string{before}, next.In...), n.Out[:1], n.Opset
		out = append(out, next)
	}
	if op == "Conv" && n.Input(3) != "" {
		then(&file.Node{Name: label(n, "") + ".add", Op: "Add", In: []string{n.Input(3)}})
	}
	if name := n.Text("activation"); name != "" {
		then(&file.Node{Name: label(n, "") + "." + name, Op: name, Attrs: n.Attrs})
	}
	return out
}

// rotary turns pairs by angles from tables.
func (im *importer) rotary(n *file.Node, in []*value) ([]*value, error) {
	y, err := im.turnPairs(label(n, ""), in[0])
	return []*value{y}, err
}

func (im *importer) turnPairs(name string, x *value) (*value, error) {
	if x.rank() < 2 {
		return nil, fmt.Errorf("its input %v has no channels", x.shape)
	}
	layout := last(x.layout, x.rank()-1)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: name, Op: network.Rotary, Inputs: []string{t}}, im.shapes[t])
	return &value{kind: activation, shape: x.shape, tensor: y, layout: layout}, err
}

// groupQuery is ONNX Runtime's GroupQueryAttention: queries, keys and values apart or side by side, with or without rotary positions.
func (im *importer) groupQuery(n *file.Node, in []*value) ([]*value, error) {
	if err := im.withoutCache(n, in); err != nil {
		return nil, err
	}
	heads, kv := n.Int("num_heads", 0), n.Int("kv_num_heads", 0)
	q := in[0]
	if heads < 1 || kv < 1 || q.rank() != 3 || q.shape[2].Batch {
		return nil, fmt.Errorf("%d heads and %d of keys do not fit %v", heads, kv, q.shape)
	}
	base := label(n, "")
	var k, v *value
	switch {
	case len(in) > 2 && in[1] != nil && in[2] != nil && in[1].kind == activation && in[2].kind == activation:
		k, v = in[1], in[2]
	case q.shape[2].N%(heads+2*kv) == 0 && (len(in) < 2 || in[1] == nil):
		each := q.shape[2].N / (heads + 2*kv)
		var parts []*value
		start := int64(0)
		for i, h := range []int64{heads, kv, kv} {
			p, err := im.part(base+"."+string("qkv"[i]), in[0], 2, start, h*each)
			if err != nil {
				return nil, err
			}
			parts = append(parts, p)
			start += h * each
		}
		q, k, v = parts[0], parts[1], parts[2]
	default:
		return nil, errors.New("queries, keys and values that the network computes are accepted")
	}
	if n.Int("do_rotary", 0) != 0 {
		var err error
		if q, err = im.turnPairs(base+".q.rotary", q); err != nil {
			return nil, err
		}
		if k, err = im.turnPairs(base+".k.rotary", k); err != nil {
			return nil, err
		}
	}
	return im.attend(n, in, q, k, v, heads, kv)
}

// fewBits is a linear layer whose weight is stored in blocks of a few bits, as the float weight that it stands for.
func (im *importer) fewBits(n *file.Node, in []*value) ([]*value, error) {
	k, f := n.Int("K", 0), n.Int("N", 0)
	if k < 1 || f < 1 || k > symbolic.MaxExtent/f || in[1].kind == activation || in[1].kind == side {
		return nil, fmt.Errorf("its weight of %d by %d is no constant", k, f)
	}
	s := symbolic.FixedShape([]int64{k, f})
	w := &value{name: n.Input(1), kind: parameter, shape: s, root: newRoot(n.Input(1), s, k*f)}
	im.leaveOut("quantisation is left out: the network is trained in floating point (%d nodes)")
	y, err := im.linear(n, in[0], in[0].rank()-1, w, k, f, n.Input(1))
	if err != nil || len(in) < 6 || in[5] == nil {
		return y, err
	}
	if m := im.maker(y[0].tensor); m != nil {
		m.Bias = true
	}
	return y, nil
}

// withBiases gives the layers before queries, keys and values the biases that attention adds to them.
func (im *importer) withBiases(qkv []*value, bias *value) error {
	if bias == nil {
		return nil
	}
	if bias.kind == activation || bias.kind == side {
		return errors.New("its bias is no initialiser")
	}
	for _, v := range qkv {
		m := im.maker(v.tensor)
		if m == nil || m.Op != network.Linear {
			return errors.New("a bias of its own where no linear layer is before it")
		}
		m.Bias = true
	}
	return nil
}
