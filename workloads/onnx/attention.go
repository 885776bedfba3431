package onnx

import (
	"errors"
	"fmt"

	"satsim/workloads/network"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
	"satsim/workloads/onnx/internal/symbolic"
)

// microsoft lists the operators of ONNX Runtime that are understood, as package file names them: behind their domain.
var microsoft = map[string]bool{
	"Gelu": true, "FastGelu": true, "QuickGelu": true, "BiasGelu": true, "SkipLayerNormalization": true, "SkipSimplifiedLayerNormalization": true,
	"SimplifiedLayerNormalization": true, "Attention": true, "MultiHeadAttention": true, "EmbedLayerNormalization": true, "FusedMatMul": true, "TransposeMatMul": true,
	"RotaryEmbedding": true, "GroupQueryAttention": true, "MatMulNBits": true,
}

const microsoftDomain = "com.microsoft"

// named gives an operator of ONNX Runtime the name by which the tables here know it.
func named(n *file.Node) *file.Node {
	if n.Domain == microsoftDomain && microsoft[n.Op] {
		n.Op, n.Domain = microsoftDomain+"."+n.Op, ""
	}
	return n
}

// biasedGelu adds a bias, where there is one, and then is a GELU.
func (im *importer) biasedGelu(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	if len(in) > 1 && in[1] != nil {
		y, err := im.arithmetic(&file.Node{Name: label(n, "") + ".bias", Op: "Add", Out: []string{n.Output() + ".biased"}}, in[:2])
		if err != nil {
			return nil, err
		}
		x = y[0]
	}
	return im.unary(n, x, network.GELU)
}

// rmsNorm is a norm of rows without a mean.
func (im *importer) rmsNorm(n *file.Node, in []*value) ([]*value, error) {
	x := in[0]
	if at, err := symbolic.Axis(n.Int("axis", -1), x.rank()); err != nil || at != x.rank()-1 {
		return nil, errors.New("it normalises several axes together")
	}
	layout := last(x.layout, x.rank()-1)
	t, err := im.ordered(x, layout)
	if err != nil {
		return nil, err
	}
	y, err := im.emit(network.Node{Name: label(n, n.Input(1)), Op: network.RMSNorm, Inputs: []string{t}}, im.shapes[t])
	im.keeps(y, in[min(1, len(in)):]...)
	return []*value{{kind: activation, shape: x.shape, tensor: y, layout: layout}}, err
}

// skipNorm adds a residual, and a bias where there is one, and normalises. Its fourth output is the sum.
func (im *importer) skipNorm(n *file.Node, in []*value) ([]*value, error) {
	simple := n.Op == microsoftDomain+".SkipSimplifiedLayerNormalization"
	sum, err := im.arithmetic(&file.Node{Name: label(n, "") + ".add", Op: "Add", Out: []string{n.Output() + ".sum"}}, in[:2])
	if err != nil {
		return nil, err
	}
	bias := 4
	if simple {
		bias = 3
	}
	if bias < len(in) && in[bias] != nil {
		sum[0].name = n.Output() + ".sum"
		if sum, err = im.arithmetic(&file.Node{Name: label(n, "") + ".bias", Op: "Add", Out: []string{n.Output() + ".biased"}}, []*value{sum[0], in[bias]}); err != nil {
			return nil, err
		}
	}
	norm := &file.Node{Name: n.Name, Op: "LayerNormalization", Out: n.Out}
	x := sum[0]
	inputs := []*value{x}
	norm.In = []string{"", n.Input(2)}
	for _, i := range []int{2, 3} {
		if i < len(in) && !(simple && i == 3) {
			inputs = append(inputs, in[i])
		}
	}
	var y []*value
	if simple {
		y, err = im.rmsNorm(norm, inputs)
	} else {
		y, err = im.layerNorm(norm, inputs)
	}
	if err != nil {
		return nil, err
	}
	return []*value{y[0], nil, nil, x}, nil
}

