package recipe

import (
	"fmt"
	"slices"
	"strconv"

	"satsim/internal/nm"
	"satsim/workloads"
)

// Adapters are low-rank ones beside pruned weights, by their rank R: Y = X W + (X A / R) B, where A has R columns and B as many rows. 0 is "not given": none, or in phases no change.
type Adapters int64

// NoAdapters of a phase, whatever the recipe has.
const NoAdapters Adapters = -1

const maxRank = 4096

// UnmarshalText reads a rank or "none".
func (a *Adapters) UnmarshalText(b []byte) error {
	if string(b) == "none" {
		*a = NoAdapters
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || n < 1 || n > maxRank {
		return fmt.Errorf("%q is no rank; 1 to %d, or none, is accepted", b, maxRank)
	}
	*a = Adapters(n)
	return nil
}

// MarshalText prints the rank or "none".
func (a Adapters) MarshalText() ([]byte, error) {
	if a == NoAdapters {
		return []byte("none"), nil
	}
	return strconv.AppendInt(nil, int64(a), 10), nil
}

// Form says what its text is.
func (Adapters) Form() (noun, pattern string) { return "rank, or none", `none|\+?0*[1-9][0-9]*` }

// The two layers of an adapter, behind the name of the layer that it is beside.
const (
	AdapterIn  = ".adapter_in"  // X A
	AdapterOut = ".adapter_out" // what that gives, times B
)

// Adapted reports whether a step with the recipe applied has adapters beside a layer, and of which rank.
func Adapted(step *workloads.Step, layer string) (rank int64) {
	for i := range step.Items {
		if it := &step.Items[i]; it.Of == layer && it.Layer == layer+AdapterIn {
			return it.Weight.Out
		}
	}
	return 0
}

// beside are the items of a layer that gets adapters, by their place in a step: the products of the dense network. BP is -1 where the layer has none.
type beside struct {
	ff, bp, wu int
	products   [3]workloads.Product
}

// adaptable finds the layers whose FF prunes its weight and whose products are one each, of positions that are read one by one, of whole tensors; others have no adapters.
func adaptable(dense, step *workloads.Step) (out []beside) {
	of := map[string]*beside{}
	var names []string
	for i := range dense.Items {
		it := &dense.Items[i]
		if len(it.Products) != 1 {
			continue
		}
		p := &it.Products[0]
		if p.Count != 1 || !p.Plain() || p.West.Part|p.North.Part|p.Out.Part != 0 || p.Stage != workloads.WU && !p.Prunable {
			continue
		}
		b := of[it.Layer]
		if b == nil {
			b = &beside{-1, -1, -1, [3]workloads.Product{}}
			of[it.Layer] = b
			names = append(names, it.Layer)
		}
		b.products[p.Stage] = *p
		*[...]*int{&b.ff, &b.bp, &b.wu}[p.Stage] = i
	}
	for _, name := range names {
		b := of[name]
		whole := b.ff >= 0 && b.wu >= 0 && (b.bp >= 0 || !slices.ContainsFunc(dense.Items, func(it workloads.Item) bool {
			return it.Layer == name && it.Stage == workloads.BP && len(it.Products) > 0
		}))
		if whole && prunedInFF(step, name) {
			out = append(out, *b)
		}
	}
	return out
}

// adapted puts adapters beside layers: in the forward pass before the layer, which adds what they make in its output path; in the backward pass behind its dY is made and before its BP, which adds their gradient.
// They are products like any, dense, with masters and state of their own. The factor 1/R is the vector unit's, in the output path of X A and of its gradient.
func (r Recipe) adapted(dense, step *workloads.Step) {
	if r.Adapters <= 0 {
		return
	}
	before := map[int][]workloads.Item{}
	for _, b := range adaptable(dense, step) {
		a := adapter{op: dense.Items[b.ff].Op, layer: dense.Items[b.ff].Layer, rank: int64(r.Adapters), products: b.products}
		ff, bp := &step.Items[b.ff], (*workloads.Item)(nil)
		first := b.wu
		if b.bp >= 0 {
			bp, first = &step.Items[b.bp], b.bp
		}
		z := a.forward()
		before[b.ff] = z
		sum(ff, dense.Items[b.ff].Passes, workloads.Add, b.products[workloads.FF].Out, z[1].Products[0].Out)
		back := a.backward(bp != nil)
		before[first] = append(before[first], back...)
		if bp != nil {
			sum(bp, dense.Items[b.bp].Passes, workloads.GradSum, b.products[workloads.BP].Out, back[2].Products[0].Out)
		}
		step.Saved = append(slices.Clone(step.Saved), z[0].Products[0].Out)
	}
	var items []workloads.Item
	for i := range step.Items {
		items = append(append(items, before[i]...), step.Items[i])
	}
	step.Items = items
}

// sum adds what an adapter made to a product's result in its output path, before what the dense network has there.
func sum(it *workloads.Item, own []workloads.Pass, kind workloads.PassKind, to, from workloads.Tensor) {
	at := len(it.Passes) - len(own)
	add := workloads.Pass{Kind: kind, Elements: to.Elements, Reads: []workloads.Tensor{to, from}, Writes: []workloads.Tensor{to}, Layer: it.Layer, Fused: true, Added: true}
	it.Passes = slices.Insert(slices.Clone(it.Passes), at, add)
}

// added is the operations in an item of what the recipe adds: adapters and the sums of what they make, a teacher with its part of the loss, learned masks.
func added(it *workloads.Item) (n int64) {
	for k := range it.Passes {
		if p := &it.Passes[k]; p.Added && p.Groups() == 0 {
			n += p.Elements
		}
	}
	return n
}

// adapter is one beside a layer with the products of the dense network.
type adapter struct {
	op       workloads.Operator
	layer    string
	rank     int64
	products [3]workloads.Product
}

func tensorOf(name string, role workloads.Role, n int64, f nm.Format) workloads.Tensor {
	return workloads.Tensor{Name: name, Role: role, Elements: n, Format: f}
}

func (a *adapter) rows() int64   { return a.products[workloads.FF].Rows }
func (a *adapter) inputs() int64 { return a.products[workloads.FF].Reduction() }
func (a *adapter) outs() int64   { return a.products[workloads.FF].Cols }

// hidden is X A, and its gradient.
func (a *adapter) hidden() (h, dh workloads.Tensor) {
	n := a.rows() * a.rank
	return tensorOf(a.layer+AdapterIn, workloads.Activation, n, nm.FP16), tensorOf("d("+a.layer+AdapterIn+")", workloads.Gradient, n, nm.FP16)
}

// weight of one of the two layers.
func (a *adapter) weight(which string) (workloads.Tensor, workloads.WeightShape) {
	w := workloads.WeightShape{Taps: 1, In: a.inputs(), Out: a.rank, Groups: 1}
	if which == AdapterOut {
		w.In, w.Out = a.rank, a.outs()
	}
	return tensorOf(a.layer+which+".weight", workloads.Weight, w.Elements(), nm.FP16), w
}

// product is one like the layer's in a stage, from one tensor to another: its reduction, or of WU its rows, are the channels of what it gathers.
func (a *adapter) product(stage workloads.Stage, channels, cols int64, west, north, out workloads.Tensor) workloads.Product {
	like := a.products[workloads.FF]
	p := workloads.Product{
		Stage: stage, Count: 1, Rows: a.rows(), Cols: cols, Taps: 1, Channels: channels, West: west, North: north, Out: out, Patches: like.Patches, Added: true,
	}
	p.Patches.Channels = channels
	if stage == workloads.WU {
		p.Rows, p.Channels = channels, a.rows()
	}
	return p
}

// scaled is the factor 1/R in an output path.
func (a *adapter) scaled(t workloads.Tensor) workloads.Pass {
	return workloads.Pass{Kind: workloads.Mul, Elements: t.Elements, Reads: []workloads.Tensor{t}, Writes: []workloads.Tensor{t}, Layer: a.layer + AdapterIn, Fused: true, Added: true}
}

// item is one of the adapter's layers in a stage.
func (a *adapter) item(which string, p workloads.Product, passes ...workloads.Pass) workloads.Item {
	t, w := a.weight(which)
	it := workloads.Item{Layer: a.layer + which, Op: a.op, Stage: p.Stage, Products: []workloads.Product{p}, Passes: passes, Weight: w, Of: a.layer}
	if p.Stage == workloads.WU {
		it.Updates = []workloads.Update{{Parameters: w.Elements(), Weight: t, Matrix: true}}
	}
	return it
}

// forward is X A / R, and that times B.
func (a *adapter) forward() []workloads.Item {
	h, _ := a.hidden()
	wa, _ := a.weight(AdapterIn)
	wb, _ := a.weight(AdapterOut)
	z := tensorOf(a.layer+AdapterOut, workloads.Activation, a.rows()*a.outs(), nm.FP16)
	return []workloads.Item{
		a.item(AdapterIn, a.product(workloads.FF, a.inputs(), a.rank, a.products[workloads.FF].West, wa, h), a.scaled(h)),
		a.item(AdapterOut, a.product(workloads.FF, a.rank, a.outs(), h, wb, z)),
	}
}

// backward is BP and WU of B, then, if the layer's input has a gradient, BP of A, and WU of A.
func (a *adapter) backward(input bool) []workloads.Item {
	h, dh := a.hidden()
	wa, sa := a.weight(AdapterIn)
	wb, sb := a.weight(AdapterOut)
	gradient := func(w workloads.Tensor, s workloads.WeightShape) workloads.Tensor {
		return tensorOf("d("+w.Name+")", workloads.WeightGradient, s.Elements(), nm.FP32)
	}
	x, dy := a.products[workloads.WU].West, a.products[workloads.WU].North
	out := []workloads.Item{
		a.item(AdapterOut, a.product(workloads.BP, a.outs(), a.rank, dy, wb, dh), a.scaled(dh)),
		a.item(AdapterOut, a.product(workloads.WU, a.rank, a.outs(), h, dy, gradient(wb, sb))),
	}
	if input {
		dx := a.products[workloads.BP].Out
		dx.Name += "/" + a.layer + AdapterIn
		out = append(out, a.item(AdapterIn, a.product(workloads.BP, a.rank, a.inputs(), dh, wa, dx)))
	}
	return append(out, a.item(AdapterIn, a.product(workloads.WU, a.inputs(), a.rank, x, dh, gradient(wa, sa))))
}

// adapterWords say what is beside pruned weights.
func (r Recipe) adapterWords() string {
	return fmt.Sprintf("adapters of rank %d beside pruned layers whose positions are read one by one: Y = X W + (X A / %d) B, with masters, state and a dense copy of A and B", r.Adapters, r.Adapters)
}
