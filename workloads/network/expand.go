package network

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxNodes bounds a graph, and the steps of its expansion.
const MaxNodes = 100_000

// expander writes a description's layers out.
type expander struct {
	graph  *Graph
	blocks map[string]*Block
	vars   map[string]int64  // the network's parameters
	nodes  map[string]string // all nodes and inputs by their full names
	steps  int
}

// scope is where names are looked up: those of a block instance, or of the network.
type scope struct {
	prefix string
	vars   map[string]int64
	names  map[string]string // local name -> tensor
	last   string            // the tensor that the next layer reads by default
}

// Graph expands the description with its parameters' values. Errors name the node.
func (d *Description) Graph() (*Graph, error) {
	g, err := d.expand()
	if err != nil {
		return nil, err
	}
	_, err = g.resolve()
	return g, err
}

func (d *Description) expand() (*Graph, error) {
	vars, err := d.values()
	if err != nil {
		return nil, err
	}
	e := &expander{
		graph: &Graph{Name: d.Name, Note: d.note(vars)}, blocks: map[string]*Block{}, vars: vars, nodes: map[string]string{},
	}
	for i := range d.Blocks {
		e.blocks[d.Blocks[i].Name] = &d.Blocks[i]
	}
	for _, in := range d.Inputs {
		shape, err := evalAll(in.Shape, vars)
		if err != nil {
			return nil, fmt.Errorf("input %q: shape: %w", in.Name, err)
		}
		e.graph.Inputs = append(e.graph.Inputs, Input{Name: in.Name, Shape: shape, Indices: in.Indices})
		e.nodes[in.Name] = in.Name
	}
	top := &scope{vars: vars, names: map[string]string{}, last: d.Inputs[0].Name}
	return e.graph, e.layers(d.Layers, top)
}

// note fills in {parameter} by its value or the name of its choice.
func (d *Description) note(vars map[string]int64) string {
	var pairs []string
	for _, p := range d.Params {
		text := string(number(vars[p.Name]))
		if len(p.Choices) > 0 {
			text = p.Choices[vars[p.Name]]
		}
		pairs = append(pairs, "{"+p.Name+"}", text)
	}
	return strings.NewReplacer(pairs...).Replace(d.Note)
}

