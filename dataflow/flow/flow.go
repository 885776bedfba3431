package flow

import (
	"fmt"
	"math/bits"
	"slices"

	"satsim/dataflow"
	"satsim/workloads"
)

// Check compares what was moved of every tensor of a planned step: runs are, for each group, how often each variant of each op ran. The error
// names a tensor, who writes and who reads it, and the bytes of both.
func Check(p *dataflow.Plan, runs [][][]int64) (Coverage, error) {
	w := &walk{plan: p, now: map[string]*version{}, weights: map[string]*weight{}, moved: make([]moved, len(p.Groups)), placed: map[*workloads.Pass]*placed{}}
	for i := range p.Step.Inputs {
		t := &p.Step.Inputs[i]
		w.now[t.Name] = &version{tensor: t, elements: t.Elements, bytes: t.Bytes(), writer: "the step's input", by: of(Begins)}
	}
	w.prepare(runs)
	for i := range p.Step.Items {
		if err := w.item(i); err != nil {
			return Coverage{}, err
		}
	}
	return w.close()
}

// version is a tensor from one writing of it to the next.
type version struct {
	tensor   *workloads.Tensor
	elements int64 // that are written
	bytes    int64
	writer   string
	parts    bool // it is written part by part
	read     bool
	heard    bool // somebody takes it from the output path
	by       set
}

// placed is what moved of a pass: the bytes of each tensor that it moves.
type placed struct {
	fused         bool
	reads, writes []int64
	by            set
}

// walk goes through a step.
type walk struct {
	plan     *dataflow.Plan
	moved    []moved // by group
	products [][]int // groups of an item's products, in their order
	updates  [][]int // groups of its updates
	placed   map[*workloads.Pass]*placed
	now      map[string]*version
	order    []string // of weights
	weights  map[string]*weight
	coverage Coverage
}

// prepare measures the groups, and finds what moved of every pass.
func (w *walk) prepare(runs [][][]int64) {
	p := w.plan
	w.products, w.updates = make([][]int, len(p.Step.Items)), make([][]int, len(p.Step.Items))
	var paths []*beside
	of := map[*workloads.Pass]*beside{} // by the first pass of a path, in which several products may have a part
	for i := range p.Groups {
		g := &p.Groups[i]
		w.moved[i] = measure(p, g, runs[i])
		m := &w.moved[i]
		if g.Product != nil {
			w.products[g.Item] = append(w.products[g.Item], i)
		}
		if g.Update != nil {
			w.updates[g.Item] = append(w.updates[g.Item], i)
			w.weight(g, m)
		}
		for k := range m.chains {
			paths = append(paths, &m.chains[k])
		}
		if len(m.path.passes) == 0 {
			continue
		}
		first := m.path.passes[0]
		if b := of[first]; b != nil {
			b.reads, b.writes, b.by = b.reads+m.path.reads, b.writes+m.path.writes, b.by|m.path.by
			continue
		}
		of[first] = &m.path
		paths = append(paths, &m.path)
	}
	for _, b := range paths {
		w.place(b)
	}
}

// place gives each pass of a path or chain what moved of it.
func (w *walk) place(b *beside) {
	var reads, writes []*workloads.Tensor
	ends := make([][2]int, len(b.passes))
	for i, ps := range b.passes {
		r, x := tensors(ps, !b.chain || i > 0)
		reads, writes = append(reads, r...), append(writes, x...)
		ends[i] = [2]int{len(reads), len(writes)}
	}
	in, out := spread(b.reads, reads), spread(b.writes, writes)
	var from [2]int
	for i, ps := range b.passes {
		w.placed[ps] = &placed{fused: !b.chain || i > 0, reads: in[from[0]:ends[i][0]], writes: out[from[1]:ends[i][1]], by: b.by}
		from = ends[i]
	}
}

