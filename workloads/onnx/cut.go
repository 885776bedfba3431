package onnx

import (
	"fmt"
	"slices"

	"satsim/workloads/onnx/internal/file"
)

// choices pick among what a network computed: boxes, classes, places. No gradient comes through, so training ends before them.
var choices = map[string]bool{"TopK": true, "NonMaxSuppression": true, "NonZero": true, "ArgMax": true, "ArgMin": true, "Unique": true, "RoiAlign": true,
	"MaxRoiPool": true}

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
	weights := weightsByPlace(maker, nodes)
	tainted := map[string]bool{} // tensors that a choice is behind
	var names, layers []string
	for _, n := range nodes {
		behind := slices.ContainsFunc(n.In, func(in string) bool { return tainted[in] })
		if !behind && !(choices[n.Op] && len(n.In) > 0 && im.needsData(maker, weights, n.In[0])) {
			continue
		}
		for _, o := range n.Out {
			tainted[o] = true
		}
		if w := layerOf(maker, n); behind && w != "" {
			layers = append(layers, label(n, w))
		}
	}
	var out []string
	add := func(t string) {
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	heads := newHeads(maker)
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
				if len(n.In) > 0 && n.Op != "Constant" && n.Op != "Shape" && im.needsData(maker, weights, t) {
					for _, end := range heads.behind(t) {
						add(end)
					}
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
	if len(layers) > 0 {
		im.notes = append(im.notes, fmt.Sprintf("layers behind the cut are left out (%d: %s)", len(layers), some(layers)))
	}
	if heads.decoded {
		im.notes = append(im.notes, "losses are on what the layers before the cut give: what decodes it is left out")
	}
	// What enters a choice beside something that is made of it is on the way, not an end.
	return heads.settled(farthest(maker, out))
}

// heads finds what the last layers before a cut give.
type heads struct {
	maker   map[string]*file.Node
	raw     map[string]bool
	decoded bool // something between a layer and the cut was left out
}

func newHeads(maker map[string]*file.Node) *heads {
	return &heads{maker: maker, raw: map[string]bool{}}
}

// layerOf is the weight of a node that is a layer: an operand that no data enter.
func layerOf(maker map[string]*file.Node, n *file.Node) string {
	if len(n.In) < 2 {
		return ""
	}
	switch n.Op {
	case "Conv", "ConvTranspose":
		return n.In[1]
	case "Gemm", "MatMul":
		for i := range 2 {
			w := n.In[1-i]
			for m := maker[w]; m != nil && len(m.In) > 0; m = maker[w] {
				switch m.Op {
				case "Transpose", "Identity", "Cast", "Reshape", "DequantizeLinear", "QuantizeLinear":
				default:
					return ""
				}
				w = m.In[0]
			}
			if maker[w] == nil {
				return w
			}
		}
	}
	return ""
}

// isRaw reports whether a tensor is what a layer or norm gives, but for the order of its numbers.
func (h *heads) isRaw(t string) bool {
	if known, ok := h.raw[t]; ok {
		return known
	}
	h.raw[t] = false
	n := h.maker[t]
	if n == nil {
		return false
	}
	raw := layerOf(h.maker, n) != ""
	switch n.Op {
	case "BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization":
		raw = true
	case "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast", "Dropout", "Split", "QuantizeLinear", "DequantizeLinear", "Relu":
		raw = h.isRaw(n.Input(0))
	case "Concat":
		raw = !slices.ContainsFunc(n.In, func(in string) bool { return !h.isRaw(in) })
	case "Add": // of a bias
		for i, in := range n.In {
			raw = raw || h.isRaw(in) && h.maker[n.In[len(n.In)-1-i]] == nil
		}
	}
	h.raw[t] = raw
	return raw
}

// behind are the nearest tensors that a tensor is computed from and that are what layers give; the tensor itself if there are none.
func (h *heads) behind(t string) []string {
	var out []string
	seen := map[string]bool{}
	todo := []string{t}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		n := h.maker[at]
		if h.isRaw(at) || n != nil && (n.Op == "Softmax" || n.Op == "LogSoftmax") && h.isRaw(n.Input(0)) {
			out = append(out, at)
		} else if n != nil && n.Op != "Shape" {
			todo = append(todo, n.In...)
		}
	}
	if len(out) == 0 {
		return []string{t}
	}
	h.decoded = h.decoded || !slices.Contains(out, t)
	return out
}

