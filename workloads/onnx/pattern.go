package onnx

import (
	"math"
	"slices"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
)

// Names of operators that stand for patterns; none of them is ONNX's.
const (
	opGelu      = "satsim.Gelu"
	opSilu      = "satsim.Silu"
	opLayerNorm = "satsim.LayerNorm"
	opRMSNorm   = "satsim.RMSNorm"
)

// Bounds of the search around a node that hints at a pattern.
const (
	maxUp     = 6  // nodes from the hint up to the pattern's input
	maxDown   = 10 // nodes from the hint down to its output
	maxLooked = 48 // nodes looked at in either direction
	maxNested = 24 // nodes between input and output
)

// sample is a row on which subgraphs are evaluated: mean and variance are far from 0 and 1, the sigmoids far from flat, and an
// epsilon of a norm changes nothing that counts.
var sample = []float64{-1.5, 2.75, 0.5, 3.25}

// tolerance between a subgraph and what it may compute: constants in files are rounded, and so is the tanh of GELU.
const tolerance = 2e-3

// shapes of functions of a row.
var functions = []struct {
	op string
	of func(x []float64) []float64
}{
	{opGelu, each(func(v float64) float64 { return v / 2 * (1 + math.Erf(v/math.Sqrt2)) })},
	{opGelu, each(func(v float64) float64 { return v / (1 + math.Exp(-1.702*v)) })}, // Hendrycks and Gimpel (2016), section 2
	{opSilu, each(func(v float64) float64 { return v / (1 + math.Exp(-v)) })},
	{opLayerNorm, func(x []float64) []float64 { return scaled(x, mean(x)) }},
	{opRMSNorm, func(x []float64) []float64 { return scaled(x, 0) }},
}

func each(f func(float64) float64) func([]float64) []float64 {
	return func(x []float64) []float64 {
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = f(v)
		}
		return out
	}
}

