package network

import (
	"errors"
	"fmt"

	"satsim/workloads"
)

// Graph is a network: named tensors joined by operators. A node's output tensor has the node's name.
type Graph struct {
	Name   string
	Note   string // what every report must state, such as the stem
	Inputs []Input
	Nodes  []Node
}

// Input is a tensor that comes from outside and needs no gradient. The first extent of the first input is the batch.
type Input struct {
	Name    string
	Shape   Shape
	Indices bool // token ids or positions (32-bit), for an embedding
}

// Layer is a node with the shapes that were inferred for it.
type Layer struct {
	Node
	In         []Shape
	Out        Shape
	Parameters int64 // own ones: a tied weight counts where it is defined

	row *operator
}

// layout is a graph whose names are resolved: nodes in topological order, and for each tensor its shape, producer and
// consumers.
type layout struct {
	nodes []Layer
	shape map[string]Shape
	maker map[string]int   // index into nodes; absent for graph inputs
	ready map[string]int   // the node after whose item the tensor exists; -1 for graph inputs
	uses  map[string][]int // consumers in topological order, one entry for each input slot
	ids   map[string]bool  // graph inputs that are indices
}

// Layers infers all shapes and returns the nodes in topological order, which is the order of Nodes as far as inputs
// allow. All errors of a pass are reported together, each naming its node.
func (g *Graph) Layers() ([]Layer, error) {
	l, err := g.resolve()
	if err != nil {
		return nil, err
	}
	return l.nodes, nil
}

func (g *Graph) resolve() (*layout, error) {
	order, err := g.sorted()
	if err != nil {
		return nil, err
	}
	l := &layout{
		shape: map[string]Shape{}, maker: map[string]int{}, ready: map[string]int{},
		uses: map[string][]int{}, ids: map[string]bool{}, nodes: make([]Layer, 0, len(order)),
	}
	for _, in := range g.Inputs {
		if err := in.Shape.check(); err != nil {
			return nil, fmt.Errorf("input %q: %w", in.Name, err)
		}
		l.shape[in.Name] = in.Shape
		l.ids[in.Name] = in.Indices
		l.ready[in.Name] = -1
	}
	for i, at := range order {
		n := g.Nodes[at].defaults()
		layer := Layer{Node: n, row: operators[n.Op]}
		for _, name := range n.Inputs {
			layer.In = append(layer.In, l.shape[name])
			l.uses[name] = append(l.uses[name], i)
			if l.ids[name] != layer.row.reads {
				return nil, n.fail(fmt.Errorf("input %q: an embedding reads an input of indices, and nothing else does", name))
			}
		}
		if layer.Out, err = layer.row.shape(n, layer.In); err != nil {
			return nil, n.fail(err)
		}
		if err := layer.Out.check(); err != nil {
			return nil, n.fail(fmt.Errorf("output: %w", err))
		}
		if layer.Parameters, err = l.parameters(layer); err != nil {
			return nil, n.fail(err)
		}
		l.shape[n.Name] = layer.Out
		l.maker[n.Name] = i
		l.ready[n.Name] = l.when(layer)
		l.nodes = append(l.nodes, layer)
	}
	return l, nil
}

// sorted checks names and returns the indices of nodes so that each comes after its inputs; nodes stay in the given
// order as far as that allows.
func (g *Graph) sorted() ([]int, error) {
	const input, todo, open, done = 0, 1, 2, 3
	state := map[string]int{}
	at := map[string]int{}
	var errs []error
	for _, in := range g.Inputs {
		if _, ok := state[in.Name]; ok || in.Name == "" {
			errs = append(errs, fmt.Errorf("input %q: the name is empty or taken", in.Name))
		}
		state[in.Name] = input
	}
	for i, n := range g.Nodes {
		if _, ok := state[n.Name]; ok || n.Name == "" {
			errs = append(errs, n.fail(errors.New("the name is empty or taken")))
		}
		state[n.Name] = todo
		at[n.Name] = i
		if err := n.check(); err != nil {
			errs = append(errs, n.fail(err))
		}
	}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if _, ok := state[in]; !ok {
				errs = append(errs, n.fail(fmt.Errorf("input %q is neither an input of the network nor a node", in)))
			}
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	// Depth first without recursion: a chain may be as long as a file.
	var order []int
	for i := range g.Nodes {
		stack := []int{i}
		for len(stack) > 0 {
			n := g.Nodes[stack[len(stack)-1]]
			if state[n.Name] == done {
				stack = stack[:len(stack)-1]
				continue
			}
			state[n.Name] = open
			ready := true
			for _, in := range n.Inputs {
				switch state[in] {
				case todo:
					stack = append(stack, at[in])
					ready = false
				case open:
					return nil, n.fail(fmt.Errorf("input %q depends on this node: the network has a cycle", in))
				}
				if !ready {
					break
				}
			}
			if ready {
				state[n.Name] = done
				order = append(order, at[n.Name])
				stack = stack[:len(stack)-1]
			}
		}
	}
	return order, nil
}

// parameters counts a node's own parameters and checks a tied weight against its owner.
func (l *layout) parameters(n Layer) (int64, error) {
	if n.row.weight != nil {
		w := n.row.weight(n)
		switch {
		case w.Taps*w.In <= maxElements/w.Out/w.Groups:
		case n.row.reads:
			return 0, fmt.Errorf("table of %d rows of %d has more than 2^48 elements", n.Rows, n.Channels)
		default:
			return 0, fmt.Errorf("weight of %d taps, %d inputs, %d outputs and %d groups has more than 2^48 elements",
				w.Taps, w.In, w.Out, w.Groups)
		}
		if n.Weight != "" {
			if err := l.checkTied(n, w); err != nil {
				return 0, err
			}
		}
	}
	switch {
	case n.row.parameters == nil:
		return 0, nil
	case n.Vector == "":
		return n.row.parameters(n), nil
	}
	return n.row.parameters(n) - vectorElements(n), l.checkVector(n)
}

// checkVector checks a shared vector against its owner.
func (l *layout) checkVector(n Layer) error {
	at, ok := l.maker[n.Vector]
	if !ok {
		return fmt.Errorf("vector %q is no earlier node", n.Vector)
	}
	owner, size := l.nodes[at], vectorElements(n)
	if size == 0 || owner.Vector != "" || owner.row.vector != n.row.vector || vectorElements(owner) != size {
		return fmt.Errorf("vector %q is no node with a %s of its own of %d numbers", n.Vector, n.row.vector, size)
	}
	return nil
}

func (l *layout) checkTied(n Layer, w workloads.WeightShape) error {
	at, ok := l.maker[n.Weight]
	if !ok {
		return fmt.Errorf("weight %q is no earlier node", n.Weight)
	}
	owner := l.nodes[at]
	if n.row.slides && owner.row.shares && (!owner.row.slides || owner.Kernel != n.Kernel || owner.row.weight(owner) != w || owner.Weight != "") {
		return fmt.Errorf("weight %q is no conv of its kernel, channels and groups with a weight of its own", n.Weight)
	}
	if !owner.row.shares || owner.row.slides != n.row.slides || owner.Weight != "" || owner.row.weight(owner) != w {
		return fmt.Errorf("weight %q is no embedding of %d rows and %d channels, nor a linear layer of %d inputs and %d outputs",
			n.Weight, w.Out, w.In, w.In, w.Out)
	}
	return nil
}