// item is one layer in one stage.
func (w *walk) item(i int) error {
	it := &w.plan.Step.Items[i]
	who := it.Layer + " " + it.Stage.String()
	for _, gi := range w.products[i] {
		g, m := &w.plan.Groups[gi], &w.moved[gi]
		if err := w.product(g, m, who); err != nil {
			return err
		}
	}
	for k := range it.Passes {
		if err := w.pass(&it.Passes[k], who); err != nil {
			return err
		}
	}
	for _, gi := range w.updates[i] {
		if err := w.update(&w.plan.Groups[gi], &w.moved[gi], who); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) product(g *dataflow.Group, m *moved, who string) error {
	pr := g.Product
	if pr.West.Part&workloads.Reached != 0 {
		if n := reached(&pr.Patches); n != pr.West.Elements {
			return fmt.Errorf("%s is not conserved: %s reads %d elements of it, its windows reach %d", pr.West.Name, who, pr.West.Elements, n)
		}
	}
	if err := w.read(&pr.West, who, m.west); err != nil {
		return err
	}
	if err := w.norm(pr.Norm, m, who); err != nil {
		return err
	}
	if pr.North.Role == workloads.Weight {
		w.reader(g, m, who)
	} else if err := w.read(&pr.North, who, m.north); err != nil {
		return err
	}
	if m.kept {
		return w.write(&pr.Out, who, pr.Out.Bytes(), of(OnChip))
	}
	return w.write(&pr.Out, who, m.out, 0)
}

// norm is what a product reads, and writes, of a batch norm that is no pass.
func (w *walk) norm(n *workloads.Norm, m *moved, who string) error {
	if n == nil {
		return nil
	}
	from := spread(m.factors, []*workloads.Tensor{&n.Stats, &n.Vector})
	if err := w.read(&n.Stats, who, reading{bytes: from[0], times: 1}); err != nil {
		return err
	}
	w.rows(&n.Vector, from[1], who)
	if n.Mask.Elements == 0 {
		return nil
	}
	return w.write(&n.Mask, who, m.mask.bytes, m.mask.by)
}

func (w *walk) pass(ps *workloads.Pass, who string) error {
	if ps.Layer != "" {
		who = fmt.Sprintf("%s of %s in %s", ps.Kind, ps.Layer, who)
	}
	x := w.placed[ps]
	if x == nil {
		return w.omit(ps, who)
	}
	if x.fused {
		if v := w.now[ps.Reads[0].Name]; v != nil {
			v.heard = true
		}
	}
	reads, writes := tensors(ps, x.fused)
	for k, t := range reads {
		if t.Role == workloads.Weight {
			w.rows(t, x.reads[k], who)
			continue
		}
		if err := w.read(t, who, reading{x.reads[k], 1, x.by}); err != nil {
			return err
		}
	}
	for k, t := range writes {
		by := x.by
		if ps.Kind == workloads.GradCheck {
			by |= of(Ends)
		}
		if err := w.write(t, who, x.writes[k], by); err != nil {
			return err
		}
	}
	return nil
}

// omit is a pass that is left out: nobody knows what it would have made.
func (w *walk) omit(ps *workloads.Pass, who string) error {
	if !slices.Contains(w.plan.Options.Omit, ps.Kind) {
		return fmt.Errorf("%s is in no group's words", who)
	}
	for i := range ps.Reads {
		if v := w.now[ps.Reads[i].Name]; v != nil {
			v.read = true
		}
		if x := w.weights[ps.Reads[i].Name]; x != nil && ps.Reads[i].Role == workloads.Weight { // nil: nothing updates it
			x.omitted = true
		}
	}
	for i := range ps.Writes {
		t := &ps.Writes[i]
		if v := w.now[t.Name]; v != nil && len(ps.Reads) > 0 && t.Name == ps.Reads[0].Name {
			continue // it stays as it was
		}
		if err := w.write(t, who, t.Bytes(), of(Omitted)); err != nil {
			return err
		}
	}
	return nil
}

// read compares a reading with what was written.
func (w *walk) read(t *workloads.Tensor, who string, r reading) error {
	v := w.now[t.Name]
	if v == nil || w.plan.Step.Partial && v.elements < t.Elements {
		if !w.plan.Step.Partial {
			return fmt.Errorf("%s is not conserved: %s reads %d bytes of it, nobody writes it", t.Name, who, r.bytes/max(r.times, 1))
		}
		v = &version{tensor: t, elements: t.Elements, bytes: t.Bytes(), writer: "a layer that is left out", by: of(Begins)}
		w.now[t.Name] = v
	}
	v.read = true
	v.by |= r.by
	if t.Part&workloads.Reached != 0 {
		v.by |= of(Reached)
	}
	if t.Part&workloads.Slice != 0 {
		v.by |= of(Sliced)
	}
	if t.Part&workloads.Rows != 0 {
		v.by |= of(Rows)
	}
	if v.by&of(Omitted) != 0 {
		return nil
	}
	known := t.Elements == v.elements || t.Part&workloads.Rows != 0 || t.Part != 0 && t.Elements < v.elements
	if !known || r.times == 0 || r.bytes%r.times != 0 || !proportional(r.bytes/r.times, t.Elements, v.bytes, v.elements) {
		return fmt.Errorf("%s is not conserved: %s writes %d bytes, %d elements; %s reads %d bytes, %d elements, each tile once%s",
			t.Name, v.writer, v.bytes, v.elements, who, r.bytes/max(r.times, 1), t.Elements, (v.by | r.by).why())
	}
	return nil
}

// proportional: a is to b as c is to d.
func proportional(a, b, c, d int64) bool {
	h1, l1 := bits.Mul64(uint64(a), uint64(d))
	h2, l2 := bits.Mul64(uint64(b), uint64(c))
	return h1 == h2 && l1 == l2
}

// write is a tensor, or a part of it, that is written anew.
func (w *walk) write(t *workloads.Tensor, who string, bytes int64, by set) error {
	v := w.now[t.Name]
	switch {
	case t.Part&workloads.Rows != 0: // in the place of what was there
		if v == nil || !proportional(bytes, t.Elements, v.bytes, v.elements) {
			return fmt.Errorf("%s is not conserved: %s writes %d bytes of %d elements in their place, which is of another size", t.Name, who, bytes, t.Elements)
		}
		v.read, v.by = false, v.by|of(Rows)|by
		return nil
	case t.Part != 0 && v != nil && v.parts && !v.read: // one part more
		v.elements, v.bytes, v.by = v.elements+t.Elements, v.bytes+bytes, v.by|by
		return nil
	case v != nil:
		if err := w.end(v); err != nil {
			return err
		}
	}
	if t.Part != 0 {
		by |= of(Parts)
	}
	w.now[t.Name] = &version{tensor: t, elements: t.Elements, bytes: bytes, writer: who, parts: t.Part != 0, by: by}
	return nil
}

// end is where nobody reads a version any more.
func (w *walk) end(v *version) error {
	switch {
	case v.read, v.by&of(Ends, Begins, Omitted) != 0:
	case w.plan.Step.Partial:
		v.by |= of(Ends)
	case v.heard:
		v.by |= of(Vain)
	default:
		return fmt.Errorf("%s is not conserved: %s writes %d bytes, nobody reads it", v.tensor.Name, v.writer, v.bytes)
	}
	if want := v.tensor.Format.Bytes(v.elements); v.by&of(Omitted) == 0 && v.bytes != want {
		return fmt.Errorf("%s is not conserved: %s writes %d bytes, in its format it has %d", v.tensor.Name, v.writer, v.bytes, want)
	}
	w.coverage.count(v.by)
	return nil
}