func mean(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

// scaled is x less its centre, over the root of its mean square.
func scaled(x []float64, centre float64) []float64 {
	d := each(func(v float64) float64 { return v - centre })(x)
	root := math.Sqrt(mean(each(func(v float64) float64 { return v * v })(d)))
	return each(func(v float64) float64 { return v / root })(d)
}

// patterns are the nodes of a network between which subgraphs are recognised.
type patterns struct {
	nodes    []*file.Node
	maker    map[string]*file.Node
	readers  map[string][]*file.Node
	literals func(name string) (float64, bool) // scalars among the constants
	replaced map[*file.Node]bool
	targets  [][]float64 // functions of the sample
}

// recognise replaces subgraphs that compute a known function by one node each, which stands where the last of them stood. What is
// left without readers is found by the caller.
func recognise(nodes []*file.Node, literals func(string) (float64, bool)) []*file.Node {
	p := &patterns{
		nodes: nodes, maker: map[string]*file.Node{}, readers: map[string][]*file.Node{}, literals: literals, replaced: map[*file.Node]bool{},
	}
	for _, f := range functions {
		p.targets = append(p.targets, f.of(sample))
	}
	for _, n := range nodes {
		for _, o := range n.Out {
			p.maker[o] = n
		}
		for _, in := range n.In {
			p.readers[in] = append(p.readers[in], n)
		}
	}
	stands := map[*file.Node]*file.Node{}
	for _, n := range nodes {
		switch n.Op {
		case "Erf", "Tanh", "Sigmoid", "ReduceMean":
		default:
			continue
		}
		if at, by := p.around(n); at != nil {
			stands[at] = by
			p.replaced[at] = true
		}
	}
	out := make([]*file.Node, 0, len(nodes))
	for _, n := range nodes {
		if by := stands[n]; by != nil {
			n = by
		}
		out = append(out, n)
	}
	return out
}

// around looks for a pattern with the node inside: the node that it ends with, and what stands for it.
func (p *patterns) around(hint *file.Node) (*file.Node, *file.Node) {
	ends := p.down(hint)
	for _, x := range p.up(hint) {
		seen := map[string][]float64{x: sample}
		for _, end := range ends {
			y := p.eval(end.Output(), seen, maxNested)
			if len(y) != len(sample) {
				continue
			}
			for i, f := range functions {
				if !near(y, p.targets[i]) {
					continue
				}
				by := &file.Node{Name: end.Name, Op: f.op, Opset: end.Opset, Out: end.Out[:1], Attrs: hint.Attrs}
				by.In = append([]string{x}, hint.In[1:]...) // with the axes of a mean
				return end, by
			}
		}
	}
	return nil, nil
}

func near(a, b []float64) bool {
	for i := range a {
		if !(math.Abs(a[i]-b[i]) < tolerance) {
			return false
		}
	}
	return true
}

// up lists tensors from which the node may be computed, nearest first.
func (p *patterns) up(n *file.Node) []string {
	var out []string
	level := n.In
	for range maxUp {
		var next []string
		for _, t := range level {
			if _, isScalar := p.literals(t); isScalar || slices.Contains(out, t) || len(out) >= maxLooked {
				continue
			}
			out = append(out, t)
			if m := p.maker[t]; m != nil && !p.replaced[m] && arithmetic[m.Op] {
				next = append(next, m.In...)
			}
		}
		level = next
	}
	return out
}

// down lists arithmetic nodes that are computed from the node, nearest first.
func (p *patterns) down(n *file.Node) []*file.Node {
	out := []*file.Node{n}
	from := 0
	for range maxDown {
		to := len(out)
		for _, m := range out[from:to] {
			for _, r := range p.readers[m.Output()] {
				if arithmetic[r.Op] && !p.replaced[r] && !slices.Contains(out, r) && len(out) < maxLooked {
					out = append(out, r)
				}
			}
		}
		from = to
	}
	return out[1:]
}

// arithmetic lists the operators that eval knows.
var arithmetic = map[string]bool{
	"Add": true, "Sub": true, "Mul": true, "Div": true, "Pow": true, "Sqrt": true, "Reciprocal": true, "Neg": true, "Exp": true,
	"Erf": true, "Tanh": true, "Sigmoid": true, "ReduceMean": true, "Cast": true, "Identity": true, "Dropout": true,
}

// eval computes a tensor from what is in seen: a row, or one number; nothing if it needs anything else.
func (p *patterns) eval(name string, seen map[string][]float64, depth int) []float64 {
	if v, ok := seen[name]; ok {
		return v
	}
	if v, ok := p.literals(name); ok {
		return []float64{v}
	}
	n := p.maker[name]
	if n == nil || depth == 0 || !arithmetic[n.Op] || name != n.Output() || !file.IsStandard(n.Domain) || p.replaced[n] {
		return nil
	}
	inputs := n.In
	switch n.Op {
	case "ReduceMean", "Dropout":
		inputs = inputs[:min(1, len(inputs))] // axes and ratios are looked at elsewhere
	}
	var args [][]float64
	for _, in := range inputs {
		v := p.eval(in, seen, depth-1)
		if v == nil {
			seen[name] = nil
			return nil
		}
		args = append(args, v)
	}
	v := compute(n.Op, args)
	seen[name] = v
	return v
}

// oneNumber and pairOfNumbers are what eval does on each element.
var oneNumber = map[string]func(float64) float64{
	"Sqrt": math.Sqrt, "Reciprocal": func(v float64) float64 { return 1 / v }, "Neg": func(v float64) float64 { return -v },
	"Exp": math.Exp, "Erf": math.Erf, "Tanh": math.Tanh, "Sigmoid": func(v float64) float64 { return 1 / (1 + math.Exp(-v)) },
	"Cast": func(v float64) float64 { return v }, "Identity": func(v float64) float64 { return v }, "Dropout": func(v float64) float64 { return v },
}

var pairOfNumbers = map[string]func(a, b float64) float64{
	"Add": func(a, b float64) float64 { return a + b }, "Sub": func(a, b float64) float64 { return a - b },
	"Mul": func(a, b float64) float64 { return a * b }, "Div": func(a, b float64) float64 { return a / b }, "Pow": math.Pow,
}

func compute(op string, args [][]float64) []float64 {
	switch {
	case op == "ReduceMean" && len(args) == 1:
		return []float64{mean(args[0])}
	case len(args) == 1 && oneNumber[op] != nil:
		return each(oneNumber[op])(args[0])
	case len(args) == 2 && pairOfNumbers[op] != nil:
		a, b := args[0], args[1]
		out := make([]float64, max(len(a), len(b)))
		for i := range out {
			out[i] = pairOfNumbers[op](a[i%len(a)], b[i%len(b)])
		}
		return out
	}
	return nil
}

// groupNorms finds what exporters write for a group norm before operator set 21: groups are brought behind the batch, normalised as channels, and brought
// back.
func (im *importer) groupNorms(nodes []*file.Node) []*file.Node {
	maker, readers := map[string]*file.Node{}, map[string][]*file.Node{}
	for _, n := range nodes {
		for _, o := range n.Out {
			maker[o] = n
		}
		for _, in := range n.In {
			readers[in] = append(readers[in], n)
		}
	}
	out := slices.Clone(nodes)
	for i, n := range nodes {
		norm := maker[n.Input(0)]
		if n.Op != "Reshape" || norm == nil || norm.Op != "InstanceNormalization" || len(readers[norm.Output()]) != 1 {
			continue
		}
		split, scale := maker[norm.Input(0)], im.model.stored(norm.Input(1))
		if split == nil || split.Op != "Reshape" || scale == nil || len(scale.tensor.GetDims()) != 1 {
			continue
		}
		groups := scale.tensor.GetDims()[0]
		out[i] = &file.Node{
			Name: norm.Name, Op: "GroupNormalization", Opset: n.Opset, In: []string{split.Input(0)}, Out: n.Out,
			Attrs: map[string]*pb.AttributeProto{"num_groups": {I: &groups}},
		}
	}
	return out
}
