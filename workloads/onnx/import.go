package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/pb"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/symbolic"
)

// defaultBatch is taken where a file leaves the batch open (assumption: a batch that fills an array; set another).
const defaultBatch = 32

// Options are what a file does not say.
type Options struct {
	Name   string           // of the network
	Batch  int64            // 0: the file's, or 32 where it leaves the batch open
	Dims   map[string]int64 // values of named extents other than the batch
	Output string           // tensor that the loss is put on; by default the first output
}

// Import is a network made from a file. Its note says what the network does not show of the file.
type Import struct {
	Graph       *network.Graph
	Description *network.Description // the same with the batch as a parameter
	Roles       []Role
}

// importer turns nodes into a graph, one after the other.
type importer struct {
	model   *Model
	options Options
	batch   int64
	hint    int64  // the batch that the file fixes, 0 where it leaves it open
	symbol  string // the batch's name in the file

	values  map[string]*value
	readers map[string][]*file.Node // of the nodes that count
	graph   network.Graph
	at      map[string]int            // index into graph.Nodes
	shapes  map[string]symbolic.Shape // of the graph's tensors, in its order
	outer   map[string]int64          // graph's tensor -> the factor of its batch axis outside the batch
	views   map[string]string         // tensor and order -> its transpose
	taken   map[string]bool           // names in the graph
	aliases map[string][]string       // tensor -> the file's names for it
	norms   map[string]bool           // norms from patterns whose scale is yet to come
	owners  map[string]string         // initialiser -> the node that has it as its weight
	trained map[string]bool           // graph's tensors that depend on what is learned
	makers  map[string]*file.Node     // of the nodes that count
	roles   []Role
	counts  map[string]int // what is left out, by a sentence with %d
	notes   []string
	output  string
}

// Import builds the network.
func (m *Model) Import(o Options) (*Import, error) {
	im := newImporter(m, o)
	if err := im.build(); err != nil {
		return nil, err
	}
	return im.finish()
}

func newImporter(m *Model, o Options) *importer {
	im := &importer{
		model: m, options: o, values: map[string]*value{}, readers: map[string][]*file.Node{}, at: map[string]int{}, shapes: map[string]symbolic.Shape{},
		outer: map[string]int64{}, views: map[string]string{}, aliases: map[string][]string{}, norms: map[string]bool{}, taken: map[string]bool{"in": true}, owners: map[string]string{}, counts: map[string]int{},
		trained: map[string]bool{}, makers: map[string]*file.Node{},
	}
	im.graph.Name = o.Name
	return im
}

// build takes the file's nodes into the graph, one after the other.
func (im *importer) build() error {
	nodes, err := im.prepare()
	if err != nil {
		return err
	}
	im.graph.Nodes = make([]network.Node, 0, len(nodes))
	for _, n := range nodes {
		if err := im.node(n); err != nil {
			return n.Fail(err)
		}
	}
	return nil
}

