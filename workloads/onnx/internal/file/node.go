package file

import (
	"fmt"
	"slices"

	"satsim/workloads/onnx/internal/pb"
)

func IsStandard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// Node is an operator of the file, or one that stands for a pattern.
type Node struct {
	Name    string
	Op      string
	Domain  string
	Opset   int64
	In, Out []string
	Attrs   map[string]*pb.AttributeProto
}

func NewNode(p *pb.NodeProto, opset int64) *Node {
	n := &Node{
		Name: p.GetName(), Op: p.GetOpType(), Domain: p.GetDomain(), Opset: opset, In: p.GetInput(), Out: p.GetOutput(),
		Attrs: map[string]*pb.AttributeProto{},
	}
	for _, a := range p.GetAttribute() {
		n.Attrs[a.GetName()] = a
	}
	return n
}

// Fail says which node an error is about.
func (n *Node) Fail(err error) error {
	name := n.Name
	if name == "" && len(n.Out) > 0 {
		name = n.Out[0]
	}
	op := n.Op
	if !IsStandard(n.Domain) {
		op = n.Domain + "." + op
	}
	return fmt.Errorf("node %q (%s): %w", name, op, err)
}

// Input is the name of the i-th input, or nothing where it is left out.
func (n *Node) Input(i int) string {
	if i < len(n.In) {
		return n.In[i]
	}
	return ""
}

func (n *Node) Output() string {
	if len(n.Out) == 0 {
		return ""
	}
	return n.Out[0]
}

func (n *Node) Has(attr string) bool { return n.Attrs[attr] != nil }

func (n *Node) Int(attr string, otherwise int64) int64 {
	if a := n.Attrs[attr]; a != nil {
		return a.GetI()
	}
	return otherwise
}

func (n *Node) Float(attr string, otherwise float64) float64 {
	if a := n.Attrs[attr]; a != nil {
		return float64(a.GetF())
	}
	return otherwise
}

func (n *Node) Text(attr string) string { return string(n.Attrs[attr].GetS()) }

func (n *Node) Ints(attr string) []int64 { return n.Attrs[attr].GetInts() }

// Same gives an attribute of size values, or size times the default where it is missing.
func (n *Node) Same(attr string, size int, otherwise int64) ([]int64, error) {
	v := n.Ints(attr)
	if len(v) == 0 {
		return slices.Repeat([]int64{otherwise}, size), nil
	}
	if len(v) != size {
		return nil, fmt.Errorf("%s has %d values; %d are needed", attr, len(v), size)
	}
	return v, nil
}
