package onnx

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
)

// Versions of the operator set that are understood.
const (
	minOpset = 7
	maxOpset = 21
)

// Model is what an ONNX file says of a network, without the elements of its weights.
type Model struct {
	opset        int64
	producer     string
	nodes        []*node
	inputs       []*pb.ValueInfoProto // those that are no initialisers
	outputs      []string
	initializers map[string]*initializer
	constants    map[string]float64 // Constant nodes with one element

	// learned says that Constant nodes hold the weights: some exporters write no initialisers.
	learned bool
	tensors map[string]*initializer // of Constant nodes
}

// initializer is a tensor with the network's weights or a constant.
type initializer struct {
	tensor *pb.TensorProto
	data   file.Span
}

// Read walks the ONNX file in r, which has size bytes.
func Read(r io.ReaderAt, size int64) (*Model, error) {
	f, err := file.Read(r, size)
	if err != nil {
		return nil, err
	}
	g := f.Model.GetGraph()
	if n := len(g.GetNode()); n > network.MaxNodes {
		return nil, fmt.Errorf("the graph has %d nodes; a network takes %d", n, network.MaxNodes)
	}
	m := &Model{
		producer:     strings.TrimSpace(f.Model.GetProducerName() + " " + f.Model.GetProducerVersion()),
		initializers: map[string]*initializer{}, constants: map[string]float64{},
		tensors: map[string]*initializer{},
	}
	for _, o := range f.Model.GetOpsetImport() {
		if isStandard(o.GetDomain()) {
			m.opset = o.GetVersion()
		}
	}
	if m.opset < minOpset || m.opset > maxOpset {
		return nil, fmt.Errorf("the file needs operator set %d; %d to %d are accepted", m.opset, minOpset, maxOpset)
	}
	m.learned = true
	for i, t := range g.GetInitializer() {
		m.initializers[t.GetName()] = &initializer{tensor: t, data: f.Initializers[i]}
		m.learned = m.learned && !(isFloat(t.GetDataType()) && len(t.GetDims()) > 1)
	}
	for _, in := range g.GetInput() {
		if m.initializers[in.GetName()] == nil {
			m.inputs = append(m.inputs, in)
		}
	}
	for _, out := range g.GetOutput() {
		m.outputs = append(m.outputs, out.GetName())
	}
	attributes := f.Attributes
	for _, p := range g.GetNode() {
		n := newNode(p, m.opset)
		m.nodes = append(m.nodes, n)
		var where file.Span
		for _, a := range p.GetAttribute() {
			if a.GetT() != nil && len(attributes) > 0 {
				where, attributes = attributes[0], attributes[1:]
			}
		}
		if n.op == "Constant" && len(n.out) == 1 {
			m.constant(n, where)
		}
	}
	return m, nil
}

// constant remembers a Constant node: its value if it has one element, and its tensor.
func (m *Model) constant(n *node, where file.Span) {
	if t := n.attrs["value"].GetT(); t != nil {
		m.tensors[n.out[0]] = &initializer{tensor: t, data: where}
	}
	if _, l, err := constantOf(n); err == nil {
		if v, ok := l.scalar(); ok {
			m.constants[n.out[0]] = v
		}
	}
}

func isStandard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// node is an operator of the file, or one that stands for a pattern.
type node struct {
	name    string
	op      string
	domain  string
	opset   int64
	in, out []string
	attrs   map[string]*pb.AttributeProto
}

func newNode(p *pb.NodeProto, opset int64) *node {
	n := &node{
		name: p.GetName(), op: p.GetOpType(), domain: p.GetDomain(), opset: opset, in: p.GetInput(), out: p.GetOutput(),
		attrs: map[string]*pb.AttributeProto{},
	}
	for _, a := range p.GetAttribute() {
		n.attrs[a.GetName()] = a
	}
	return n
}

// fail says which node an error is about.
func (n *node) fail(err error) error {
	name := n.name
	if name == "" && len(n.out) > 0 {
		name = n.out[0]
	}
	op := n.op
	if !isStandard(n.domain) {
		op = n.domain + "." + op
	}
	return fmt.Errorf("node %q (%s): %w", name, op, err)
}

// input is the name of the i-th input, or nothing where it is left out.
func (n *node) input(i int) string {
	if i < len(n.in) {
		return n.in[i]
	}
	return ""
}

func (n *node) output() string {
	if len(n.out) == 0 {
		return ""
	}
	return n.out[0]
}

func (n *node) has(attr string) bool { return n.attrs[attr] != nil }

func (n *node) int(attr string, otherwise int64) int64 {
	if a := n.attrs[attr]; a != nil {
		return a.GetI()
	}
	return otherwise
}

func (n *node) float(attr string, otherwise float64) float64 {
	if a := n.attrs[attr]; a != nil {
		return float64(a.GetF())
	}
	return otherwise
}

func (n *node) text(attr string) string { return string(n.attrs[attr].GetS()) }

func (n *node) ints(attr string) []int64 { return n.attrs[attr].GetInts() }

// same gives an attribute of size values, or size times the default where it is missing.
func (n *node) same(attr string, size int, otherwise int64) ([]int64, error) {
	v := n.ints(attr)
	if len(v) == 0 {
		return slices.Repeat([]int64{otherwise}, size), nil
	}
	if len(v) != size {
		return nil, fmt.Errorf("%s has %d values; %d are needed", attr, len(v), size)
	}
	return v, nil
}