// prepare finds the nodes that the loss depends on, and the inputs' and initialisers' values.
func (im *importer) prepare() ([]*file.Node, error) {
	if err := im.chooseOutput(); err != nil {
		return nil, err
	}
	nodes, err := live(recognise(im.model.nodes, im.model.scalar), im.output)
	if err != nil {
		return nil, err
	}
	nodes = im.withoutSoftmax(nodes)
	var errs []error
	for _, n := range nodes {
		for _, in := range n.In {
			im.readers[in] = append(im.readers[in], n)
		}
		for _, out := range n.Out {
			im.makers[out] = n
		}
		if (!file.IsStandard(n.Domain) || !known(n.Op)) && len(errs) < 10 {
			errs = append(errs, n.Fail(errNotRepresented))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for name, i := range im.model.initializers {
		if im.values[name], err = initialValue(i.tensor); err != nil {
			return nil, fmt.Errorf("initialiser %q: %w", name, err)
		}
	}
	return nodes, im.inputs(nodes)
}

var errNotRepresented = errors.New("this operator has no counterpart in a network")

func known(op string) bool {
	return operators[op] != nil || symbolic.Folds(op)
}

func initialValue(t *pb.TensorProto) (*value, error) {
	v := &value{name: t.GetName(), shape: symbolic.FixedShape(t.GetDims())}
	for _, d := range t.GetDims() {
		if d < 0 || d > symbolic.MaxExtent {
			return nil, fmt.Errorf("an extent is %d", d)
		}
	}
	all, err := v.shape.Elements()
	if err != nil {
		return nil, err
	}
	v.lit = symbolic.Decode(t)
	v.whole = file.WholeType(t.GetDataType())
	if file.IsFloat(t.GetDataType()) && all.N > 1 {
		v.kind, v.root = parameter, newRoot(v.name, v.shape, all.N)
	}
	return v, nil
}

// scalar is the value of a constant with one element.
func (m *Model) scalar(name string) (float64, bool) {
	if i := m.initializers[name]; i != nil {
		return symbolic.Decode(i.tensor).Scalar()
	}
	v, ok := m.constants[name]
	return v, ok
}

func (im *importer) chooseOutput() error {
	if len(im.model.outputs) == 0 {
		return errors.New("the file has no output to put a loss on")
	}
	im.output = im.options.Output
	if im.output == "" {
		im.output = im.model.outputs[0]
		if len(im.model.outputs) > 1 {
			im.notes = append(im.notes, fmt.Sprintf("the loss is on output %s; what only %s need is left out",
				im.output, strings.Join(im.model.outputs[1:], ", ")))
		}
	}
	return nil
}

// live keeps the nodes that a tensor depends on, in the file's order.
func live(nodes []*file.Node, output string) ([]*file.Node, error) {
	maker := map[string]int{}
	for i, n := range nodes {
		for _, o := range n.Out {
			if o != "" {
				maker[o] = i
			}
		}
	}
	if _, ok := maker[output]; !ok {
		return nil, fmt.Errorf("no node makes the output %q", output)
	}
	needed := make([]bool, len(nodes))
	todo := []string{output}
	for len(todo) > 0 {
		i, ok := maker[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		if !ok || needed[i] {
			continue
		}
		needed[i] = true
		todo = append(todo, nodes[i].In...)
	}
	var out []*file.Node
	for i, n := range nodes {
		if needed[i] {
			out = append(out, n)
		}
	}
	return out, nil
}

// withoutSoftmax leaves out a softmax at the end: it is part of the loss.
func (im *importer) withoutSoftmax(nodes []*file.Node) []*file.Node {
	end := nodes[len(nodes)-1]
	if (end.Op != "Softmax" && end.Op != "LogSoftmax") || end.Output() != im.output || len(nodes) < 2 {
		return nodes
	}
	im.notes = append(im.notes, fmt.Sprintf("%s %s is part of the loss", end.Op, im.output))
	im.output = end.Input(0)
	return nodes[:len(nodes)-1]
}

// node takes one node into the graph, or folds it.
func (im *importer) node(n *file.Node) error {
	in := make([]*value, len(n.In))
	active := false
	for i, name := range n.In {
		if name == "" {
			continue
		}
		if in[i] = im.values[name]; in[i] == nil {
			return fmt.Errorf("input %q is made by no node before this one", name)
		}
		active = active || in[i].kind == activation
	}
	for i := range arity(n.Op) {
		if i >= len(in) || in[i] == nil {
			return fmt.Errorf("it needs %d inputs; input %d is left out", arity(n.Op), i)
		}
	}
	var out []*value
	var err error
	switch {
	case n.Op == "Gather" && im.isLookup(n, in):
		out, err = im.embedding(n, in)
	case !active && operators[n.Op] != nil && !symbolic.Folds(n.Op):
		return noData(in)
	case !active || n.Op == "Shape" || n.Op == "Size":
		out, err = im.fold(n, in)
	case operators[n.Op] == nil:
		return errNotRepresented
	case !anyInput(n.Op) && in[0].kind != activation:
		return fmt.Errorf("its input %q is no data of the network, another one is%s", in[0].name, in[0].holds())
	default:
		out, err = operators[n.Op](im, n, in)
	}
	if err != nil {
		return err
	}
	for i, v := range out {
		if i >= len(n.Out) {
			break
		}
		v.name = n.Out[i]
		if _, err := v.shape.Elements(); err != nil {
			return err
		}
		im.values[n.Out[i]] = v
		if v.kind == activation {
			im.made(v)
		}
	}
	for _, o := range n.Out[min(len(out), len(n.Out)):] {
		if o != "" && len(im.readers[o]) > 0 {
			return fmt.Errorf("its output %q is read, which a network does not make", o)
		}
	}
	return nil
}

// noData says why nothing that enters a node is data of the network.
func noData(in []*value) error {
	for _, v := range in {
		if v != nil && v.kind == side {
			return fmt.Errorf("its input %q is no data of the network, nor is another%s", v.name, v.holds())
		}
	}
	return errors.New("none of its inputs is data of the network: it is computed from initialisers alone")
}

// holds says that a tensor's numbers are whole ones, which nothing is computed on.
func (v *value) holds() string {
	if v.whole == "" {
		return ""
	}
	return fmt.Sprintf(": it holds %s numbers; floating-point ones are trained, and whole ones may be ids, masks, or images that a Cast turns into such", v.whole)
}

// finish puts the loss on the output, drops what nothing reads, and writes the notation.
func (im *importer) finish() (*Import, error) {
	v := im.values[im.output]
	if v == nil || v.kind != activation {
		return nil, fmt.Errorf("output %q does not depend on the network's input", im.output)
	}
	x, err := im.plain(v)
	if err != nil {
		return nil, fmt.Errorf("output %q: %w", im.output, err)
	}
	if _, err := im.emit(network.Node{Name: "loss", Op: network.Loss, Inputs: []string{x}}, symbolic.Shape{symbolic.Fixed(1)}); err != nil {
		return nil, err
	}
	if err := im.tidy(); err != nil {
		return nil, err
	}
	im.report()
	im.graph.Note = strings.NewReplacer("{", "(", "}", ")", "\n", " ").Replace(strings.Join(append([]string{im.origin()}, im.notes...), "; "))
	d, err := network.Describe(&im.graph)
	if err != nil {
		return nil, fmt.Errorf("checking the imported network: %w", err)
	}
	im.withBatch(d)
	return &Import{Graph: &im.graph, Description: d, Roles: im.roles}, nil
}

func (im *importer) origin() string {
	s := fmt.Sprintf("imported from ONNX, operator set %d", im.model.opset)
	if im.model.producer != "" {
		s += ", written by " + im.model.producer
	}
	return s
}

// tidy drops nodes and inputs that do not reach the loss, and puts an input with the batch first.
func (im *importer) tidy() error {
	needed := map[string]bool{}
	nodes := make([]network.Node, 0, len(im.graph.Nodes))
	for i := len(im.graph.Nodes) - 1; i >= 0; i-- {
		n := im.graph.Nodes[i]
		if n.Op != network.Loss && !needed[n.Name] {
			continue
		}
		nodes = append(nodes, n)
		for _, in := range n.Inputs {
			needed[in] = true
		}
		if n.Weight != "" {
			needed[n.Weight] = true
		}
	}
	slices.Reverse(nodes)
	im.graph.Nodes = nodes
	im.graph.Inputs = slices.DeleteFunc(im.graph.Inputs, func(in network.Input) bool { return !needed[in.Name] })
	hasBatch := func(in network.Input) bool { return im.shapes[in.Name][0] == symbolic.Extent{N: 1, Batch: true} }
	i := slices.IndexFunc(im.graph.Inputs, hasBatch)
	if i < 0 {
		return errors.New("no input of the network begins with the batch")
	}
	first := im.graph.Inputs[i]
	im.graph.Inputs = append([]network.Input{first}, slices.Delete(im.graph.Inputs, i, i+1)...)
	return nil
}

// withBatch writes extents that hold the batch as expressions.
func (im *importer) withBatch(d *network.Description) {
	exprs := func(s symbolic.Shape) []network.Expr {
		var out []network.Expr
		for _, e := range s {
			out = append(out, network.Expr(e.String()))
		}
		return out
	}
	for i := range d.Inputs {
		d.Inputs[i].Shape = exprs(im.shapes[d.Inputs[i].Name])
	}
	for i := range d.Layers {
		if l := &d.Layers[i]; l.Op == network.Reshape {
			l.Shape = exprs(im.shapes[l.Name])
		}
	}
}

// leaveOut counts something that the network does not show; the sentence has a %d for how often.
func (im *importer) leaveOut(sentence string) { im.counts[sentence]++ }

// report turns counts into notes.
func (im *importer) report() {
	var sentences []string
	for s := range im.counts {
		sentences = append(sentences, s)
	}
	slices.Sort(sentences)
	im.notes = append(im.notes, roleNotes(im.roles)...)
	for _, s := range sentences {
		im.notes = append(im.notes, fmt.Sprintf(s, im.counts[s]))
	}
	biased, norms := 0, 0
	for _, n := range im.graph.Nodes {
		switch {
		case n.Op == network.Conv && n.Bias:
			biased++
		case n.Op == network.BatchNorm || n.Op == network.LayerNorm || n.Op == network.RMSNorm:
			norms++
		}
	}
	if biased > 3 && norms == 0 {
		im.notes = append(im.notes, "it has convolutions with biases and no norm: the exporter may have folded batch norms away, whose training then costs nothing here")
	}
}
