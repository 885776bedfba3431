package report

import (
	"context"
	"fmt"

	"satsim/arch/word"
	"satsim/internal/ratio"
	apart "satsim/results/ablation"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/table"
)

// losses says what stands between a speed-up and its MAC bound.
//
// With D and B the cycles of the two steps and m the MAC bound, B - D/m cycles are lost. Each step's cycles are the sum of what the array did in them,
// and its MACs at one a PE and cycle are one of the terms: those of B are m times fewer by m's definition. So the loss is the sum over all other terms
// of b - d/m, exactly and without an order; a term is negative where the recipe's step has less than its share of what the baseline has.
func losses(ctx context.Context, t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	if err := query.Alike(rows, "network", "recipe", "sparsity", "batch"); err != nil {
		return err
	}
	t.Columns = []table.Column{table.Words("network"), table.Words("recipe"), table.Words("N:M"), table.Times("speed-up"), table.Times("MAC bound"), table.Scaled("lost", "Mcycles", -6, 3)}
	for _, c := range lossCauses() {
		t.Columns = append(t.Columns, table.Numbers(c.name, "% of it", 1))
	}
	for i := range rows {
		r := &rows[i]
		steps := [2]*record.Run{}
		for k, key := range []string{r.Point.Baseline, r.Key} {
			run, err := in.Detail(ctx, key)
			if err != nil {
				return err
			}
			steps[k] = run
		}
		l, err := lossOf(steps[0], steps[1])
		if err != nil {
			return fmt.Errorf("%s under %s: %w", r.Text("network"), r.Text("recipe"), err)
		}
		cells := []table.Cell{
			table.Text(r.Text("network")), table.Text(r.Text("recipe")), table.Text(r.Text("sparsity")),
			table.Real(l.speedup), table.Real(l.bound), table.Real(l.cycles),
		}
		for _, v := range l.parts {
			cells = append(cells, table.Real(100*v/l.cycles))
		}
		t.Add(cells...)
	}
	t.Notes = append(t.Notes,
		"lost: cycles of the recipe's step beyond those of the dense one over the MAC bound (dense MACs over performed MACs). Every cycle of both steps is one of MACs at one a PE, or of a cause; a cause's part is its cycles in the recipe's step less its cycles in the dense one over the bound, so the parts sum to 100 %. Negative: less than that share of what dense has.",
		"idle PEs: rows and columns without an output at the edges of folds, padding. hazard: a sum waits for its addition before. feed: operands, weights or start values on their way. ends: pipelines running empty, results leaving. waits: for memory, and for vector unit, SORE or WUVE. no product: passes and updates beside which the array has nothing to do. groups: a word group fills, drains or is reconfigured.")
	return nil
}

// lossCause is what an array's cycles went to but MACs.
type lossCause struct {
	name string
	of   func(a *arrayTime) float64
}

// arrayTime is where the array's time in a step went: computing, and all else of the lane.
type arrayTime struct {
	lane record.Lane
	busy apart.Busy
	macs float64 // cycles of MACs at one a PE
}

func lossCauses() []lossCause {
	memory := word.Memory.String()
	return []lossCause{
		{"idle PEs", func(a *arrayTime) float64 { return float64(a.busy.Issue) - a.macs }},
		{"hazard", func(a *arrayTime) float64 { return float64(a.busy.Hazard) }},
		{"feed", func(a *arrayTime) float64 { return float64(a.busy.Feed) }},
		{"ends", func(a *arrayTime) float64 { return float64(a.busy.Ends) }},
		{"waits: memory", func(a *arrayTime) float64 { return float64(a.lane.Wait(memory)) }},
		{"waits: units", func(a *arrayTime) float64 {
			n := -a.lane.Wait(memory)
			for _, w := range a.lane.Waits {
				n += w.Cycles
			}
			return float64(n)
		}},
		{"no product", func(a *arrayTime) float64 { return float64(a.lane.NoWord) }},
		{"groups", func(a *arrayTime) float64 { return float64(a.lane.Filling + a.lane.Draining + a.lane.Reconfigure) }},
	}
}

// loss of a step against its baseline.
type loss struct {
	speedup, bound float64
	cycles         float64   // lost
	parts          []float64 // of them, by cause
}

func lossOf(base, own *record.Run) (*loss, error) {
	d, b := &base.Total, &own.Total
	l := &loss{speedup: ratio.Of(d.Cycles, b.Cycles), bound: ratio.Of(d.PerformedMACs, b.PerformedMACs)}
	l.cycles = float64(b.Cycles) - float64(d.Cycles)/l.bound
	var times [2]arrayTime
	for i, run := range []*record.Run{base, own} {
		lane, busy, err := apart.ArrayTime(run)
		if err != nil {
			return nil, err
		}
		times[i] = arrayTime{lane, busy, run.Total.Utilisation * float64(run.Total.Cycles)}
	}
	for _, c := range lossCauses() {
		l.parts = append(l.parts, c.of(&times[1])-c.of(&times[0])/l.bound)
	}
	return l, nil
}
