package network

import (
	"cmp"
	"slices"
)

// storage says in which array of memory each tensor lives. Views share their base's array; an element-wise operator whose
// operand nobody else needs works in place. An array is named by the last tensor that is made in it in place, or else by
// the first.
type storage struct {
	name     map[string]string // of a tensor's array
	elements map[string]int64  // of an array
	gradient map[string]place  // of a tensor
}

// isView reports whether a node moves no data. Reshape and flatten keep the order of elements. A transpose that keeps the
// last axis, and any slice, leave runs of the last axis whole: whoever reads or writes the array uses strided addresses.
// A transpose that moves the last axis is a copy.
func isView(n Layer) bool {
	switch n.Op {
	case Reshape, Flatten, Slice:
		return true
	case Transpose:
		return n.Axes[len(n.Axes)-1] == int64(len(n.Axes)-1)
	}
	return false
}

// overwrites reports whether the operator may work in place on its operand.
func overwrites(op Op) bool {
	switch op {
	case ReLU, ReLU6, Sigmoid, Tanh, Softmax, Add:
		return true
	}
	return false
}

// keepsOutput reports whether the backward pass of the operator reads its output.
func keepsOutput(op Op) bool { return op == Sigmoid || op == Tanh || op == Softmax }

func (l *layout) storage() storage {
	st := storage{name: map[string]string{}, elements: map[string]int64{}, gradient: l.gradients()}
	spare := l.spare()
	root := map[string]string{}
	label := map[string]string{}
	for name := range l.shape {
		root[name] = name
	}
	for _, n := range l.nodes {
		switch {
		case isView(n):
			root[n.Name] = root[n.Inputs[0]]
		case overwrites(n.Op):
			slot := l.latest(n)
			if in := n.Inputs[slot]; spare[in] && n.In[slot].equal(n.Out) {
				root[n.Name] = root[in]
				label[root[in]] = n.Name
			}
		}
	}
	for name := range l.shape {
		st.name[name] = root[name]
		if last := label[root[name]]; last != "" {
			st.name[name] = last
		}
		st.elements[st.name[name]] = l.shape[root[name]].Elements()
	}
	return st
}

// latest is the input slot whose tensor is made last.
func (l *layout) latest(n Layer) int {
	slot := 0
	for i, in := range n.Inputs {
		if l.ready[in] > l.ready[n.Inputs[slot]] {
			slot = i
		}
	}
	return slot
}

// when is the node whose item makes n's output: views and operators that run in the output path of their operand's maker
// have no item of their own.
func (l *layout) when(n Layer) int {
	switch n.Op {
	case ReLU, ReLU6, GELU, SiLU, Sigmoid, Tanh, Add, Mul, Rotary:
	default:
		if !isView(n) {
			return l.maker[n.Name]
		}
	}
	at := -1
	for _, in := range n.Inputs {
		at = max(at, l.ready[in])
	}
	return at
}

// spare lists the tensors that have one consumer and whose array is needed by nothing else, so that the consumer may
// overwrite it.
func (l *layout) spare() map[string]bool {
	spare := map[string]bool{}
	for _, n := range l.nodes {
		switch {
		case len(l.uses[n.Name]) != 1 || n.Op == Slice:
		case isView(n):
			spare[n.Name] = spare[n.Inputs[0]]
		default:
			spare[n.Name] = !keepsOutput(n.Op)
		}
	}
	return spare
}

// place says where a tensor's gradient is.
type place struct {
	name   string // of the array: d(x), or that of the tensor which x is a view of
	sliced bool   // it is a part of a larger array
	// parts: all consumers are slices along one axis that do not overlap, so that each writes its part of the gradient and
	// nothing is summed.
	parts bool
}

func (l *layout) gradients() map[string]place {
	places := map[string]place{}
	for name := range l.shape {
		if _, made := l.maker[name]; !made {
			places[name] = place{name: "d(" + name + ")", parts: l.partitioned(name)}
		}
	}
	for _, n := range l.nodes {
		p := place{name: "d(" + n.Name + ")", parts: l.partitioned(n.Name)}
		if isView(n) {
			base := places[n.Inputs[0]]
			if base.parts || len(l.uses[n.Inputs[0]]) == 1 {
				p.name = base.name
				p.sliced = base.sliced || n.Op == Slice
			}
		}
		places[n.Name] = p
	}
	return places
}

func (l *layout) partitioned(name string) bool {
	var slicesOf []Layer
	for _, u := range l.uses[name] {
		n := l.nodes[u]
		if n.Op != Slice || n.Axis != l.nodes[l.uses[name][0]].Axis {
			return false
		}
		slicesOf = append(slicesOf, n)
	}
	slices.SortFunc(slicesOf, func(a, b Layer) int { return cmp.Compare(a.Start, b.Start) })
	for i := 1; i < len(slicesOf); i++ {
		if slicesOf[i].Start < slicesOf[i-1].Start+slicesOf[i-1].Size {
			return false
		}
	}
	return len(slicesOf) > 0
}