// settled moves ends before reshapes whose sizes are those of something that only what is left out computes.
func (h *heads) settled(ends []string) []string {
	needed := map[string]bool{} // for its numbers
	var need func(t string)
	need = func(t string) {
		if n := h.maker[t]; !needed[t] {
			needed[t] = true
			if n != nil && n.Op != "Shape" && n.Op != "Size" {
				for _, in := range n.In {
					need(in)
				}
			}
		}
	}
	for _, t := range ends {
		need(t)
	}
	// sized reports whether a tensor holds the size of one that is not needed.
	var sized func(t string, seen map[string]bool) bool
	sized = func(t string, seen map[string]bool) bool {
		n := h.maker[t]
		if n == nil || seen[t] {
			return false
		}
		seen[t] = true
		if n.Op == "Shape" || n.Op == "Size" {
			return !needed[n.Input(0)] || sized(n.Input(0), seen)
		}
		return slices.ContainsFunc(n.In, func(in string) bool { return sized(in, seen) })
	}
	var out []string
	for _, t := range ends {
		at := t
		for n := h.maker[at]; n != nil && len(n.In) > 0 && h.isRaw(at); n = h.maker[at] {
			switch n.Op {
			case "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Cast", "Split":
			default:
				n = nil
			}
			if n == nil {
				break
			}
			at = n.In[0]
			if len(n.In) > 1 && sized(n.In[1], map[string]bool{}) {
				t = at
			}
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// weightsByPlace are what stands, as it is or in other axes, where a layer or norm takes what it learns: in a file without weights they are inputs.
func weightsByPlace(maker map[string]*file.Node, nodes []*file.Node) map[string]bool {
	out := map[string]bool{}
	for _, n := range nodes {
		switch n.Op {
		case "Conv", "ConvTranspose", "Gemm", "BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "PRelu":
			for _, w := range n.In[min(1, len(n.In)):] {
				for m := maker[w]; m != nil && len(m.In) > 0 && (m.Op == "Identity" || m.Op == "Transpose" || m.Op == "Cast"); m = maker[w] {
					w = m.In[0]
				}
				out[w] = maker[w] == nil
			}
		}
	}
	return out
}

// needsData reports whether a tensor is computed from what a network computes on: inputs of floating-point numbers that are no weights, layers, and rows
// of tables. What ids alone give, such as the place of the largest, is known before.
func (im *importer) needsData(maker map[string]*file.Node, weights map[string]bool, t string) bool {
	floats := map[string]bool{}
	for _, in := range im.model.inputs {
		floats[in.GetName()] = file.IsFloat(in.GetType().GetTensorType().GetElemType()) && !weights[in.GetName()]
	}
	seen := map[string]bool{}
	todo := []string{t}
	for len(todo) > 0 {
		t, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if seen[t] {
			continue
		}
		seen[t] = true
		n := maker[t]
		switch {
		case n == nil && floats[t]:
			return true
		case n == nil || n.Op == "Shape" || n.Op == "Size":
		case layerOf(maker, n) != "" || n.Op == "Gather" && maker[n.Input(0)] == nil && im.isTable(n.Input(0)):
			return true
		default:
			todo = append(todo, n.In...)
		}
	}
	return false
}

// isTable reports whether a name is that of learned rows: an initialiser of floating-point numbers with two axes, or an input of a file without weights.
func (im *importer) isTable(name string) bool {
	if i := im.model.initializers[name]; i != nil {
		return file.IsFloat(i.tensor.GetDataType()) && len(i.tensor.GetDims()) == 2
	}
	for _, in := range im.model.inputs {
		if in.GetName() == name {
			return file.IsFloat(in.GetType().GetTensorType().GetElemType())
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
		if n == nil || seen[n] || n.Op == "Shape" || n.Op == "Size" {
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
	"LSTM": recurrent, "GRU": recurrent, "RNN": recurrent, "Scan": control, "Loop": control, "If": control, "SequenceEmpty": control, "SequenceInsert": control, "SequenceAt": control,
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
