package onnx

import "satsim/workloads/onnx/internal/symbolic"

// kind says where a tensor comes from.
type kind int

const (
	constant   kind = iota // made from numbers in the file
	parameter              // made from a floating-point initialiser: learned
	side                   // made from integer or boolean inputs: ids, masks
	activation             // made from the data that flow through the network
)

// value is a tensor of the file.
type value struct {
	name  string
	kind  kind
	shape symbolic.Shape // as ONNX orders it
	whole string         // its type, where that is one of whole numbers: int8 and so on

	lit    *symbolic.Literal // constant: its elements, where they are followed
	root   *root             // parameter: where it comes from
	origin string            // side: the input that it is but for its type

	tensor string    // activation: the graph's tensor
	layout []int     // activation: axis i there is axis layout[i] here
	zeros  *[4]int64 // activation: zeros that a Pad puts around height and width: top, left, bottom, right
	bare   bool      // activation of a file without a batch axis: the file does not know of the first axis, which is the batch
}

// root is the initialiser that a parameter was made from.
type root struct {
	name     string
	alias    string // the name that an Identity gives it: exporters store equal parameters once, and name the others so
	elements int64
	width    int64 // of its last axis
}

func newRoot(name string, s symbolic.Shape, elements int64) *root {
	r := &root{name: name, elements: elements, width: 1}
	if len(s) > 0 {
		r.width = s[len(s)-1].N
	}
	return r
}

func (v *value) rank() int { return len(v.shape) }

// scalar is the value of a constant with one element.
func (v *value) scalar() (float64, bool) {
	if v == nil || v.kind == activation || v.kind == side {
		return 0, false
	}
	return v.lit.Scalar()
}

// single reports whether the tensor has one element, whether its value is known or not.
func (v *value) single() bool {
	for _, e := range v.shape {
		if !e.Unit() {
			return false
		}
	}
	return true
}

// position is where an axis of ONNX stands in the graph's tensor.
func (v *value) position(axis int) int {
	for i, a := range v.layout {
		if a == axis {
			return i
		}
	}
	return -1
}

// identity is the order 0, 1, 2, ...
func identity(rank int) []int {
	out := make([]int, rank)
	for i := range out {
		out[i] = i
	}
	return out
}

// channelsLast is the order 0, 2, 3, ..., 1.
func channelsLast(rank int) []int {
	out := []int{0}
	for i := 2; i < rank; i++ {
		out = append(out, i)
	}
	return append(out, 1)
}

// last moves an axis to the end of an order.
func last(layout []int, axis int) []int {
	var out []int
	for _, a := range layout {
		if a != axis {
			out = append(out, a)
		}
	}
	return append(out, axis)
}
