package scalesim

import (
	"errors"
	"fmt"
	"strings"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// imageChannels is the largest number of channels that an image has: grey, colour, or colour with a fourth plane.
const imageChannels = 4

// depthwise marks names of depthwise convolutions.
const depthwise = "DP"

// Graph makes a list of layers, each with an input of its own and no loss.
func (t *Topology) Graph(name string, batch int64) (*network.Graph, error) {
	if batch < 1 {
		return nil, fmt.Errorf("batch is %d; at least 1 is accepted", batch)
	}
	g := &network.Graph{Name: name, Note: "independent layers of a SCALE-Sim topology: products and updates only" + t.sparse()}
	names := t.names()
	for i, r := range t.Rows {
		n, shape := r.node(batch)
		n.Name = names[i][0]
		in := names[i][1]
		n.Inputs = []string{in}
		g.Inputs = append(g.Inputs, network.Input{Name: in, Shape: shape})
		g.Nodes = append(g.Nodes, n)
	}
	if _, err := g.Layers(); err != nil {
		return nil, err
	}
	return g, nil
}

// names are those of each row's layer and of its input.
func (t *Topology) names() [][2]string {
	taken := map[string]bool{"in": true}
	var out [][2]string
	for _, r := range t.Rows {
		n := fresh(r.Name, taken)
		out = append(out, [2]string{n, fresh(n+".input", taken)})
	}
	return out
}

// Recipe prunes the forward weights of each row at the ratio that the file gives it, and nothing else.
func (t *Topology) Recipe(name string) (recipe.Recipe, error) {
	r := recipe.Default()
	r.Name = name
	r.Note = "the sparsity column of a SCALE-Sim topology: weights of the forward products"
	for i, n := range t.names() {
		if ratio := t.Rows[i].Sparsity; !ratio.IsDense() {
			r.Exceptions = append(r.Exceptions, recipe.Exception{
				Layers: n[0], FF: recipe.Rule{Prune: recipe.Weights, Sparsity: recipe.OptionalRatio{Ratio: ratio}},
			})
		}
	}
	if len(r.Exceptions) == 0 {
		return r, errors.New("no row of it has a sparsity, so it is no recipe")
	}
	return r, nil
}

// fresh makes a name that the notation accepts and that no earlier row has.
func fresh(name string, taken map[string]bool) string {
	name = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 127 {
			return '_'
		}
		return r
	}, name), "_")
	if len(name) > 180 {
		name = strings.ToValidUTF8(name[:180], "")
	}
	out := name
	for i := 2; taken[out]; i++ {
		out = fmt.Sprintf("%s_%d", name, i)
	}
	taken[out] = true
	return out
}

// node is the layer and the shape of its input.
func (r TopologyRow) node(batch int64) (network.Node, network.Shape) {
	switch {
	case r.Product():
		return network.Node{Op: network.Linear, Channels: r.N}, network.Shape{batch, r.M, r.K}
	case r.Channels == 1 && r.FilterHeight == 1 && r.FilterWidth == r.Width && r.Stride == [2]int64{1, 1} && !r.Padded && r.Groups == 0:
		return network.Node{Op: network.Linear, Channels: r.Filters}, network.Shape{batch, r.Height, r.Width}
	}
	n := network.Node{
		Op: network.Conv, Channels: r.Filters, Kernel: [2]int64{r.FilterHeight, r.FilterWidth}, Stride: r.Stride, Dilation: r.Dilation, Pads: r.Pads, Groups: r.Groups,
	}
	if !r.Padded {
		h, bottom := positions(r.Height, span(r.FilterHeight, r.Dilation[0]), r.Stride[0])
		w, right := positions(r.Width, span(r.FilterWidth, r.Dilation[1]), r.Stride[1])
		n.Pads = [4]int64{0, 0, bottom, right}
		if h == 1 && w == 1 {
			n.Stride = [2]int64{1, 1} // one window does not move
		}
	}
	if r.Groups == 0 && strings.Contains(r.Name, depthwise) {
		n.Groups, n.Channels = r.Channels, r.Channels*r.Filters
	}
	return n, network.Shape{batch, r.Height, r.Width, r.Channels}
}

// positions of a window in one dimension, and how far the last one reads over the end.
func positions(in, filter, stride int64) (count, over int64) {
	count = (in-filter+stride-1)/stride + 1
	return count, max(0, (count-1)*stride+filter-in)
}

