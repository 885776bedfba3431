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
	Name      string           // of the network
	Batch     int64            // 0: the file's, or 32 where it leaves the batch open
	Dims      map[string]int64 // values of named extents other than the batch
	Losses    []string         // tensors that a loss is put on; by default each output that is the end of a head
	BatchAxis string           // the extent that is the batch: its name, or input.axis; by default one that is called so, or the first input's first
}

// Import is a network made from a file. Its note says what the network does not show of the file.
type Import struct {
	Graph       *network.Graph
	Description *network.Description // the same with the batch as a parameter
	Roles       []Role
}

// importer turns nodes into a graph, one after the other.
type importer struct {
	model     *Model
	options   Options
	batch     int64
	hint      int64  // the batch that the file fixes, 0 where it leaves it open
	symbol    string // the batch's name in the file
	batchAxis int    // where it stands in inputs that do not name it

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
	outputs []string // with a loss
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
	all := recognise(im.groupNorms(im.model.nodes), im.model.scalar)
	if err := im.chooseOutputs(all); err != nil {
		return nil, err
	}
	im.withoutSoftmax(all)
	nodes, err := live(all, im.outputs...)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, n := range nodes {
		for _, in := range n.In {
			im.readers[in] = append(im.readers[in], n)
		}
		for _, out := range n.Out {
			im.makers[out] = n
		}
		if (!file.IsStandard(n.Domain) || !known(n.Op)) && len(errs) < 10 {
			errs = append(errs, n.Fail(refused(n)))
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

// chooseOutputs finds what gets a loss: what is asked for, or each output that is the end of a head, which no other output is computed from and
// whose numbers a loss can be put on.
func (im *importer) chooseOutputs(nodes []*file.Node) error {
	if len(im.model.outputs) == 0 {
		return errors.New("the file has no output to put a loss on")
	}
	im.outputs = im.options.Losses
	if len(im.outputs) == 0 {
		im.outputs = im.cut(nodes, ends(nodes, im.model.outputs))
	}
	var unused []string
	cutAway := slices.ContainsFunc(im.outputs, func(o string) bool { return !slices.Contains(im.model.outputs, o) }) && len(im.options.Losses) == 0 // said already
	for _, o := range im.model.outputs {
		if !slices.Contains(im.outputs, o) && !cutAway {
			unused = append(unused, o)
		}
	}
	if len(im.outputs) > 1 {
		im.notes = append(im.notes, fmt.Sprintf("a loss is on each of %s", some(im.outputs)))
	}
	if len(unused) > 0 {
		im.notes = append(im.notes, fmt.Sprintf("no loss is on %s: what only they need is left out", some(unused)))
	}
	return nil
}

// some lists names, the first and the last of many.
func some(names []string) string {
	const shown = 6
	if len(names) > shown {
		names = append(slices.Clone(names[:shown-1]), "...", names[len(names)-1])
	}
	return strings.Join(names, ", ")
}

// ends are the outputs that are no step on the way to another one: hidden states and caches are. All, where each is.
func ends(nodes []*file.Node, outputs []string) []string {
	if len(outputs) == 1 {
		return outputs
	}
	maker := map[string]*file.Node{}
	for _, n := range nodes {
		for _, o := range n.Out {
			maker[o] = n
		}
	}
	var out []string
	for _, o := range outputs {
		seen := map[*file.Node]bool{}
		var todo []string
		for _, other := range outputs {
			if n := maker[other]; other != o && n != nil && n != maker[o] {
				todo = append(todo, n.In...)
			}
		}
		inside := false
		for len(todo) > 0 && !inside {
			t := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			inside = t == o
			if n := maker[t]; n != nil && !seen[n] {
				seen[n] = true
				todo = append(todo, n.In...)
			}
		}
		if n := maker[o]; !inside && n != nil && (!choice(n) || len(outputs) == 1) && (n.Output() == o || n.Op == "Split") {
			out = append(out, o)
		}
	}
	if len(out) == 0 {
		return outputs[:1]
	}
	return out
}

// choice reports whether a node picks among numbers, through which no gradient comes.
func choice(n *file.Node) bool {
	switch n.Op {
	case "ArgMax", "ArgMin", "Shape", "Size", "Greater", "Less", "Equal", "GreaterOrEqual", "LessOrEqual", "NonZero":
		return true
	case "Cast":
		return !file.IsFloat(int32(n.Int("to", 0)))
	}
	return false
}

// live keeps the nodes that tensors depend on, in the file's order.
func live(nodes []*file.Node, outputs ...string) ([]*file.Node, error) {
	maker := map[string]int{}
	for i, n := range nodes {
		for _, o := range n.Out {
			if o != "" {
				maker[o] = i
			}
		}
	}
	for _, o := range outputs {
		if _, ok := maker[o]; !ok {
			return nil, fmt.Errorf("no node makes the output %q", o)
		}
	}
	needed := make([]bool, len(nodes))
	todo := slices.Clone(outputs)
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

// withoutSoftmax moves a loss from a softmax to what goes into it: the softmax is part of the loss.
func (im *importer) withoutSoftmax(nodes []*file.Node) {
	outputs := slices.Clone(im.outputs)
	for i, o := range outputs {
		for _, n := range nodes {
			made := slices.ContainsFunc(nodes, func(m *file.Node) bool { return m.Output() == n.Input(0) })
			if n.Output() == o && (n.Op == "Softmax" || n.Op == "LogSoftmax") && made {
				im.notes = append(im.notes, fmt.Sprintf("%s %s is part of the loss", n.Op, o))
				outputs[i] = n.Input(0)
			}
		}
	}
	im.outputs = outputs
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
		if v == nil || n.Out[i] == "" {
			continue
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

// finish puts the losses on the outputs, drops what nothing reads, and writes the notation.
func (im *importer) finish() (*Import, error) {
	lost := map[string]bool{}
	for _, o := range im.outputs {
		v := im.values[o]
		if v == nil || v.kind != activation {
			return nil, fmt.Errorf("output %q does not depend on the network's input", o)
		}
		x, err := im.plain(v)
		if err != nil {
			return nil, fmt.Errorf("output %q: %w", o, err)
		}
		if lost[x] {
			continue
		}
		lost[x] = true
		if _, err := im.emit(network.Node{Name: "loss", Op: network.Loss, Inputs: []string{x}}, symbolic.Shape{symbolic.Fixed(1)}); err != nil {
			return nil, err
		}
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
