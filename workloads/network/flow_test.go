package network_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/configtest"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/network/networktest"
)

// flow executes a step symbolically. Forward, an array's content is the node that wrote it last, and a read on behalf of a
// node must find what the graph says. Backward, the content of a gradient is the list of consumers that contributed to
// it, and a node must find, in what it reads as its output's gradient, exactly the consumers that the graph gives it.
type flow struct {
	nodes  map[string]network.Layer
	uses   map[string][]string // tensor -> "consumer/slot"
	needs  map[string]bool
	array  map[string]string   // forward array -> node
	grads  map[string][]string // gradient array -> contributions
	filled map[string]int64    // gradient array -> elements written since it was last replaced whole
	errs   []string
}

func newFlow(g *network.Graph) (*flow, error) {
	layers, err := g.Layers()
	if err != nil {
		return nil, err
	}
	f := &flow{
		nodes: map[string]network.Layer{}, uses: map[string][]string{}, needs: map[string]bool{},
		array: map[string]string{}, grads: map[string][]string{}, filled: map[string]int64{},
	}
	for _, in := range g.Inputs {
		f.array[in.Name] = in.Name
	}
	for _, n := range layers {
		f.nodes[n.Name] = n
		f.needs[n.Name] = n.Parameters > 0 || n.Weight != "" || n.Vector != ""
		for i, in := range n.Inputs {
			f.uses[in] = append(f.uses[in], fmt.Sprintf("%s/%d", n.Name, i))
			f.needs[n.Name] = f.needs[n.Name] || f.needs[in]
		}
	}
	return f, nil
}

func (f *flow) fail(format string, args ...any) {
	f.errs = append(f.errs, fmt.Sprintf(format, args...))
}

// view is what moves no data, by the definition in the package comment.
func view(n network.Layer) bool {
	switch n.Op {
	case network.Reshape, network.Flatten, network.Slice:
		return true
	case network.Transpose:
		return n.Axes[len(n.Axes)-1] == int64(len(n.Axes))-1
	}
	return false
}

func (f *flow) base(t string) string {
	for n, ok := f.nodes[t]; ok && view(n); n, ok = f.nodes[t] {
		t = n.Inputs[0]
	}
	return t
}

// want is the gradient of a tensor: its consumers, where a node that only hands its gradient on stands for its own
// consumers. A slice that is not in place copies, and so contributes itself.
func (f *flow) want(t string) []string {
	var out []string
	for _, use := range f.uses[t] {
		at := strings.LastIndex(use, "/")
		n := f.nodes[use[:at]]
		slot := int(use[at+1] - '0')
		same := n.In[slot].Elements() == n.Out.Elements()
		switch {
		case n.Op == network.Slice && !f.onlySlices(t), n.Op == network.Transpose && !view(n):
			out = append(out, use)
		case view(n), n.Op == network.Add && same, n.Op == network.Concat:
			out = append(out, f.want(n.Name)...)
		default:
			out = append(out, use)
		}
	}
	sort.Strings(out)
	return out
}

// onlySlices: all consumers are slices along one axis that do not overlap.
func (f *flow) onlySlices(t string) bool {
	type span struct{ from, to int64 }
	var spans []span
	axis := int64(-1)
	for _, use := range f.uses[t] {
		n := f.nodes[use[:strings.LastIndex(use, "/")]]
		if n.Op != network.Slice || axis >= 0 && n.Axis != axis {
			return false
		}
		axis = n.Axis
		spans = append(spans, span{n.Start, n.Start + n.Size})
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return false
		}
	}
	return true
}

// write adds to an array's content, or replaces it if the array is written whole. The array d(x) is as large as x; one of a
// single contribution, d(x)/consumer, as large as the input that it is for.
func (f *flow) write(t workloads.Tensor, content []string, whole int64) {
	if x, ok := strings.CutPrefix(t.Name, "d("); ok && strings.HasSuffix(x, ")") {
		whole = f.nodes[strings.TrimSuffix(x, ")")].Out.Elements()
	}
	if t.Elements >= whole || f.filled[t.Name] >= whole {
		f.grads[t.Name], f.filled[t.Name] = nil, 0
	}
	f.filled[t.Name] += t.Elements
	f.grads[t.Name] = append(f.grads[t.Name], content...)
}

