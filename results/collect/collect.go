package collect

import (
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/results/record"
	"satsim/sim"
	"satsim/workloads"
)

// row is the sum of what belongs to one item of the step.
type row struct {
	cycles  int64
	counts  sim.Counts
	actions energy.Counts
}

// Run makes the record of a step from its plan and the outcome of each of its groups.
func Run(p *dataflow.Plan, outcomes []sim.Outcome) (record.Run, error) {
	rows := make([]row, len(p.Step.Items))
	var out record.Run
	e, err := dataflow.NewEstimator(&p.Spec, false)
	if err != nil {
		return out, err
	}
	var stalls [4][word.Lanes]record.Lane // by stage, and of the step
	for i := range p.Groups {
		g, o := &p.Groups[i], &outcomes[i]
		rows[g.Item].cycles += o.Cycles
		at := 0
		streams := make([]sim.Counts, len(g.Word.Streams))
		for si := range g.Word.Streams {
			ops := g.Word.Streams[si].Ops
			c, err := sim.CountOps(&p.Spec, &g.Word, ops, o.Runs[at:at+len(ops)])
			if err != nil {
				return out, fmt.Errorf("%s: %w", g.Label, err)
			}
			rows[g.Owner(si)].counts.Add(&c)
			streams[si] = c
			out.Simulation.Instructions += runs(o, at, at+len(ops))
			at += len(ops)
		}
		if err := actions(p, g, o, streams, rows); err != nil {
			return out, err
		}
		pr, err := dataflow.Predict(&p.Spec, e.Memory(), &g.Word)
		if err != nil {
			return out, fmt.Errorf("%s: %w", g.Label, err)
		}
		if n := least(p, &pr); n > o.Cycles {
			return out, fmt.Errorf("%s took %d cycles, fewer than its units' work of %d", g.Label, o.Cycles, n)
		}
		gr := group(p, g, o, &pr, i)
		if err := addStalls(stalls[:], p, g, gr.Lanes, o.Cycles); err != nil {
			return out, err
		}
		out.Groups = append(out.Groups, gr)
		out.Simulation.Events += o.Events
	}
	if err := conserve(p, rows); err != nil {
		return out, err
	}
	fill(p, rows, &out)
	out.Memory = memoryOf(p, outcomes)
	for k := range stalls {
		st := record.Stall{Stage: "step", Lanes: stalls[k][:]}
		if k < len(out.Stages) {
			st.Stage = out.Stages[k].Stage
		}
		out.Stalls = append(out.Stalls, st)
	}
	return out, nil
}

func runs(o *sim.Outcome, from, to int) (n int64) {
	for _, r := range o.Runs[from:to] {
		for _, v := range r {
			n += v
		}
	}
	return n
}

func group(p *dataflow.Plan, g *dataflow.Group, o *sim.Outcome, pr *dataflow.Prediction, i int) record.Group {
	it := &p.Step.Items[g.Item]
	out := record.Group{Group: i, Label: g.Label, Kind: string(g.Kind), Layer: it.Layer, Stage: it.Stage.String(), Cycles: o.Cycles, Predicted: pr.Cycles}
	if g.Choice != nil {
		out.Word = g.Choice.String()
	}
	out.Lanes = lanes(&g.Word, o, p.Spec.Controller.Reconfigure)
	return out
}

// fill sums rows to layers, stages and the whole.
func fill(p *dataflow.Plan, rows []row, out *record.Run) {
	stages := make([]row, len(workloads.Stages()))
	macs := make([][2]int64, len(workloads.Stages()))
	var total row
	var all [2]int64
	for i := range p.Step.Items {
		it := &p.Step.Items[i]
		r := &rows[i]
		var dense, kept int64
		sparsity := "1:1"
		for k := range it.Products {
			dense += it.Products[k].MACs()
			kept += it.Products[k].KeptMACs()
			if s := it.Products[k].Sparse.Ratio; s.M > 1 && !s.IsDense() {
				sparsity = s.String()
			}
		}
		out.Layers = append(out.Layers, record.Layer{
			Layer: it.Layer, Op: it.Op, Stage: it.Stage.String(), Sparsity: sparsity, Figures: figures(p, r, dense, kept), Counts: counts(&r.counts),
			Actions: r.actions[:],
		})
		stages[it.Stage].cycles += r.cycles
		stages[it.Stage].counts.Add(&r.counts)
		macs[it.Stage][0] += dense
		macs[it.Stage][1] += kept
		total.cycles += r.cycles
		total.counts.Add(&r.counts)
		all[0] += dense
		all[1] += kept
	}
	for i, s := range workloads.Stages() {
		out.Stages = append(out.Stages, record.Stage{Stage: s.String(), Figures: figures(p, &stages[i], macs[i][0], macs[i][1])})
	}
	out.Total = figures(p, &total, all[0], all[1])
	out.ImagesPS = float64(p.Step.Images) / out.Total.TimeS
	out.Simulation.Folds = total.counts.Folds
	out.Simulation.Groups = int64(len(p.Groups))
}

func figures(p *dataflow.Plan, r *row, dense, kept int64) record.Figures {
	c := &r.counts
	f := record.Figures{
		Cycles: r.cycles, TimeS: p.Spec.Seconds(r.cycles), DenseMACs: dense, PerformedMACs: kept,
		ReadBytes: c.ReadBytes(), WriteBytes: c.WriteBytes(),
		ArrayCycles: c.ArrayCycles, VectorCycles: c.VectorCycles, SoreCycles: c.SoreCycles, WuveCycles: c.WuveCycles,
		Sorted: c.SORE.Elements, Updated: c.WUVE.Parameters,
	}
	if r.cycles > 0 {
		f.DenseGFLOPS = 2 * float64(dense) / f.TimeS / 1e9
		f.EffectiveGFLOPS = 2 * float64(kept) / f.TimeS / 1e9
		f.Utilisation = float64(kept) / (float64(p.Spec.STCE.Rows) * float64(p.Spec.STCE.Cols) * float64(r.cycles))
	}
	return f
}

// counts are a row's actions in the record's types.
func counts(c *sim.Counts) record.Counts {
	out := record.Counts{
		STCE: record.STCECounts(c.STCE), SORE: record.SORECounts(c.SORE), WUVE: record.WUVECounts(c.WUVE), Vector: record.VectorCounts(c.Vector),
		Folds: c.Folds, BufferCycles: c.BufferCycles,
	}
	for _, a := range c.Buffers {
		out.Buffers = append(out.Buffers, record.Access(a))
	}
	return out
}
