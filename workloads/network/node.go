package network

import (
	"fmt"
	"slices"
)

// Node is one operator with its attributes; those that its operator does not have stay zero.
type Node struct {
	Name   string
	Op     Op
	Inputs []string // tensors: names of graph inputs or of nodes

	Channels   int64    // conv, linear, embedding: outputs of a position; group_norm: its scales, one a group, where they are not one a channel
	Rows       int64    // embedding: rows of the table
	Kernel     [2]int64 // conv, pools: height, width
	Stride     [2]int64 // conv, pools: 0 means 1
	Dilation   [2]int64 // conv: 0 means 1
	Pads       [4]int64 // conv, pools: top, left, bottom, right
	Groups     int64    // conv: 0 means 1; group_norm
	Bias       bool     // conv, linear, layer_norm's shift
	TransposeB bool     // matmul: the second operand is [..., N, K]
	Causal     bool     // softmax: row i of its square matrices has its first i+1 columns alone, the others are 0
	Weight     string   // linear: the embedding or linear node whose weight it shares (tied); conv: the conv node
	Vector     string   // conv, linear, norms, prelu: the node whose bias, scale and shift, or slope it shares
	Shape      []int64  // reshape: one extent may be -1
	Axes       []int64  // transpose: the permutation
	Axis       int64    // concat, slice
	Start      int64    // slice
	Size       int64    // slice
}

// set lists the attributes that are not zero, by their name in the notation.
func (n Node) set() []string {
	var out []string
	add := func(name string, set bool) {
		if set {
			out = append(out, name)
		}
	}
	add("channels", n.Channels != 0)
	add("rows", n.Rows != 0)
	add("kernel", n.Kernel != [2]int64{})
	add("stride", n.Stride != [2]int64{})
	add("dilation", n.Dilation != [2]int64{})
	add("pads", n.Pads != [4]int64{})
	add("groups", n.Groups != 0)
	add("bias", n.Bias)
	add("transpose_b", n.TransposeB)
	add("causal", n.Causal)
	add("weight", n.Weight != "")
	add("vector", n.Vector != "")
	add("shape", n.Shape != nil)
	add("axes", n.Axes != nil)
	add("axis", n.Axis != 0)
	add("start", n.Start != 0)
	add("size", n.Size != 0)
	return out
}

// defaults fills strides, dilations and groups that are zero with 1.
func (n Node) defaults() Node {
	one := func(v *int64) {
		if *v == 0 {
			*v = 1
		}
	}
	if has := operators[n.Op].fields; slices.Contains(has, "stride") {
		one(&n.Stride[0])
		one(&n.Stride[1])
		if slices.Contains(has, "groups") {
			one(&n.Groups)
			one(&n.Dilation[0])
			one(&n.Dilation[1])
		}
	}
	return n
}

// check looks at the node alone: known operator, number of inputs, attributes that the operator has.
func (n Node) check() error {
	op, ok := operators[n.Op]
	if !ok {
		return fmt.Errorf("unknown operator %q; one of %v is accepted", n.Op, Ops())
	}
	if len(n.Inputs) < op.min || op.max > 0 && len(n.Inputs) > op.max {
		want := fmt.Sprint(op.min)
		if op.max == 0 {
			want += " or more"
		}
		return fmt.Errorf("has %d inputs; %s takes %s", len(n.Inputs), n.Op, want)
	}
	for _, f := range n.set() {
		if !slices.Contains(op.fields, f) {
			return fmt.Errorf("sets %s, which %s does not have; it has %v", f, n.Op, op.fields)
		}
	}
	return nil
}

// fail says which node an error is about.
func (n Node) fail(err error) error { return fmt.Errorf("node %q (%s): %w", n.Name, n.Op, err) }
