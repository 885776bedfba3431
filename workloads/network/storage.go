package network

// storage says in which array of memory each tensor lives. Views share their base's array; an element-wise operator whose
// operand nobody else needs works in place. An array is named by the last tensor that is made in it in place, or else by
// the first.
type storage struct {
	name     map[string]string // of a tensor's array
	elements map[string]int64  // of an array
	inPlace  map[string]int    // node -> input slot that it overwrites
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
	st := storage{name: map[string]string{}, elements: map[string]int64{}, inPlace: map[string]int{}}
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
			if in := n.Inputs[slot]; l.free(in) && n.In[slot].equal(n.Out) {
				st.inPlace[n.Name] = slot
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

// free reports whether a tensor has one consumer and its array is needed by nothing else, so that the consumer may
// overwrite it.
func (l *layout) free(name string) bool {
	for {
		at, ok := l.maker[name]
		if !ok || len(l.uses[name]) != 1 {
			return false
		}
		n := l.nodes[at]
		if !isView(n) {
			return !keepsOutput(n.Op)
		}
		if n.Op == Slice {
			return false
		}
		name = n.Inputs[0]
	}
}
