package flow

import (
	"fmt"
	"slices"

	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// weight is what ran of a weight: bytes of the copies that its update wrote for the next step, and what its readers read in this one.
type weight struct {
	name, update string // and who updates it
	parameters   int64
	written      int64
	reader       string
	items        map[portion]int64
	packed       map[workloads.Stage]int64 // in each stage, by the item (layers may share a weight) that reads most
	dense        int64                     // by the item that reads most
	readers      int                       // of the dense one
	omitted      bool                      // a pass that is left out reads it
	copies       map[workloads.Stage]int64 // packed ones: FF's and BP's, as long as the longest reading
	shared       bool                      // BP reads FF's
	by           set
}

// portion is what products of one item, a layer in one stage, read of a packed copy, or of the dense one.
type portion struct {
	item   int
	packed bool
	copy   workloads.Stage
}

// weight notes an update's copies.
func (w *walk) weight(g *dataflow.Group, m *moved) {
	it := &w.plan.Step.Items[g.Item]
	w.weights[g.Weight] = &weight{
		name: g.Weight, update: it.Layer + " " + it.Stage.String(), parameters: g.Update.Parameters, written: m.copies - m.masks[1],
		items: map[portion]int64{}, packed: map[workloads.Stage]int64{}, copies: map[workloads.Stage]int64{},
	}
	w.order = append(w.order, g.Weight)
}

// reader adds a product's reading. Products of one layer in one stage read a part each, of the form that each is chosen to take.
func (w *walk) reader(g *dataflow.Group, m *moved, who string) {
	x := w.weights[g.Product.North.Name]
	if x == nil {
		return
	}
	x.reader = who
	r := g.Product.Sparse
	joined, stage := !g.Choice.Join.IsNone(), g.Product.Stage
	part := portion{g.Item, joined || w.plan.Options.Pregenerate && r.Operand == workloads.North && r.Ratio.M > 1 && !r.Ratio.IsDense(), stage}
	if r.Search != nm.TopN && !joined { // one mask serves both; weights of joined products have places of their own
		part.copy = workloads.FF
	}
	x.items[part] += m.north.bytes / max(m.north.times, 1)
	read := x.items[part]
	if part.packed {
		x.packed[stage] = max(x.packed[stage], read)
		x.copies[part.copy] = max(x.copies[part.copy], read)
		x.shared = x.shared || part.copy != stage
		return
	}
	x.all(read)
}

// all is a reading of the dense copy.
func (x *weight) all(bytes int64) {
	if x.readers++; x.readers > 1 && bytes != x.dense {
		x.by |= of(Longest)
	}
	x.dense = max(x.dense, bytes)
}

// rows is a pass's reading: of all parameters, or of the rows of a table.
func (w *walk) rows(t *workloads.Tensor, bytes int64, who string) {
	x := w.weights[t.Name]
	if x == nil {
		return
	}
	x.reader = who
	if t.Part&workloads.Rows != 0 {
		x.by |= of(Rows)
		bytes = bytes / t.Elements * x.parameters
	}
	if whole := (bytes + geometry.Burst - 1) / geometry.Burst * geometry.Burst; whole != bytes {
		x.by |= of(Padded)
		bytes = whole
	}
	x.all(bytes)
}

// update compares what an update reads with what it writes, and its gradient with who made it.
func (w *walk) update(g *dataflow.Group, m *moved, who string) error {
	var by set
	switch in, out := m.masks[0], m.masks[1]; {
	case in > out: // they are kept
		by = of(Begins)
	case in < out:
		by = of(Ends)
		if v := w.now[recipe.MaskOf(g.Weight)]; v != nil { // of the next step's weights; this step's search read as much, in pieces of its own
			if out-in < v.bytes {
				return fmt.Errorf("%s is not conserved: %s writes masks of %d bytes, and the search of an order reads %d", g.Weight, who, out-in, v.bytes)
			}
			if by = 0; out-in > v.bytes {
				by = of(Shared)
			}
		}
	}
	gradient := m.stateIn - m.masks[0] - m.stateOut
	name := "d(" + g.Weight + ")"
	t := workloads.Tensor{Name: name, Role: workloads.WeightGradient, Elements: g.Update.Parameters, Format: nm.FP32}
	if m.kept {
		if v := w.now[name]; v != nil {
			v.read = true
		}
		if gradient != 0 {
			return fmt.Errorf("%s is not conserved: %s reads %d bytes of masters and state beside %d of masks, and writes %d", g.Weight, who, m.stateIn-m.masks[0], m.masks[0], m.stateOut)
		}
	} else if err := w.read(&t, who, reading{bytes: gradient, times: 1}); err != nil {
		return err
	}
	w.coverage.count(by) // masters, state and masks, which the next step reads
	return nil
}

// close compares the copies of weights, which the next step reads as this one did, and ends what is left.
func (w *walk) close() (Coverage, error) {
	for _, name := range w.order {
		x := w.weights[name]
		if x.omitted || x.reader == "" && w.plan.Step.Partial {
			x.by |= of(Omitted)
			w.coverage.count(x.by)
			continue
		}
		if x.shared && x.packed[workloads.FF] != x.packed[workloads.BP] {
			x.by |= of(Longest)
		}
		packed := x.copies[workloads.FF] + x.copies[workloads.BP]
		if read := packed + x.dense; x.written != read {
			return w.coverage, fmt.Errorf("%s is not conserved: %s writes copies of %d bytes; %s and whoever else reads them read %d, each tile once%s",
				name, x.update, x.written, x.reader, read, x.by.why())
		}
		w.coverage.count(x.by)
	}
	var names []string
	for name := range w.now {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.end(w.now[name]); err != nil {
			return w.coverage, err
		}
	}
	return w.coverage, nil
}
