package report

import (
	"fmt"
	"math"
	"slices"

	"satsim/results/query"
	"satsim/results/table"
)

func recipes(t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	designed := query.Designs(rows)
	if err := query.Alike(rows, append(designed, "network", "recipe", "sparsity", "batch")...); err != nil {
		return err
	}
	differing := query.Differing(rows)
	designs := query.Design(differing, &rows[0]) != ""
	fair := slices.ContainsFunc(rows, func(r query.NamedPoint) bool {
		low, _ := query.SameResources(&r)
		return !math.IsNaN(low)
	})
	t.Columns = []table.Column{
		table.Words("network"), table.Numbers("batch", "", 0), table.Words("recipe"), table.Words("N:M"), table.Scaled("dense", "Mcycles", -6, 1), table.Scaled("recipe", "Mcycles", -6, 1),
		table.Times("FF"), table.Times("BP"), table.Times("WU"), table.Times("step"), table.Times("MAC bound"), table.Times("overlapped"), table.Times("serial"),
	}
	if fair {
		t.Columns = append(t.Columns, table.Times("same resources, low"), table.Times("same resources, high"))
	}
	if designs {
		t.Columns = append(t.Columns, table.Words("architecture"))
	}
	type group struct{ recipe, sparsity, design string }
	var order []group
	sums := map[group][][]float64{}
	network := ""
	for i := range rows {
		r := &rows[i]
		c := query.CompanionsOf(in.Rows, r)
		figures := make([]float64, 0, 9)
		for _, name := range []string{"ff.speedup", "bp.speedup", "wu.speedup", "speedup"} {
			v, ok := r.Float(name)
			if !ok {
				v = math.NaN()
			}
			figures = append(figures, v)
		}
		figures = append(figures, c.MACs, c.Overlapped, c.Serial)
		if fair {
			low, high := query.SameResources(r)
			figures = append(figures, low, high)
		}
		g := group{r.Text("recipe"), r.Text("sparsity"), query.Design(differing, r)}
		if sums[g] == nil {
			order = append(order, g)
		}
		sums[g] = append(sums[g], figures)
		cells := []table.Cell{
			table.Text(r.Text("network")), table.Whole(r.Point.Batch), table.Text(g.recipe), table.Text(g.sparsity),
			table.Whole(r.Base.Run.Total.Cycles), table.Whole(r.Point.Run.Total.Cycles),
		}
		for _, v := range figures {
			cells = append(cells, table.Real(v))
		}
		if designs {
			cells = append(cells, table.Text(g.design))
		}
		if r.Text("network") != network {
			t.AddRule(cells...)
		} else {
			t.Add(cells...)
		}
		network = r.Text("network")
	}
	networks := len(query.Distinct(rows, "network"))
	each := query.AlikeByNetwork(rows, append(designed, "recipe", "sparsity")...) == nil // no network is there twice under one name
	for i, g := range order {
		if len(sums[g]) != networks || networks < 2 || !each {
			continue
		}
		cells := []table.Cell{table.Text(fmt.Sprintf("mean of %d", networks)), {}, table.Text(g.recipe), table.Text(g.sparsity), {}, {}}
		for k := range sums[g][0] {
			v := make([]float64, networks)
			for n := range v {
				v[n] = sums[g][n][k]
			}
			cells = append(cells, table.Real(mean(v)))
		}
		if designs {
			cells = append(cells, table.Text(g.design))
		}
		t.Rows = append(t.Rows, table.Row{Cells: cells, Rule: i == 0, For: table.People})
	}
	notes := []string{
		"Speed-up: cycles of dense over cycles of the recipe, on the same accelerator and under the same optimiser. Means are arithmetic.",
		"FF, BP, WU: cycles of the stage's word groups. A pass of BP that runs beside a product of WU is in WU's cycles, and BP's speed-up is then that of its products; dataflow.overlap_passes=false has it apart.",
		"MAC bound: dense MACs over performed MACs. overlapped, serial: vector work hidden as far as it can be, or not at all. What vector lanes and bandwidth do to it is in the tables lanes and bandwidth.",
	}
	if fair {
		notes = append(notes, "Same resources: over the fastest dense-only array that takes no more of the board's scarcest resource, its adders and multipliers built of DSPs or of logic as suits it, at the low, the middle and the high end of the estimates: the least and the greatest of the three.")
	}
	if !query.PapersOwn(rows) {
		t.Notes = append(t.Notes, notes...)
		return nil
	}
	paper := make([]table.Cell, len(t.Columns))
	paper[0], paper[2], paper[3], paper[9] = table.Text("paper, average"), table.Text("bdwp"), table.Text("2:8"), table.Real(query.PaperSpeedup).As(table.NumberFormat{Decimals: 2}) // as stated
	t.Rows = append(t.Rows, table.Row{Cells: paper, Rule: true, For: table.People})
	t.Notes = append(t.Notes, append(notes,
		"paper: the average over its networks that its abstract states (Fang et al., IEEE TCAD 43(2), 2024, arXiv 2309.13015); no parameter here is fitted to it.")...)
	return nil
}