// packedAttention is ONNX Runtime's Attention: one weight for queries, keys and values.
func (im *importer) packedAttention(n *file.Node, in []*value) ([]*value, error) {
	w, err := fixedExtents(in[1], 2)
	if err != nil {
		return nil, err
	}
	if n.Has("qkv_hidden_sizes") || w[1]%3 != 0 {
		return nil, errors.New("queries, keys and values of one width are accepted")
	}
	if err := im.withoutCache(n, in); err != nil {
		return nil, err
	}
	qkv, err := im.linear(n, in[0], in[0].rank()-1, in[1], w[0], w[1], n.Input(1))
	if err != nil {
		return nil, err
	}
	if len(in) > 2 && in[2] != nil {
		if m := im.maker(qkv[0].tensor); m != nil {
			m.Bias = true
		}
	}
	var parts []*value
	for i, name := range []string{"q", "k", "v"} {
		part, err := im.part(label(n, "")+"."+name, qkv[0], qkv[0].rank()-1, int64(i)*w[1]/3, w[1]/3)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	heads := n.Int("num_heads", 1)
	return im.attend(n, in, parts[0], parts[1], parts[2], heads, heads)
}

// multiHead is ONNX Runtime's MultiHeadAttention, of queries, keys and values.
func (im *importer) multiHead(n *file.Node, in []*value) ([]*value, error) {
	if len(in) < 3 || in[1] == nil || in[2] == nil || in[1].kind != activation || in[2].kind != activation {
		return nil, errors.New("queries, keys and values apart are accepted")
	}
	if err := im.withoutCache(n, in); err != nil {
		return nil, err
	}
	if len(in) > 3 {
		if err := im.withBiases(in[:3], in[3]); err != nil {
			return nil, err
		}
	}
	heads := n.Int("num_heads", 1)
	return im.attend(n, in, in[0], in[1], in[2], heads, heads)
}

// attention is ONNX's own, since operator set 23.
func (im *importer) attention(n *file.Node, in []*value) ([]*value, error) {
	if len(in) < 3 || in[1] == nil || in[2] == nil || in[1].kind != activation || in[2].kind != activation {
		return nil, errors.New("queries, keys and values that the network computes are accepted")
	}
	if err := im.withoutCache(n, in); err != nil {
		return nil, err
	}
	if in[0].rank() == 4 {
		return im.attendHeads(n, in, in[0], in[1], in[2])
	}
	return im.attend(n, in, in[0], in[1], in[2], n.Int("q_num_heads", 1), n.Int("kv_num_heads", 1))
}

// attend splits tokens of a width into heads, attends, and joins the heads. The node's inputs say what is added to scores.
func (im *importer) attend(n *file.Node, in []*value, q, k, v *value, heads, kvHeads int64) ([]*value, error) {
	var split []*value
	for i, x := range []*value{q, k, v} {
		h := kvHeads
		if i == 0 {
			h = heads
		}
		if x.rank() != 3 || h < 1 || x.shape[2].Batch || x.shape[2].N%h != 0 {
			return nil, fmt.Errorf("%d heads do not fit %v", h, x.shape)
		}
		y, err := im.reshape(x, symbolic.Shape{x.shape[0], x.shape[1], symbolic.Fixed(h), symbolic.Fixed(x.shape[2].N / h)}, false)
		if err != nil {
			return nil, err
		}
		turned, err := im.turned(y, 0, 2, 1, 3)
		if err != nil {
			return nil, err
		}
		split = append(split, turned)
	}
	y, err := im.attendHeads(n, in, split[0], split[1], split[2])
	if err != nil {
		return nil, err
	}
	back, err := im.turned(y[0], 0, 2, 1, 3)
	if err != nil {
		return nil, err
	}
	width, _ := back.shape[2].Times(back.shape[3])
	out, err := im.reshape(back, symbolic.Shape{back.shape[0], back.shape[1], width}, false)
	return []*value{out}, err
}

// attendHeads multiplies queries by keys, and values by the softmax of that. Several heads of queries may share one of keys and values.
func (im *importer) attendHeads(n *file.Node, in []*value, q, k, v *value) ([]*value, error) {
	shared := q.shape[1].N / max(k.shape[1].N, 1)
	whole := q.shape
	if shared > 1 {
		group := func(x *value, h, each int64) (*value, error) {
			return im.reshape(x, symbolic.Shape{x.shape[0], symbolic.Fixed(h), symbolic.Fixed(each), x.shape[2], x.shape[3]}, false)
		}
		h := k.shape[1].N
		var err error
		for _, x := range []**value{&k, &v} {
			if *x, err = group(*x, h, 1); err != nil {
				return nil, err
			}
		}
		if q, err = group(q, h, shared); err != nil {
			return nil, err
		}
	}
	perm := []int64{0, 1, 3, 2}
	if shared > 1 {
		perm = []int64{0, 1, 2, 4, 3}
	}
	turned, err := im.turned(k, perm...)
	if err != nil {
		return nil, err
	}
	base := label(n, "")
	scores, err := im.activations(&file.Node{Name: base + ".scores"}, q, turned)
	if err != nil {
		return nil, err
	}
	biased, err := im.biased(n, in, scores[0], shared)
	if err != nil {
		return nil, err
	}
	x, err := im.ordered(biased, identity(biased.rank()))
	if err != nil {
		return nil, err
	}
	p, err := im.emit(network.Node{Name: base + ".softmax", Op: network.Softmax, Inputs: []string{x}}, im.shapes[x])
	if err != nil {
		return nil, err
	}
	y, err := im.activations(&file.Node{Name: base}, like(scores[0], p)[0], v)
	if err != nil || shared < 2 {
		return y, err
	}
	out, err := im.reshape(y[0], symbolic.Shape{whole[0], whole[1], whole[2], v.shape[4]}, false)
	return []*value{out}, err
}

// turned is an activation with its axes in another order.
func (im *importer) turned(v *value, perm ...int64) (*value, error) {
	out, err := im.transpose(&file.Node{Attrs: map[string]*pb.AttributeProto{"perm": {Ints: perm}}}, []*value{v})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}