func evalAll(list []Expr, vars map[string]int64) ([]int64, error) {
	var out []int64
	for _, x := range list {
		v, err := x.eval(lookup(vars))
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (e *expander) layers(list []LayerSpec, sc *scope) error {
	for i := range list {
		l := &list[i]
		count := int64(1)
		if l.Repeat != "" {
			var err error
			if count, err = l.Repeat.eval(lookup(sc.vars)); err != nil {
				return fmt.Errorf("layer %q: repeat: %w", sc.prefix+l.Name, err)
			}
			if count < 0 || count > MaxNodes {
				return fmt.Errorf("layer %q: repeat is %d; 0 to %d is accepted", sc.prefix+l.Name, count, MaxNodes)
			}
			if count == 0 { // a step as well, or repeated blocks of nothing would take for ever
				if err := e.step(sc.prefix + l.Name); err != nil {
					return err
				}
			}
		}
		if err := e.repeat(l, sc, count); err != nil {
			return err
		}
	}
	return nil
}

func (e *expander) repeat(l *LayerSpec, sc *scope, count int64) error {
	inputs, err := e.inputs(l, sc)
	if err != nil {
		return err
	}
	for i := range count {
		name, vars := sc.prefix+l.Name, sc.vars
		if l.Repeat != "" {
			name = fmt.Sprintf("%s.%d", name, i)
			vars = maps.Clone(vars)
			vars[indexName] = i
		}
		out, err := e.instance(l, name, inputs, vars)
		if err != nil {
			return err
		}
		// The next instance reads this one in place of the first input.
		inputs = append([]string{out}, inputs[1:]...)
	}
	sc.last = inputs[0]
	sc.names[l.Name] = inputs[0]
	return nil
}

// inputs resolves a layer's inputs: local names first, then full names of nodes.
func (e *expander) inputs(l *LayerSpec, sc *scope) ([]string, error) {
	if len(l.Input) == 0 {
		return []string{sc.last}, nil
	}
	var out []string
	for _, in := range l.Input {
		t, err := e.find(in, sc.names)
		if err != nil {
			return nil, fmt.Errorf("layer %q: input: %w", sc.prefix+l.Name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func (e *expander) find(name string, local map[string]string) (string, error) {
	if t, ok := local[name]; ok {
		return t, nil
	}
	if t, ok := e.nodes[name]; ok {
		return t, nil
	}
	return "", fmt.Errorf("%q is no earlier layer here and no input of the network", name)
}

// step counts a step of the expansion.
func (e *expander) step(name string) error {
	if e.steps++; e.steps > MaxNodes {
		return fmt.Errorf("layer %q: the network has more than %d layers", name, MaxNodes)
	}
	return nil
}

// instance adds one layer and returns its output.
func (e *expander) instance(l *LayerSpec, name string, inputs []string, vars map[string]int64) (string, error) {
	if err := e.step(name); err != nil {
		return "", err
	}
	if l.When != "" {
		v, err := l.When.eval(lookup(vars))
		if err != nil {
			return "", fmt.Errorf("layer %q: when: %w", name, err)
		}
		if v == 0 {
			return inputs[0], nil
		}
	}
	if l.Block != "" {
		return e.block(l, name, inputs, vars)
	}
	n := Node{Name: name, Op: l.Op, Inputs: inputs, Bias: l.Bias, TransposeB: l.TransposeB, Causal: l.Causal}
	if err := l.attach(&n, vars); err != nil {
		return "", n.fail(err)
	}
	if l.Weight != "" {
		t, err := e.find(l.Weight, nil)
		if err != nil {
			return "", n.fail(fmt.Errorf("weight: %w", err))
		}
		n.Weight = t
	}
	if l.Vector != "" {
		t, err := e.find(l.Vector, nil)
		if err != nil {
			return "", n.fail(fmt.Errorf("vector: %w", err))
		}
		n.Vector = t
	}
	if _, taken := e.nodes[name]; taken {
		return "", n.fail(errors.New("the name is taken"))
	}
	e.nodes[name] = name
	e.graph.Nodes = append(e.graph.Nodes, n)
	return name, nil
}

func (e *expander) block(l *LayerSpec, name string, inputs []string, vars map[string]int64) (string, error) {
	b := e.blocks[l.Block]
	if b == nil {
		return "", fmt.Errorf("layer %q: no block is named %q", name, l.Block)
	}
	sc := &scope{prefix: name + ".", vars: maps.Clone(e.vars), names: map[string]string{inName: inputs[0]}, last: inputs[0]}
	given := map[string]int64{}
	for _, a := range l.Args {
		v, err := a.Value.eval(lookup(vars))
		if err != nil {
			return "", fmt.Errorf("layer %q: args: %s: %w", name, a.Name, err)
		}
		given[a.Name] = v
	}
	for _, p := range b.Params {
		for i, c := range p.Choices {
			sc.vars[c] = int64(i)
		}
		v, ok := given[p.Name]
		if !ok {
			var err error
			if v, err = p.Value.eval(lookup(sc.vars)); err != nil {
				return "", fmt.Errorf("layer %q: parameter %s of block %s: %w", name, p.Name, b.Name, err)
			}
		}
		sc.vars[p.Name] = v
	}
	if err := e.layers(b.Layers, sc); err != nil {
		return "", err
	}
	return sc.last, nil
}

// attach evaluates the keys of an operator into a node.
func (l *LayerSpec) attach(n *Node, vars map[string]int64) error {
	for _, a := range l.attributes() {
		if len(a.list) == 0 || !a.set {
			continue
		}
		v, err := evalAll(a.list, vars)
		if err != nil {
			return fmt.Errorf("%s: %w", a.key, err)
		}
		if err := n.assign(a.key, v); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) assign(key string, v []int64) error {
	pair := func(to *[2]int64) error {
		if len(v) > 2 {
			return fmt.Errorf("%s is a list of %d; 1 or 2 are accepted", key, len(v))
		}
		*to = [2]int64{v[0], v[len(v)-1]}
		return nil
	}
	switch key {
	case "stride", "dilation", "groups":
		// In a Node 0 stands for the default; in a file it would be a mistake.
		if slices.Min(v) < 1 {
			return fmt.Errorf("%s is %d; at least 1 is accepted", key, slices.Min(v))
		}
	}
	switch key {
	case "channels":
		n.Channels = v[0]
	case "rows":
		n.Rows = v[0]
	case "kernel":
		return pair(&n.Kernel)
	case "stride":
		return pair(&n.Stride)
	case "dilation":
		return pair(&n.Dilation)
	case "pads":
		switch len(v) {
		case 1, 2:
			n.Pads = [4]int64{v[0], v[len(v)-1], v[0], v[len(v)-1]}
		case 4:
			n.Pads = [4]int64(v)
		default:
			return fmt.Errorf("pads is a list of %d; 1, 2 or 4 are accepted", len(v))
		}
	case "groups":
		n.Groups = v[0]
	case "shape":
		n.Shape = v
	case "axes":
		n.Axes = v
	case "axis":
		n.Axis = v[0]
	case "start":
		n.Start = v[0]
	case "size":
		n.Size = v[0]
	}
	return nil
}
