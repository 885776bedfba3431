package network

import (
	"errors"
	"fmt"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// maxMACs bounds the MACs of a step, so that no count of it overflows.
const maxMACs = 1 << 61

// builder writes down a step item by item. Items are found again by their index, so that a pass may join the item that
// makes its first operand.
type builder struct {
	*layout
	storage
	net   *Graph
	step  workloads.Step
	made  map[string]int    // array or gradient -> item that wrote it last
	saved map[string]string // array -> node whose backward work first asked for it
	needs map[string]bool   // tensors with a gradient
	grads map[string][]gradient
	tied  map[string][]string // owner of a weight -> nodes that share it
	same  map[string][]string // owner of a vector -> nodes that share it
	heads map[string]bool     // classifiers
}

// Step is the dense training step: forward in topological order, then backward from the loss, per layer BP before WU.
func (g *Graph) Step() (workloads.Step, error) {
	b, err := g.build()
	if err != nil {
		return workloads.Step{}, err
	}
	// Gradients that no weight asks for end with the loss.
	b.step.Partial = !slices.ContainsFunc(b.step.Items, func(it workloads.Item) bool { return len(it.Products) > 0 })
	return b.step, nil
}

func (g *Graph) build() (*builder, error) {
	l, err := g.resolve()
	if err != nil {
		return nil, err
	}
	if err := l.complete(); err != nil {
		return nil, err
	}
	b := &builder{
		layout: l, storage: l.storage(), net: g, made: map[string]int{}, saved: map[string]string{}, needs: map[string]bool{},
		grads: map[string][]gradient{}, tied: map[string][]string{}, same: map[string][]string{}, heads: l.heads(),
	}
	b.step.Network, b.step.Note = g.Name, g.Note
	b.step.Images = g.Inputs[0].Shape[0]
	for _, in := range g.Inputs {
		b.step.Inputs = append(b.step.Inputs, b.act(in.Name))
	}
	for _, n := range l.nodes {
		b.step.Parameters += n.Parameters
		b.needs[n.Name] = n.Parameters > 0 || n.Weight != "" || n.Vector != ""
		if n.Weight != "" {
			b.tied[n.Weight] = append(b.tied[n.Weight], n.Name)
		}
		if n.Vector != "" {
			b.same[n.Vector] = append(b.same[n.Vector], n.Name)
		}
		for _, in := range n.Inputs {
			b.needs[n.Name] = b.needs[n.Name] || b.needs[in]
		}
	}
	for _, n := range l.nodes {
		n.row.forward(b, n)
	}
	for i := len(l.nodes) - 1; i >= 0; i-- {
		b.gradientFor(l.nodes[i])
	}
	return b, checkMACs(b.step)
}

// complete checks that there is a loss, or several whose sum is trained, and that every tensor reaches one.
func (l *layout) complete() error {
	losses := 0
	var errs []error
	for _, n := range l.nodes {
		switch {
		case n.row.ends:
			losses++
			if len(l.uses[n.Name]) > 0 {
				errs = append(errs, n.fail(errors.New("its output has a consumer; a loss is the end of the network")))
			}
		case len(l.uses[n.Name]) == 0:
			errs = append(errs, n.fail(errors.New("its output reaches no loss")))
		}
	}
	if losses == 0 {
		errs = append(errs, errors.New("network has no loss; a training step needs one to begin its backward pass at"))
	}
	return errors.Join(errs...)
}

// activated reports whether an activation made a tensor, as it is or squared: a product of it with itself.
func (l *layout) activated(tensor string) bool {
	at, made := l.maker[tensor]
	if !made {
		return false
	}
	n := l.nodes[at]
	return n.row.activates || len(n.Inputs) == 2 && n.Inputs[0] == n.Inputs[1] && l.activated(n.Inputs[0])
}

// activating reports whether an activation reads a tensor, and nobody else.
func (l *layout) activating(tensor string) bool {
	uses := l.uses[tensor]
	return len(uses) == 1 && l.nodes[uses[0]].row.activates
}

// heads are the layers with a weight that the loss depends on through no other one.
func (l *layout) heads() map[string]bool {
	heads, behind := map[string]bool{}, map[string]bool{} // behind: tensors with no such layer between them and the loss
	for i := len(l.nodes) - 1; i >= 0; i-- {
		n := l.nodes[i]
		switch {
		case !n.row.ends && !behind[n.Name]:
			continue
		case n.row.weight != nil && !n.row.reads:
			heads[n.Name] = true
			continue
		}
		for _, in := range n.Inputs {
			behind[in] = true
		}
	}
	return heads
}

func checkMACs(s workloads.Step) error {
	var total float64
	for _, it := range s.Items {
		for _, p := range it.Products {
			total += float64(p.Count) * float64(p.Rows) * float64(p.Cols) * float64(p.Taps) * float64(p.Channels)
			if total > maxMACs {
				return fmt.Errorf("node %q (%s): the step has more than 2^61 MACs", it.Layer, it.Op)
			}
		}
	}
	return nil
}

// item opens the node's item in a stage, or returns the index of the one that is already open.
func (b *builder) item(n Layer, stage workloads.Stage) int {
	if i := len(b.step.Items) - 1; i >= 0 && b.step.Items[i].Layer == n.Name && b.step.Items[i].Stage == stage {
		return i
	}
	it := workloads.Item{Layer: n.Name, Op: n.Op, Stage: stage}
	if n.row.weight != nil && !n.row.reads {
		it.Weight, it.Classifier = n.row.weight(n), b.heads[n.Name]
		it.Activated, it.Activating = b.activated(n.Inputs[0]), b.activating(n.Name)
	}
	b.step.Items = append(b.step.Items, it)
	return len(b.step.Items) - 1
}

// multiply adds a product to the node's item.
func (b *builder) multiply(n Layer, stage workloads.Stage, p workloads.Product) int {
	i := b.item(n, stage)
	p.Stage = stage
	b.step.Items[i].Products = append(b.step.Items[i].Products, p)
	b.made[p.Out.Name] = i
	return i
}

// pass adds a pass to the node's own item.
func (b *builder) pass(n Layer, stage workloads.Stage, p workloads.Pass) int {
	return b.attach(b.item(n, stage), n, p)
}

// An output path has room for so many tensors as large as the product's result, whatever the length of its chain, or no buffer would be large enough for every network: one that it
// writes beside the result (GELU, whose input is kept), and four that it reads (sums of gradients).
const (
	besideWritten = 1
	besideRead    = 4
)

// fuse adds a pass to the item that makes Reads[0], if everything else that it reads exists by then; else to the node's own item, unfused. Where the output path has no room it is a pass
// behind the product.
func (b *builder) fuse(n Layer, stage workloads.Stage, p workloads.Pass) int {
	at, ok := b.made[p.Reads[0].Name]
	for _, r := range p.Reads[1:] {
		ok = ok && b.made[r.Name] <= at
	}
	if !ok {
		return b.pass(n, stage, p)
	}
	p.Fused = b.fits(at, &p)
	return b.attach(at, n, p)
}

// fits says whether an item's output path has room for what one more pass reads and writes beside its first operand.
func (b *builder) fits(at int, p *workloads.Pass) bool {
	reads, writes := beside(p)
	for i := range b.step.Items[at].Passes {
		if q := &b.step.Items[at].Passes[i]; q.Fused {
			r, w := beside(q)
			reads, writes = reads+r, writes+w
		}
	}
	return reads <= besideRead && writes <= besideWritten
}

// beside counts the tensors at least as large as its first operand that a fused pass reads beside it, and writes elsewhere. What is smaller, as a mask is, counts as none.
func beside(p *workloads.Pass) (reads, writes int) {
	for _, r := range p.Reads[1:] {
		if r.Bytes() >= p.Reads[0].Bytes() {
			reads++
		}
	}
	for _, w := range p.Writes {
		if w.Name != p.Reads[0].Name && w.Bytes() >= p.Reads[0].Bytes() {
			writes++
		}
	}
	return reads, writes
}

func (b *builder) attach(i int, n Layer, p workloads.Pass) int {
	p.Layer = n.Name
	if n.row.rows && (p.Kind == n.row.ff.kind || p.Kind == n.row.bp.kind) {
		p.Row = n.In[0].last()
	}
	b.step.Items[i].Passes = append(b.step.Items[i].Passes, p)
	for _, w := range p.Writes {
		b.made[w.Name] = i
	}
	return i
}

// act is a tensor as a product or pass reads or writes it.
func (b *builder) act(name string) workloads.Tensor {
	t := workloads.Tensor{
		Name: b.name[name], Role: workloads.Activation, Elements: b.elements[b.name[name]], Format: nm.FP16,
	}
	if b.ids[name] {
		t.Role, t.Format = workloads.Index, nm.Word
	}
	return t.Take(b.shape[name].Elements(), workloads.Slice)
}

// save keeps a tensor's array for the backward pass.
func (b *builder) save(n Layer, name string) {
	t := b.act(name)
	t.Elements, t.Part = b.elements[t.Name], 0
	b.saveTensor(n, t)
}

func (b *builder) saveTensor(n Layer, t workloads.Tensor) {
	if b.saved[t.Name] == "" {
		b.saved[t.Name] = n.Name
		b.step.Saved = append(b.step.Saved, t)
	}
}

// Tensors that a node keeps beside its output.

func (b *builder) mask(n Layer) workloads.Tensor {
	return workloads.Tensor{Name: n.Name + ".mask", Role: workloads.Mask, Elements: n.Out.Elements(), Format: nm.Bit}
}

// indices of a max pool: which element of the window was the largest.
func (b *builder) indices(n Layer) workloads.Tensor {
	bits := 1
	for int64(1)<<bits < n.Kernel[0]*n.Kernel[1] {
		bits++
	}
	return workloads.Tensor{Name: n.Name + ".indices", Role: workloads.Index, Elements: n.Out.Elements(), Format: nm.Coded(bits)}
}

// stats are what a norm knows of its input.
func (b *builder) stats(n Layer) workloads.Tensor {
	return workloads.Tensor{Name: n.Name + ".stats", Role: workloads.Activation, Elements: n.row.statistics(n), Format: nm.FP32}
}

// weight is the matrix or table that a node reads, its own or the one it is tied to.
func (b *builder) weight(n Layer) workloads.Tensor {
	owner := n.Name
	if n.Weight != "" {
		owner = n.Weight
	}
	return workloads.Tensor{Name: owner + ".weight", Role: workloads.Weight, Elements: n.row.weight(n).Elements(), Format: nm.FP16}
}

// vector is a node's parameter that is no matrix, its own or another's: a bias, or scale and shift of a norm.
func (b *builder) vector(n Layer) workloads.Tensor {
	owner := n.Name
	if n.Vector != "" {
		owner = n.Vector
	}
	return workloads.Tensor{Name: owner + "." + n.row.vector, Role: workloads.Weight, Elements: vectorElements(n), Format: nm.FP16}
}

// vectorGradient is what a node adds to the gradient of its vector.
func (b *builder) vectorGradient(n Layer) workloads.Tensor {
	d := weightGradient(b.vector(n))
	if n.Vector != "" {
		d.Name += "/" + n.Name
	}
	return d
}

// weightGradient is the FP32 gradient of a parameter tensor.
func weightGradient(w workloads.Tensor) workloads.Tensor {
	return workloads.Tensor{Name: "d(" + w.Name + ")", Role: workloads.WeightGradient, Elements: w.Elements, Format: nm.FP32}
}
