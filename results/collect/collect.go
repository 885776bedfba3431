package collect

import (
	"fmt"

	"satsim/arch/energy"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/flow"
	"satsim/results/record"
	"satsim/sim"
	"satsim/workloads"
)

// itemSum is the sum of what belongs to one item of the step.
type itemSum struct {
	cycles  int64
	moved   int64 // to here from groups of other items, or away
	did     unit.Activity
	actions energy.ActionCounts
}

// Run makes the record of a step from its plan and the outcome of each of its groups.
func Run(p *dataflow.Plan, outcomes []*sim.Outcome) (record.Run, error) {
	rows := make([]itemSum, len(p.Step.Items))
	out := record.Run{Layers: make([]record.Layer, 0, len(p.Step.Items)), Groups: make([]record.Group, 0, len(p.Groups))}
	c, err := newCollector(p)
	if err != nil {
		return out, err
	}
	var stalls [4][word.Lanes]lane // by stage, and of the step
	for i := range p.Groups {
		g, o := &p.Groups[i], outcomes[i]
		did, err := c.of(&g.Word, o)
		if err != nil {
			return out, fmt.Errorf("%s: %w", g.Label, err)
		}
		rows[g.Item].cycles += o.Cycles
		rows[g.Item].actions.Add(&did.over)
		for si := range did.streams {
			own, s := &rows[g.Owner(si)], &did.streams[si]
			if err := own.did.Add(&s.Activity, 1); err != nil {
				return out, fmt.Errorf("%s: %w", g.Label, err)
			}
			own.actions.Add(&s.actions)
			// Of a pass, nothing but the vector unit works; it does one thing at a time, so what is moved is never more than the group has.
			own.moved += s.Busy[word.Vector]
			rows[g.Item].moved -= s.Busy[word.Vector]
		}
		if n := did.predicted.Least(&p.Spec); n > o.Cycles {
			return out, fmt.Errorf("%s took %d cycles, fewer than its units' work of %d", g.Label, o.Cycles, n)
		}
		if err := addStalls(stalls[:], p, g, did.lanes, o.Cycles); err != nil {
			return out, err
		}
		out.Groups = append(out.Groups, group(p, g, o, did, i))
		out.Simulation.Instructions += did.instructions
	}
	out.NormsOnRead = p.Folded
	if p.Saved != (dataflow.Saving{}) {
		out.NormsSaved = &record.Saving{Cycles: p.Saved.Cycles, Bytes: p.Saved.Bytes}
	}
	if out.CompulsoryBytes, err = conserve(p, rows); err != nil {
		return out, err
	}
	ran := make([][][]int64, len(outcomes))
	for i := range outcomes {
		ran[i] = outcomes[i].Runs
	}
	if _, err := flow.Check(p, ran); err != nil {
		return out, err
	}
	if err := fill(p, rows, &out); err != nil {
		return out, err
	}
	out.Memory = memoryOf(p, outcomes)
	for k := range stalls {
		st := record.Stall{Stage: "step", Lanes: listed(stalls[k][:])}
		if k < len(out.Stages) {
			st.Stage = out.Stages[k].Stage
		}
		out.Stalls = append(out.Stalls, st)
	}
	return out, nil
}

func group(p *dataflow.Plan, g *dataflow.Group, o *sim.Outcome, did *did, i int) record.Group {
	it := &p.Step.Items[g.Item]
	out := record.Group{
		Group: i, Label: g.Label, Kind: string(g.Kind), Layer: it.Layer, Stage: it.Stage.String(), Cycles: o.Cycles, Predicted: did.predicted.Cycles,
		Lanes: listed(did.lanes),
	}
	if g.Choice != nil {
		out.Word = g.Choice.String()
	}
	return out
}