// work is one product or pass on behalf of node n. Operands are checked by role.
func (f *flow) work(stage workloads.Stage, n network.Layer, kind string, reads, writes []workloads.Tensor, slot *int) {
	inputs := map[string]bool{}
	for _, in := range n.Inputs {
		inputs[f.base(in)] = true
	}
	var found []string
	for _, r := range reads {
		switch {
		case strings.HasSuffix(r.Name, ".stats"), strings.HasSuffix(r.Name, ".indices"), strings.HasSuffix(r.Name, ".labels"):
		case r.Role == workloads.Activation || r.Role == workloads.Index:
			made, ok := f.array[r.Name]
			if !ok {
				f.fail("%s %s reads %s before it is made", n.Name, kind, r.Name)
			}
			own := made == n.Name && (kind == "bias" || stage != workloads.FF)
			if !inputs[made] && !own {
				f.fail("%s %s reads %s, which now holds %s", n.Name, kind, r.Name, made)
			}
		case r.Role == workloads.Gradient:
			if f.filled[r.Name] < r.Elements {
				f.fail("%s %s reads %d of %s, of which %d are written", n.Name, kind, r.Elements, r.Name, f.filled[r.Name])
			}
			found = append(found, f.grads[r.Name]...)
		}
	}
	sort.Strings(found)
	if kind == "grad_sum" && len(reads) > 1 || kind == "zero_fill" {
		// A sum makes n's own gradient, and so does a zero fill beside slices of it; the others are for n's input.
		whole := n.Out.Elements()
		if kind == "zero_fill" && (n.Op == network.Conv || n.Op == network.Slice) {
			whole = n.In[0].Elements()
		}
		for _, w := range writes {
			if w.Role == workloads.Gradient {
				f.write(w, found, whole)
			}
		}
		return
	}
	if stage != workloads.FF && n.Op != network.Loss && len(found) > 0 && !slices.Equal(slices.Compact(slices.Clone(found)), slices.Compact(f.want(n.Name))) {
		f.fail("%s %s reads gradient of %v; its output's is %v", n.Name, kind, found, f.want(n.Name))
	}
	for _, w := range writes {
		switch w.Role {
		case workloads.Activation:
			f.array[w.Name] = n.Name
		case workloads.Gradient:
			var slots []int // inputs whose gradient n computes, in order; the products of a conv's phases share one
			for i, in := range n.Inputs {
				if f.needs[in] && (n.Op != network.Add || n.In[i].Elements() < n.Out.Elements()) {
					slots = append(slots, i)
				}
			}
			if len(slots) == 0 {
				f.fail("%s %s writes %s; none of its inputs needs a gradient from it", n.Name, kind, w.Name)
				continue
			}
			to := slots[min(*slot, len(slots)-1)]
			content := []string{fmt.Sprintf("%s/%d", n.Name, to)}
			if n.Op == network.Slice && f.onlySlices(n.Inputs[0]) {
				content = found // a part is put in its place
			}
			f.write(w, content, n.In[to].Elements())
			*slot++
		}
	}
}

func (f *flow) run(s workloads.Step) {
	slots := map[string]*int{}
	slot := func(layer string) *int {
		if slots[layer] == nil {
			slots[layer] = new(int)
		}
		return slots[layer]
	}
	for _, it := range s.Items {
		made := map[string]bool{}
		for _, p := range it.Products {
			f.work(p.Stage, f.nodes[it.Layer], "product", []workloads.Tensor{p.West, p.North}, []workloads.Tensor{p.Out}, slot(it.Layer))
			made[p.Out.Name] = true
		}
		for _, p := range it.Passes {
			stage := it.Stage
			if p.Fused && !made[p.Reads[0].Name] {
				f.fail("%s %s is fused, but %s is not made in this item", p.Layer, p.Kind, p.Reads[0].Name)
			}
			if p.Kind == workloads.BiasGrad {
				stage = workloads.WU
			}
			// The copies of a gradient slice and a zero fill are on behalf of the node whose gradient they make.
			f.work(stage, f.nodes[p.Layer], string(p.Kind), p.Reads, p.Writes, slot(p.Layer))
			for _, w := range p.Writes {
				made[w.Name] = true
			}
		}
	}
}

func checkFlow(t reporter, g *network.Graph) {
	f, err := newFlow(g)
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	f.run(s)
	for i, e := range f.errs {
		if i < 10 {
			t.Errorf("%s", e)
		}
	}
	var updated int64
	for _, it := range s.Items {
		for _, u := range it.Updates {
			updated += u.Parameters
		}
	}
	if updated != s.Parameters {
		t.Errorf("%d parameters, %d updated", s.Parameters, updated)
	}
	for _, x := range s.Saved {
		if !readBackward(s, x.Name) {
			t.Errorf("%s is saved, but no backward work reads it", x.Name)
		}
	}
}

func readBackward(s workloads.Step, name string) bool {
	for _, it := range s.Items {
		if it.Stage == workloads.FF {
			continue
		}
		for _, p := range it.Products {
			if p.West.Name == name || p.North.Name == name {
				return true
			}
		}
		for _, p := range it.Passes {
			for _, r := range p.Reads {
				if r.Name == name {
					return true
				}
			}
		}
	}
	return false
}

func TestFlowOfShippedNetworks(t *testing.T) {
	names := configtest.Names(t, "network")
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			g, err := load(t, name, nil).Graph()
			if err != nil {
				t.Fatal(err)
			}
			checkFlow(t, g)
		})
	}
}

// Graphs of tensors of one shape, in which anything may follow anything and have several consumers.
func TestFlowOfRandomGraphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := networktest.RandomGraph(t, network.Shape{2, 4, 4, 8}, network.Plain())
		checkFlow(t, g)
	})
}
