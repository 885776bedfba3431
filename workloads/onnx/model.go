package onnx

import (
	"fmt"
	"io"
	"strings"

	"satsim/workloads/network"
	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"

	"satsim/workloads/onnx/internal/symbolic"
)

// Versions of the operator set that are understood.
const (
	minOpset = 6
	maxOpset = 26
)

// Model is what an ONNX file says of a network, without the elements of its weights.
type Model struct {
	data         io.ReaderAt // the file
	opset        int64
	producer     string
	nodes        []*file.Node
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
		data:         r,
		producer:     strings.TrimSpace(f.Model.GetProducerName() + " " + f.Model.GetProducerVersion()),
		initializers: map[string]*initializer{}, constants: map[string]float64{},
		tensors: map[string]*initializer{},
	}
	for _, o := range f.Model.GetOpsetImport() {
		if file.IsStandard(o.GetDomain()) {
			m.opset = o.GetVersion()
		}
	}
	switch {
	case m.opset == 0:
		return nil, fmt.Errorf("the file names no standard operator set; %d to %d are accepted", minOpset, maxOpset)
	case m.opset < minOpset || m.opset > maxOpset:
		return nil, fmt.Errorf("the file needs operator set %d; %d to %d are accepted", m.opset, minOpset, maxOpset)
	}
	m.learned = true
	for i, t := range g.GetInitializer() {
		m.initializers[t.GetName()] = &initializer{tensor: t, data: f.Initializers[i]}
		m.learned = m.learned && !(file.IsFloat(t.GetDataType()) && len(t.GetDims()) > 1)
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
		n := named(file.NewNode(p, m.opset))
		m.nodes = append(m.nodes, unfused(n)...)
		var where file.Span
		for _, a := range p.GetAttribute() {
			if a.GetT() != nil && len(attributes) > 0 {
				where, attributes = attributes[0], attributes[1:]
			}
		}
		if n.Op == "Constant" && len(n.Out) == 1 {
			m.constant(n, where)
		}
	}
	return m, nil
}

// constant remembers a Constant node: its value if it has one element, and its tensor.
func (m *Model) constant(n *file.Node, where file.Span) {
	if t := n.Attrs["value"].GetT(); t != nil {
		m.tensors[n.Out[0]] = &initializer{tensor: t, data: where}
	}
	if t, err := symbolic.Fold(n, nil, symbolic.FixedBatch{}); err == nil {
		if v, ok := t[0].Elements.Scalar(); ok {
			m.constants[n.Out[0]] = v
		}
	}
}

// head reads up to count of the first elements of an initialiser or constant, in the file's order: nothing where they lie elsewhere, or are stored
// one by one. The file must still be open.
func (m *Model) head(name string, count int64) []float64 {
	i := m.stored(name)
	if i == nil || i.tensor.GetDataLocation() != 0 || i.data.Pieces != 1 || i.data.Field == int32Data {
		return nil
	}
	return symbolic.Head(m.data, i.tensor.GetDataType(), i.data.Offset, min(count*8, i.data.Length), count)
}

// each gives the elements of an initialiser or constant to f, in the file's order, until it returns false, and reports whether it saw all of them: where they
// lie elsewhere, or are stored one by one, it sees none.
func (m *Model) each(name string, f func(i int64, v float64) bool) bool {
	const chunk = 1 << 16
	i := m.stored(name)
	if i == nil || i.tensor.GetDataLocation() != 0 || i.data.Pieces != 1 || i.data.Field == int32Data {
		return false
	}
	s := symbolic.FixedShape(i.tensor.GetDims())
	all, err := s.Elements()
	bits := typeBits[i.tensor.GetDataType()]
	if err != nil || bits == 0 {
		return false
	}
	for from := int64(0); from < all.N; from += chunk {
		want := min(chunk, all.N-from)
		if from*bits/8 > i.data.Length {
			return false
		}
		got := symbolic.Head(m.data, i.tensor.GetDataType(), i.data.Offset+from*bits/8, i.data.Length-from*bits/8, want)
		if int64(len(got)) != want {
			return false
		}
		for k, v := range got {
			if !f(from+int64(k), v) {
				return false
			}
		}
	}
	return true
}
