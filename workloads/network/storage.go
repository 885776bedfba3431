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
		case n.isView():
			root[n.Name] = root[n.Inputs[0]]
		case n.row.inPlace:
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
	if !l.joins(n) && !n.isView() {
		return l.maker[n.Name]
	}
	at := -1
	for _, in := range n.Inputs {
		at = max(at, l.ready[in])
	}
	return at
}

// joins: the operator can run in the output path of whatever makes its latest operand, each of whose elements passes there once. One that is
// smaller than the result is needed again and again, so it has to be in memory. Counts say it: what fuses makes results of its operand's shape, or of two shapes that
// broadcast, and one that stretches anywhere has fewer elements.
func (l *layout) joins(n Layer) bool {
	return n.row.fuses && n.In[l.latest(n)].Elements() == n.Out.Elements()
}

// spare lists the tensors that have one consumer and whose array is needed by nothing else, so that the consumer may
// overwrite it.
func (l *layout) spare() map[string]bool {
	spare := map[string]bool{}
	for _, n := range l.nodes {
		switch {
		case len(l.uses[n.Name]) != 1 || n.row.part:
		case n.isView():
			spare[n.Name] = spare[n.Inputs[0]]
		default:
			spare[n.Name] = n.row.keeps != keepsOutput
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
		if n.isView() {
			base := places[n.Inputs[0]]
			if base.parts || len(l.uses[n.Inputs[0]]) == 1 {
				p.name = base.name
				p.sliced = base.sliced || n.row.part
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
		if !n.row.part || n.Axis != l.nodes[l.uses[name][0]].Axis {
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
