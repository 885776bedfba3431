package onnx

import (
	"fmt"
	"slices"

	"satsim/workloads/onnx/internal/file"
)

// choices pick among what a network computed: boxes, classes, places. No gradient comes through, so training ends before them.
var choices = map[string]bool{"TopK": true, "NonMaxSuppression": true, "NonZero": true, "ArgMax": true, "ArgMin": true, "Unique": true}

// losses are ONNX's own.
var losses = map[string]bool{"SoftmaxCrossEntropyLoss": true, "NegativeLogLikelihoodLoss": true}

// cut moves outputs that lie behind a choice or a loss to what enters it, and says so.
func (im *importer) cut(nodes []*file.Node, outputs []string) []string {
	maker := map[string]*file.Node{}
	var ends []*file.Node
	for _, n := range nodes {
		for _, o := range n.Out {
			maker[o] = n
		}
		if losses[n.Op] && file.IsStandard(n.Domain) {
			ends = append(ends, n)
		}
	}
	if len(ends) > 0 { // a graph that trains: what follows the loss is its backward half and the updates
		var out []string
		for _, n := range ends {
			im.notes = append(im.notes, fmt.Sprintf("the loss %s of the file and what follows it are left out: backward and updates are satsim's own", n.Output()))
			out = append(out, n.Input(0))
		}
		return out
	}
	tainted := map[string]bool{} // tensors that a choice is behind
	for _, n := range nodes {
		if choices[n.Op] || slices.ContainsFunc(n.In, func(in string) bool { return tainted[in] }) {
			for _, o := range n.Out {
				tainted[o] = true
			}
		}
	}
	var out, names []string
	add := func(t string) {
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for _, o := range outputs {
		if !tainted[o] {
			add(o)
			continue
		}
		seen := map[string]bool{}
		todo := []string{o}
		for len(todo) > 0 {
			t := todo[0]
			todo = todo[1:]
			n := maker[t]
			if n == nil || seen[t] {
				continue
			}
			seen[t] = true
			if !tainted[t] {
				if len(n.In) > 0 && n.Op != "Constant" && n.Op != "Shape" && im.needsData(maker, t) {
					add(t)
				}
				continue
			}
			if choices[n.Op] && !slices.Contains(names, n.Op+" "+t) {
				names = append(names, n.Op+" "+t)
			}
			todo = append(todo, n.In...)
		}
	}
	if len(names) > 0 {
		im.notes = append(im.notes, fmt.Sprintf("%s and what follows are cut: no gradient comes through", some(names)))
	}
	// What enters a choice beside something that is made of it is on the way, not an end.
	return farthest(maker, out)
}

// needsData reports whether a tensor is computed from an input of the file.
func (im *importer) needsData(maker map[string]*file.Node, t string) bool {
	seen := map[string]bool{}
	todo := []string{t}
	for len(todo) > 0 {
		t, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if seen[t] || t == "" {
			continue
		}
		seen[t] = true
		if n := maker[t]; n != nil {
			if n.Op != "Shape" && n.Op != "Size" {
				todo = append(todo, n.In...)
			}
		} else if im.model.initializers[t] == nil {
			return true
		}
	}
	return false
}

// farthest leaves out tensors that another one is computed from.
func farthest(maker map[string]*file.Node, list []string) []string {
	var out []string
	for _, t := range list {
		behind := false
		for _, other := range list {
			behind = behind || other != t && dependsOn(maker, other, t)
		}
		if !behind {
			out = append(out, t)
		}
	}
	return out
}

func dependsOn(maker map[string]*file.Node, t, on string) bool {
	seen := map[*file.Node]bool{}
	todo := []string{t}
	for len(todo) > 0 {
		n := maker[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		if n == nil || seen[n] {
			continue
		}
		seen[n] = true
		if slices.Contains(n.In, on) {
			return true
		}
		todo = append(todo, n.In...)
	}
	return false
}

// advice is what could be done about operators that have no counterpart.
var advice = map[string]string{
	"LSTM": recurrent, "GRU": recurrent, "RNN": recurrent, "Scan": control, "Loop": control, "If": control,
	"QLinearConv": quantised, "QLinearMatMul": quantised, "ConvInteger": quantised, "MatMulInteger": quantised, "DynamicQuantizeLinear": quantised,
	"NonMaxSuppression": chosen, "TopK": chosen, "RoiAlign": chosen, "NonZero": chosen,
}

const (
	recurrent = "a step of a sequence waits for the one before, which no network here has; the products of one step can be written as linear layers of a network file"
	control   = "which nodes run is decided while the network runs; export it traced, with loops unrolled and branches fixed (torch.jit.trace instead of script)"
	quantised = "it computes in whole numbers; export the float network, or the quantised one with QuantizeLinear and DequantizeLinear"
	chosen    = "it chooses among what was computed, where no gradient comes through; put the loss on a tensor before it with --loss-on"
)

// refused says that a node has no counterpart, and what could be done.
func refused(n *file.Node) error {
	if a := advice[n.Op]; a != "" {
		return fmt.Errorf("%w: %s", errNotRepresented, a)
	}
	return errNotRepresented
}
