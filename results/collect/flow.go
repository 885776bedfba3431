package collect

import (
	"fmt"

	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/sim"
	"satsim/workloads"
)

// weight is what ran of a weight: bytes of the copies that its update wrote, and what its readers read, every tile counted once.
type weight struct {
	written int64
	items   map[int]int64             // by each item: a layer in one stage
	packed  map[workloads.Stage]int64 // in each stage, by the item (layers may share a weight) that reads most
	dense   int64                     // by the item that reads most
	update  *workloads.Item           // that has the update
	reader  *workloads.Item
	table   bool // a pass looks up rows: how many are read is no matter of shapes
}

// flow compares, for every weight, the copies that were written with those that were read, each tile once: packed ones for FF and for BP, and
// a dense one for the stages that read no packed one, as long as the longer of their readings.
func flow(p *dataflow.Plan, outcomes []sim.Outcome) error {
	weights := map[string]*weight{}
	var names []string
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Update != nil && g.Update.Matrix {
			weights[g.Weight] = &weight{update: &p.Step.Items[g.Item], items: map[int]int64{}, packed: map[workloads.Stage]int64{}}
			names = append(names, g.Weight)
		}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		if w := weights[g.Weight]; w != nil {
			w.written = once(g, &outcomes[i], func(o *word.Op) bool { return o.Lane == word.WriteCopy })
		}
		if g.Product == nil {
			continue
		}
		if w := weights[g.Product.North.Name]; w != nil {
			w.read(p, g, once(g, &outcomes[i], func(o *word.Op) bool {
				return o.Operand == "W" && (o.Lane == word.ReadWest || o.Lane == word.ReadNorth)
			}))
		}
	}
	for i := range p.Step.Items {
		for _, ps := range p.Step.Items[i].Passes {
			for _, t := range ps.Reads {
				if w := weights[t.Name]; w != nil {
					w.table = true
				}
			}
		}
	}
	for _, name := range names {
		w := weights[name]
		if w.table || w.reader == nil { // a part of a step may have no reader
			continue
		}
		if read := w.packed[workloads.FF] + w.packed[workloads.BP] + w.dense; w.written != read {
			return fmt.Errorf("%s is not conserved: %s %s writes copies of %d bytes; %s %s and whoever else reads them read %d, each tile once",
				name, w.update.Layer, w.update.Stage, w.written, w.reader.Layer, w.reader.Stage, read)
		}
	}
	return nil
}

// read adds a product's reading. Products of one layer in one stage read a part each.
func (w *weight) read(p *dataflow.Plan, g *dataflow.Group, bytes int64) {
	w.reader = &p.Step.Items[g.Item]
	w.items[g.Item] += bytes
	item, stage := w.items[g.Item], g.Product.Stage
	if r := g.Product.Sparse; g.Choice.Join > 1 || p.Options.Pregenerate && r.Operand == workloads.North && r.Ratio.M > 1 && !r.Ratio.IsDense() {
		w.packed[stage] = max(w.packed[stage], item)
	} else {
		w.dense = max(w.dense, item)
	}
}

// once is the bytes that some of a group's ops moved, every tile of a weight counted once: loops over images and rows repeat it.
func once(g *dataflow.Group, ran *sim.Outcome, these func(*word.Op) bool) (n int64) {
	at := 0
	for si := range g.Word.Streams {
		s := &g.Word.Streams[si]
		for oi := range s.Ops {
			o := &s.Ops[oi]
			if these(o) {
				var bytes int64
				for v, times := range ran.Runs[at+oi] {
					bytes += times * o.Variants[v].Work.Bytes
				}
				for _, l := range s.Loops[:o.Level] {
					if o.Lane != word.WriteCopy && (l.Dim == word.DimB || l.Dim == word.DimT) {
						bytes /= l.Trips
					}
				}
				n += bytes
			}
		}
		at += len(s.Ops)
	}
	return n
}
