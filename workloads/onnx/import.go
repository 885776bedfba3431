package onnx

import (
	"errors"
	"fmt"
	"slices"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
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
	BatchAxis string           // the extent that is the batch: its name, input.axis, or none; by default one that is called so, or the first input's first
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
	unbatched bool   // the file takes one sample, without an axis for it
	stripped  bool   // the file's weights are among its inputs

	values  map[string]*value
	readers map[string][]*file.Node // of the nodes that count
	graph   network.Graph
	at      map[string]int              // index into graph.Nodes
	shapes  map[string]symbolic.Shape   // of the graph's tensors, in its order
	outer   map[string]int64            // graph's tensor -> the factor of its batch axis outside the batch
	views   map[string]string           // tensor and order -> its transpose
	tables  map[string][]symbolic.Shape // initialiser -> the shapes in which an embedding gives it
	taken   map[string]bool             // names in the graph
	aliases map[string][]string         // tensor -> the file's names for it
	norms   map[string]bool             // norms from patterns whose scale is yet to come
	owners  map[string]string           // initialiser -> the node that has it as its weight
	vectors map[string][]*value         // graph's node -> what its bias, or its scale and shift, is made of
	trained map[string]bool             // graph's tensors that depend on what is learned
	given   map[string]bool             // inputs of the graph that are numbers without gradient beside the data
	makers  map[string]*file.Node       // of the nodes that count
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
		outer: map[string]int64{}, views: map[string]string{}, tables: map[string][]symbolic.Shape{}, aliases: map[string][]string{}, norms: map[string]bool{}, taken: map[string]bool{"in": true}, owners: map[string]string{}, vectors: map[string][]*value{}, counts: map[string]int{},
		trained: map[string]bool{}, given: map[string]bool{}, makers: map[string]*file.Node{},
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
	bare := false
	for i, x := range in {
		if x == nil || x.zeros == nil || takesZeros(n, x) {
			continue
		}
		if in[i], err = im.withZeros(label(n, ""), x); err != nil {
			return err
		}
		in[i].name, in[i].bare = x.name, x.bare
	}
	if im.unbatched && active {
		if n, in, bare, err = im.sample(n, in); err != nil {
			return err
		}
	}
	switch {
	case n.Op == "Gather" && im.isLookup(n, in):
		out, err = im.embedding(n, in)
	case n.Op == microsoftDomain+".EmbedLayerNormalization":
		out, err = im.embedNorm(n, in)
	case !active && n.Op == "MatMul" && readsNumbers(in):
		var x *value
		if x, err = im.asData(in[0].frozen()); err == nil {
			out, err = im.matmul(n, []*value{x, in[1]})
		}
	case !active && (n.Op == "MatMul" || n.Op == "Einsum") && !learnedAlone(in):
		out, err = foldedProduct(n, in)
	case !active && operators[n.Op] != nil && !symbolic.Folds(n.Op):
		out, err = im.branch(n, in)
	case !active || n.Op == "Shape" || n.Op == "Size":
		out, err = im.fold(n, in)
	case operators[n.Op] == nil:
		return refused(n)
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
		v.bare = bare && v.kind == activation
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

// learnedAlone reports whether values are made of learned numbers and nothing else.
func learnedAlone(in []*value) bool {
	return !slices.ContainsFunc(in, func(v *value) bool { return v != nil && v.kind != parameter })
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