// Sparsity counts the ratios of the rows in the order in which they first occur.
func (t *Topology) Sparsity() []RatioCount {
	var out []RatioCount
next:
	for _, r := range t.Rows {
		for i := range out {
			if out[i].Ratio == r.Sparsity {
				out[i].Rows++
				continue next
			}
		}
		out = append(out, RatioCount{r.Sparsity, 1})
	}
	return out
}

// sparse says what becomes of the sparsity column.
func (t *Topology) sparse() string {
	var out string
	for _, r := range t.Sparsity() {
		if !r.Ratio.IsDense() {
			out += fmt.Sprintf(", %v in %d", r.Ratio, r.Rows)
		}
	}
	if out == "" {
		return ""
	}
	return "; rows have a sparsity, which is a recipe of its own (satsim run takes it; elsewhere the file is given as the recipe as well)" + out
}

// RatioCount is a sparsity and how many rows have it.
type RatioCount struct {
	Ratio nm.Ratio
	Rows  int
}

// IsList reports whether a graph is a list of layers as Graph makes them: weighted layers on inputs of their own, without a loss.
func IsList(g *network.Graph) bool {
	inputs := map[string]bool{}
	for _, in := range g.Inputs {
		inputs[in.Name] = !in.Indices
	}
	for _, n := range g.Nodes {
		if n.Op != network.Conv && n.Op != network.Linear || len(n.Inputs) != 1 || !inputs[n.Inputs[0]] || n.Weight != "" {
			return false
		}
	}
	return len(g.Nodes) > 0
}

// Step is the training step of a list of layers.
func Step(g *network.Graph) (workloads.Step, error) {
	out := workloads.Step{Network: g.Name, Note: g.Note, Partial: true} // nobody makes a layer's input, nor reads its output
	if !IsList(g) {
		return out, fmt.Errorf("network %s is no list of independent layers", g.Name)
	}
	out.Images = g.Inputs[0].Shape[0]
	shapes := map[string]network.Shape{}
	for _, in := range g.Inputs {
		shapes[in.Name] = in.Shape
	}
	var back []workloads.Item // in the order of rows
	for i, n := range g.Nodes {
		x := shapes[n.Inputs[0]]
		items, saved, parameters, err := alone(n, x, i == 0 && n.Op == network.Conv && x[3] <= imageChannels)
		if err != nil {
			return out, err
		}
		out.Saved = append(out.Saved, saved...)
		out.Parameters += parameters
		for k := len(items) - 1; k >= 0; k-- {
			items[k].Classifier = i == len(g.Nodes)-1
			if items[k].Stage == workloads.FF {
				out.Items = append(out.Items, items[k])
			} else {
				back = append(back, items[k])
			}
		}
	}
	for i := len(back) - 1; i >= 0; i-- {
		out.Items = append(out.Items, back[i])
	}
	return out, nil
}

// alone is a layer's part of the step of the smallest network that trains it: a loss stands behind it and, unless it reads images, a norm before
// it, whose parameters need the gradient of the layer's input. Their own work is dropped.
func alone(n network.Node, x network.Shape, images bool) ([]workloads.Item, []workloads.Tensor, int64, error) {
	in := n.Inputs[0]
	loss := network.Node{Name: n.Name + ".loss", Op: network.Loss, Inputs: []string{n.Name}}
	g := &network.Graph{Name: n.Name, Inputs: []network.Input{{Name: in, Shape: x}}, Nodes: []network.Node{n, loss}}
	var others int64 // parameters of the norm
	if !images {
		g.Inputs[0].Name += ".data"
		norm := network.Node{Name: in, Op: network.BatchNorm, Inputs: []string{g.Inputs[0].Name}}
		g.Nodes = []network.Node{norm, n, loss}
		others = 2 * x[len(x)-1]
	}
	step, err := g.Step()
	if err != nil {
		return nil, nil, 0, err
	}
	var items []workloads.Item
	for _, it := range step.Items {
		if it.Layer != n.Name {
			continue
		}
		var own []workloads.Pass
		for _, p := range it.Passes {
			if p.Layer == n.Name {
				own = append(own, p)
			}
		}
		it.Passes = own
		items = append(items, it)
	}
	var saved []workloads.Tensor
	for _, t := range step.Saved {
		if t.Name == in {
			saved = append(saved, t)
		}
	}
	return items, saved, step.Parameters - others, nil
}
