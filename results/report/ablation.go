package report

import (
	"errors"
	"math"
	"slices"

	"satsim/internal/ratio"
	"satsim/results/query"
	"satsim/results/table"
)

func ablation(t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	if err := query.AlikeByNetwork(rows, query.Switches()...); err != nil {
		return err
	}
	networks := query.Distinct(rows, "network")
	t.Columns = []table.Column{table.Words("optimisations"), table.Words("figure")}
	for _, n := range networks {
		t.Columns = append(t.Columns, table.Numbers(n, "", 3))
	}
	average := table.Numbers("mean", "", 3)
	average.For = table.People
	t.Columns = append(t.Columns, average)
	var order []string
	at := map[string]map[string]*query.NamedPoint{}
	for i := range rows {
		o := query.Off(&rows[i])
		if at[o] == nil {
			order, at[o] = append(order, o), map[string]*query.NamedPoint{}
		}
		if at[o][rows[i].Text("network")] != nil {
			return errors.New("several points have the same network and the same optimisations: filter them by a condition")
		}
		at[o][rows[i].Text("network")] = &rows[i]
	}
	if at["all on"] == nil {
		return errors.New("no point has all optimisations on")
	}
	name := recipesOf(rows)
	for _, o := range order {
		for k, f := range []struct {
			name string
			of   func(r, all *query.NamedPoint) float64
		}{
			{"cycles of " + name + ", all on = 1", func(r, all *query.NamedPoint) float64 {
				return ratio.Of(r.Point.Run.Total.Cycles, all.Point.Run.Total.Cycles)
			}},
			{"cycles of dense, all on = 1", func(r, all *query.NamedPoint) float64 {
				return ratio.Of(r.Base.Run.Total.Cycles, all.Base.Run.Total.Cycles)
			}},
			{"elements sorted a parameter", func(r, _ *query.NamedPoint) float64 {
				return ratio.Of(r.Point.Run.Total.Units.Of("sore").Counts.Of("elements"), r.Point.Parameters)
			}},
			{"speed-up over dense", func(r, _ *query.NamedPoint) float64 {
				return ratio.Of(r.Base.Run.Total.Cycles, r.Point.Run.Total.Cycles)
			}},
		} {
			values := slices.Repeat([]float64{math.NaN()}, len(networks))
			for i, n := range networks {
				if r, all := at[o][n], at["all on"][n]; r != nil && all != nil {
					values[i] = f.of(r, all)
				}
			}
			cells := []table.Cell{table.Text(o), table.Text(f.name)}
			for _, v := range values {
				cells = append(cells, table.Real(v))
			}
			cells = append(cells, table.Real(mean(values)))
			if k == 0 {
				t.AddRule(cells...)
			} else {
				t.Add(cells...)
			}
		}
	}
	t.Notes = append(t.Notes,
		"An optimisation is off in the recipe's run and in dense alike. Dense gains from interleaving and scheduling, too, so speed-ups over an unoptimised dense run say little.",
		"Without interleave mapping every addition of an output waits for the one before; without offline scheduling one mode and one rule for tiles serve all layers; "+
			"without pre-generation weights are pruned at each fetch.")
	return nil
}