// fill sums rows to layers, stages and the whole.
func fill(p *dataflow.Plan, rows []itemSum, out *record.Run) error {
	stages := make([]itemSum, len(workloads.Stages()))
	macs := make([][2]int64, len(workloads.Stages()))
	var total itemSum
	var all [2]int64
	for i := range p.Step.Items {
		it := &p.Step.Items[i]
		r := &rows[i]
		var dense, kept int64
		sparsity := "1:1"
		for k := range it.Products {
			dense += it.Products[k].OfNetwork()
			kept += it.Products[k].KeptMACs()
			if s := it.Products[k].Sparse.Ratio; s.M > 1 && !s.IsDense() {
				sparsity = s.String()
			}
		}
		out.Layers = append(out.Layers, record.Layer{
			Layer: it.Layer, Op: string(it.Op), Stage: it.Stage.String(), Sparsity: sparsity, Figures: figures(p, r, dense, kept),
			Actions: r.actions[:],
		})
		stages[it.Stage].cycles += r.cycles
		stages[it.Stage].moved += r.moved
		for _, sum := range []*itemSum{&stages[it.Stage], &total} {
			if err := sum.did.Add(&r.did, 1); err != nil {
				return fmt.Errorf("%s %s: %w", it.Layer, it.Stage, err)
			}
		}
		macs[it.Stage][0] += dense
		macs[it.Stage][1] += kept
		total.cycles += r.cycles
		all[0] += dense
		all[1] += kept
	}
	for i, s := range workloads.Stages() {
		out.Stages = append(out.Stages, record.Stage{Stage: s.String(), Figures: figures(p, &stages[i], macs[i][0], macs[i][1])})
	}
	out.Total = figures(p, &total, all[0], all[1])
	if out.Total.Cycles > 0 { // of a step of which everything was left out there is none
		out.ImagesPS = float64(p.Step.Images) / out.Total.TimeS
	}
	out.Simulation.Groups = int64(len(p.Groups))
	return nil
}

func figures(p *dataflow.Plan, r *itemSum, dense, kept int64) record.Figures {
	a := &r.did
	f := record.Figures{
		Cycles: r.cycles, Moved: r.moved, TimeS: p.Spec.Seconds(r.cycles), DenseMACs: dense, PerformedMACs: kept,
		ReadBytes: a.ReadBytes(), WriteBytes: a.WriteBytes(), Units: unitRows(p.Spec.Units(), a), Buffers: bufferRows(a),
	}
	if r.cycles > 0 {
		f.DenseGFLOPS = 2 * float64(dense) / f.TimeS / 1e9
		f.EffectiveGFLOPS = 2 * float64(kept) / f.TimeS / 1e9
		f.Utilisation = float64(kept) / (float64(p.Spec.STCE.Rows) * float64(p.Spec.STCE.Cols) * float64(r.cycles))
	}
	return f
}

// unitRows are what each unit did. The off-chip memory, which has no time of its own in a layer, has a part of the record to itself.
func unitRows(units unit.Set, a *unit.Activity) record.Units {
	built, named := 0, 0
	for u, of := range units {
		if of != nil && u != int(word.Memory) {
			built, named = built+1, named+len(of.Counters())
		}
	}
	out, counts := make(record.Units, 0, built), make(record.NamedCounts, 0, named)
	for u, of := range units {
		if of == nil || u == int(word.Memory) {
			continue
		}
		first := len(counts)
		for i, c := range of.Counters() {
			if c.Rare && a.Units[u][i] == 0 {
				continue
			}
			counts = append(counts, record.Count{Name: c.Name, Count: a.Units[u][i]})
		}
		out = append(out, record.Unit{Unit: word.Unit(u).String(), Busy: a.Busy[u], Counts: counts[first:len(counts):len(counts)]})
	}
	return out
}

// bufferRows are the accesses to the buffers that were used.
func bufferRows(a *unit.Activity) []record.Buffer {
	out := []record.Buffer{}
	for b, n := range a.Buffers {
		if n != (unit.Access{}) {
			out = append(out, record.Buffer{Buffer: word.Buffer(b).String(), ReadBits: n.ReadBits, WriteBits: n.WriteBits})
		}
	}
	return out
}
